"""How networks count the length of a post: characters, what a reader sees as one, X's weights."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

_LINK: Final = 23  # X and Mastodon count each link so, however long it is
_BLUESKY_BYTES: Final = 3_000
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


def characters(text: str) -> int:
    """Code points."""
    return len(text)


def graphemes(text: str) -> int:
    """What a reader sees as one character: a family of emoji is one."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def graphemes_and_bytes(text: str) -> int:
    """Graphemes, as Bluesky counts up to 300; it takes no more than 3,000 bytes of UTF-8 besides.

    Beyond those, as with many families of emoji, the length is a tenth of the bytes if that is
    more: over 300 then. Source: `maxGraphemes` and `maxLength` of `app.bsky.feed.post`.
    """
    read, stored = graphemes(text), len(text.encode("utf-8", "surrogatepass"))
    return read if stored <= _BLUESKY_BYTES else max(read, -(-stored // 10))


def characters_and_links(text: str) -> int:
    """Code points, but 23 for every link that starts with http(s)://, as Mastodon counts."""
    links = [match for match in _URL.finditer(text) if _is_link(match)]
    return len(text) + sum(_LINK - len(match[0]) for match in links)


def weighted(text: str) -> int:
    """X's count (docs.x.com, "counting characters").

    After NFC 1 for Latin and its neighbours, 2 for the rest, 2 for a whole emoji sequence, 23 for
    every link. A link is what starts with http(s):// and has a host name, and a bare host name
    under a country's or a well-known generic ending. Emoji sequences are judged by their form; X
    counts more for those that exist in no font.
    """
    text = unicodedata.normalize("NFC", text)
    total, start = 0, 0
    for match in _URL.finditer(text):
        if _is_host(match["host"]):
            total += _weigh_words(text[start : match.start()]) + _LINK
            start = match.end()
    return total + _weigh_words(text[start:])


def _is_link(match: regex.Match[str]) -> bool:
    return match[0].casefold().startswith("http") and "://" in match[0] and _is_host(match["host"])


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
