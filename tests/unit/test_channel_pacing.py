"""When the opt-in channel may get a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channel_pacing import decide
from bot.domain.freeze import ENDLESS, Freeze
from bot.domain.hours import is_open
from bot.domain.model import Allowed, ChannelPolicy, Reason, Withheld
from tests.unit.channel_world import BERLIN, DAY, GRID, HOUR, MONDAY_NOON, POLICY, windows

WEEK = timedelta(days=7)
INSTANT = timedelta(microseconds=1)

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "America/St_Johns",
    "UTC",
]
# Just before clocks change in one of the zones, in the week that Apia cut, and in a quiet summer.
EPOCHS = [
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 3, 6, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
    datetime(2026, 4, 2, tzinfo=UTC),
    datetime(2026, 2, 13, tzinfo=UTC),
    datetime(2011, 12, 28, tzinfo=UTC),
    datetime(2026, 6, 10, tzinfo=UTC),
]

# Everything lies on quarters of an hour, as all these zones' offsets do, so that a search in such
# steps misses nothing.
policies = st.builds(
    ChannelPolicy,
    min_gap=st.integers(0, 300).map(lambda count: count * GRID),
    weekly_cap=st.integers(1, 5),
    hours=windows,
    workdays=st.frozensets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(ZONES),
    freeze=st.none()
    | st.builds(
        lambda epoch, count: Freeze(epoch + count * GRID),
        st.sampled_from(EPOCHS),
        st.integers(0, 4 * 24 * 9),
    ),
    first_month_ends=st.none()
    | st.builds(
        lambda epoch, count: epoch + count * GRID,
        st.sampled_from(EPOCHS),
        st.integers(0, 4 * 24 * 9),
    ),
)
moments = st.builds(
    lambda epoch, count: epoch + count * GRID, st.sampled_from(EPOCHS), st.integers(0, 4 * 24 * 5)
)
ages = st.lists(st.integers(-4 * 24 * 2, 4 * 24 * 9).map(lambda count: count * GRID), max_size=8)


def permitted(sent: Sequence[datetime], policy: ChannelPolicy, now: datetime) -> bool:
    """The rules once more, as literally as can be."""
    in_first_month = policy.first_month_ends is not None and now < policy.first_month_ends
    cap = 1 if in_first_month else policy.weekly_cap
    return (
        (policy.freeze is None or not policy.freeze.holds(now))
        and sum(now - earlier < WEEK for earlier in sent) < cap
        and all(now - earlier >= policy.min_gap for earlier in sent)
        and is_open(policy.hours, policy.workdays, ZoneInfo(policy.zone), now)
    )


def first_permitted(sent: Sequence[datetime], policy: ChannelPolicy, now: datetime) -> datetime:
    while not permitted(sent, policy, now):
        now += GRID
    return now


def send_at_every_chance(policy: ChannelPolicy, now: datetime, times: int) -> list[datetime]:
    sent: list[datetime] = []
    while len(sent) < times:
        verdict = decide(sent, policy, now)
        if isinstance(verdict, Allowed):
            sent.append(now)
        else:
            assert verdict.until is not None
            now = verdict.until
    return sent


def test_a_first_post_may_go_out_during_hours() -> None:
    assert decide([], POLICY, MONDAY_NOON) == Allowed()


def test_a_freeze_withholds_until_a_person_lifts_it() -> None:
    frozen = replace(POLICY, freeze=ENDLESS)

    assert decide([MONDAY_NOON], frozen, MONDAY_NOON) == Withheld(Reason.FROZEN, None)


def test_a_freeze_with_an_end_withholds_until_then_to_the_instant() -> None:
    ends = MONDAY_NOON + DAY
    frozen = replace(POLICY, freeze=Freeze(ends))

    assert decide([], frozen, MONDAY_NOON) == Withheld(Reason.FROZEN, ends)
    assert decide([], frozen, ends - INSTANT) == Withheld(Reason.FROZEN, ends)
    assert decide([], frozen, ends) == Allowed()


def test_the_gap_withholds_until_it_is_over_to_the_instant() -> None:
    sent = [MONDAY_NOON - HOUR, MONDAY_NOON - DAY]
    over = MONDAY_NOON + 3 * HOUR

    assert decide(sent, POLICY, MONDAY_NOON) == Withheld(Reason.GAP, over)
    assert decide(sent, POLICY, over - INSTANT) == Withheld(Reason.GAP, over)
    assert decide(sent, POLICY, over) == Allowed()


def test_a_gap_that_ends_after_hours_ends_the_next_morning() -> None:
    sent = [MONDAY_NOON + 3 * HOUR]
    tuesday = datetime(2026, 6, 9, 9, tzinfo=BERLIN)

    assert decide(sent, POLICY, sent[0] + HOUR) == Withheld(Reason.GAP, tuesday)


def test_without_a_gap_the_next_may_follow_at_once() -> None:
    assert decide([MONDAY_NOON], replace(POLICY, min_gap=timedelta()), MONDAY_NOON) == Allowed()


def test_the_cap_counts_any_seven_days_and_not_calendar_weeks() -> None:
    thursday = MONDAY_NOON - 4 * DAY
    sent = [thursday, thursday + DAY, MONDAY_NOON - 5 * HOUR]
    over = thursday + WEEK

    assert decide(sent, POLICY, MONDAY_NOON) == Withheld(Reason.CAP, over)
    assert decide(sent, POLICY, over - INSTANT) == Withheld(Reason.CAP, over)
    assert decide(sent, POLICY, over) == Allowed()


def test_more_than_the_cap_waits_until_enough_of_them_are_old() -> None:
    sent = [MONDAY_NOON - days * DAY for days in (1, 3, 4, 5, 6)]

    assert decide(sent, POLICY, MONDAY_NOON) == Withheld(Reason.CAP, MONDAY_NOON + 3 * DAY)


def test_in_the_first_month_it_is_one_a_week() -> None:
    sent = [MONDAY_NOON - 6 * DAY]
    long = replace(POLICY, first_month_ends=MONDAY_NOON + 20 * DAY)
    assert decide(sent, long, MONDAY_NOON) == Withheld(Reason.CAP, MONDAY_NOON + DAY)
    nearly_over = replace(POLICY, first_month_ends=MONDAY_NOON + HOUR)
    assert decide(sent, nearly_over, MONDAY_NOON) == Withheld(Reason.CAP, MONDAY_NOON + HOUR)
    assert decide(sent, nearly_over, MONDAY_NOON + HOUR) == Allowed()


def test_a_cap_of_none_lets_nothing_out() -> None:
    assert decide([], replace(POLICY, weekly_cap=0), MONDAY_NOON) == Withheld(Reason.CAP, None)


def test_a_day_off_is_named_before_the_hours() -> None:
    saturday_night = datetime(2026, 6, 13, 3, tzinfo=BERLIN)
    monday = datetime(2026, 6, 15, 9, tzinfo=BERLIN)

    assert decide([], POLICY, saturday_night) == Withheld(Reason.DAY_OFF, monday)


def test_outside_hours_it_waits_for_the_morning() -> None:
    early = datetime(2026, 6, 9, 7, tzinfo=BERLIN)

    assert decide([], POLICY, early) == Withheld(Reason.HOURS, early + 2 * HOUR)


def test_cap_comes_before_gap_and_gap_before_hours() -> None:
    night = datetime(2026, 6, 13, 3, tzinfo=BERLIN).astimezone(UTC)
    three = [night - HOUR, night - DAY, night - 2 * DAY]

    reasons = [decide(three[:count], POLICY, night) for count in (3, 1)]

    assert [verdict.reason for verdict in reasons if isinstance(verdict, Withheld)] == [
        Reason.CAP,
        Reason.GAP,
    ]


def test_an_announcement_from_the_future_blocks_like_the_latest_one() -> None:
    future = MONDAY_NOON + HOUR

    assert decide([future], POLICY, MONDAY_NOON) == Withheld(
        Reason.GAP, datetime(2026, 6, 9, 9, tzinfo=BERLIN)
    )
    assert decide([future], replace(POLICY, min_gap=timedelta()), MONDAY_NOON) == Withheld(
        Reason.GAP, future
    )


def test_until_is_utc_and_other_zones_are_understood() -> None:
    early = datetime(2026, 6, 9, 7, tzinfo=BERLIN)

    verdict = decide([early - DAY], POLICY, early)

    assert isinstance(verdict, Withheld)
    assert verdict.until is not None
    assert verdict.until.tzinfo is UTC


def test_naive_moments_are_refused() -> None:
    naive = MONDAY_NOON.replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        decide([], POLICY, naive)
    with pytest.raises(ValueError, match="time zone"):
        decide([naive], POLICY, MONDAY_NOON)


@given(policies, moments, ages)
def test_until_is_the_first_permitted_instant(
    policy: ChannelPolicy, now: datetime, ages: list[timedelta]
) -> None:
    sent = [now - age for age in ages]

    verdict = decide(sent, policy, now)

    assert isinstance(verdict, Allowed) == permitted(sent, policy, now)
    if isinstance(verdict, Withheld):
        assert verdict.until == first_permitted(sent, policy, now)
        assert isinstance(decide(sent, policy, verdict.until), Allowed)
        just_before = decide(sent, policy, verdict.until - INSTANT)
        assert isinstance(just_before, Withheld)
        assert just_before.until == verdict.until


@given(policies, moments, ages)
def test_deciding_twice_or_in_another_order_gives_the_same(
    policy: ChannelPolicy, now: datetime, ages: list[timedelta]
) -> None:
    sent = [now - age for age in ages]

    first = decide(sent, policy, now)

    assert decide(sent, policy, now) == first
    assert decide(sorted(sent), policy, now) == first
    assert decide(sorted(sent, reverse=True), policy, now.astimezone(BERLIN)) == first


@given(policies, moments)
def test_sending_at_every_chance_keeps_gap_cap_and_hours(
    policy: ChannelPolicy, now: datetime
) -> None:
    sent = send_at_every_chance(policy, now, times=12)

    for earlier, later in pairwise(sent):
        assert later - earlier >= policy.min_gap
    for start in sent:
        assert sum(start <= moment < start + WEEK for moment in sent) <= policy.weekly_cap
    for moment in sent:
        assert is_open(policy.hours, policy.workdays, ZoneInfo(policy.zone), moment)
