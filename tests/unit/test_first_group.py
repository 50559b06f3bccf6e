"""Whom a new post goes to first, and when it goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.first_group import Judgement, Trial, judge, size
from bot.domain.model import Reach
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS

ENOUGH_ANSWERS = DEFAULT_PACING_CONSTANTS.enough_answers
LEAST = DEFAULT_PACING_CONSTANTS.first_group_least


BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = frozenset(range(5))
MONDAY = datetime(2026, 6, 8, 10, tzinfo=BERLIN)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
EVERYBODY = Judgement(Reach.EVERYBODY, None)
STOPPED = Judgement(Reach.STOPPED, 0)

counts = st.integers(0, 60)
trials = st.builds(
    lambda group, asks, answers, skips, since: Trial(
        group, asks, min(answers, asks), min(skips, answers, asks), since if asks else None
    ),
    st.integers(LEAST, 40),
    counts,
    counts,
    counts,
    st.timedeltas(0 * DAY, 365 * DAY).map(lambda into: NEW_YEAR + into),
)
any_workdays = st.frozensets(st.integers(0, 6), min_size=1)
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])


def trial(of: int, since: datetime = MONDAY, answers: int = 0, skips: int = 0) -> Trial:
    """A first group of five, of whom (or of more, once grown) some were asked."""
    return Trial(5, of, answers, skips, since)


def room(trial: Trial, now: datetime, workdays: frozenset[int] = WEEKDAYS) -> int | None:
    judgement = judge(trial, workdays, "Europe/Berlin", now)
    assert judgement.reach is Reach.FIRST_GROUP
    return judgement.capacity


@pytest.mark.parametrize(
    ("fits", "group"),
    [(0, 5), (3, 5), (50, 5), (51, 6), (60, 6), (61, 7), (70, 7), (100, 10), (1000, 100)],
)
def test_the_group_is_five_or_a_tenth_rounded_up(fits: int, group: int) -> None:
    assert size(fits) == group


@given(st.integers(0, 10**6))
def test_the_group_is_the_smallest_that_is_five_and_a_tenth(fits: int) -> None:
    group = size(fits)
    assert group >= LEAST
    assert group * 10 >= fits
    assert group == LEAST or (group - 1) * 10 < fits


def test_before_the_first_ask_the_whole_group_is_room_for_as_long_as_it_takes() -> None:
    assert room(Trial(7, 0, 0, 0, None), MONDAY) == 7
    assert room(Trial(7, 0, 0, 0, None), MONDAY + 90 * DAY) == 7


def test_whoever_was_asked_takes_room() -> None:
    assert room(trial(2), MONDAY) == 3
    assert room(trial(5), MONDAY) == 0


def test_more_asked_than_the_group_holds_leaves_no_room_rather_than_less() -> None:
    assert room(trial(8), MONDAY) == 0


def test_fewer_than_five_answers_judge_nothing() -> None:
    assert room(trial(5, answers=4, skips=4), MONDAY) == 0


def test_five_answers_with_three_skips_open_the_post_to_everybody() -> None:
    assert judge(trial(5, MONDAY, 5, 3), WEEKDAYS, "Europe/Berlin", MONDAY) == EVERYBODY
    assert judge(trial(15, MONDAY, 15, 9), WEEKDAYS, "Europe/Berlin", MONDAY) == EVERYBODY


def test_five_answers_with_four_skips_stop_the_post() -> None:
    assert judge(trial(5, MONDAY, 5, 4), WEEKDAYS, "Europe/Berlin", MONDAY) == STOPPED
    assert judge(trial(15, MONDAY, 15, 10), WEEKDAYS, "Europe/Berlin", MONDAY) == STOPPED


def test_a_group_first_asked_on_monday_grows_as_wednesday_begins() -> None:
    wednesday = datetime(2026, 6, 10, tzinfo=BERLIN)
    assert room(trial(5), wednesday - timedelta(microseconds=1)) == 0
    assert room(trial(5), wednesday) == 5


def test_a_group_that_has_grown_grows_again_after_two_more_working_days() -> None:
    friday = datetime(2026, 6, 12, tzinfo=BERLIN)
    assert room(trial(10), friday - timedelta(microseconds=1)) == 0
    assert room(trial(10), friday) == 5
    assert room(trial(10), friday + 14 * DAY) == 30


def test_a_weekend_is_not_working_time() -> None:
    friday = datetime(2026, 6, 12, 15, tzinfo=BERLIN)
    assert room(trial(5, friday), datetime(2026, 6, 15, 23, tzinfo=BERLIN)) == 0
    assert room(trial(5, friday), datetime(2026, 6, 16, 0, tzinfo=BERLIN)) == 5


def test_the_workspace_says_which_days_are_working_days() -> None:
    sunday_to_thursday = frozenset({6, 0, 1, 2, 3})
    thursday = datetime(2026, 6, 11, 10, tzinfo=BERLIN)
    assert room(trial(5, thursday), datetime(2026, 6, 15, tzinfo=BERLIN), sunday_to_thursday) == 5
    assert room(trial(5, thursday), datetime(2026, 6, 14, tzinfo=BERLIN), sunday_to_thursday) == 0


@pytest.mark.parametrize(
    ("since", "grows"),
    [
        # Clocks go forward in the night to Sunday the 29th, and back in that to the 25th.
        (datetime(2026, 3, 27, 23, 59, tzinfo=BERLIN), datetime(2026, 3, 29, tzinfo=BERLIN)),
        (datetime(2026, 3, 28, 23, 59, tzinfo=BERLIN), datetime(2026, 3, 30, tzinfo=BERLIN)),
        (datetime(2026, 10, 23, 0, 1, tzinfo=BERLIN), datetime(2026, 10, 25, tzinfo=BERLIN)),
        (datetime(2026, 10, 24, 0, 1, tzinfo=BERLIN), datetime(2026, 10, 26, tzinfo=BERLIN)),
    ],
)
def test_a_day_is_a_day_when_the_clocks_change(since: datetime, grows: datetime) -> None:
    every_day = frozenset(range(7))
    # In UTC, since arithmetic within a zone is done on the wall clock.
    instant_before = grows.astimezone(UTC) - timedelta(microseconds=1)
    assert room(trial(5, since), instant_before, every_day) == 0
    assert room(trial(5, since), grows, every_day) == 5


def test_dates_are_those_of_the_workspace() -> None:
    # Already Tuesday in Auckland, still Monday in Los Angeles.
    monday = trial(5, datetime(2026, 6, 8, 13, tzinfo=UTC))
    now = datetime(2026, 6, 10, 13, tzinfo=UTC)
    assert judge(monday, WEEKDAYS, "Pacific/Auckland", now).capacity == 5
    assert judge(monday, WEEKDAYS, "America/Los_Angeles", now - timedelta(hours=7)).capacity == 0


def test_a_clock_that_was_set_back_grows_nothing() -> None:
    assert room(trial(2), MONDAY - 30 * DAY) == 3


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        room(trial(5), MONDAY.replace(tzinfo=None))


@given(trials, any_workdays, zones, st.timedeltas(-DAY, 99 * DAY), st.timedeltas(0 * DAY, 99 * DAY))
def test_the_group_never_shrinks(
    trial: Trial, workdays: frozenset[int], zone: str, after: timedelta, more: timedelta
) -> None:
    now = (trial.since or MONDAY) + after
    sooner, later = judge(trial, workdays, zone, now), judge(trial, workdays, zone, now + more)
    assert sooner.reach is later.reach
    assert sooner.capacity is None or (
        later.capacity is not None and 0 <= sooner.capacity <= later.capacity
    )


@given(trials, any_workdays, zones, st.timedeltas(0 * DAY, 99 * DAY))
def test_nothing_stops_or_opens_a_post_but_enough_answers(
    trial: Trial, workdays: frozenset[int], zone: str, after: timedelta
) -> None:
    judgement = judge(trial, workdays, zone, (trial.since or MONDAY) + after)
    assert (judgement.reach is Reach.FIRST_GROUP) == (trial.answers < ENOUGH_ANSWERS)


@given(trials, any_workdays, zones)
def test_another_skip_among_as_many_answers_never_opens_a_stopped_post(
    trial: Trial, workdays: frozenset[int], zone: str
) -> None:
    more = replace(trial, skips=min(trial.skips + 1, trial.answers))
    if judge(trial, workdays, zone, MONDAY) == STOPPED:
        assert judge(more, workdays, zone, MONDAY) == STOPPED


@given(any_workdays, zones, st.integers(0, 400), st.integers(0, 60))
@example(WEEKDAYS, "Europe/Berlin", 0, 7)
def test_the_group_grows_with_every_second_working_day_of_the_calendar(
    workdays: frozenset[int], zone: str, first: int, days: int
) -> None:
    since = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo(zone)) + first * DAY  # noon on each date
    walked = sum((since + step * DAY).weekday() in workdays for step in range(1, days + 1))

    judgement = judge(trial(0, since), workdays, zone, since + days * DAY)

    assert judgement.capacity == 5 * (1 + walked // 2)
