"""When a member may be asked, from what is stored about them; and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import floor

from sqlalchemy import Connection

from bot.domain import fatigue, pacing
from bot.domain.model import (
    Allowed,
    Colour,
    Delivery,
    DispatchState,
    Member,
    Outcome,
    Reason,
    Withheld,
    Workspace,
)
from bot.domain.pacing import AskPolicy, Days, Facts
from bot.services.calendars import days_off
from bot.storage import asks, members, workspaces
from bot.storage.asks import Ask

WEEK = timedelta(days=7)  # the budget counts in any seven days

# What a member chose, before anything about the workspace: that is looked at when it matters.
PERSONAL = AskPolicy(frozen=False, colour=Colour.GREEN)


def facts_of(
    member: Member, asked: Sequence[Ask], quiet: tuple[datetime, datetime] | None = None
) -> Facts:
    """What pacing needs of a member; `quiet` is Slack's do-not-disturb where it was asked."""
    chosen = member.preferences
    moments = {ask.asked_at for ask in asked}  # a set: the last one is also in the member's row
    if member.last_asked_at is not None:  # its ask may be forgotten, the pace is not
        moments.add(member.last_asked_at)
    return Facts(
        consent_ends_at=None if member.left_at else member.consent_ends_at,
        direct=Delivery.DIRECT in chosen.delivery,
        topics=bool(chosen.topics),
        networks=bool(chosen.networks),
        paused_until=member.paused_until,
        stopped=member.stopped_at is not None,
        pace=chosen.pace,
        days=days_of(member),
        seed=member.id,
        asked=tuple(moments),
        pending=tuple(ask.asked_at for ask in asked if is_open(ask)),
        run=member.run,
        quiet=quiet,
    )


def is_open(ask: Ask) -> bool:
    """Whether the member may still answer it; what was not sent yet cannot lapse."""
    return ask.outcome is None and ask.state is not DispatchState.PLANNED


def days_of(member: Member) -> Days:
    """The days and hours in which a member may be asked."""
    chosen = member.preferences
    return Days(chosen.hours, chosen.workdays, member.zone, days_off(chosen.country))


def budget_of(connection: Connection, workspace: Workspace) -> int:
    """How many asks there may be in any seven days.

    It counts the members who may be asked at all, so nobody else's place is used up.
    """
    return max(1, floor(workspace.asks_per_week * members.askable(connection, workspace.id)))


def policy_of(
    connection: Connection, workspace: Workspace, now: datetime, budget: int | None = None
) -> tuple[AskPolicy, int]:
    """The workspace's side of the pace, and how many asks its budget has left.

    `budget` is what `budget_of` said a moment ago, None to ask anew.
    """
    budget = budget_of(connection, workspace) if budget is None else budget
    left = budget - asks.spent(connection, workspace.id, now - WEEK)
    free_at = None
    if left <= 0:
        blocking = asks.nth_newest(connection, workspace.id, budget - 1)
        free_at = blocking + WEEK if blocking is not None else None
    colour = fatigue.effective(workspace.colour, workspace.acknowledged_at, now)
    return AskPolicy(workspace.policy.frozen, colour, free_at), max(0, left)


def next_look(member: Member, asked: Sequence[Ask], now: datetime) -> datetime | None:
    """When the planner looks at the member next, by what they chose and were asked."""
    return pacing.wake_at(facts_of(member, asked), PERSONAL, now)


def lapsed(facts: Facts, asked: Sequence[Ask], now: datetime) -> list[Ask]:
    """The asks that have lapsed by now and are not counted yet."""
    over = set(pacing.lapsed(facts, now))
    return [ask for ask in asked if is_open(ask) and ask.asked_at in over]


def count_lapsed(connection: Connection, known: Sequence[Member], now: datetime) -> list[Member]:
    """Count the asks that have lapsed by now, each on its day; the members as they stand then.

    The members are held by the caller.
    """
    asked = asks.by_member(connection, [member.id for member in known])
    moments: dict[int, datetime] = {}
    changed: dict[int, Member] = {}
    for member in known:
        days, mine = days_of(member), asked[member.id]
        over = lapsed(facts_of(member, mine), mine, now)
        run = member.run + len(over)
        stops = run >= pacing.STOPS_AFTER and member.stopped_at is None
        if not over and not stops:
            continue
        moments |= {ask.id: pacing.lapses_at(ask.asked_at, days) or now for ask in over}
        after = replace(member, run=run, stopped_at=now if stops else member.stopped_at)
        left = [replace(ask, outcome=Outcome.LAPSED) if ask in over else ask for ask in mine]
        changed[member.id] = replace(after, next_ask_at=next_look(after, left, now))
    asks.settle(connection, moments, Outcome.LAPSED)
    members.planned(connection, list(changed.values()))
    return [changed.get(member.id, member) for member in known]


def reschedule(connection: Connection, member: int, now: datetime) -> None:
    """After a change of what pacing looks at: when the planner looks at the member next."""
    found = members.get_locked(connection, member)
    if found is None:
        return
    asked = asks.of_members(connection, [member])
    members.change(connection, member, next_ask_at=next_look(found, asked, now))


def outlook(
    connection: Connection, workspace: str, member: Member, now: datetime
) -> Allowed | Withheld:
    """Whether the member may be asked now, and if not, why and from when on."""
    found = workspaces.get(connection, workspace)
    policy, _ = policy_of(connection, found, now)
    facts = facts_of(member, asks.of_members(connection, [member.id]))
    decision = pacing.decide(facts, policy, now)
    if isinstance(decision, Withheld) and decision.reason is Reason.BUDGET:
        # Where what they chose would take as long, it is the reason: the company adds nothing.
        own = pacing.decide(facts, replace(policy, budget_free_at=None), now)
        if isinstance(own, Withheld) and own.until == decision.until:
            return own
    return decision
