"""What the tests of pacing share: a member, and its rules once more, as literally as can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.budget import Budget
from bot.domain.draws import draw
from bot.domain.model import Allowed, Colour, Hours, Pace, Withheld
from bot.domain.pacing import AskPolicy, PacingFacts, Schedule, decide

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(9 * 60 + 30, 16 * 60 + 30)
CALM = AskPolicy(freeze=None, colour=Colour.GREEN)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
OFFICE_DAYS = Schedule(OFFICE, frozenset(range(5)), "Europe/Berlin", frozenset())
# Near the end of the hours, so that every member's own first minute has passed.
MONDAY = datetime(2026, 6, 8, 16, tzinfo=BERLIN).astimezone(UTC)

GAPS = {
    Pace.MONTHLY: (28 * DAY, 1, 28 * DAY),
    Pace.FORTNIGHTLY: (14 * DAY, 1, 14 * DAY),
    Pace.WEEKLY: (7 * DAY, 1, WEEK),
    Pace.TWICE_A_WEEK: (2 * DAY, 2, WEEK),
    Pace.THRICE_A_WEEK: (1 * DAY, 3, WEEK),
}


def member(now: datetime, **known: Any) -> PacingFacts:
    """Somebody in Berlin who chose all, weekly, and was never asked."""
    plain = PacingFacts(
        consent_ends_at=now + 180 * DAY,
        direct=True,
        topics=True,
        networks=True,
        paused_until=None,
        stopped=False,
        pace=Pace.WEEKLY,
        schedule=OFFICE_DAYS,
        seed=7,
        asked_at=(),
        open_since=(),
        consecutive_declines=0,
    )
    return replace(plain, **known)


def june(*days: int, hour: int = 16) -> tuple[datetime, ...]:
    """Afternoons in June, in Berlin."""
    return tuple(datetime(2026, 6, day, hour, tzinfo=BERLIN).astimezone(UTC) for day in days)


@lru_cache(maxsize=100_000)
def first_minute(seed: int, day: date, hours: Hours) -> int:
    """The minute of a day from which this member may be asked.

    The spreading is pacing's own; so it is asked, about somebody in UTC with nothing else to wait
    for. That the answer is the same in every zone, and the only thing learnt, tests see to.
    """
    midnight = datetime.combine(day, time.min, UTC)
    days = Schedule(hours, frozenset(range(7)), "UTC", frozenset())
    verdict = decide(member(midnight, seed=seed, schedule=days), CALM, midnight)
    if isinstance(verdict, Allowed):
        return 0
    assert verdict.until is not None
    return (verdict.until - midnight) // MINUTE


def is_open(facts: PacingFacts, at: datetime) -> bool:
    """Whether a member is at work at an instant, their first minute has passed, and all is loud."""
    days = facts.schedule
    local = at.astimezone(ZoneInfo(days.zone))
    if local.weekday() not in days.workdays or local.date() in days.off:
        return False
    minute = local.hour * 60 + local.minute
    if not first_minute(facts.seed, local.date(), days.hours) <= minute < days.hours.end:
        return False
    return facts.quiet is None or not facts.quiet[0] <= at < facts.quiet[1]


def has_turn(seed: int, budget: Budget, at: datetime) -> bool:
    """Whether the member is drawn in the week that began on the last Monday at six."""
    local = at.astimezone(ZoneInfo(budget.zone)).replace(tzinfo=None) - 6 * HOUR
    monday = local.date() - local.weekday() * DAY
    return draw(seed, f"week {monday}") < budget.share


def lapse(asked: datetime, days: Schedule) -> datetime:
    """When an ask lapses, found by walking in quarters of an hour; all these zones lie on them."""
    zone, step = ZoneInfo(days.zone), 15 * MINUTE
    day, left = asked.astimezone(zone).date(), 3
    while left:
        day += DAY
        if day.weekday() in days.workdays and day not in days.off:
            left -= 1
    end = datetime.combine(day, time.min) + timedelta(minutes=days.hours.end)

    def wall(at: datetime) -> datetime:
        return at.astimezone(zone).replace(tzinfo=None)

    at = end.replace(tzinfo=UTC) + 40 * HOUR
    while wall(at - step) >= end:
        at -= step
    # The first instant from which on the wall clock never shows less than the end, and where it
    # jumps over the end, as much later as it would have taken to walk there.
    return at + (end - wall(at - step) - step)


def lapse_moments(facts: PacingFacts) -> list[datetime]:
    """When each of the open asks lapses."""
    return [lapse(asked, facts.schedule) for asked in facts.open_since]


def permits(facts: PacingFacts, policy: AskPolicy) -> Callable[[datetime], bool]:
    """The rules of asking this member, each stated alone, to be tried at many instants."""
    lapses = lapse_moments(facts)
    gap, cap, window = GAPS[facts.pace]
    stretched = gap * 3 / 2 if policy.colour is Colour.AMBER else gap

    def permitted(at: datetime) -> bool:
        run = facts.consecutive_declines + sum(moment <= at for moment in lapses)
        factor = {0: 1, 1: 1, 2: 2, 3: 4}.get(run)
        if facts.consent_ends_at is None or at >= facts.consent_ends_at:
            return False
        if not (facts.direct and facts.topics and facts.networks) or facts.stopped:
            return False
        if factor is None or policy.colour is Colour.RED:
            return False
        if policy.freeze is not None and policy.freeze.holds(at):
            return False
        if facts.paused_until is not None and at < facts.paused_until:
            return False
        if policy.budget is not None and not has_turn(facts.seed, policy.budget, at):
            return False
        if any(at - asked < stretched * factor for asked in facts.asked_at):
            return False
        if sum(at - asked < window for asked in facts.asked_at) >= cap:
            return False
        return is_open(facts, at)

    return permitted


def until(verdict: Allowed | Withheld, now: datetime) -> datetime | None:
    """When an ask is allowed first."""
    return now if isinstance(verdict, Allowed) else verdict.until
