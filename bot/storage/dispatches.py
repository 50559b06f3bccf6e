"""The states of announcements and asks: only here they are written, each as a legal step.

A step leads from the state in which the dispatch was read. Each raises IllegalStep where it is not
legal, and Again where another process has just changed that state: the service is run once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, update

from bot.domain.ids import AskId
from bot.domain.lifecycle import IllegalStep, may_become, may_settle
from bot.domain.model import DispatchState, Outcome
from bot.storage import announcements, asks
from bot.storage.announcements import Announcement
from bot.storage.asks import Ask
from bot.storage.database import Again
from bot.storage.tables import AnnouncementRow, AskRow
from bot.storage.tx import Tx

Dispatch = Announcement | Ask

_SETTLE = {
    outcome: update(AskRow)
    .where(
        AskRow.id == bindparam("ask"),
        or_(*(AskRow.outcome == one for one in (None, *Outcome) if may_settle(one, outcome))),
    )
    .values(outcome=outcome, settled_at=bindparam("at"))
    for outcome in Outcome
}


def mark_sending(tx: Tx, dispatch: Dispatch, revision: int | None) -> None:
    """Claim a dispatch, whose message will show this revision of its post."""
    # If the message gets there, this is what it shows, whatever is written meanwhile.
    values = {"claimed_at": tx.now, "not_before": None, "shown_revision": revision}
    if isinstance(dispatch, Ask):
        values |= {"revision": revision, "asked_at": tx.now}
    _step(tx, dispatch, DispatchState.SENDING, values)


def mark_sent(tx: Tx, dispatch: Dispatch, channel: str, ts: str) -> None:
    """Record that the message is there. It may have been given up, or queued again, by then."""
    values: dict[str, Any] = {"channel": channel, "message_ts": ts}
    if isinstance(dispatch, Announcement):
        # One that was given up before Slack's word came is found by its moment, as all are.
        claimed_at = func.coalesce(AnnouncementRow.claimed_at, tx.now)
        values |= {"sent_at": tx.now, "claimed_at": claimed_at, "held": False}
    _step(tx, dispatch, DispatchState.SENT, values)


def settle_as_sent(tx: Tx, announcement: Announcement) -> None:
    """Settle an uncertain announcement: it went out when it was claimed, whenever it was found."""
    values = {"sent_at": AnnouncementRow.claimed_at, "held": False}
    _step(tx, announcement, DispatchState.SENT, values)


def mark_unsent(
    tx: Tx, dispatch: Dispatch, goal: DispatchState | None, not_before: datetime | None = None
) -> None:
    """Record that a dispatch is not there: PLANNED again, until then, WITHDRAWN, or None.

    With None it is deleted, as if it had never been planned.
    """
    _step(tx, dispatch, goal, {"claimed_at": None, "not_before": not_before})


def mark_uncertain(tx: Tx, dispatch: Dispatch) -> None:
    """Record that nobody knows whether it was sent."""
    _step(tx, dispatch, DispatchState.UNCERTAIN, {})


def find_abandoned(tx: Tx, before: datetime) -> list[Dispatch]:
    """What was claimed before that moment and is not settled: its sender has died."""

    def is_abandoned(row: type[AnnouncementRow] | type[AskRow]) -> ColumnElement[bool]:
        sending = and_(row.state == DispatchState.SENDING, row.claimed_at < before)
        return and_(row.workspace_id == tx.workspace_id, sending)

    lost = tx.connection.execute(announcements.FOUND.where(is_abandoned(AnnouncementRow)))
    lost_asks = tx.connection.execute(asks.FOUND.where(is_abandoned(AskRow)))
    return [*(Announcement(*row) for row in lost), *map(asks.as_ask, lost_asks)]


def settle(tx: Tx, moments: Mapping[AskId, datetime], outcome: Outcome) -> None:
    """Record what became of asks, each by its id at its moment; their members are held."""
    values = [{"ask": ask, "at": at} for ask, at in moments.items()]
    if values and tx.connection.execute(_SETTLE[outcome], values).rowcount != len(values):
        raise IllegalStep(f"not every one of these asks may become {outcome}")


def _step(
    tx: Tx, dispatch: Dispatch, goal: DispatchState | None, values: Mapping[str, Any]
) -> None:
    if not may_become(dispatch.state, goal):
        raise IllegalStep(f"from {dispatch.state} to {goal}")
    row = AskRow if isinstance(dispatch, Ask) else AnnouncementRow
    change = delete(row) if goal is None else update(row).values(state=goal, **values)
    as_read = change.where(row.id == dispatch.id, row.state == dispatch.state)
    if tx.connection.execute(as_read).rowcount != 1:
        raise Again
