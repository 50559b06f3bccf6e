"""When a member may be asked directly: every reason, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.budget import Budget
from bot.domain.freeze import ENDLESS, Freeze
from bot.domain.model import Allowed, Colour, Pace, Reason, Withheld
from bot.domain.pacing import (
    AskPolicy,
    PacingFacts,
    decide,
    lapsed,
    lapses_at,
    next_decision_at,
)
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS
from tests.unit.pacing_world import (
    BERLIN,
    CALM,
    DAY,
    HOUR,
    INSTANT,
    MONDAY,
    OFFICE,
    OFFICE_DAYS,
    WEEK,
    first_minute,
    june,
    member,
)

STOPS_AFTER = DEFAULT_PACING_CONSTANTS.stops_after


WORKDAYS = frozenset(range(5))
ANN = member(MONDAY)
# Ann has no turn in the week of that Monday, one in the next, and none in the two after it.
NEXT_WEEK = replace(CALM, budget=Budget(0.5, "Europe/Berlin"))


def opening(day: date) -> datetime:
    """The first instant at which Ann may be asked on a day, in Berlin's summer."""
    minute = first_minute(ANN.seed, day, OFFICE)
    midnight = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)


def test_somebody_who_chose_all_may_be_asked_in_their_hours() -> None:
    assert decide(ANN, CALM, MONDAY) == Allowed()


def test_without_consent_nobody_is_asked() -> None:
    never = replace(ANN, consent_ends_at=None)

    assert decide(never, CALM, MONDAY) == Withheld(Reason.NO_CONSENT, None)
    assert next_decision_at(never, CALM, MONDAY) is None


def test_consent_is_over_at_the_very_instant_at_which_it_ends() -> None:
    ends = replace(ANN, consent_ends_at=MONDAY)

    assert decide(ends, CALM, MONDAY - INSTANT) == Allowed()
    assert decide(ends, CALM, MONDAY) == Withheld(Reason.NO_CONSENT, None)


def test_consent_that_ends_before_anything_is_allowed_leaves_nothing_to_wait_for() -> None:
    evening = MONDAY + 4 * HOUR
    ends = replace(ANN, consent_ends_at=evening + HOUR)

    assert decide(ends, CALM, evening) == Withheld(Reason.HOURS, None)


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        ("direct", Reason.NOT_DIRECT),
        ("topics", Reason.NO_TOPICS),
        ("networks", Reason.NO_NETWORKS),
    ],
)
def test_what_a_member_did_not_choose_only_they_can_change(choice: str, reason: Reason) -> None:
    without = member(MONDAY, **{choice: False})

    assert decide(without, CALM, MONDAY) == Withheld(reason, None)
    assert next_decision_at(without, CALM, MONDAY) is None


def test_whom_the_bot_stopped_asking_it_never_asks_by_itself() -> None:
    stopped = replace(ANN, stopped=True)

    assert decide(stopped, CALM, MONDAY) == Withheld(Reason.STOPPED, None)
    assert next_decision_at(stopped, CALM, MONDAY) is None


@pytest.mark.parametrize("run", [STOPS_AFTER, STOPS_AFTER + 1, 1000])
def test_four_in_a_row_or_more_stop_the_asks(run: int) -> None:
    slowed = member(MONDAY, pace=Pace.MONTHLY, asked_at=(MONDAY - DAY,), consecutive_declines=run)

    assert decide(slowed, CALM, MONDAY) == Withheld(Reason.STOPPED, None)


def test_a_pause_holds_until_its_last_instant() -> None:
    over = MONDAY + DAY
    paused = replace(ANN, paused_until=over)

    assert decide(paused, CALM, MONDAY) == Withheld(Reason.PAUSED, over)
    assert decide(paused, CALM, over - INSTANT) == Withheld(Reason.PAUSED, over)
    assert decide(paused, CALM, over) == Allowed()


def test_a_freeze_and_a_red_pace_check_wait_for_a_person() -> None:
    frozen, red = replace(CALM, freeze=ENDLESS), replace(CALM, colour=Colour.RED)

    assert decide(ANN, frozen, MONDAY) == Withheld(Reason.FROZEN, None)
    assert decide(ANN, red, MONDAY) == Withheld(Reason.PACE_CHECK, None)
    assert next_decision_at(ANN, frozen, MONDAY) is None
    over = opening(date(2026, 6, 15))
    for_a_week = replace(CALM, freeze=Freeze(over))
    assert decide(ANN, for_a_week, MONDAY) == Withheld(Reason.FROZEN, over)
    assert decide(ANN, for_a_week, over) == Allowed()


def test_without_a_turn_it_waits_for_the_week_in_which_there_is_one() -> None:
    turn = opening(date(2026, 6, 15))

    assert decide(ANN, replace(CALM, budget=Budget(0.99, "Europe/Berlin")), MONDAY) == Allowed()
    assert decide(ANN, NEXT_WEEK, MONDAY) == Withheld(Reason.BUDGET, turn)
    assert decide(ANN, NEXT_WEEK, turn - INSTANT) == Withheld(Reason.HOURS, turn)
    assert decide(ANN, NEXT_WEEK, turn) == Allowed()


def test_a_gap_that_ends_in_a_week_without_a_turn_goes_on_until_there_is_one() -> None:
    turn = opening(date(2026, 6, 15))
    weekly = replace(ANN, asked_at=(turn,))

    verdict = decide(weekly, NEXT_WEEK, turn + DAY)

    assert isinstance(verdict, Withheld)
    assert verdict.reason is Reason.CAP
    assert verdict.until is not None
    assert verdict.until > datetime(2026, 7, 6, 4, tzinfo=UTC), "no turn on 22 and 29 June"
    assert NEXT_WEEK.budget is not None
    assert NEXT_WEEK.budget.free_at(ANN.seed, verdict.until) is None


def test_the_gap_is_over_at_its_last_instant() -> None:
    twice = member(MONDAY, pace=Pace.TWICE_A_WEEK, asked_at=(MONDAY - DAY,))
    over = MONDAY + DAY

    assert decide(twice, CALM, MONDAY) == Withheld(Reason.GAP, over)
    assert decide(twice, CALM, over - INSTANT) == Withheld(Reason.GAP, over)
    assert decide(twice, CALM, over) == Allowed()


def test_the_cap_counts_any_seven_days() -> None:
    twice = member(MONDAY, pace=Pace.TWICE_A_WEEK, asked_at=(MONDAY - 6 * DAY, MONDAY - 3 * DAY))

    assert decide(twice, CALM, MONDAY) == Withheld(Reason.CAP, MONDAY + DAY)
    assert decide(twice, CALM, MONDAY + DAY) == Allowed()


def test_a_holiday_is_named_so_and_asks_go_on_after_it() -> None:
    resting = member(MONDAY, schedule=replace(OFFICE_DAYS, off={date(2026, 6, 8)}))

    assert decide(resting, CALM, MONDAY) == Withheld(Reason.HOLIDAY, opening(date(2026, 6, 9)))


def test_a_day_off_is_a_day_off_even_on_a_holiday() -> None:
    saturday = MONDAY + 5 * DAY
    resting = member(MONDAY, schedule=replace(OFFICE_DAYS, off={date(2026, 6, 13)}))

    verdict = Withheld(Reason.DAY_OFF, opening(date(2026, 6, 15)))

    assert decide(resting, CALM, saturday) == decide(ANN, CALM, saturday) == verdict


def test_outside_the_hours_it_waits_for_the_members_own_first_minute() -> None:
    tuesday = opening(date(2026, 6, 9))

    assert decide(ANN, CALM, MONDAY + 4 * HOUR) == Withheld(Reason.HOURS, tuesday)
    assert decide(ANN, CALM, tuesday - INSTANT) == Withheld(Reason.HOURS, tuesday)
    assert decide(ANN, CALM, tuesday) == Allowed()


def test_do_not_disturb_is_kept_and_its_end_is_outside() -> None:
    half_past = MONDAY + HOUR / 4
    quiet = replace(ANN, quiet=(MONDAY, half_past))

    assert decide(quiet, CALM, MONDAY - INSTANT) == Allowed()
    assert decide(quiet, CALM, MONDAY) == Withheld(Reason.QUIET, half_past)
    assert decide(quiet, CALM, half_past) == Allowed()


def test_do_not_disturb_until_after_hours_means_tomorrow() -> None:
    quiet = replace(ANN, quiet=(MONDAY - HOUR, MONDAY + HOUR))

    assert decide(quiet, CALM, MONDAY) == Withheld(Reason.QUIET, opening(date(2026, 6, 9)))


def test_the_first_of_several_reasons_is_named() -> None:
    """Each step takes away what was named, in the order that the product promises."""
    night = datetime(2026, 6, 8, 3, tzinfo=BERLIN).astimezone(UTC)
    facts = member(
        night,
        consent_ends_at=None,
        direct=False,
        topics=False,
        networks=False,
        stopped=True,
        paused_until=night + 8 * DAY,
        asked_at=(night - HOUR,),
        schedule=replace(OFFICE_DAYS, off={date(2026, 6, 8)}),
        quiet=(night - HOUR, night + 14 * HOUR),
    )
    policy = AskPolicy(freeze=ENDLESS, colour=Colour.RED)
    seen = [_reason(facts, policy, night)]
    for change in (
        {"consent_ends_at": night + WEEK},
        {"direct": True},
        {"topics": True},
        {"networks": True},
        {"stopped": False},
    ):
        facts = replace(facts, **change)
        seen.append(_reason(facts, policy, night))
    for easier in ({"freeze": None}, {"colour": Colour.GREEN}):
        policy = replace(policy, **easier)
        seen.append(_reason(facts, policy, night))
    facts = replace(facts, pace=Pace.TWICE_A_WEEK, paused_until=None)
    seen.append(_reason(facts, policy, night))
    facts = replace(facts, asked_at=())
    seen.append(_reason(facts, policy, night))
    facts = replace(facts, schedule=OFFICE_DAYS)
    seen.append(_reason(facts, policy, night))
    seen.append(_reason(facts, policy, night + 12 * HOUR + 59 * HOUR / 60))

    assert seen == [
        Reason.NO_CONSENT,
        Reason.NOT_DIRECT,
        Reason.NO_TOPICS,
        Reason.NO_NETWORKS,
        Reason.STOPPED,
        Reason.FROZEN,
        Reason.PACE_CHECK,
        Reason.PAUSED,
        Reason.GAP,
        Reason.HOLIDAY,
        Reason.HOURS,
        Reason.QUIET,
    ]


@pytest.mark.parametrize(
    ("paused", "run", "reason"),
    [
        (6 * DAY, 0, Reason.BUDGET),
        (7 * DAY, 0, Reason.PAUSED),
        (datetime(2026, 6, 15, 4, tzinfo=UTC) - MONDAY, 0, Reason.PAUSED),  # as the week begins
        (DAY, 2, Reason.GAP),  # doubled, it goes on after the week is over
    ],
)
def test_what_ends_last_is_named(paused: timedelta, run: int, reason: Reason) -> None:
    facts = member(
        MONDAY,
        asked_at=(MONDAY - DAY,),
        consecutive_declines=run,
        paused_until=MONDAY + paused,
    )
    over = decide(facts, NEXT_WEEK, MONDAY)
    assert isinstance(over, Withheld)
    assert over.reason is reason
    assert over.until is not None
    assert over.until >= datetime(2026, 6, 15, 4, tzinfo=UTC)


def test_a_cap_that_ends_after_the_week_is_named_before_the_budget() -> None:
    facts = member(MONDAY, asked_at=(MONDAY,))
    over = decide(facts, NEXT_WEEK, MONDAY)
    assert isinstance(over, Withheld)
    assert over.reason is Reason.CAP


def _reason(facts: PacingFacts, policy: AskPolicy, at: datetime) -> Reason | None:
    verdict = decide(facts, policy, at)
    return verdict.reason if isinstance(verdict, Withheld) else None


@pytest.mark.parametrize(("run", "factor"), [(0, 1), (1, 1), (2, 2), (3, 4)])
def test_the_gap_doubles_after_two_in_a_row_and_again_after_three(run: int, factor: int) -> None:
    slowed = member(MONDAY, pace=Pace.WEEKLY, asked_at=(MONDAY,), consecutive_declines=run)
    over = MONDAY + factor * WEEK

    assert _until(slowed, MONDAY) == over
    assert decide(slowed, CALM, over - INSTANT) != Allowed()
    assert decide(slowed, CALM, over) == Allowed()


def test_amber_makes_gaps_half_as_long_again_on_top_of_the_doubling() -> None:
    amber = replace(CALM, colour=Colour.AMBER)
    slowed = member(MONDAY, pace=Pace.FORTNIGHTLY, asked_at=(MONDAY,), consecutive_declines=2)

    verdict = decide(slowed, amber, MONDAY + 5 * WEEK)

    assert verdict == Withheld(Reason.GAP, MONDAY + 6 * WEEK)


def test_amber_leaves_the_cap_alone() -> None:
    amber = replace(CALM, colour=Colour.AMBER)
    asked = (MONDAY - 6 * DAY, MONDAY - 4 * DAY, MONDAY - 2 * DAY)
    thrice = member(MONDAY, pace=Pace.THRICE_A_WEEK, asked_at=asked)

    assert decide(thrice, amber, MONDAY) == Withheld(Reason.CAP, MONDAY + DAY)


def test_it_foresees_that_an_open_ask_lapses_and_doubles_the_gap() -> None:
    asked = june(8)
    slowed = member(MONDAY, asked_at=asked, open_since=asked, consecutive_declines=1)

    assert _until(slowed, MONDAY) == MONDAY + 2 * WEEK


def test_it_foresees_that_an_open_ask_lapses_and_stops_the_asks() -> None:
    asked = june(8)
    slowed = member(MONDAY, asked_at=asked, open_since=asked, consecutive_declines=3)
    thursday_evening = datetime(2026, 6, 11, 16, 30, tzinfo=BERLIN)

    assert decide(slowed, CALM, MONDAY) == Withheld(Reason.GAP, None)
    assert decide(slowed, CALM, thursday_evening - INSTANT) == Withheld(Reason.GAP, None)
    assert decide(slowed, CALM, thursday_evening) == Withheld(Reason.STOPPED, None)
    assert next_decision_at(slowed, CALM, MONDAY) == opening(date(2026, 6, 12))


def test_a_stop_that_nobody_has_counted_yet_still_wakes_somebody() -> None:
    asked = june(8)
    slowed = member(MONDAY, asked_at=asked, open_since=asked, consecutive_declines=3)
    friday, saturday = MONDAY + 4 * DAY, MONDAY + 5 * DAY

    assert next_decision_at(slowed, CALM, friday) == friday
    assert next_decision_at(slowed, CALM, saturday) == opening(date(2026, 6, 15))
    assert next_decision_at(replace(slowed, stopped=True), CALM, friday) is None
    assert next_decision_at(replace(slowed, direct=False), CALM, friday) is None
    assert next_decision_at(replace(slowed, consent_ends_at=friday), CALM, saturday) is None


def test_the_word_about_a_stop_waits_for_the_end_of_do_not_disturb() -> None:
    asked = june(8)
    friday = MONDAY + 4 * DAY
    slowed = member(
        MONDAY,
        asked_at=asked,
        open_since=asked,
        consecutive_declines=3,
        quiet=(friday, friday + HOUR),
    )

    assert next_decision_at(slowed, CALM, friday) == opening(date(2026, 6, 15))


def test_an_ask_that_is_allowed_before_the_stop_wakes_first() -> None:
    friday, tuesday = june(12, 16)
    # Four times a day ends on Tuesday; the open ask lapses, and stops the asks, on Wednesday.
    soon = member(
        MONDAY,
        pace=Pace.THRICE_A_WEEK,
        asked_at=(friday,),
        open_since=(friday,),
        consecutive_declines=3,
    )

    assert decide(soon, CALM, friday) == Withheld(Reason.GAP, tuesday)
    assert next_decision_at(soon, CALM, friday) == tuesday
    assert decide(soon, CALM, tuesday + DAY + HOUR / 2) == Withheld(Reason.STOPPED, None)


def test_an_ask_from_the_future_is_simply_the_latest() -> None:
    ahead = member(MONDAY, asked_at=(MONDAY + HOUR / 4,))

    assert decide(ahead, CALM, MONDAY) == Withheld(Reason.CAP, MONDAY + HOUR / 4 + WEEK)


def test_days_that_never_come_leave_nothing_to_wait_for() -> None:
    never = member(
        MONDAY, schedule=replace(OFFICE_DAYS, workdays=frozenset()), open_since=(MONDAY,)
    )

    assert decide(never, CALM, MONDAY) == Withheld(Reason.DAY_OFF, None)
    assert lapses_at(MONDAY, never.schedule) is None
    assert lapsed(never, MONDAY + 100 * DAY) == ()


@pytest.mark.parametrize(
    "field", ["consent_ends_at", "paused_until", "asked_at", "open_since", "quiet"]
)
def test_naive_moments_are_refused(field: str) -> None:
    naive = MONDAY.replace(tzinfo=None)
    several = {"asked_at": (naive,), "open_since": (naive,), "quiet": (naive, naive)}
    facts = member(MONDAY, **{field: several.get(field, naive)})

    with pytest.raises(ValueError, match="time zone"):
        decide(facts, CALM, MONDAY)
    with pytest.raises(ValueError, match="time zone"):
        decide(ANN, CALM, naive)


def _until(facts: PacingFacts, at: datetime) -> datetime | None:
    verdict = decide(facts, CALM, at)
    assert isinstance(verdict, Withheld)
    return verdict.until
