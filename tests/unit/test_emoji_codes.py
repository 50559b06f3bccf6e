"""Slack's codes for emoji become emoji; what only looks like one stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.emoji_codes import with_emoji

# The codes and their emoji: github.com/iamcal/emoji-data, which Slack uses.
EMOJI = {
    "Out now :tada:": "Out now \U0001f389",
    ":+1: and :-1:": "\U0001f44d and \U0001f44e",
    ":flag-de:": "\U0001f1e9\U0001f1ea",
    ":sunglasses:": "\U0001f60e",
    ":heart:": "\u2764\ufe0f",
    ":wave::skin-tone-3: hi": "\U0001f44b\U0001f3fc hi",
    ":man-running::skin-tone-5:": "\U0001f3c3\U0001f3fe\u200d\u2642\ufe0f",
    ":tada::skin-tone-2:": "\U0001f389\U0001f3fb",
    ":rocket::tada:": "\U0001f680\U0001f389",
    "Out now:tada: at last": "Out now\U0001f389 at last",
    "(:tada:)": "(\U0001f389)",
    ":100: of 100": "\U0001f4af of 100",
    "a :x: b": "a \u274c b",
    "no: such::tada:": "no: such:\U0001f389",
}
OTHERS = [
    ":acme-logo:",
    "at 10:30:45",
    "10:100:20",
    "urn:books:1",
    "a:b:c",
    "Answers: a:x: b",
    ":TADA:",
    "std::tada",
    "https://acme.example/:tada:/",
    "https://acme.example:tada:",
    ": tada :",
    "",
]


@pytest.mark.parametrize(("typed", "sent"), EMOJI.items(), ids=EMOJI)
def test_a_code_becomes_its_emoji(typed: str, sent: str) -> None:
    assert with_emoji(typed) == sent


@pytest.mark.parametrize("typed", OTHERS)
def test_what_is_no_code_stays(typed: str) -> None:
    assert with_emoji(typed) == typed


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters=":")))
def test_a_text_without_colons_stays(text: str) -> None:
    assert with_emoji(text) == text


@given(st.text(alphabet=":tadx+1 /-\U0001f389", max_size=60))
def test_nothing_is_left_to_turn(text: str) -> None:
    assert len(with_emoji(text)) <= len(text)
