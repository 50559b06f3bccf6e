"""Lengths against the published cases of X, and against what the other networks document."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.networks import fits, full_text, length
from bot.domain.post import Network
from bot.domain.typed_text import clean

CASES = json.loads(
    (Path(__file__).parent.parent / "data" / "x_lengths.json").read_text(encoding="utf-8")
)["cases"]

ACCENTED = "e\u0301"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
WAVE = "\U0001f44b\U0001f3fd"
GERMANY = "\U0001f1e9\U0001f1ea"
JAPAN = "\U0001f1ef\U0001f1f5"
RAINBOW = "\U0001f3f3\ufe0f\u200d\U0001f308"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
NAMASTE = "\u0928\u092e\u0938\u094d\u0924\u0947"  # six code points, four of them letters
KOREAN = "\u1112\u1161\u11ab"  # one syllable in three parts
LINK = "https://acme.example/news/2026/09/a-release/?utm_source=mastodon#top"

BLUESKY = {
    "plain letters": ("Backups in half the time.", 25),
    "a letter with a combining accent": (ACCENTED, 1),
    "a letter with four combining marks": ("o\u0300\u0301\u0302\u0303", 1),
    "a family joined from four people": (FAMILY, 1),
    "three families, each on its own": (FAMILY * 3, 3),
    "a hand with a skin tone": (WAVE, 1),
    "a flag of two letters": (GERMANY, 1),
    "two flags next to each other": (GERMANY + JAPAN, 2),
    "a flag joined from two signs": (RAINBOW, 1),
    "a flag spelt in tags": (ENGLAND, 1),
    "a digit in a keycap": ("1\ufe0f\u20e3", 1),
    "a heart that a selector turns into emoji": ("\u2764\ufe0f", 1),
    "Chinese signs": ("\u6545\u4eba\u897f\u8f9e", 4),
    "Japanese kana with a voicing mark of its own": ("\u304b\u3099", 1),
    "a Korean syllable in three parts": (KOREAN, 1),
    "a line break": ("a\nb", 3),
    "a link, as its composer shortens it": (f"See {LINK}", 4 + len("acme.example/news/2026/09...")),
    "a link that needs no shortening": ("https://acme.example/news/2026/1", 24),
    "a link that somebody measured": ("https://github.com/acme/a-long-name/issues", 26),
    "a host alone": ("https://acme.example/", 12),
    "a host in another script, as it travels": ("https://m\u00fcnchen.example", 22),
    "the usual port and another": ("https://a.de:443/ https://a.de:8443/", 4 + 1 + 9),
    "letters that a browser encodes": ("https://a.de/\u00e9t\u00e9", 4 + 1 + 6 + 1 + 6),
    "a link and the stop after it": ("https://a.de/.", 4 + 1),
    "a link in brackets": ("(https://a.de/)", 4 + 2),
    "a bare name, which stays as it is": (f"acme.com{'/news' * 9}", 53),
    "a link after an emoji, which is none there": (
        "\U0001f449https://acme.example/news/2026",
        31,
    ),
}

UNITS = {  # LinkedIn (UTF-16), Facebook (code points), Threads (bytes), Mastodon (graphemes)
    "plain letters": ("Backups in half the time.", 25, 25, 25, 25),
    "a letter with a combining accent": (ACCENTED, 2, 2, 3, 1),
    "a family joined from four people": (FAMILY, 11, 7, 25, 1),
    "a hand with a skin tone": (WAVE, 4, 2, 8, 1),
    "a flag of two letters": (GERMANY, 4, 2, 8, 1),
    "a bold letter from mathematics": ("\U0001d400", 2, 1, 4, 1),
    "Chinese signs": ("\u6545\u4eba\u897f\u8f9e", 4, 4, 12, 4),
    "a Hindi greeting": (NAMASTE, 6, 6, 18, 3),
    "a line break": ("a\nb", 3, 3, 3, 3),
}

MASTODON = {
    "a link after a word": (f"See {LINK}", 4 + 23),
    "a link shorter than 23": ("http://a.de", 23),
    "a link and the stop after it": (f"See {LINK} .", 4 + 23 + 2),
    "two links": (f"{LINK} {LINK}", 23 + 1 + 23),
    "a link in brackets": ("(https://acme.example/a)", 25),
    "a bare name, which is no link there": ("acme.example", 12),
    "an e-mail address": ("jo@acme.example", 15),
    "a scheme without a name": ("https://", 8),
    "a link between Chinese signs": (f"\u89c1 {LINK} \u3002", 2 + 23 + 2),
    "a link whose end only the server knows": ("https://a.de/\u3042", 23 + 1),
    "a mention, of which the local part counts": (
        "Thanks @press@really.long.instance.example.social!",
        14,
    ),
    "a mention without a host": ("Thanks @press!", 14),
    "two mentions": ("@a@a.example @b_2@b.example", 2 + 1 + 4),
    "a mention and the stop after it": ("@a@a.example.", 3),
    "a profile's link, which holds no mention": ("https://a.de/@a@b.de", 23),
    "eighty families of emoji": (FAMILY * 80, 80),
}


UNITS_OF = ("linkedin", "facebook", "threads", "mastodon")


def text_of(case: dict[str, Any]) -> str:
    """The pieces of a case, joined."""
    pieces = case["text"]
    return "".join(one if isinstance(one, str) else one[0] * one[1] for one in pieces)


@pytest.mark.parametrize("case", CASES, ids=[f"x-counts-{case['says']}" for case in CASES])
def test_x_counts_as_it_has_published(case: dict[str, Any]) -> None:
    text = text_of(case)
    assert length(Network.X, text) == case["length"]
    # What X refuses besides is taken out of everything that people type.
    kept = clean(text) == unicodedata.normalize("NFC", text.strip())
    if case["valid"]:
        assert fits(Network.X, text)
    else:
        assert not (fits(Network.X, text) and kept)


def test_what_x_refuses_is_sent_without_it() -> None:
    [refused] = [case for case in CASES if not case["valid"] and case["length"] <= 280]
    assert clean(text_of(refused)) == "ABCABC"


@pytest.mark.parametrize(("text", "expected"), BLUESKY.values(), ids=BLUESKY)
def test_bluesky_counts_what_a_reader_sees_as_one(text: str, expected: int) -> None:
    assert length(Network.BLUESKY, text) == expected


@pytest.mark.parametrize(("text", *UNITS_OF), UNITS.values(), ids=UNITS)
def test_the_others_count_in_units_of_their_own(
    text: str, linkedin: int, facebook: int, threads: int, mastodon: int
) -> None:
    assert length(Network.LINKEDIN, text) == linkedin
    assert length(Network.FACEBOOK, text) == facebook
    assert length(Network.THREADS, text) == threads
    assert length(Network.MASTODON, text) == mastodon


@pytest.mark.parametrize("network", [Network.LINKEDIN, Network.FACEBOOK, Network.THREADS])
def test_a_link_is_as_long_as_it_is_where_nothing_else_is_known(network: Network) -> None:
    assert length(network, f"See {LINK}") == 4 + len(LINK)


@pytest.mark.parametrize(("text", "expected"), MASTODON.values(), ids=MASTODON)
def test_mastodon_counts_every_full_link_as_23(text: str, expected: int) -> None:
    assert length(Network.MASTODON, text) == expected


@pytest.mark.parametrize(
    ("network", "sign", "most"),
    [
        (Network.BLUESKY, FAMILY, 120),  # 25 bytes each, of 3,000
        (Network.BLUESKY, GERMANY, 300),
        (Network.BLUESKY, "\u6545", 300),
        (Network.X, FAMILY, 140),
        (Network.X, "\u6545", 140),
        (Network.THREADS, "\u6545", 166),
        (Network.THREADS, "\U0001f389", 125),
        (Network.LINKEDIN, "\U0001d400", 1500),
        (Network.MASTODON, FAMILY, 500),
        (Network.MASTODON, "\u6545", 500),
        (Network.LINKEDIN, "\u6545", 3000),
    ],
)
def test_as_many_signs_fit_as_the_limit_holds(network: Network, sign: str, most: int) -> None:
    assert fits(network, sign * most)
    assert not fits(network, sign * (most + 1))


def test_bluesky_takes_a_text_whose_link_its_composer_shortens() -> None:
    # bluesky-social/social-app, `rich-text-manip.ts`: host, 13 characters, three dots.
    link = "https://www.acme.example/news/" + "a" * 83
    assert len(link) == 113
    text = full_text(Network.BLUESKY, "a" * 175, "#AcmeEmployee", link)
    assert len(text) == 304
    assert length(Network.BLUESKY, text) == 223


def test_bluesky_takes_3000_bytes_of_what_it_stores() -> None:
    link = "https://acme.example/" + "a" * 90  # stored as 28 letters
    assert length(Network.BLUESKY, f"{FAMILY * 118} {link}") == 118 + 1 + 28
    assert not fits(Network.BLUESKY, f"{FAMILY * 119} {link}")


def test_threads_counts_emoji_and_all_else_in_bytes() -> None:
    # developers.facebook.com, Threads, posts: "emojis are counted as UTF-8 bytes".
    words = " ".join(["Wir feiern \U0001f389"] * 33)
    text = full_text(Network.THREADS, words, "", "https://acme.example/news/100")
    assert len(text) == 459
    assert length(Network.THREADS, text) == 558


def test_linkedin_counts_bold_letters_from_mathematics_twice() -> None:
    assert length(Network.LINKEDIN, "\U0001d400" * 1600) == 3200


@pytest.mark.parametrize(
    "host",
    ["acme.berlin", "acme.london", "acme.law", "acme.works", "acme.music", "acme.\u0440\u0444"],
)
def test_x_counts_a_bare_host_under_any_ending_as_a_link(host: str) -> None:
    assert length(Network.X, f"See {host} now") == 4 + 23 + 4
    assert length(Network.MASTODON, f"See {host} now") == 4 + len(host) + 4


# A piece of a text, and what each network's own rule makes of it.
words = st.text("abc XYZ", min_size=1, max_size=8).map(lambda word: (word, [len(word)] * 5))
signs = st.sampled_from(
    [  # X, Bluesky, Mastodon, Threads, LinkedIn
        ("\U0001f389", [2, 1, 1, 4, 2]),
        (FAMILY, [2, 1, 1, 25, 11]),
        (GERMANY, [2, 1, 1, 8, 4]),
        ("\u6545", [2, 1, 1, 3, 1]),
        ("\u00fc", [1, 1, 1, 2, 1]),
        (NAMASTE, [6, 3, 3, 18, 6]),
        ("@press@acme.social", [18, 18, 6, 18, 18]),
    ]
)
tails = st.text("abc0-_/", max_size=60)
urls = st.builds(
    lambda scheme, host, tail: (
        f"{scheme}{host}/{tail}",
        [
            23,
            len(host) + (len(tail) + 1 if len(tail) <= 14 else 16) - (not tail),
            23,
            len(f"{scheme}{host}/{tail}"),
            len(f"{scheme}{host}/{tail}"),
        ],
    ),
    st.sampled_from(["https://", "http://"]),
    st.sampled_from(["acme.com", "www.acme.berlin", "a.b.c.co.uk"]),
    tails,
)
bare_names = st.sampled_from(
    ["acme.com", "acme.london", "news.acme.works", "a.de/b", "acme.berlin/long/path/to/a/page"]
).map(lambda name: (name, [23, *[len(name)] * 4]))
COUNTED = (Network.X, Network.BLUESKY, Network.MASTODON, Network.THREADS, Network.LINKEDIN)


@given(st.lists(words | signs | urls | bare_names, max_size=12))
def test_no_text_counts_less_than_by_the_networks_own_rule(
    pieces: list[tuple[str, list[int]]],
) -> None:
    text = " ".join(piece for piece, _ in pieces)
    for place, network in enumerate(COUNTED):
        own = sum(costs[place] for _, costs in pieces) + max(0, len(pieces) - 1)
        assert length(network, text) >= own
        assert length(network, text) == own, "nor more"


anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(anything, anything)
def test_any_text_counts_what_its_units_come_to(before: str, after: str) -> None:
    text = f"{before} https://acme.example/{after}"
    assert length(Network.THREADS, text) == len(text.encode())
    assert length(Network.LINKEDIN, text) == len(text.encode("utf-16-le")) // 2
    shown = length(Network.BLUESKY, before) + len(" acme.example")
    assert length(Network.BLUESKY, text) >= shown
    assert length(Network.MASTODON, text) >= length(Network.MASTODON, before) + 1 + 23
    assert length(Network.X, text) >= length(Network.X, before) + 1 + 23
