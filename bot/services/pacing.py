"""When a member may be asked, from what is stored about them; and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import hours, pace_check, pacing
from bot.domain.budget import Budget
from bot.domain.delivery import Delivery
from bot.domain.ids import AskId, MemberId
from bot.domain.matching import Interests
from bot.domain.model import (
    Allowed,
    DispatchState,
    Member,
    Outcome,
    Reason,
    Withheld,
    Workspace,
)
from bot.domain.pacing import AskPolicy, PacingFacts, Schedule
from bot.domain.planning import PERSONAL
from bot.domain.snapshot import Snapshot
from bot.services.calendars import days_off
from bot.storage import asks, dispatches, members, snapshots, workspaces
from bot.storage.asks import Ask
from bot.storage.tx import Tx


def pacing_facts(
    member: Member, asked: Sequence[Ask], quiet: tuple[datetime, datetime] | None = None
) -> PacingFacts:
    """What pacing needs of a member; `quiet` is Slack's do-not-disturb where it was asked."""
    chosen = member.preferences
    moments = {ask.asked_at for ask in asked}
    if member.last_asked_at is not None:  # its ask is erased, the pace is not
        moments.add(member.last_asked_at)
    return PacingFacts(
        consent_ends_at=None if member.left_at else member.consent_ends_at,
        direct=Delivery.DIRECT in chosen.delivery,
        topics=bool(chosen.topics),
        networks=bool(chosen.networks),
        paused_until=member.paused_until,
        stopped=member.stopped_at is not None,
        pace=chosen.pace,
        schedule=schedule_of(member),
        seed=member.seed,
        asked_at=tuple(moments),
        open_since=tuple(ask.asked_at for ask in asked if is_open(ask)),
        consecutive_declines=member.consecutive_declines,
        quiet=quiet,
    )


def interests_of(member: Member) -> Interests:
    """What a member follows."""
    chosen = member.preferences
    return Interests(member.seed, frozenset(chosen.topics), frozenset(chosen.networks))


def is_open(ask: Ask) -> bool:
    """Whether the member may still answer it; what was not sent yet cannot lapse."""
    return ask.outcome is None and ask.state is not DispatchState.PLANNED


def schedule_of(member: Member) -> Schedule:
    """The days and hours in which a member may be asked."""
    chosen = member.preferences
    holidays = days_off(chosen.country, chosen.region)
    return Schedule(chosen.hours, chosen.workdays, member.time_zone, holidays)


def may_be_told(member: Member, now: datetime) -> bool:
    """Whether a message that is no ask may reach the member now: in their hours, not in a pause."""
    days, zone = schedule_of(member), ZoneInfo(member.time_zone)
    if member.paused(now) or not days.works_on(now.astimezone(zone).date()):
        return False
    return hours.is_open(days.hours, days.workdays, zone, now)


def ask_policy(workspace: Workspace, now: datetime, budget: Budget | None = None) -> AskPolicy:
    """The workspace's side of the pace."""
    colour = pace_check.effective_colour(workspace.colour, workspace.acknowledged_at, now)
    return AskPolicy(workspace.policy.freeze, colour, budget)


def budget_of(workspace: Workspace, snapshot: Snapshot) -> Budget | None:
    """The workspace's budget as a snapshot has it; None where everybody has a turn."""
    share = snapshot.budget_share
    return Budget(share, workspace.policy.zone) if share < 1 else None


def next_look_at(member: Member, asked: Sequence[Ask], now: datetime) -> datetime | None:
    """When the planner looks at the member next, by what they chose and were asked."""
    return pacing.next_decision_at(pacing_facts(member, asked), PERSONAL, now)


def lapsed(facts: PacingFacts, asked: Sequence[Ask], now: datetime) -> list[Ask]:
    """The asks that have lapsed by now and are not counted yet."""
    over = set(pacing.lapsed(facts, now))
    return [ask for ask in asked if is_open(ask) and ask.asked_at in over]


def count_lapsed(tx: Tx, known: Sequence[Member]) -> list[Member]:
    """Count the asks that have lapsed by now, each on its day; the members as they stand then.

    The members are held by the caller.
    """
    asked = asks.load_by_member(tx, [member.id for member in known])
    moments: dict[AskId, datetime] = {}
    changed: dict[MemberId, Member] = {}
    for member in known:
        days, mine = schedule_of(member), asked[member.id]
        over = lapsed(pacing_facts(member, mine), mine, tx.now)
        declines = member.consecutive_declines + len(over)
        stopped_at = pacing.stopped_since(declines, member.stopped_at, tx.now)
        if not over and stopped_at == member.stopped_at:
            continue
        moments |= {ask.id: pacing.lapses_at(ask.asked_at, days) or tx.now for ask in over}
        after = replace(member, consecutive_declines=declines, stopped_at=stopped_at)
        left = [replace(ask, outcome=Outcome.LAPSED) if ask in over else ask for ask in mine]
        changed[member.id] = replace(after, next_ask_at=next_look_at(after, left, tx.now))
    dispatches.settle(tx, moments, Outcome.LAPSED)
    members.record_plans(tx, list(changed.values()))
    return [changed.get(member.id, member) for member in known]


def reschedule(tx: Tx, member_id: MemberId) -> None:
    """After a change of what pacing looks at: when the planner looks at the member next."""
    found = members.find_by_id_locked(tx, member_id)
    if found is None:
        return
    asked = asks.load_of_members(tx, [member_id])
    members.record_next_ask_at(tx, member_id, next_look_at(found, asked, tx.now))


def outlook(tx: Tx, member: Member) -> Allowed | Withheld:
    """Whether the member may be asked now, and if not, why and from when on."""
    found = workspaces.load(tx)
    policy = ask_policy(found, tx.now, budget_of(found, snapshots.load(tx)))
    facts = pacing_facts(member, asks.load_of_members(tx, [member.id]))
    decision = pacing.decide(facts, policy, tx.now)
    own = pacing.decide(facts, replace(policy, budget=None), tx.now)
    if isinstance(decision, Withheld) and own != decision:
        # Whatever blocks now, the budget is the reason where the date is later because of it.
        until = own.until if isinstance(own, Withheld) else tx.now
        return own if decision.until == until else Withheld(Reason.BUDGET, decision.until)
    return decision
