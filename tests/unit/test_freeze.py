"""A freeze as comms type it: a day and a reason, or a clear answer; and until when it holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.freeze import (
    ENDLESS,
    LONGEST_REASON,
    Freeze,
    as_detail,
    from_detail,
    parse_freeze,
)

ZONE = "Europe/Berlin"
OPENS = 9 * 60 + 30
# A Thursday, 15:30 in Berlin.
NOW = datetime(2026, 10, 15, 13, 30, tzinfo=UTC)


def typed(text: str) -> Freeze:
    return parse_freeze(text, NOW, ZONE, OPENS)


@pytest.mark.parametrize(
    ("text", "day", "reason"),
    [
        ("until 6 January", "2027-01-06", ""),
        ("until 6 January The office is closed.", "2027-01-06", "The office is closed."),
        ("until 6 January 2027: budgets start", "2027-01-06", "budgets start"),
        ("till Monday — we move", "2026-10-19", "we move"),
        ("UNTIL Wednesday, the 6th of January, 2027, quiet", "2027-01-06", "quiet"),
        ("2 weeks", "2026-10-29", ""),
        ("for 2 weeks Q3 results", "2026-10-29", "Q3 results"),
        ("tomorrow", "2026-10-16", ""),
        ("until the day after tomorrow & <!channel>", "2026-10-17", "& <!channel>"),
        ("2026-11-02 :tada: 10 years", "2026-11-02", "🎉 10 years"),
    ],
)
def test_it_ends_in_the_morning_of_the_day_that_was_typed(text: str, day: str, reason: str) -> None:
    found = typed(text)
    assert found.until is not None
    assert found.until.tzinfo is UTC
    assert f"{found.until.astimezone(ZoneInfo(ZONE)):%Y-%m-%d %H:%M}" == f"{day} 09:30"
    assert found.reason == reason


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_without_words_it_has_no_end(text: str) -> None:
    assert typed(text) == ENDLESS


def test_what_begins_with_no_date_is_the_reason() -> None:
    assert typed("Sad news from our founder") == Freeze(None, "Sad news from our founder")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("until whenever", "I couldn't read until when."),
        ("until 6 Janurary", "I couldn't read until when."),
        ("untill 31 February", "I couldn't read until when."),
        ("24/7", "I couldn't read until when."),
        ("until 1/12/2026", "That could be more than one day."),
        ("until next Saturday party", "That could be more than one day."),
        ("until Friday 4 December 2026 party", None),
        ("until Monday 4 December 2026", "That could be more than one day."),
        ("until today", "I couldn't read until when."),
        ("until 15 October 2026", "Please choose a day after today"),
        ("until 2026-01-06", "Please choose a day after today"),
        ("until 2028-01-06", "A freeze can last up to a year."),
        ("until Monday " + "a" * 201, "A reason can have 200 characters. This one has 201."),
    ],
)
def test_a_bad_date_gets_a_clear_answer(text: str, said: str | None) -> None:
    if said is None:
        assert typed(text).reason == "party"
        return
    with pytest.raises(ValueError, match=said):
        typed(text)


@given(text=st.text(max_size=60) | st.from_regex(r"(until )?[0-9a-z/. -]{0,20}", fullmatch=True))
def test_whatever_is_typed_ends_in_time_or_is_refused_in_words(text: str) -> None:
    try:
        found = typed(text)
    except ValueError as problem:
        said = str(problem)
    else:
        said = "."
        assert len(found.reason) <= LONGEST_REASON
        assert found.until is None or NOW < found.until <= NOW + timedelta(days=367)
    assert said.endswith((".", "”."))


@given(seconds=st.none() | st.integers(0, 2**31), reason=st.text())
def test_a_notice_carries_all_of_it(seconds: int | None, reason: str) -> None:
    moment = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    assert from_detail(as_detail(Freeze(moment, reason))) == Freeze(moment, reason)


def test_it_holds_until_its_last_instant() -> None:
    assert ENDLESS.holds(NOW)
    assert Freeze(NOW + timedelta.resolution).holds(NOW)
    assert not Freeze(NOW).holds(NOW)
