"""Text as people type and paste it: what cleaning leaves, and what commands see of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.topics import first_spellings, topic_key
from bot.domain.typed_text import clean, first_word, plain, typed_link

LINK = "https://acme.example/news?a=1&b=2"


@given(st.text())
def test_cleaning_is_done_once(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not set("\r\v\f\x85\u2028\u2029\x00") & set(cleaned)


@given(st.text())
def test_reading_is_done_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Opt\u2011Out", "opt-out"),
        ("send\u2014back", "send-back"),
        ("\u2212", "-"),
        ("-2 weeks", "-2 weeks"),
        ("\u201cstop\u201d", "stop"),
        ("\u00abstop\u00bb", "stop"),
        ("don\u2019t", "don't"),
        ("don\u02bct", "don't"),
        ("\uff53\uff54\uff4f\uff50", "stop"),
        ("2\u00a0\u3000\t\r\nweeks", "2 weeks"),
        ("st\u200bo\u00adp\ufeff", "stop"),
        ("!?", "!?"),
        ("\u200b", ""),
    ],
)
def test_what_looks_alike_is_read_alike(typed: str, read: str) -> None:
    assert plain(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        LINK,
        f"<{LINK}>",
        f"<{LINK}|acme.example>",
        f"<{LINK.replace('&', '&amp;')}|{LINK}>",
        LINK.replace("&", "&amp;"),
        f"\u00a0{LINK}\u200b",
        f"\u201c{LINK}\u201d",
        f"`{LINK}`",
        LINK.replace("news", "ne\u2060ws"),
    ],
)
def test_a_link_is_found_in_what_slack_makes_of_it(typed: str) -> None:
    assert typed_link(typed) == LINK


def test_a_link_keeps_its_own_dashes_and_letters() -> None:
    link = "https://acme.example/a\u2013b/cafe\u0301"
    assert typed_link(link) == link


@pytest.mark.parametrize(
    ("typed", "split"),
    [
        ("send-back 14 \u201cno\u201d", ("send-back", "14 \u201cno\u201d")),
        ("queue\u00a0https://a.example", ("queue", "https://a.example")),
        ("\u3000queue\thttps://a.example", ("queue", "https://a.example")),
        ("queue\r\n\u200bhttps://a.example", ("queue", "https://a.example")),
        ("leave", ("leave", "")),
        ("", ("", "")),
    ],
)
def test_the_first_word_ends_at_any_white_space(typed: str, split: tuple[str, str]) -> None:
    assert first_word(typed) == split


@given(st.text())
def test_the_key_of_a_topic_is_the_key_of_itself(topic: str) -> None:
    key = topic_key(topic)
    assert topic_key(key) == key
    assert topic_key(unicodedata.normalize("NFD", topic)) == key
    assert topic_key(unicodedata.normalize("NFC", topic)) == key


def test_topics_are_compared_without_case_and_shown_as_first_written() -> None:
    written = ["AI", "Stra\u00dfe", "ai", "STRASSE", "Cafe\u0301", "caf\u00e9"]
    assert first_spellings(written) == ("AI", "Stra\u00dfe", "Cafe\u0301")
