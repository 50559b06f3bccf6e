"""What each network takes: its limit, how it counts, and the address of its own composer."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import regex

from bot.domain.disclosure import discloses
from bot.domain.model import Network

_X_LINK: Final = 23
_X_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

# Two-letter endings are countries and territories; of the generic ones only those that people
# use in running text. An ending that is missing here costs only the short bare names under it.
_COUNTRIES: Final = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs
    bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee
    eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm
    hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb
    lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz
    na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs
    ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl
    tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_GENERIC: Final = """
    academy agency app art bank biz blog build business cafe capital careers cat center chat city
    club cloud codes com community company consulting coop credit design dev digital earth edu
    education email energy events expert finance foundation fund gallery global gov green group
    guide health help host info ink institute int international jobs land legal life link live
    ltd market marketing media mil mobi money museum name net network news one online org page
    partners photos plus press pro report run school science services shop site social software
    solutions space store studio style support systems team tech technology tips today tools top
    travel university video vip wiki work world xyz zone
"""

_LATIN: Final = "A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_LABEL: Final = rf"[{_LATIN}](?:[{_LATIN}_-]*[{_LATIN}])?"
_KNOWN_HOST: Final = (
    rf"(?:{_LABEL}\.)+(?:{'|'.join((_COUNTRIES + _GENERIC).split())}|xn--[a-z0-9-]+)"
    rf"(?![A-Za-z0-9@+-])"
)
_ANY: Final = r"\p{L}\p{M}\p{N}\p{So}"
_ANY_HOST: Final = (
    rf"(?:[{_ANY}](?:[{_ANY}_-]*[{_ANY}])?\.)+(?:xn--[a-z0-9-]+|\p{{L}}[\p{{L}}\p{{M}}]+)"
    rf"(?![A-Za-z0-9@])"
)
# A path may hold commas, stops and brackets but does not end with them: they close the sentence.
_PATH: Final = rf"[{_LATIN}\u0400-\u04ff!*';:=+,.$/%#\[\]\u2013_~@|&-]"
_PATH_END: Final = rf"[{_LATIN}\u0400-\u04ff=_#/+-]"
_TAIL: Final = (
    rf"(?::[0-9]+)?"
    rf"(?:/(?:(?:{_PATH}|\({_PATH}*\))*(?:{_PATH_END}|\({_PATH}*\)))?)?"
    rf"(?:\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]_.,~|-]*[A-Za-z0-9_&=#/-])?"
)
_URL: Final = regex.compile(
    rf"(?<![A-Za-z0-9@\uff20$#\uff03])https?://"
    rf"(?:(?P<host>{_KNOWN_HOST})(?!\.[{_LATIN}])|(?P<host>{_ANY_HOST})){_TAIL}"
    rf"|(?<![{_LATIN}@\uff20$#\uff03_./-])(?P<host>{_KNOWN_HOST}){_TAIL}",
    regex.IGNORECASE,
)

_ELEMENT: Final = (
    r"(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}"
    r"|\p{Extended_Pictographic}(?:\ufe0f|[\U000e0020-\U000e007e]+\U000e007f)?)"
)
# The digits and the two signs are emoji only when followed by a selector or a keycap.
_EMOJI: Final = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae]\ufe0f"
    rf"|(?![\u00a9\u00ae]){_ELEMENT}(?:\u200d{_ELEMENT})*"
)
_GRAPHEME: Final = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class Composer:
    """Where a share opens. Without `carries_text` the person pastes the text there."""

    url: str
    carries_text: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One network: the name people read, its limit in its own count, and its composer.

    `addresses` takes the full text and the link and gives composer addresses, best first: the
    first carries the text, the second the link alone, the last nothing and is always short.
    """

    name: str
    limit: int
    count: Callable[[str], int]
    addresses: Callable[[str, str], tuple[str, str, str]]


def name(network: Network) -> str:
    """The name that people read."""
    return NETWORKS[network].name


def limit(network: Network) -> int:
    """The longest post the network takes, in its own count (see `length`)."""
    return NETWORKS[network].limit


def length(network: Network, text: str) -> int:
    """How long `text` is as the network counts.

    LinkedIn counts characters (code points) and Bluesky grapheme clusters. X counts weights
    (docs.x.com, "counting characters"): after NFC 1 for Latin and its neighbours, 2 for the rest,
    2 for a whole emoji sequence, 23 for every link. A link is what starts with http(s):// and has
    a host name, and a bare host name under a country's or a well-known generic ending. Emoji
    sequences are judged by their form; X counts more for those that exist in no font.
    """
    return NETWORKS[network].count(text)


def fits(network: Network, text: str) -> bool:
    """Whether the network takes a post of this length."""
    return length(network, text) <= limit(network)


def full_text(network: Network, wording: str, disclosure: str, link: str) -> str:
    """What the post will read: the wording, then whatever it lacks of disclosure and link.

    The disclosure follows the wording after a space unless the wording discloses already; the
    link stands last on its own unless the wording holds it. The text is the same on every
    network so far; X shows the link, which travels beside the text, at the same place.
    """
    del network
    text = wording.strip()
    if disclosure and not discloses(text, disclosure):
        text = f"{text} {disclosure}".strip()
    if link and not _holds(text, link):
        text = f"{text}\n\n{link}".strip()
    return text


def composer(network: Network, text: str, link: str, max_url: int = 3000) -> Composer:
    """The address that opens the network's own composer.

    Args:
        network: Where to share.
        text: The whole post as `full_text` gives it, link included.
        link: The post's link.
        max_url: The longest address allowed, in characters; 3,000 is Slack's limit for the url
            of a button.

    Returns:
        The first address that is short enough: with text and link, with the link only, or an
        empty composer (a link of many non-Latin characters can grow past any limit).
    """
    full, link_only, empty = NETWORKS[network].addresses(text, link)
    if len(full) <= max_url:
        return Composer(full, carries_text=True)
    return Composer(link_only if len(link_only) <= max_url else empty, carries_text=False)


def _holds(text: str, link: str) -> bool:
    """Whether the text holds exactly this link, not only a longer one that starts like it."""
    closing = r"[.,;:!?)\]}'\"\u00bb\u201d\u2019\u3001\u3002\uff0c\uff09]*"
    whole = rf"(?<![A-Za-z0-9/=?&#%]){regex.escape(link)}(?={closing}(?:\s|$))"
    return regex.search(whole, text) is not None


def _graphemes(text: str) -> int:
    return sum(1 for _ in _GRAPHEME.finditer(text))


def _weighted(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    total, start = 0, 0
    for match in _URL.finditer(text):
        if _is_host(match["host"]):
            total += _weigh_words(text[start : match.start()]) + _X_LINK
            start = match.end()
    return total + _weigh_words(text[start:])


def _weigh_words(text: str) -> int:
    rest, emoji = _EMOJI.subn("", text)
    return 2 * emoji + sum(
        1 if any(low <= ord(character) <= high for low, high in _X_LIGHT) else 2
        for character in rest
    )


def _is_host(host: str) -> bool:
    """Whether every label is at most 63 characters in its encoded form (RFC 1035)."""
    labels = host.split(".")
    # Encoding makes no label shorter and takes long for long ones, so the plain form comes first.
    return all(len(label) <= 63 for label in labels) and all(
        label.isascii() or len("xn--" + label.encode("punycode").decode()) <= 63 for label in labels
    )


def _linkedin(text: str, link: str) -> tuple[str, str, str]:
    # The address with text is not documented by LinkedIn; on phones its app may drop the text.
    feed = "https://www.linkedin.com/feed/?shareActive=true"
    page = "https://www.linkedin.com/sharing/share-offsite/?url="
    return f"{feed}&text={_encode(text)}", page + _encode(link), feed


def _x(text: str, link: str) -> tuple[str, str, str]:
    intent = "https://x.com/intent/tweet"
    words = text.removesuffix(link)
    if words == text or (words and not words[-1].isspace()):
        words = text
    # X puts the url after the text: a link that stands inside the text must not come twice.
    beside = "" if _holds(words, link) else f"&url={_encode(link)}"
    full = f"{intent}?text={_encode(words.rstrip())}{beside}"
    return full, f"{intent}?url={_encode(link)}", intent


def _bluesky(text: str, link: str) -> tuple[str, str, str]:
    # There is no parameter for a link (docs.bsky.app, intent links): it travels as text.
    compose = "https://bsky.app/intent/compose"
    return f"{compose}?text={_encode(text)}", f"{compose}?text={_encode(link)}", compose


def _encode(value: str) -> str:
    return quote(value, safe="")


NETWORKS: Final[dict[Network, Entry]] = {
    Network.LINKEDIN: Entry("LinkedIn", 3000, len, _linkedin),
    Network.X: Entry("X", 280, _weighted, _x),
    Network.BLUESKY: Entry("Bluesky", 300, _graphemes, _bluesky),
}
