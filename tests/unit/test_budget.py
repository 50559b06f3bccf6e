"""The weekly budget as a share: who has a turn, when the next one is, and how large it is."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import STEPS, Budget, decide_share
from bot.domain.draws import draw
from bot.domain.model import Pace
from bot.domain.snapshot import LEAST_PEOPLE

WEEK = timedelta(days=7)
INSTANT = timedelta(microseconds=1)
BERLIN = "Europe/Berlin"
# A Monday, 06:00 in Berlin.
BEGINS = datetime(2026, 9, 7, 4, tzinfo=UTC)
MONDAYS = [date(2026, 1, 5) + number * WEEK for number in range(52)]
shares = st.integers(1, STEPS).map(lambda step: step / STEPS)
members = st.integers(1, 2**31)
moments = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from([BERLIN, "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"])
crowds = st.dictionaries(st.sampled_from(Pace), st.integers(0, 300))


# Who has a turn


def test_a_turn_is_the_members_own_number_below_the_share() -> None:
    monday = date(2026, 9, 7)
    own = draw(7, f"week {monday}")
    assert Budget(own + 0.001, BERLIN).has_turn(7, monday)
    assert not Budget(own, BERLIN).has_turn(7, monday)


@given(shares, st.sampled_from(MONDAYS), st.integers(0, 10**6))
def test_as_large_a_part_of_many_members_has_a_turn_as_the_share_says(
    share: float, monday: date, first: int
) -> None:
    budget = Budget(share, BERLIN)
    turns = sum(budget.has_turn(member, monday) for member in range(first, first + 2_000))
    assert abs(turns / 2_000 - share) < 0.06  # more than five standard deviations


@given(shares, members)
def test_everybody_has_their_turns_in_the_course_of_a_few_years(share: float, member: int) -> None:
    budget = Budget(share, BERLIN)
    turns = sum(budget.has_turn(member, date(2026, 1, 5) + number * WEEK) for number in range(2000))
    assert abs(turns / 2_000 - share) < 0.06


def test_one_members_turns_say_nothing_of_anothers() -> None:
    budget = Budget(0.5, BERLIN)
    same = Counter(
        budget.has_turn(member, monday) == budget.has_turn(member + 1, monday)
        for member in range(100)
        for monday in MONDAYS
    )
    assert abs(same[True] / same.total() - 0.5) < 0.04


def test_nobody_has_their_turn_always_and_nobody_never() -> None:
    budget = Budget(0.5, BERLIN)
    turns = [sum(budget.has_turn(member, monday) for monday in MONDAYS) for member in range(500)]
    assert min(turns) > 8
    assert max(turns) < 44


@given(shares, members, st.sampled_from(MONDAYS))
def test_a_larger_share_takes_nobodys_turn(share: float, member: int, monday: date) -> None:
    if Budget(share, BERLIN).has_turn(member, monday):
        assert Budget(min(1.0, share + 1 / STEPS), BERLIN).has_turn(member, monday)


# When


@given(shares, members, moments, zones)
def test_the_next_turn_is_the_first_monday_at_six_on_which_they_have_one(
    share: float, member: int, now: datetime, zone: str
) -> None:
    budget = Budget(share, zone)
    free_at = budget.free_at(member, now)
    if free_at is None:
        return
    assert now < free_at <= now + 54 * WEEK
    assert budget.next_week(now) <= free_at
    local = free_at.astimezone(ZoneInfo(zone))
    assert (local.weekday(), local.hour, local.minute) == (0, 6, 0)
    if free_at < now + 52 * WEEK:  # otherwise none was found, and it is looked for again then
        assert budget.free_at(member, free_at - INSTANT) == free_at
        assert budget.free_at(member, free_at) is None


@given(members, moments)
def test_a_turn_lasts_for_the_week(member: int, now: datetime) -> None:
    budget = Budget(0.5, BERLIN)
    next_week = budget.next_week(now)
    assert now < next_week <= now + WEEK + timedelta(hours=1)  # an hour more in autumn
    last = next_week - INSTANT
    assert (budget.free_at(member, now) is None) == (budget.free_at(member, last) is None)


def test_a_week_begins_on_monday_at_six_in_the_workspaces_zone() -> None:
    budget = Budget(0.5, BERLIN)
    assert budget.next_week(BEGINS - INSTANT) == BEGINS
    assert budget.next_week(BEGINS) == BEGINS + WEEK
    assert Budget(0.5, "Asia/Tokyo").next_week(BEGINS) == BEGINS + WEEK - timedelta(hours=7)


def test_waiting_is_short_where_the_share_is_not_tiny() -> None:
    budget = Budget(0.25, BERLIN)
    waits = sorted(
        (free_at - BEGINS) / WEEK
        for member in range(2_000)
        if (free_at := budget.free_at(member, BEGINS)) is not None
    )
    assert 2.5 < waits[len(waits) // 2] < 3.5
    assert waits[-1] < 40


# How large the share is


@pytest.mark.parametrize(
    ("asks_per_week", "askable", "share"),
    [
        (1.0, {Pace.WEEKLY: 100}, 1.0),
        (0.5, {Pace.WEEKLY: 100}, 0.5),
        (0.25, {Pace.WEEKLY: 100}, 0.24),
        (1.0, {Pace.TWICE_A_WEEK: 100}, 0.5),
        (1.0, {Pace.THRICE_A_WEEK: 100}, 0.32),
        (0.2, {Pace.MONTHLY: 100}, 0.5),  # once in 3 + 2 weeks
        (0.25, {Pace.FORTNIGHTLY: 100}, 0.32),  # once in 1 + 3.1 weeks
        (1.0, {Pace.MONTHLY: 50, Pace.THRICE_A_WEEK: 50}, 0.58),
        (0.01, {Pace.WEEKLY: 1_000}, 0.02),
    ],
)
def test_the_share_keeps_the_budget(
    asks_per_week: float, askable: dict[Pace, int], share: float
) -> None:
    assert decide_share(asks_per_week, askable) == share


@pytest.mark.parametrize("people", [0, 1, 11])
def test_with_too_few_to_tell_apart_all_have_a_turn(people: int) -> None:
    assert decide_share(0.1, {Pace.WEEKLY: people}) == 1.0


@given(st.floats(0.01, 3.0), crowds)
def test_six_at_least_have_a_turn_and_six_have_none_or_nobody_waits(
    asks_per_week: float, askable: dict[Pace, int]
) -> None:
    share, people = decide_share(asks_per_week, askable), sum(askable.values())
    assert 0 < share <= 1
    if share < 1:
        assert people * share >= LEAST_PEOPLE - 1e-9
        assert people * (1 - share) >= LEAST_PEOPLE


@given(st.floats(0.01, 2.9), st.floats(0.0, 0.1), crowds)
def test_a_larger_budget_never_makes_a_smaller_share(
    asks_per_week: float, more: float, askable: dict[Pace, int]
) -> None:
    assert decide_share(asks_per_week, askable) <= decide_share(asks_per_week + more, askable)


@pytest.mark.parametrize("pace", Pace)
@pytest.mark.parametrize("asks_per_week", [0.15, 0.3, 0.6])
def test_members_who_are_always_free_get_about_what_the_budget_allows(
    pace: Pace, asks_per_week: float
) -> None:
    """Two years of 300 members who are asked as soon as pace and turn allow it."""
    budget = Budget(decide_share(asks_per_week, {pace: 300}), BERLIN)
    apart = {Pace.MONTHLY: 4, Pace.FORTNIGHTLY: 2}.get(pace, 1)
    a_turn = {Pace.TWICE_A_WEEK: 2, Pace.THRICE_A_WEEK: 3}.get(pace, 1)
    made = 0
    for member in range(300):
        free_from = 0
        for number in range(104):
            if number >= free_from and budget.has_turn(member, MONDAYS[0] + number * WEEK):
                made, free_from = made + a_turn, number + apart
    wanted = min(asks_per_week, a_turn / apart)
    assert wanted * 0.8 < made / 300 / 104 <= wanted * 1.05
