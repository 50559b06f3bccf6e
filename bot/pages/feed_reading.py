"""What a feed says: RSS and Atom as they are in the world, read by turbohtml.

It expands no entities and opens no other file, so that a "bomb" stays as short as it came. What is
here mends what is usually wrong before its strict reader sees it, and where that does not help, has
the feed read as browsers read pages.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

import regex
import turbohtml
from turbohtml import Document, HTMLParseError
from turbohtml.extract import Entry, Feed

from bot.domain.feeds import MOST_ENTRIES, FeedEntry, newest
from bot.domain.post_fields import MAX_TITLE, MAX_WHY, link_error
from bot.domain.tracking_parameters import without_tracking
from bot.domain.typed_text import clean, clean_link
from bot.pages.reading import find_elements, find_encoding, parse

MOST_NAMED: Final = 3  # feeds that a page names
_LONGEST_READ: Final = 5_000  # characters of one title or summary: some are whole books
_MOST_READ: Final = (
    5 * MOST_ENTRIES
)  # entries; a feed that begins with its oldest has to be read on
_DECLARED: Final = regex.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml")

_NOT_IN_XML: Final = regex.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CDATA: Final = regex.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z))", regex.DOTALL)
_AMPERSAND: Final = regex.compile(
    r"&(?:(#[0-9]+;|#x[0-9a-f]+;|amp;|lt;|gt;|quot;|apos;)|(\w+;)?)", regex.I
)
_COMMENT: Final = regex.compile(r"\s*(?:<!--.*?-->|<\?.*?\?>)", regex.DOTALL)
_ROOT: Final = regex.compile(r"<((?:\w+:)?(rss|feed|rdf))(?=[\s/>])([^>]*)", regex.I)
_END: Final = regex.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", regex.I)
_EMPTY_ELEMENT: Final = regex.compile(r"<([a-z][\w:.-]*)(\s[^<>]*)?/>", regex.I)
_VERSION: Final = regex.compile(r"""\sversion\s*=\s*["'][^"']*["']""")
_ATOM: Final = 'xmlns="http://www.w3.org/2005/Atom"'
_XMLNS: Final = regex.compile(r"""\sxmlns\s*=\s*["'][^"']*["']""")
_MARKUP: Final = regex.compile(r"</\s*[a-z]|<(?:br|img|p|hr)\b|&#?\w+;|/>", regex.I)
_NO_DAY: Final = regex.compile(r"\b0001\b")  # the zero of Go and .NET, which others read as 2001
_TTL: Final = regex.compile(r"<ttl>\s*([0-9]{1,6})\s*</ttl>")


@dataclass(frozen=True, slots=True)
class Body:
    """A feed as it came: where it was, its bytes, and the character set of its header."""

    address: str
    body: bytes
    charset: str | None


@dataclass(frozen=True, slots=True)
class FeedText:
    """What a feed says; `every` is how long it asks to be left alone, zero if it doesn't."""

    title: str
    entries: tuple[FeedEntry, ...]
    every: timedelta


def read(body: Body, now: datetime) -> FeedText | None:
    """What a feed says; None where it is none. `now` (aware) tells which days can be.

    It takes a second or two at most, in any thread.
    """
    text = decode(body.body, body.charset)
    found = _parse(text)
    if found is None:
        return None
    base = _absolute(body.address, found.link) or body.address
    host = (urlsplit(body.address).hostname or "").removeprefix("www.")
    ttl = _TTL.search(text)
    return FeedText(
        title=_shortened(_line(found.title), MAX_TITLE) or host,
        entries=newest(_entries(found, base, now)),
        every=timedelta(minutes=int(ttl[1]) if ttl else 0),
    )


def find_feeds(body: Body) -> tuple[str, ...]:
    """The addresses of the feeds that a page names in its head, a few."""
    document, _whole = parse(body.body, find_encoding(body.body, body.charset))
    named = []
    for element in find_elements(document, "link"):
        attributes = {name: said for name, said in element.attrs.items() if isinstance(said, str)}
        address = _absolute(body.address, attributes.get("href"))
        if address is not None and _is_feed(attributes, element.attrs.get("rel")):
            named.append(address)
    return tuple(dict.fromkeys(named))[:MOST_NAMED]


def _is_feed(attributes: Mapping[str, str], rel: object) -> bool:
    words = rel.split() if isinstance(rel, str) else rel if isinstance(rel, list) else ()
    named = {str(word).casefold() for word in words}
    return "alternate" in named and attributes.get("type", "").strip().casefold() in _FEED_TYPES


def decode(body: bytes, charset: str | None) -> str:
    """The text of a feed: by its mark, as UTF-8 if it can be, by its header or its own word.

    Headers and declarations are often wrong, and what is no UTF-8 seldom looks like it.
    """
    for mark, name in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace").removeprefix("\ufeff")
    declared = _DECLARED.search(body[:1_000])
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for said in (charset, declared[1].decode("ascii", "replace") if declared else None):
        if said is None or said.casefold() in ("utf-8", "utf8"):
            continue
        try:
            return body.decode(said)
        except (LookupError, UnicodeDecodeError):
            continue
    if _mostly_utf8(body):
        return body.decode("utf-8", "replace")
    return body.decode("windows-1252", "replace")


def _mostly_utf8(body: bytes) -> bool:
    """Whether only a few characters are broken, as where a body or a summary was cut."""
    broken = body.decode("utf-8", "replace").count("\ufffd")
    return broken * 20 < sum(byte > 0x7F for byte in body)


def _parse(text: str) -> Feed | None:
    text = _NOT_IN_XML.sub("", text).lstrip()
    start = 0
    while (before := _COMMENT.match(text, start)) is not None:
        start = before.end()
    root = _ROOT.search(text, start, start + 20_000)
    first = regex.compile(r"<[a-z]", regex.I).search(text, start)
    if root is None or first is None or first.start() != root.start():
        return None  # a page, or anything else
    try:
        return turbohtml.parse_xml(_mended(text, root)).feed()
    except HTMLParseError:
        return _as_page(_whole(text[root.start() :])).feed()


def _mended(text: str, root: regex.Match[str]) -> str:
    """The text from its root on, which says what it is, and with what XML takes for `&`."""
    attributes, name = root[3], root[2].casefold()
    if name == "rss":
        attributes = f'{_VERSION.sub("", attributes)} version="2.0"'
    elif name == "feed":
        prefix = root[1].rpartition(":")[0]
        attributes = attributes if prefix else f"{_XMLNS.sub('', attributes)} {_ATOM}"
    mended = f"<{root[1]}{attributes}{text[root.end() :]}"
    parts = _CDATA.split(mended)
    return "".join(
        part if part.startswith("<![CDATA[") else _AMPERSAND.sub(_ampersand, part) for part in parts
    )


def _ampersand(found: regex.Match[str]) -> str:
    if found[1]:
        return found[0]
    named = html.unescape(found[0])
    return html.escape(named, quote=False)


def _whole(text: str) -> str:
    """The text without an entry that breaks off: its link may be another's."""
    if _END.search(text):
        return text
    end = max(text.rfind("</item>"), text.rfind("</entry>"))
    return text if end < 0 else text[: text.index(">", end) + 1]


def _as_page(text: str) -> Document:
    """The feed as browsers would read it: they find an end to everything."""
    parts = _CDATA.split(text)
    for place, part in enumerate(parts):
        if part.startswith("<![CDATA["):
            inside = part.removeprefix("<![CDATA[").removesuffix("]]>")
            parts[place] = html.escape(inside, quote=False)
        else:
            parts[place] = _EMPTY_ELEMENT.sub(r"<\1\2></\1>", part)
    document, _whole = parse("".join(parts).encode("utf-8", "replace"), "utf-8")
    return document


def _entries(found: Feed, base: str, now: datetime) -> Iterator[FeedEntry]:
    entries = found.entries[:_MOST_READ]
    named = Counter(entry.id for entry in entries)
    for entry in entries:
        link = _link(entry, base)
        if link is None:
            continue
        summary = _plain(entry.summary or (entry.content if isinstance(entry.content, str) else ""))
        guid = (entry.id or "").strip() if named[entry.id] == 1 else ""
        title = _line(entry.title) or _shortened(summary, MAX_TITLE) or link
        yield FeedEntry(
            title=_shortened(title, MAX_TITLE),
            link=link,
            summary=_shortened(summary, MAX_WHY),
            guid=guid,
            published=_day(entry.published, now) or _day(entry.updated, now),
        )


def _link(entry: Entry, base: str) -> str | None:
    """The page of an entry, without what follows its reader; None where it has no usable one."""
    absolute = _absolute(base, entry.link)
    return None if absolute is None else without_tracking(absolute)


def _absolute(base: str, said: str | None) -> str | None:
    if not said or not said.strip():
        return None
    try:
        whole = clean_link(urljoin(base, said.strip()[:_LONGEST_READ]))
    except ValueError:  # A host that is none.
        return None
    return whole if link_error(whole) is None else None


def _line(said: str | None) -> str:
    return " ".join(_plain(said).split())


def _plain(said: str | None) -> str:
    """The text of what may hold markup, or stand twice encoded as some do."""
    text = (said or "")[:_LONGEST_READ]
    if _MARKUP.search(text):
        fragment = turbohtml.parse_fragment(text, positions=False)
        for element in fragment.find_all(["script", "style", "template"]):
            element.decompose()
        text = fragment.text
    return " ".join(clean(text).split())


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _day(said: str | None, now: datetime) -> datetime | None:
    """The moment, aware; None for what is none, or was before there were feeds."""
    text = (said or "").strip()[:100]
    if not text or _NO_DAY.search(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    if not 1995 <= moment.year <= 9000:
        return None
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return min(moment, now)
