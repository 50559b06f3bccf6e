"""Whom a new post goes to first, how that grows by time alone, and what a verdict takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.first_group import STEPS, FirstGroup, Trial, base_share, grown_share, judge
from bot.domain.hours import as_utc
from bot.domain.ids import PostId
from bot.domain.model import Reach
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS
from bot.domain.snapshot import LEAST_PEOPLE

LEAST = DEFAULT_PACING_CONSTANTS.first_group_least

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
MONDAY = datetime(2026, 6, 8, 10, tzinfo=BERLIN)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
A_TENTH = 0.1

trials = st.tuples(*[st.integers(0, 60)] * 3).map(
    lambda counts: Trial(*sorted(counts, reverse=True))
)
any_workdays = st.frozensets(st.integers(0, 6), min_size=1)
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])
bases = st.integers(1, STEPS).map(lambda step: step / STEPS)


def grown(
    since: datetime, now: datetime, workdays: frozenset[int] = WEEKDAYS, zone: str = "Europe/Berlin"
) -> float:
    return grown_share(A_TENTH, since, workdays, zone, now)


# Who is in it


@pytest.mark.parametrize(
    ("fits", "askable", "share"),
    [(400, 500, 0.1), (140, 500, 0.1), (100, 500, 0.15), (40, 500, 0.35), (14, 500, 1.0)],
)
def test_the_group_is_a_tenth_or_fourteen_people(fits: int, askable: int, share: float) -> None:
    assert base_share(fits, askable) == share


@pytest.mark.parametrize("fits", [0, 5, 25, 30])
def test_a_figure_with_too_few_people_behind_it_or_the_rest_is_not_used(fits: int) -> None:
    assert base_share(fits, 30) == base_share(0, 30) == 0.5


@given(st.integers(0, 600), st.integers(0, 600))
def test_it_is_a_share_in_steps_that_makes_at_least_as_many_as_a_verdict_takes(
    fits: int, more: int
) -> None:
    share = base_share(fits, fits + more)
    assert 0 < share <= 1
    assert share * STEPS == pytest.approx(round(share * STEPS))
    if min(fits, more) >= LEAST_PEOPLE:
        assert share * fits >= min(fits, LEAST) - 1e-9


def test_each_text_of_a_post_has_a_group_of_its_own_that_grows() -> None:
    def group(revision: int, share: float) -> set[int]:
        first = FirstGroup(PostId(4), revision, share)
        return {member for member in range(2_000) if first.includes(member)}

    assert 150 < len(group(1, 0.1)) < 250
    assert group(1, 0.1) < group(1, 0.2) < group(1, 0.8)
    assert len(group(1, 0.1) & group(2, 0.1)) < 50
    assert len(group(1, 1.0)) == 2_000


# How it grows


def test_what_went_out_on_monday_doubles_as_wednesday_begins_and_again_on_friday() -> None:
    wednesday = datetime(2026, 6, 10, tzinfo=BERLIN)
    assert grown(MONDAY, MONDAY) == grown(MONDAY, wednesday - INSTANT) == 0.1
    assert grown(MONDAY, wednesday) == 0.2
    assert grown(MONDAY, wednesday + 2 * DAY) == 0.4
    assert grown(MONDAY, wednesday + 6 * DAY) == 0.8
    assert grown(MONDAY, wednesday + 8 * DAY) == 1.0
    assert grown(MONDAY, wednesday + 9_000 * DAY) == 1.0


def test_a_weekend_is_not_working_time() -> None:
    friday = datetime(2026, 6, 12, 15, tzinfo=BERLIN)
    assert grown(friday, datetime(2026, 6, 15, 23, tzinfo=BERLIN)) == 0.1
    assert grown(friday, datetime(2026, 6, 16, 0, tzinfo=BERLIN)) == 0.2


def test_the_workspace_says_which_days_are_working_days() -> None:
    sunday_to_thursday = frozenset({6, 0, 1, 2, 3})
    thursday = datetime(2026, 6, 11, 10, tzinfo=BERLIN)
    assert grown(thursday, datetime(2026, 6, 15, tzinfo=BERLIN), sunday_to_thursday) == 0.2
    assert grown(thursday, datetime(2026, 6, 14, tzinfo=BERLIN), sunday_to_thursday) == 0.1


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
    # In UTC, since arithmetic within a zone is done on the wall clock.
    assert grown(since, as_utc(grows) - INSTANT, EVERY_DAY) == 0.1
    assert grown(since, grows, EVERY_DAY) == 0.2


def test_dates_are_those_of_the_workspace() -> None:
    # Already Tuesday in Auckland, still Monday in Los Angeles.
    monday = datetime(2026, 6, 8, 13, tzinfo=ZoneInfo("UTC"))
    now = monday + 2 * DAY
    assert grown(monday, now, zone="Pacific/Auckland") == 0.2
    assert grown(monday, now - timedelta(hours=7), zone="America/Los_Angeles") == 0.1


def test_a_clock_that_was_set_back_grows_nothing() -> None:
    assert grown(MONDAY, MONDAY - 30 * DAY) == 0.1


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        grown(MONDAY, MONDAY.replace(tzinfo=None))


@given(any_workdays, zones, st.integers(0, 400), st.integers(0, 60), bases)
@example(WEEKDAYS, "Europe/Berlin", 0, 7, 0.05)
def test_it_doubles_with_every_second_working_day_of_the_calendar(
    workdays: frozenset[int], zone: str, first: int, days: int, base: float
) -> None:
    since = datetime(2026, 1, 1, 12, tzinfo=ZoneInfo(zone)) + first * DAY  # noon on each date
    walked = sum((since + step * DAY).weekday() in workdays for step in range(1, days + 1))

    share = grown_share(base, since, workdays, zone, since + days * DAY)

    assert share == min(1.0, base * 2 ** (walked // 2))


# What a verdict takes


@pytest.mark.parametrize(
    ("asked", "answers", "skips", "reach"),
    [
        (20, 9, 7, Reach.STOPPED),
        (20, 8, 6, Reach.FIRST_GROUP),  # six skips are five besides any one
        (13, 9, 7, Reach.FIRST_GROUP),  # so are the six others
        (14, 10, 7, Reach.FIRST_GROUP),  # one skip fewer, and it would not be too many
        (14, 9, 7, Reach.STOPPED),
        (20, 7, 0, Reach.EVERYBODY),
        (20, 6, 0, Reach.FIRST_GROUP),
        (13, 7, 0, Reach.FIRST_GROUP),
        (40, 20, 11, Reach.EVERYBODY),
        (40, 20, 12, Reach.FIRST_GROUP),
        (40, 20, 13, Reach.FIRST_GROUP),
        (40, 20, 14, Reach.STOPPED),
        (500, 0, 0, Reach.FIRST_GROUP),
    ],
)
def test_a_verdict_has_enough_people_behind_it_and_behind_the_rest(
    asked: int, answers: int, skips: int, reach: Reach
) -> None:
    assert judge(Trial(asked, answers, skips)) is reach


@given(trials)
def test_it_tells_nothing_of_fewer_than_six_besides_any_one(trial: Trial) -> None:
    welcome = trial.answers - trial.skips
    behind = {Reach.STOPPED: trial.skips, Reach.EVERYBODY: welcome}.get(judge(trial))
    if behind is not None:
        assert min(behind, trial.asked - behind) > LEAST_PEOPLE


def _changed_by_one(trial: Trial) -> list[Trial]:
    """What one person's single act may make of it: another answer, none, or not being there."""
    asked, answers, skips = trial.asked, trial.answers, trial.skips
    changes = [(0, 0, 1), (0, 0, -1), (0, 1, 0), (0, -1, 0), (0, 1, 1), (0, -1, -1)]
    changes += [(-1, 0, 0), (-1, -1, 0), (-1, -1, -1), (1, 0, 0), (1, 1, 0), (1, 1, 1)]
    made = [Trial(asked + a, answers + b, skips + c) for a, b, c in changes]
    return [one for one in made if 0 <= one.skips <= one.answers <= one.asked]


@given(trials)
def test_no_single_act_turns_one_verdict_into_the_other(trial: Trial) -> None:
    verdicts = {judge(one) for one in (trial, *_changed_by_one(trial))}
    assert not verdicts >= {Reach.STOPPED, Reach.EVERYBODY}


@given(trials)
def test_another_skip_among_as_many_answers_never_opens_a_post(trial: Trial) -> None:
    more = replace(trial, skips=min(trial.skips + 1, trial.answers))
    # Where nearly all welcome it, a verdict would tell of them all.
    rest = trial.asked - (trial.answers - trial.skips)
    if judge(trial) is not Reach.EVERYBODY and rest >= DEFAULT_PACING_CONSTANTS.enough_people:
        assert judge(more) is not Reach.EVERYBODY
