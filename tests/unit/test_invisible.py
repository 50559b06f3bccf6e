# ruff: noqa: RUF001 - Hebrew and Arabic letters are the point here
"""Nothing invisible hides in a text, or turns around the sentence in which it stands."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.invisible import isolated, without_invisible
from bot.domain.typed_text import clean

ARABIC, FAMILY = "می\u200cخواهم", "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e"
signs = st.characters(exclude_categories=["Cs"]) | st.sampled_from(
    "\u200b\u200c\u200d\u2060\u2066\u2067\u2068\u2069\u202e\ufe0f\u3164\u115f\u00ad\U000e0041א\u0628a"
)
texts = st.text(signs, max_size=40)


@pytest.mark.parametrize(
    "kept",
    [
        ARABIC,
        FAMILY,
        SCOTLAND,
        "1\ufe0f\u20e3",
        "क्\u200dष",
        "שלום \u2067abc\u2069",
        "a\nb\tc",
        "é",
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
        "\u0647\u200d",
        "\u8fba\U000e0100",
        "\u1820\u180e\u1821",
        "\u2764\ufe0f\u200d\U0001f525 \u26a0\ufe0e",
        "\U0001f469\U0001f3fd\u200d\U0001f467",
        "\U0001f3f4\u200d\u2620\ufe0f",
        "\u280b\u2801\u2800\u280b",
    ],
)
def test_what_scripts_and_emoji_need_stays(kept: str) -> None:
    assert without_invisible(kept) == kept


@pytest.mark.parametrize(
    ("typed", "stays"),
    [
        ("pay\u202egnp.exe", "paygnp.exe"),
        ("a\u200bc\u2060m\u00ade", "acme"),
        ("a\U000e0068\U000e0069b", "ab"),
        ("\u3164\u115f\uffa0x", "x"),
        ("open \u2067 only", "open  only"),
        ("a\u200cb", "ab"),
        ("\u2067a\u2069 b", "a b"),
        ("\u2764\ufe0f\ufe0f\ufe0e", "\u2764\ufe0f"),
        ("\U0001f600\U000e0049\U000e0067", "\U0001f600"),
        ("a\u2800b\ufff9c", "a bc"),
        ("\x00\x1b[31mred", "[31mred"),
    ],
)
def test_what_hides_or_turns_around_goes(typed: str, stays: str) -> None:
    assert without_invisible(typed) == stays


@given(texts)
def test_no_override_is_left_and_every_isolate_is_closed(text: str) -> None:
    kept = without_invisible(text)
    assert not set(OVERRIDES) & set(kept)
    for line in kept.split("\n"):
        depth = 0
        for sign in line:
            depth += (sign in "\u2066\u2067\u2068") - (sign == "\u2069")
            assert depth >= 0
        assert depth == 0


@given(texts)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert without_invisible(without_invisible(text)) == without_invisible(text)


@given(texts)
def test_what_can_be_seen_stays(text: str) -> None:
    seen = [sign for sign in text if unicodedata.category(sign)[0] in "LNPS" and sign.isascii()]
    assert [sign for sign in without_invisible(text) if sign in seen] == seen


def test_a_title_in_a_sentence_turns_nothing_around() -> None:
    assert isolated("Release 1.2") == "Release 1.2"
    assert isolated("שלום") == "\u2068שלום\u2069"
    assert isolated("\u2067שלום") == "\u2068שלום\u2069"
