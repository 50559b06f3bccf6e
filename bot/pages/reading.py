"""What the head of a page says, whatever is in it: characters, tags, and nothing else."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from time import monotonic
from typing import Final

from bot.domain import previews
from bot.domain.previews import Preview

# A usual page of 512 kB takes 0.15 s, the worst that was found 0.7 s.
_WITHIN: Final = 1.0  # seconds
_PIECE: Final = 65_536  # characters; after each the time is looked at
_LONGEST_TITLE: Final = 2_000
_DECLARED: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.I
)
_DECLARED_WITHIN: Final = 2_048  # bytes
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Python knows codecs that are no character sets, and some that take very long.
_KNOWN: Final = re.compile(
    r"utf-8|utf-16(-[lb]e)?|cp\d{3,4}|iso8859-\d{1,2}|koi8-[rtu]|gb2312|gbk|gb18030"
    r"|big5(hkscs)?|euc_(jp|kr)|shift_jis|iso2022_(jp|kr)|mac-\w{2,12}"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: where it was in the end, its bytes, and the character set of its header.

    `body` may be cut off anywhere.
    """

    address: str
    body: bytes
    charset: str | None


def read(page: Page) -> Preview:
    """The preview that a page provides. It takes at most a second or so, in any thread."""
    tags = _tags(decode(page.body, page.charset))
    return previews.preview_from_tags(tags, page.address)


def decode(body: bytes, charset: str | None) -> str:
    """The text of a page: by its byte order mark, its header, its own word, or by its looks."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    declared = _DECLARED.search(body[:_DECLARED_WITHIN])
    for name in (charset, declared[1].decode("ascii", "replace") if declared else None):
        if name and (known := _codec(name)):
            return body.decode(known, "replace")
    try:
        # Not to its end: a cut body may end inside a character.
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name.strip("\"' ")).name
    except (LookupError, ValueError):
        return None
    if codec in ("ascii", "iso8859-1"):
        return "cp1252"  # as browsers read them
    return codec if _KNOWN.fullmatch(codec) else None


class _Head(HTMLParser):
    """Collects the tags that count. Of several with one name the first that says something does.

    The standard library's, because it only reads tags and builds no tree: a page can nest so
    deeply that trees take ten seconds.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: dict[str, str] = {}
        self._title: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            said = {name: value or "" for name, value in reversed(attrs)}  # the first one counts
            for key in ("property", "name"):
                self._keep(said.get(key, "").strip().casefold(), said.get("content", ""))
        elif tag == "title" and "title" not in self.tags:
            self._title = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "title" and self._title is not None:
            self._keep("title", "".join(self._title)[:_LONGEST_TITLE])
            self._title = None

    def handle_data(self, data: str) -> None:
        if self._title is not None and len(self._title) < _LONGEST_TITLE:
            self._title.append(data[:_LONGEST_TITLE])

    def _keep(self, name: str, said: str) -> None:
        if name in previews.TAG_NAMES and said.strip():
            self.tags.setdefault(name, said)


def _tags(text: str) -> dict[str, str]:
    head = _Head()
    until = monotonic() + _WITHIN
    try:
        for start in range(0, len(text), _PIECE):
            head.feed(text[start : start + _PIECE])
            if monotonic() > until:
                break
    except (ValueError, AssertionError):
        pass  # a number too large to be a character, a declaration that is none: what came before
    return head.tags
