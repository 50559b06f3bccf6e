"""Whether a text holds the link to a page already, however it is spelt there.

Where a link ends is what X publishes (`links`): emoji, quotation marks, other scripts and
invisible characters follow it directly. The same page is a link with http or https, with and
without a closing slash, with its host in either form (RFC 5891), and with letters and marks
percent-encoded or not (RFC 3986, 6.2.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import quote

import regex

from bot.domain.hosts import decoded_label, encoded_label
from bot.domain.links import ACCENTED, IN_PATH, IN_QUERY, NOT_BEFORE, SCHEME, TAIL

_PARTS: Final = regex.compile(
    r"https?://(?P<host>[^/?#]+)(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<fragment>#.*)?",
    regex.IGNORECASE | regex.DOTALL,
)
_USUAL_PORT: Final = regex.compile(r":(?:80|443)$")
_ENCODED: Final = regex.compile(r"(?:%[0-9A-Fa-f]{2})+")
# These part an address, so encoded they mean something else (RFC 3986, 2.2).
_PARTING: Final = frozenset("%/?#&=+;:@")
_OTHER: Final = regex.compile(
    rf"{SCHEME}(?:(?!{SCHEME})[\p{{L}}\p{{M}}\p{{N}}\p{{So}}._-])+(?::[0-9]+)?{TAIL}"
)
# What lets a host, a path or a query go on, so that it is another link.
_HOST_GOES_ON: Final = regex.compile(
    rf"[A-Za-z0-9@+_-]|\.[A-Za-z0-9{ACCENTED}]|:[0-9]|/{IN_PATH}|/?\?{IN_QUERY}"
)
_PATH_GOES_ON: Final = regex.compile(rf"{IN_PATH}|\?{IN_QUERY}")
_QUERY_GOES_ON: Final = regex.compile(IN_QUERY)
_NEVER: Final = regex.compile(r"(?!)")

# Letters and marks, each as it is ("": never so) and percent-encoded.
_Signs: TypeAlias = tuple[tuple[str, str], ...]


def contains_link(text: str, link: str) -> bool:
    """Whether the text holds a link to this page, not only a longer one that starts like it."""
    return next(_places(text, link), None) is not None


def replace_link(text: str, link: str, other: str) -> str:
    """The text with another link in the place of every one to this page."""
    written, start = "", 0
    for first, end in _places(text, link):
        written += text[start:first] + other
        start = end
    return written + text[start:]


def split_closing_link(text: str, link: str) -> tuple[str, str]:
    """The text before the link to this page that ends it, and that link; "" where none does."""
    *_, last = (len(text), len(text)), *_places(text, link)
    start = last[0] if last[1] == len(text) else len(text)
    return text[:start], text[start:]


def page_key(link: str) -> str:
    """What two links to one page have in common, whatever is shown of it: see the module.

    A leading "www." and the part of a page after "#" make no other page, but for addresses that
    scripts read there ("#!" and "#/").
    """
    parts = _PARTS.fullmatch(link)
    if parts is None:
        return link
    host, path, query, fragment = parts.group("host", "path", "query", "fragment")
    labels = _USUAL_PORT.sub("", host.lower()).removeprefix("www.").split(".")
    named = fragment if fragment and fragment.startswith(("#!", "#/")) else ""
    rest = path.removesuffix("/") + (query or "") + named
    if "%" in rest:
        rest = "".join(plain or encoded for plain, encoded in _signs(rest))
    return ".".join(encoded_label(label) for label in labels) + rest


def _places(text: str, link: str) -> Iterator[tuple[int, int]]:
    """Where each link to the page starts and ends. One inside another link is none."""
    page, position = _page(link), 0
    while (found := page.begins.search(text, position)) is not None:
        start = found.start()
        end = page.end(text, found.end("host")) if found["host"] is not None else None
        if end is not None:
            yield start, end
            position = end
        else:
            other = _OTHER.match(text, start)
            position = other.end() if other is not None else start + 1


@dataclass(frozen=True, slots=True)
class _Page:
    """A page's link in all its spellings.

    `begins` finds where some link starts, with the page's host as "host" if it has that. What
    follows are signs of the path, the query and the fragment, each with its percent-encoded form.
    A pattern of all of them would take a tenth of a second to compile.
    """

    begins: regex.Pattern[str]
    path: _Signs
    rest: _Signs
    slash: bool  # the path may end with one, or not
    goes_on: regex.Pattern[str]

    def end(self, text: str, start: int) -> int | None:
        """Where the link ends whose host ends at `start`; None where it is another link."""
        end = _after(text, start, self.path)
        if end is not None and self.slash and text.startswith("/", end):
            end += 1
        if end is not None:
            end = _after(text, end, self.rest)
        return None if end is None or self.goes_on.match(text, end) else end


@lru_cache(maxsize=256)
def _page(link: str) -> _Page:
    parts = _PARTS.fullmatch(link)
    if parts is None:
        begins = regex.compile(rf"(?<![{NOT_BEFORE}])(?:(?P<host>{regex.escape(link)})|{SCHEME})")
        return _Page(begins, (), (), slash=False, goes_on=_NEVER)
    host, path, query, fragment = parts.group("host", "path", "query", "fragment")
    path = path.removesuffix("/")
    goes_on = _QUERY_GOES_ON if query else _PATH_GOES_ON
    if not path and not query and not fragment:
        goes_on = _HOST_GOES_ON
    return _Page(
        begins=regex.compile(rf"(?<![{NOT_BEFORE}]){SCHEME}(?P<host>(?i:{_hosts(host)}))?+"),
        path=tuple(_signs(path)),
        rest=tuple(_signs((query or "") + (fragment or ""))),
        slash=True,
        goes_on=goes_on,
    )


def _hosts(host: str) -> str:
    """The host in the form in which it was typed and in the other, with the usual port or none."""
    host = host.lower()
    bare = _USUAL_PORT.sub("", host)
    labels = bare.split(".")
    forms = {
        bare,
        ".".join(encoded_label(label) for label in labels),
        ".".join(decoded_label(label) for label in labels),
    }
    port = "" if bare == host and ":" in bare else "(?::80|:443)?+"
    return f"(?:{'|'.join(regex.escape(form) for form in sorted(forms))}){port}"


def _after(text: str, start: int, signs: _Signs) -> int | None:
    """Where these signs end in a text, each as it is or encoded; None where others stand there."""
    for plain, encoded in signs:
        if plain and text.startswith(plain, start):
            start += len(plain)
        elif text[start : start + len(encoded)].upper() == encoded:
            start += len(encoded)
        else:
            return None
    return start


def _signs(part: str) -> Iterator[tuple[str, str]]:
    """Each letter and mark of a part of an address, as it is ("": never) and percent-encoded."""
    start = 0
    for found in _ENCODED.finditer(part):
        yield from map(_either, part[start : found.start()])
        yield from _decoded(found[0])
        start = found.end()
    yield from map(_either, part[start:])


def _decoded(encoded: str) -> Iterator[tuple[str, str]]:
    try:
        characters = bytes.fromhex(encoded.replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        yield "", encoded.upper()
        return
    for one in characters:
        kept_encoded = one in _PARTING or not one.isprintable()
        yield ("", quote(one, safe="").upper()) if kept_encoded else _either(one)


def _either(character: str) -> tuple[str, str]:
    if character in _PARTING:
        return character, character
    encoded = "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
    return character, encoded
