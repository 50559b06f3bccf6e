"""Consent and pauses: what joining, leaving, pausing and resuming write to a member's row.

Moments are stored as the beginning of their day in the member's zone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from bot.domain.hours import start_of_day
from bot.domain.ids import MemberId, UserId
from bot.domain.model import Member, Preferences
from bot.storage.preferences import preference_columns
from bot.storage.tables import MemberRow
from bot.storage.tx import Tx


def insert_member(tx: Tx, user_id: UserId, ends: datetime, time_zone: str) -> None:
    """Record a first consent, with the preferences that everybody begins with."""
    values = {**preference_columns(Preferences()), **_consent_columns(tx, ends, time_zone)}
    tx.connection.execute(
        insert(MemberRow).values(workspace_id=tx.workspace_id, user=user_id, **values)
    )


def record_consent(tx: Tx, member_id: MemberId, ends: datetime, time_zone: str) -> None:
    """Record the consent of somebody who comes back: no delivery, no pause, no decline counts."""
    _update(tx, member_id, _consent_columns(tx, ends, time_zone))


def record_consent_end(tx: Tx, member: Member, ends: datetime) -> None:
    """Record when consent ends by itself: as that day begins."""
    _update(tx, member.id, {"consent_ends_at": start_of_day(ends, member.time_zone)})


def record_leave(tx: Tx, member: Member) -> None:
    """Record that the member has left: consent is over, and nobody is planned for."""
    today = start_of_day(tx.now, member.time_zone)
    values = {
        "left_at": today,
        "paused_until": None,
        "next_ask_at": None,
        "messages_due_at": today,
    }
    _update(tx, member.id, values)


def record_leave_undone(tx: Tx, member_id: MemberId, paused_until: datetime | None) -> None:
    """Record that the member has not left after all; the pause that they had goes on."""
    _update(tx, member_id, {"left_at": None, "paused_until": paused_until})


def record_departure(tx: Tx, member: Member) -> None:
    """The member's account is closed: consent ends, but nobody has left the programme."""
    today = start_of_day(tx.now, member.time_zone)
    values = {"consent_ends_at": today, "next_ask_at": None, "messages_due_at": today}
    _update(tx, member.id, values)


def record_pause(tx: Tx, member: Member, until: datetime) -> None:
    """Record that the member asks for nothing until then."""
    today = start_of_day(tx.now, member.time_zone)
    _update(tx, member.id, {"paused_until": until, "paused_at": today})


def record_resume(tx: Tx, member_id: MemberId) -> None:
    """Record the end of a pause, and of what the bot stopped by itself."""
    _update(tx, member_id, {"paused_until": None, "stopped_at": None, "told_at": None})


def record_fresh_start(tx: Tx, member_id: MemberId) -> None:
    """Record that earlier declines no longer count."""
    _update(tx, member_id, {"consecutive_declines": 0})


def _consent_columns(tx: Tx, ends: datetime, time_zone: str) -> dict[str, Any]:
    today = start_of_day(tx.now, time_zone)
    return {
        "consented_at": today,
        "consent_ends_at": start_of_day(ends, time_zone),
        "left_at": None,
        "paused_until": None,
        "zone": time_zone,
        "zone_checked_at": today,
        "in_channel": False,
        "direct": False,
        "direct_refused": False,
        "consecutive_declines": 0,
        "stopped_at": None,
        "told_at": None,
        "next_ask_at": None,
    }


def _update(tx: Tx, member_id: MemberId, values: dict[str, Any]) -> None:
    tx.connection.execute(update(MemberRow).where(MemberRow.id == member_id).values(values))
