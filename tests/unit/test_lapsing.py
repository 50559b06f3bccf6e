"""When an ask lapses, and what an answer makes of a row of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.model import Hours, Outcome, Pace
from bot.domain.paces import PACE_RULES, slower
from bot.domain.pacing import Schedule, declines_after, lapsed, lapses_at
from tests.unit.pacing_world import BERLIN, DAY, MONDAY, OFFICE_DAYS, WEEK, june, member


@pytest.mark.parametrize(
    ("asked", "off", "lapses"),
    [
        (8, (), 11),  # Monday to Thursday
        (10, (), 15),  # Wednesday, over a weekend, to Monday
        (12, (), 17),  # Friday to Wednesday
        (13, (), 17),  # a Saturday, from days that were chosen differently then
        (10, (11, 12), 17),  # two holidays
        (10, (13,), 15),  # a holiday on a Saturday changes nothing
        (10, (10,), 15),  # the day of the ask never counts
    ],
)
def test_an_ask_lapses_with_the_hours_of_the_third_working_day(
    asked: int, off: Iterable[int], lapses: int
) -> None:
    days = replace(OFFICE_DAYS, off={date(2026, 6, day) for day in off})
    end = datetime(2026, 6, lapses, 16, 30, tzinfo=BERLIN)

    over = lapses_at(june(asked)[0], days)

    assert over == end
    assert over.tzinfo is UTC


def test_the_day_of_an_ask_is_the_local_one() -> None:
    auckland = replace(OFFICE_DAYS, zone="Pacific/Auckland")
    monday_there = datetime(2026, 6, 7, 22, tzinfo=UTC)

    assert lapses_at(monday_there, auckland) == datetime(2026, 6, 11, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "lapses"),
    [
        # Berlin has no 02:30 on 29 March 2026, and 02:30 twice on 25 October.
        (date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_an_end_that_the_clocks_skip_or_repeat_is_read_late(day: date, lapses: datetime) -> None:
    early = Schedule(Hours(60, 150), frozenset(range(7)), "Europe/Berlin", frozenset())

    asked = datetime.combine(day - 3 * DAY, time(12), BERLIN)

    assert lapses_at(asked, early) == lapses


def test_a_day_that_the_calendar_left_out_counts_as_a_day() -> None:
    apia = replace(OFFICE_DAYS, zone="Pacific/Apia")
    # Friday the 30th of December 2011 never came to Apia: Wednesday is the third working day
    # after the Thursday before it, with Friday and Monday as the first and the second.
    asked = datetime(2011, 12, 29, 20, tzinfo=UTC)

    assert lapses_at(asked, apia) == datetime(2012, 1, 3, 2, 30, tzinfo=UTC)


def test_lapsed_are_those_of_the_open_asks_whose_time_is_over() -> None:
    first, second = june(1, 8)
    facts = member(MONDAY, asked_at=(first, second), open_since=(first, second))

    assert lapsed(facts, MONDAY) == (first,)
    assert lapsed(facts, MONDAY + 4 * DAY) == (first, second)
    assert lapsed(replace(facts, open_since=()), MONDAY + 4 * DAY) == ()


@pytest.mark.parametrize(
    ("run", "before", "after", "expected"),
    [
        (0, None, Outcome.SKIPPED, 1),
        (2, None, Outcome.LAPSED, 3),
        (2, None, Outcome.SHARED, 0),
        (2, None, Outcome.LATER, 2),
        (2, None, Outcome.OTHER, 2),
        (2, Outcome.LAPSED, Outcome.SKIPPED, 2),
        (2, Outcome.SKIPPED, Outcome.LAPSED, 2),
        (2, Outcome.SKIPPED, Outcome.SKIPPED, 2),
        (2, Outcome.LAPSED, Outcome.SHARED, 0),
        (2, Outcome.SKIPPED, Outcome.LATER, 1),
        (2, Outcome.LAPSED, Outcome.OTHER, 1),
        (0, Outcome.LAPSED, Outcome.OTHER, 0),
        (0, Outcome.SHARED, Outcome.SKIPPED, 1),
        (1, Outcome.LATER, Outcome.SKIPPED, 2),
        (1, Outcome.OTHER, Outcome.LAPSED, 2),
    ],
)
def test_the_run_after_an_answer(
    run: int, before: Outcome | None, after: Outcome, expected: int
) -> None:
    assert declines_after(run, before, after) == expected


def test_less_often_is_at_most_half_as_often_until_the_slowest() -> None:
    def in_four_weeks(pace: Pace) -> float:
        return PACE_RULES[pace].cap * (4 * WEEK / PACE_RULES[pace].window)

    for pace in Pace:
        assert pace is Pace.MONTHLY or in_four_weeks(slower(pace)) <= in_four_weeks(pace) / 2
    assert slower(Pace.MONTHLY) is Pace.MONTHLY
