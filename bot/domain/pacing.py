"""WHEN a member may be asked: whether now, and if not, why and from when on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.budget import Budget
from bot.domain.freeze import Freeze
from bot.domain.hours import OpenOn, as_utc, next_open_on
from bot.domain.model import Allowed, Colour, Hours, Outcome, Pace, Reason, Withheld
from bot.domain.paces import PACE_RULES
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS, PacingConstants

# The end of the hours that every member's day keeps: a bot that was down still gets to it.
KEPT_OPEN: Final = 60  # minutes
# How far ahead a lapse is looked for; nobody chooses days that lie further apart.
_HORIZON_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a member can be asked at all: hours and weekdays in their zone, without days off.

    `zone` is an IANA name, Monday is 0, `off` holds local dates.
    """

    hours: Hours
    workdays: frozenset[int]
    zone: str
    off: Container[date]

    def works_on(self, day: date) -> bool:
        """Whether it is one of the member's working days."""
        return day.weekday() in self.workdays and day not in self.off


@dataclass(frozen=True, slots=True)
class PacingFacts:
    """All that pacing knows of a member; moments are aware.

    `consent_ends_at` is None without consent. `direct`, `topics` and `networks` say whether they
    chose any. `asked_at` holds at least the asks of the last four weeks and the latest one, in any
    order; `open_since` those of them that nobody answered and that were not counted as lapsed yet;
    `consecutive_declines` how many in a row were skipped or lapsed. `quiet` is Slack's
    do-not-disturb, its end outside. `seed` (see `draws`) spreads members over the hours;
    `constants` are the rules' numbers.
    """

    consent_ends_at: datetime | None
    direct: bool
    topics: bool
    networks: bool
    paused_until: datetime | None
    stopped: bool
    pace: Pace
    schedule: Schedule
    seed: int
    asked_at: tuple[datetime, ...]
    open_since: tuple[datetime, ...]
    consecutive_declines: int
    quiet: tuple[datetime, datetime] | None = None
    constants: PacingConstants = DEFAULT_PACING_CONSTANTS


@dataclass(frozen=True, slots=True)
class AskPolicy:
    """The workspace's side: a freeze, the pace check, and its budget, if there is one."""

    freeze: Freeze | None
    colour: Colour
    budget: Budget | None = None


def decide(facts: PacingFacts, policy: AskPolicy, now: datetime) -> Allowed | Withheld:
    """Whether the member may be asked now.

    Gaps and windows are counted in real time and are over at their last instant. An ask later
    than `now` (the clock was set back) is simply the latest one. Where several rules
    block, the reason is the first of: no consent, not direct, no topics, no networks, stopped,
    frozen, pace check; then whichever ends last of pause, budget, cap and gap; then day off,
    holiday, hours, quiet.

    Returns:
        Allowed, or Withheld with the reason and the first UTC instant at which this would be
        Allowed if nothing else happens; None if that never comes by itself.

    Raises:
        ValueError: a moment is naive.
    """
    return _decide(facts, policy, _lapses(facts), as_utc(now))


def lapses_at(
    asked: datetime, days: Schedule, constants: PacingConstants = DEFAULT_PACING_CONSTANTS
) -> datetime | None:
    """When an ask that nobody answers has lapsed.

    That is the end of the hours of the member's third working day after the local day of the ask.
    A day counts however long daylight saving makes it, even none at all; where the wall clock
    repeats or leaves out the end of the hours, the later reading of it counts. None if there are
    no such days.
    """
    zone = ZoneInfo(days.zone)
    day = as_utc(asked).astimezone(zone).date()
    left = constants.lapses_after_days
    for _ in range(_HORIZON_DAYS):
        day += timedelta(days=1)
        left -= days.works_on(day)
        if left == 0:
            end = datetime.combine(day, time.min) + timedelta(minutes=days.hours.end)
            return max(as_utc(end.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    return None


def lapsed(facts: PacingFacts, now: datetime) -> tuple[datetime, ...]:
    """Those of the pending asks that have lapsed by now."""
    now = as_utc(now)
    over = ((asked, _lapses_at(asked, facts)) for asked in facts.open_since)
    return tuple(asked for asked, at in over if at is not None and at <= now)


def next_decision_at(facts: PacingFacts, policy: AskPolicy, now: datetime) -> datetime | None:
    """When to decide again, at the latest: now if Allowed, else the first allowed instant.

    Where asks that stay open stop the member, or have stopped them and nobody has counted it yet,
    it is the first open instant after that if nothing is allowed before: they are told then. None
    if nothing happens by itself.
    """
    now = as_utc(now)
    lapses = _lapses(facts)
    decision = _decide(facts, policy, lapses, now)
    if isinstance(decision, Allowed):
        return now
    stops = _stops_at(facts, lapses)
    # Nothing is allowed after a stop, so whatever is still to be allowed comes before it.
    if decision.until is not None or facts.stopped or stops is None:
        return decision.until
    told = _next_open(facts, max(now, stops))
    # Whoever has left by then, or no longer wants asks, is told nothing.
    if told is None or _reason(facts, policy, lapses, told) is not Reason.STOPPED:
        return None
    return told


def declines_after(declines: int, before: Outcome | None, after: Outcome) -> int:
    """How many in a row, after an ask's outcome became `after`; a share begins anew.

    "Later" and other clicks neither lengthen the row nor end it, but take back what the same ask
    had added.
    """
    if after is Outcome.SHARED:
        return 0
    added_before = before in _DECLINES
    return max(0, declines + (after in _DECLINES) - added_before)


def stopped_since(
    declines: int,
    stopped_at: datetime | None,
    now: datetime,
    constants: PacingConstants = DEFAULT_PACING_CONSTANTS,
) -> datetime | None:
    """Since when the bot has stopped asking by itself; `now` (aware) where it does so now.

    None while fewer than `stops_after` asks in a row were declined. It stays stopped until the
    member resumes.
    """
    return stopped_at or (now if declines >= constants.stops_after else None)


_DECLINES: Final = (Outcome.SKIPPED, Outcome.LAPSED)
_STANDING: Final = frozenset(
    {Reason.NO_CONSENT, Reason.NOT_DIRECT, Reason.NO_TOPICS, Reason.NO_NETWORKS, Reason.STOPPED}
)


def _lapses_at(asked: datetime, facts: PacingFacts) -> datetime | None:
    return lapses_at(asked, facts.schedule, facts.constants)


def _lapses(facts: PacingFacts) -> list[datetime]:
    """When the pending asks lapse, soonest first: found once a decision, since it walks days."""
    return sorted(filter(None, (_lapses_at(asked, facts) for asked in facts.open_since)))


def _decide(
    facts: PacingFacts, policy: AskPolicy, lapses: Sequence[datetime], now: datetime
) -> Allowed | Withheld:
    reason = _reason(facts, policy, lapses, now)
    if reason is None:
        return Allowed()
    return Withheld(reason, _first_allowed(facts, policy, lapses, now))


def _reason(
    facts: PacingFacts, policy: AskPolicy, lapses: Sequence[datetime], at: datetime
) -> Reason | None:
    """What blocks at an instant, None if nothing does."""
    run = _run_at(facts, lapses, at)
    cap_over, gap_over = _over(facts, policy, run)
    blocks: tuple[tuple[Reason, bool], ...] = (
        (Reason.NO_CONSENT, not _before(at, facts.consent_ends_at)),
        (Reason.NOT_DIRECT, not facts.direct),
        (Reason.NO_TOPICS, not facts.topics),
        (Reason.NO_NETWORKS, not facts.networks),
        (Reason.STOPPED, facts.stopped or run >= facts.constants.stops_after),
        (Reason.FROZEN, policy.freeze is not None and policy.freeze.holds(at)),
        (Reason.PACE_CHECK, policy.colour is Colour.RED),
    )
    for reason, blocked in blocks:
        if blocked:
            return reason
    passing = (
        (Reason.PAUSED, facts.paused_until),
        (Reason.CAP, cap_over),
        (Reason.GAP, gap_over),
        (Reason.BUDGET, _budget_free_at(facts, policy, at)),
    )
    still = [(over, reason) for reason, over in passing if over is not None and _before(at, over)]
    # Of several that end together the first: what the member chose goes before the budget.
    return max(still, key=lambda each: as_utc(each[0]))[1] if still else _closed(facts, at)


def _budget_free_at(facts: PacingFacts, policy: AskPolicy, at: datetime) -> datetime | None:
    """When the member has a turn again, where they have none at an instant."""
    return None if policy.budget is None else policy.budget.free_at(facts.seed, at)


def _before(at: datetime, limit: datetime | None) -> bool:
    """Whether there is such a limit and it is still to come."""
    return limit is not None and at < as_utc(limit)


def _closed(facts: PacingFacts, at: datetime) -> Reason | None:
    local = at.astimezone(ZoneInfo(facts.schedule.zone))
    if local.weekday() not in facts.schedule.workdays:
        return Reason.DAY_OFF
    if local.date() in facts.schedule.off:
        return Reason.HOLIDAY
    window = _windows(facts)(local.date())
    minute = local.hour * 60 + local.minute
    if window is None or not window.start <= minute < window.end:
        return Reason.HOURS
    return Reason.QUIET if _is_quiet(facts, at) else None


def _first_allowed(
    facts: PacingFacts, policy: AskPolicy, lapses: Sequence[datetime], now: datetime
) -> datetime | None:
    """The first moment at which no rule withholds an ask, None if only a person can change it.

    Each rule gives the next moment at which it could pass, so moments in between are blocked. The
    search goes from one such moment to the next until all rules pass.
    """
    at = now
    while True:
        reason = _reason(facts, policy, lapses, at)
        if reason is None:
            return at
        if reason in _STANDING or reason is Reason.PACE_CHECK:
            return None
        freeze_over = policy.freeze.until if policy.freeze is not None else None
        if reason is Reason.FROZEN and freeze_over is None:
            return None
        cap_over, gap_over = _over(facts, policy, _run_at(facts, lapses, at))
        budget_free_at = _budget_free_at(facts, policy, at)
        bounds = (at, freeze_over, facts.paused_until, budget_free_at, cap_over, gap_over)
        later = _next_open(facts, max(as_utc(bound) for bound in bounds if bound is not None))
        if later is None:
            return None
        at = later


def _next_open(facts: PacingFacts, at: datetime) -> datetime | None:
    """The first instant from `at` on inside the hours and outside the quiet time."""
    zone = ZoneInfo(facts.schedule.zone)
    windows = _windows(facts)
    try:
        at = next_open_on(windows, zone, at)
        if facts.quiet is not None and _is_quiet(facts, at):
            at = next_open_on(windows, zone, facts.quiet[1])
    except ValueError:  # never within the horizon
        return None
    return at


def _is_quiet(facts: PacingFacts, at: datetime) -> bool:
    return facts.quiet is not None and as_utc(facts.quiet[0]) <= at < as_utc(facts.quiet[1])


def _windows(facts: PacingFacts) -> OpenOn:
    """The hours of each local date from the member's own offset on, the same at every call."""
    days = facts.schedule
    start, end = days.hours.start, days.hours.end
    spread = end - start - min(KEPT_OPEN, (end - start) // 2)

    def window(day: date) -> Hours | None:
        if not days.works_on(day):
            return None
        digest = blake2b(f"{facts.seed}:{day.isoformat()}".encode(), digest_size=8).digest()
        return Hours(start + int.from_bytes(digest) % max(1, spread), end)

    return window


def _run_at(facts: PacingFacts, lapses: Sequence[datetime], at: datetime) -> int:
    return facts.consecutive_declines + bisect_right(lapses, at)


def _stops_at(facts: PacingFacts, lapses: Sequence[datetime]) -> datetime | None:
    """When asks that stay open will have stopped the member; None if they will not."""
    missing = facts.constants.stops_after - facts.consecutive_declines
    return lapses[missing - 1] if 0 < missing <= len(lapses) else None


def _over(
    facts: PacingFacts, policy: AskPolicy, run: int
) -> tuple[datetime | None, datetime | None]:
    """When the cap and the gap are over."""
    rule, constants = PACE_RULES[facts.pace], facts.constants
    latest_first = sorted(map(as_utc, facts.asked_at), reverse=True)
    if not latest_first:
        return None, None
    # From the stop on the gap no longer matters; the row may still grow, a date cannot for ever.
    factor = 2 ** max(0, min(run, constants.stops_after) - constants.slows_after + 1)
    stretch = constants.amber_stretch if policy.colour is Colour.AMBER else 1.0
    gap_over = latest_first[0] + rule.gap * factor * stretch
    if len(latest_first) < rule.cap:
        return None, gap_over
    return latest_first[rule.cap - 1] + rule.window, gap_over
