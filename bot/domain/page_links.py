"""Whether a text holds the link to a page already, however it is spelt there.

Where a link ends is what X publishes (`links`): emoji, quotation marks, other scripts and
invisible characters follow it directly. The same page is a link with http or https, with and
without a closing slash, with its host in either form (RFC 5891), and with letters and marks
percent-encoded or not (RFC 3986, 6.2.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final
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
_OTHER: Final = rf"{SCHEME}(?:(?!{SCHEME})[\p{{L}}\p{{M}}\p{{N}}\p{{So}}._-])+(?::[0-9]+)?{TAIL}"
# What lets a host, a path or a query go on, so that it is another link.
_HOST_GOES_ON: Final = rf"[A-Za-z0-9@+_-]|\.[A-Za-z0-9{ACCENTED}]|:[0-9]|/{IN_PATH}|/?\?{IN_QUERY}"
_PATH_GOES_ON: Final = rf"{IN_PATH}|\?{IN_QUERY}"


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


def _places(text: str, link: str) -> Iterator[tuple[int, int]]:
    """Where each link to the page starts and ends. One inside another link is none."""
    for found in _pattern(link).finditer(text):
        if found["page"] is not None:
            yield found.span("page")


@lru_cache(maxsize=256)
def _pattern(link: str) -> regex.Pattern[str]:
    page = _spellings(link)
    return regex.compile(rf"(?<![{NOT_BEFORE}])(?:(?P<page>{page})|{_OTHER})")


def _spellings(link: str) -> str:
    """A pattern for the link in all its spellings, up to where it ends."""
    parts = _PARTS.fullmatch(link)
    if parts is None:
        return regex.escape(link)
    host, path, query, fragment = parts.group("host", "path", "query", "fragment")
    path = path.removesuffix("/")
    goes_on = IN_QUERY if query else _PATH_GOES_ON
    if not path and not query and not fragment:
        goes_on = _HOST_GOES_ON
    spelt = f"{_spelt(path)}/?+{_spelt(query or '')}{_spelt(fragment or '')}"
    return rf"{SCHEME}(?i:{_hosts(host)}){spelt}(?!{goes_on})"


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


def _spelt(part: str) -> str:
    """A pattern for a part of an address, each letter and mark as it is or percent-encoded."""
    pattern, start = "", 0
    for found in _ENCODED.finditer(part):
        pattern += "".join(map(_either, part[start : found.start()])) + _decoded(found[0])
        start = found.end()
    return pattern + "".join(map(_either, part[start:]))


def _decoded(encoded: str) -> str:
    raw = bytes.fromhex(encoded.replace("%", ""))
    try:
        characters = raw.decode("utf-8")
    except UnicodeDecodeError:
        return f"(?i:{encoded})"
    return "".join(
        f"(?i:{quote(one, safe='')})" if one in _PARTING or not one.isprintable() else _either(one)
        for one in characters
    )


def _either(character: str) -> str:
    if character in _PARTING:
        return regex.escape(character)
    encoded = "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
    return f"(?:{regex.escape(character)}|(?i:{encoded}))"
