"""One member's plan: what has lapsed, whether they may be asked now, about what, and when next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain import matching, pacing
from bot.domain.matching import Candidate, Choice, History, Interests
from bot.domain.model import Colour, Reason, Withheld
from bot.domain.pacing import AskPolicy, PacingFacts

# What a member chose, before anything about the workspace: that is looked at when it matters.
PERSONAL: Final = AskPolicy(freeze=None, colour=Colour.GREEN)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One member as the planner knows them; the bot stopped asking them at `stopped_at`, if so."""

    pacing: PacingFacts
    interests: Interests
    history: History
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberPlan:
    """What was decided about one member.

    `lapsed` holds the moments of the asks that have lapsed by now. With a `choice` the member is
    asked about that post. The planner looks at them again at `next_ask_at`; None means that only a
    change can make them askable.
    """

    lapsed: tuple[datetime, ...]
    consecutive_declines: int
    stopped_at: datetime | None
    next_ask_at: datetime | None
    choice: Choice | None = None


def decide_member(
    facts: MemberFacts, candidates: Iterable[Candidate], policy: AskPolicy, now: datetime
) -> MemberPlan:
    """Decide for one member whose moment has come; `now` is aware.

    Args:
        facts: The member; asks that have lapsed are still among those that are open.
        candidates: The posts that may be proposed now.
        policy: The workspace's side.
        now: Aware, in any zone.
    """
    known = facts.pacing
    lapsed = pacing.lapsed(known, now)
    declines = known.consecutive_declines + len(lapsed)
    stopped_at = pacing.stopped_since(declines, facts.stopped_at, now, known.constants)
    plan = MemberPlan(lapsed, declines, stopped_at, None)
    if stopped_at is not None:
        return plan
    decision = pacing.decide(known, policy, now)
    if isinstance(decision, Withheld):
        # What the snapshot says may change before it is over: look again when it does, at the
        # latest. The colour is another one tomorrow, the share of turns next week.
        if decision.reason is Reason.BUDGET and policy.budget is not None:
            again = pacing.next_decision_at(known, PERSONAL, policy.budget.next_week(now))
        else:
            again = _tomorrow(known, now)
        moments = (pacing.next_decision_at(known, policy, now), again)
        return replace(plan, next_ask_at=min(filter(None, moments), default=None))
    choice = matching.choose(facts.interests, candidates, facts.history, now)
    if choice is None:
        return replace(plan, next_ask_at=_tomorrow(known, now))
    asked = replace(known, asked_at=(*known.asked_at, now), open_since=(*known.open_since, now))
    return replace(plan, next_ask_at=pacing.next_decision_at(asked, PERSONAL, now), choice=choice)


def _tomorrow(facts: PacingFacts, now: datetime) -> datetime | None:
    """The next day on which the member may be asked: a new post may fit by then."""
    zone = ZoneInfo(facts.schedule.zone)
    morning = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time.min, zone)
    return pacing.next_decision_at(facts, PERSONAL, morning.astimezone(UTC))
