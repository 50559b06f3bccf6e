"""Joining, leaving, pausing: what a person decides about being asked at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.hours import start_of_day
from bot.domain.ids import UserId
from bot.domain.model import UNDO_LEAVE_FOR, LeaveUndo, Member, Outcome
from bot.services import pacing
from bot.storage import (
    ask_messages,
    asks,
    dispatches,
    members,
    membership,
    share_notes,
    suggestions,
    workspaces,
)
from bot.storage.tx import Tx

MONTH = timedelta(days=30, hours=12)  # of consent; six of them are 183 days
RENEWABLE = timedelta(days=14)  # before consent ends: one line offers to renew it


@dataclass(frozen=True, slots=True)
class Membership:
    """What is stored of a person after a request, and whether the request changed it.

    `member` is None for somebody who never gave consent. `undo` takes a leave back.
    """

    member: Member | None
    changed: bool
    undo: LeaveUndo | None = None


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody who gives consent, and the IANA zone in which they are."""

    user_id: UserId
    time_zone: str


def find_member(tx: Tx, user_id: UserId) -> Member | None:
    """The person's row, whether their consent is still valid or not."""
    return members.find(tx, user_id)


def load_consenting(tx: Tx, user_id: UserId) -> Member | None:
    """The member, for what only reads; None where there is no valid consent."""
    member = members.find(tx, user_id)
    return member if member is not None and member.consents(tx.now) else None


def find_consenting(tx: Tx, user_id: UserId) -> Member | None:
    """The member, held until the transaction ends; None where there is no valid consent."""
    member = members.find_locked(tx, user_id)
    return member if member is not None and member.consents(tx.now) else None


def join(tx: Tx, user_id: UserId, time_zone: str) -> Membership:
    """Record consent from now on, for the workspace's months; a valid one stays as it is.

    `time_zone` is the person's IANA zone. At first nothing is sent to them: they browse. Somebody
    who comes back finds their topics and networks as they were, but no delivery.
    """
    member = members.find_locked(tx, user_id)
    if member is not None and member.consents(tx.now):
        return Membership(member, changed=False)
    ends = tx.now + consent_lasts(tx)
    if member is None:
        membership.insert_member(tx, user_id, ends, time_zone)
    else:
        membership.record_consent(tx, member.id, ends, time_zone)
    return Membership(members.find(tx, user_id), changed=True)


def consent_lasts(tx: Tx) -> timedelta:
    """How long consent is valid before it ends by itself."""
    return load_consent_months(tx) * MONTH


def load_consent_months(tx: Tx) -> int:
    """How many months consent is valid for."""
    return workspaces.load(tx).consent_months


def leave(tx: Tx, user_id: UserId) -> Membership:
    """End consent at once. Asks that are open become ENDED, so that coming back begins anew."""
    member = members.find_locked(tx, user_id)
    if member is None or not member.consents(tx.now):
        return Membership(member, changed=False)
    membership.record_leave(tx, member)
    suggestions.withdraw_of(tx, user_id)
    share_notes.delete_of_member(tx, member.id)
    open_asks = [ask.id for ask in asks.load_of_members(tx, [member.id]) if pacing.is_open(ask)]
    dispatches.settle(tx, dict.fromkeys(open_asks, tx.now), Outcome.ENDED)
    undo = LeaveUndo(tx.now, member.paused_until)
    return Membership(members.find(tx, user_id), changed=True, undo=undo)


def undo_leave(tx: Tx, user_id: UserId, undo: LeaveUndo) -> Membership:
    """Restore consent, its end, and what the member had chosen, for ten minutes after they left.

    Not changed for a member who consents, and where it is too late. Messages that are closed stay
    so: their posts are on Home.
    """
    member = members.find_locked(tx, user_id)
    if member is None or member.left_at is None or tx.now >= member.consent_ends_at:
        return Membership(member, changed=False)
    same_leave = member.left_at == start_of_day(undo.left_at, member.time_zone)
    if not same_leave or not undo.left_at <= tx.now <= undo.left_at + UNDO_LEAVE_FOR:
        return Membership(member, changed=False)
    membership.record_leave_undone(tx, member.id, undo.paused_until)
    ask_messages.record_due(tx, member.id)
    return _rescheduled(tx, member)


def end_for_departed(tx: Tx, user_id: UserId) -> None:
    """End the consent of somebody who has left the company; it says nothing about the pace."""
    member = members.find_locked(tx, user_id)
    if member is not None and member.consents(tx.now):
        membership.record_departure(tx, member)


def renew(tx: Tx, user_id: UserId) -> Membership:
    """Record consent again, from now on; only in its last days, where the bot offers it."""
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(None, changed=False)
    if not renewable(member, tx.now):
        return Membership(member, changed=False)
    membership.record_consent_end(tx, member, tx.now + consent_lasts(tx))
    return _rescheduled(tx, member)


def renewable(member: Member, now: datetime) -> bool:
    """Whether the bot offers to renew consent."""
    return member.consents(now) and member.consent_ends_at - now <= RENEWABLE


def pause(tx: Tx, user_id: UserId, until: datetime) -> Membership:
    """Ask nothing of the member until that day begins; member None where there is no valid consent.

    A pause of less than a day ends at its moment.
    """
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(None, changed=False)
    day = start_of_day(until, member.time_zone)
    until = day if day > tx.now else until
    if member.paused_until == until:
        return Membership(member, changed=False)
    membership.record_pause(tx, member, until)
    return _rescheduled(tx, member)


def pause_for(tx: Tx, user_id: UserId, length: timedelta) -> Membership:
    """Pause from now on, for so long; a longer pause stays, since a click never shortens one."""
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(None, changed=False)
    until = start_of_day(tx.now + length, member.time_zone)
    if member.paused_until is not None and member.paused_until >= until:
        return Membership(member, changed=False)
    return pause(tx, user_id, until)


def resume(tx: Tx, user_id: UserId) -> Membership:
    """End a pause, and what the bot stopped by itself; member None without valid consent."""
    member = find_consenting(tx, user_id)
    if member is None:
        return Membership(None, changed=False)
    # What has stopped them may not be counted yet.
    [member] = pacing.count_lapsed(tx, [member])
    if not member.paused(tx.now) and member.stopped_at is None:
        return Membership(member, changed=False)
    membership.record_resume(tx, member.id)
    if member.stopped_at is not None:
        membership.record_fresh_start(tx, member.id)
    return _rescheduled(tx, member)


def _rescheduled(tx: Tx, member: Member) -> Membership:
    """The member as stored now, with `next_ask_at` computed anew."""
    pacing.reschedule(tx, member.id)
    return Membership(members.find(tx, member.user_id), changed=True)
