"""Lengths against the published cases of X, and against what the other networks document."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from bot.domain.counting import weighted
from bot.domain.networks import fits, length
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
    "a link, which is as long as it is": (f"See {LINK}", 4 + len(LINK)),
}

CODE_POINTS = {
    "plain letters": ("Backups in half the time.", 25),
    "a letter with a combining accent": (ACCENTED, 2),
    "a family joined from four people": (FAMILY, 7),
    "a hand with a skin tone": (WAVE, 2),
    "a flag of two letters": (GERMANY, 2),
    "Chinese signs": ("\u6545\u4eba\u897f\u8f9e", 4),
    "a Hindi greeting": (NAMASTE, 6),
    "a line break": ("a\nb", 3),
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
}


def text_of(case: dict[str, Any]) -> str:
    """The pieces of a case, joined."""
    pieces = case["text"]
    return "".join(one if isinstance(one, str) else one[0] * one[1] for one in pieces)


@pytest.mark.parametrize("case", CASES, ids=[f"x-counts-{case['says']}" for case in CASES])
def test_x_counts_as_it_has_published(case: dict[str, Any]) -> None:
    text = text_of(case)
    assert weighted(text) == case["length"]
    # What X refuses besides is taken out of everything that people type.
    kept = clean(text) == unicodedata.normalize("NFC", text.strip())
    assert (fits(Network.X, text) and kept) is case["valid"]


def test_what_x_refuses_is_sent_without_it() -> None:
    [refused] = [case for case in CASES if not case["valid"] and case["length"] <= 280]
    assert clean(text_of(refused)) == "ABC\u202aABC"


@pytest.mark.parametrize(("text", "expected"), BLUESKY.values(), ids=BLUESKY)
def test_bluesky_counts_what_a_reader_sees_as_one(text: str, expected: int) -> None:
    assert length(Network.BLUESKY, text) == expected


@pytest.mark.parametrize(
    "network", [Network.LINKEDIN, Network.FACEBOOK, Network.THREADS, Network.MASTODON]
)
@pytest.mark.parametrize(("text", "expected"), CODE_POINTS.values(), ids=CODE_POINTS)
def test_the_others_count_code_points(network: Network, text: str, expected: int) -> None:
    assert length(network, text) == expected


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
        (Network.THREADS, "\u6545", 500),
        (Network.MASTODON, "\u6545", 500),
        (Network.LINKEDIN, "\u6545", 3000),
    ],
)
def test_as_many_signs_fit_as_the_limit_holds(network: Network, sign: str, most: int) -> None:
    assert fits(network, sign * most)
    assert not fits(network, sign * (most + 1))
