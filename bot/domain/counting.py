"""In which units networks count a post, and as what they count the links in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlsplit

import regex

from bot.domain import links
from bot.domain.hosts import encoded_label
from bot.domain.links import Link

_LINK: Final = "x" * 23  # X and Mastodon count each link so, however long it is
_BLUESKY_BYTES: Final = 3_000
_BLUESKY_TAIL: Final = 15  # characters of path, query and fragment; of a longer one it shows 13
_USUAL_PORTS: Final = {"http": ":80", "https": ":443"}
_UNENCODED: Final = "!$%&'()*+,-./:;=?@[\\]^_|~"  # browsers leave these as they are
_NO_HOST: Final = regex.compile(r"[\x00- #%/<>?@\[\\\]^|\x7f]")
_X_HEAVY: Final = regex.compile("[^\x00-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")

_ELEMENT: Final = (
    r"(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}"
    r"|\p{Extended_Pictographic}(?:\ufe0f|[\U000e0020-\U000e007e]+\U000e007f)?)"
)
# The digits and the two signs are emoji only when followed by a selector or a keycap.
_EMOJI: Final = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae]\ufe0f"
    rf"|(?![\u00a9\u00ae]){_ELEMENT}(?:\u200d{_ELEMENT})*"
)
# Flags are named first: \X alone looks at all letters before one to tell which two make a flag.
_GRAPHEME: Final = regex.compile(r"\p{Regional_Indicator}{2}[\p{Grapheme_Extend}\u200d]*|\X")
# The composer and the server find mentions by two patterns; this is what both take for one.
_MENTION: Final = regex.compile(r"(?<![=/\w])(@[A-Za-z0-9_]+)@[A-Za-z0-9.-]*[A-Za-z0-9]")


def code_points(text: str) -> int:
    """Unicode's characters: a letter with a combining accent is two."""
    return len(text)


def utf16_units(text: str) -> int:
    """What JavaScript calls a length: 2 for most emoji and all else beyond the basic plane."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8_bytes(text: str) -> int:
    """1 for a letter of English, 2 for one of German or Russian, 3 for Chinese, 4 for an emoji."""
    return len(text.encode("utf-8", "surrogatepass"))


def graphemes(text: str) -> int:
    """What a reader sees as one character: a family of emoji is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def graphemes_and_bytes(text: str) -> int:
    """Graphemes, as Bluesky counts up to 300; it takes no more than 3,000 bytes of UTF-8 besides.

    Beyond those, as with many families of emoji, the length is a tenth of the bytes if that is
    more: over 300 then.
    """
    read, stored = graphemes(text), utf8_bytes(text)
    return read if stored <= _BLUESKY_BYTES else max(read, -(-stored // 10))


def weights(text: str) -> int:
    """X's units: 1 for Latin and its neighbours, 2 for the rest, 2 for a whole emoji sequence.

    Emoji sequences are judged by their form; X counts more for those that exist in no font.
    """
    rest, emoji = _EMOJI.subn("", text)
    return 2 * emoji + len(rest) + sum(len(found[0]) for found in _X_HEAVY.finditer(rest))


def links_in_full(text: str) -> str:
    """A link is as long as it is."""
    return text


def x_links(text: str) -> str:
    """The text in NFC, 23 letters in the place of each link, a bare host name's too."""
    text = unicodedata.normalize("NFC", text)
    return _replaced(text, ((link, _LINK) for link in links.on_x(text)))


def mastodon_links(text: str) -> str:
    """23 letters in the place of each link that has a scheme, and no host in a mention.

    The composer finds links as X does; the server takes longer ones for one, which counts less.
    """
    text = _replaced(text, ((link, _LINK) for link in links.on_mastodon(text)))
    return _MENTION.sub(r"\1", text)


def bluesky_links(text: str) -> str:
    """Each link as Bluesky's composer shortens it before it counts and posts the text."""
    found = links.on_bluesky(text)
    return _replaced(text, ((link, _shortened(text[link.start : link.end])) for link in found))


def _replaced(text: str, places: Iterable[tuple[Link, str]]) -> str:
    written, start = "", 0
    for link, shown in places:
        written += text[start : link.start] + shown
        start = link.end
    return written + text[start:]


def _shortened(url: str) -> str:
    """The host, and what follows it up to 15 characters, else 13 and three dots.

    Both are in the form in which a browser sends them; see `toShortUrl` of Bluesky's client.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(_USUAL_PORTS[parts.scheme])
    if not host or _NO_HOST.search(host):  # a browser refuses it, and then it is not shortened
        return url
    host = ".".join(map(encoded_label, host.split(".")))
    path = "" if parts.path == "/" else parts.path
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    tail = quote(path + query, safe=_UNENCODED, errors="replace")
    tail += quote(fragment, safe=_UNENCODED + "#{}", errors="replace")
    return host + (tail if len(tail) <= _BLUESKY_TAIL else f"{tail[:13]}...")
