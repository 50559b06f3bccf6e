"""Announcements: the intent to post in the opt-in channel, the claim, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ScalarSelect,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.channel_queue import PastAnnouncement, QueuedPost
from bot.domain.ids import AnnouncementId, PostId
from bot.domain.model import DispatchState
from bot.domain.post import PostState
from bot.domain.troubles import concerns_channel
from bot.storage.tables import AnnouncementRow, PostRow, RevisionRow, WorkspaceRow
from bot.storage.tx import Tx

REMEMBERED = 200  # announcements that pacing and taking turns look back on

_COUNTS = (DispatchState.SENDING, DispatchState.SENT, DispatchState.UNCERTAIN)
_ENDED = (PostState.WITHDRAWN, PostState.EXPIRED)
_APPROVED_CONTENT = and_(
    RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.approved_revision
)
_MOMENT = func.coalesce(AnnouncementRow.sent_at, AnnouncementRow.claimed_at)
_RECENT = (
    select(
        AnnouncementRow.sent_at,
        AnnouncementRow.claimed_at,
        RevisionRow.topics,
    )
    .join(PostRow, PostRow.id == AnnouncementRow.post_id)
    .join(RevisionRow, _APPROVED_CONTENT)
    .where(
        AnnouncementRow.workspace_id == bindparam("workspace"),
        AnnouncementRow.state.in_(_COUNTS),
    )
    .order_by(_MOMENT.desc())
    .limit(REMEMBERED)
)
_WAITING = (
    select(
        PostRow.id,
        PostRow.approved_at,
        RevisionRow.topics,
        RevisionRow.not_before,
        RevisionRow.expires_at,
        PostRow.queue_place,
        AnnouncementRow.not_before.label("held_until"),
        WorkspaceRow.trouble,
    )
    .join(WorkspaceRow, WorkspaceRow.id == PostRow.workspace_id)
    .join(RevisionRow, _APPROVED_CONTENT)
    .outerjoin(AnnouncementRow, AnnouncementRow.post_id == PostRow.id)
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.APPROVED,
        or_(
            AnnouncementRow.state.is_(None),
            AnnouncementRow.state == DispatchState.PLANNED,
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A post's one message in the opt-in channel."""

    id: AnnouncementId
    post_id: PostId
    state: DispatchState
    channel: str | None
    message_ts: str | None


_FOUND = select(
    AnnouncementRow.id,
    AnnouncementRow.post_id,
    AnnouncementRow.state,
    AnnouncementRow.channel,
    AnnouncementRow.message_ts,
)


def load_recent(tx: Tx) -> list[PastAnnouncement]:
    """What went out, or may have gone out, newest first."""
    rows = tx.connection.execute(_RECENT, {"workspace": tx.workspace_id})
    return [PastAnnouncement(row.sent_at or row.claimed_at, tuple(row.topics)) for row in rows]


def load_queued_posts(tx: Tx) -> list[QueuedPost]:
    """Approved posts that wait for the channel. A throttled one waits as long as Slack said."""
    rows = tx.connection.execute(_WAITING, {"workspace": tx.workspace_id}).all()
    # What keeps one post out of the channel keeps out the next: then they wait together.
    held = [row.held_until for row in rows if row.held_until and concerns_channel(row.trouble)]
    together = max(held, default=None)
    return [
        QueuedPost(
            post_id=row.id,
            topics=tuple(row.topics),
            since=row.approved_at,
            not_before=max(filter(None, (row.not_before, row.held_until, together)), default=None),
            expires_at=row.expires_at,
            place=row.queue_place,
        )
        for row in rows
    ]


def is_sending(tx: Tx) -> bool:
    """Whether an announcement is being sent just now."""
    query = select(AnnouncementRow.id).where(
        AnnouncementRow.workspace_id == tx.workspace_id,
        AnnouncementRow.state == DispatchState.SENDING,
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def claim(tx: Tx, post_id: PostId, revision: int | None) -> AnnouncementId:
    """Take a post for sending with this revision; returns the announcement's id."""
    values = {
        "state": DispatchState.SENDING,
        "claimed_at": tx.now,
        "not_before": None,
        # If the message gets there, this is what it shows, whatever is written meanwhile.
        "shown_revision": revision,
    }
    planned = (
        update(AnnouncementRow)
        .where(AnnouncementRow.post_id == post_id, AnnouncementRow.state == DispatchState.PLANNED)
        .values(**values)
        .returning(AnnouncementRow.id)
    )
    known: AnnouncementId | None = tx.connection.execute(planned).scalar_one_or_none()
    if known is not None:
        return known
    new = insert(AnnouncementRow).values(
        workspace_id=tx.workspace_id, post_id=post_id, shown_ended=False, held=False, **values
    )
    return tx.connection.execute(new.returning(AnnouncementRow.id)).scalar_one()


def find(tx: Tx, post_id: PostId) -> Announcement | None:
    """A post's announcement, if one was ever tried."""
    query = _FOUND.where(
        AnnouncementRow.workspace_id == tx.workspace_id, AnnouncementRow.post_id == post_id
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else Announcement(*row)


def select_sent_at(post_id: PostId) -> ScalarSelect[datetime | None]:
    """When a post's announcement went out, as a value for a statement."""
    query = select(AnnouncementRow.sent_at).where(AnnouncementRow.post_id == post_id)
    return query.scalar_subquery()


def find_abandoned(tx: Tx, before: datetime) -> list[Announcement]:
    """Announcements claimed before that moment and not settled: their sender has died."""
    query = _FOUND.where(
        AnnouncementRow.workspace_id == tx.workspace_id,
        AnnouncementRow.state == DispatchState.SENDING,
        AnnouncementRow.claimed_at < before,
    )
    return [Announcement(*row) for row in tx.connection.execute(query)]


def mark_sent(tx: Tx, announcement_id: AnnouncementId, channel: str, ts: str) -> bool:
    """Record that the message is in the channel; False where that was known.

    It may have taken so long that it was given up as uncertain, or even queued again.
    """
    known = (DispatchState.SENDING, DispatchState.UNCERTAIN, DispatchState.PLANNED)
    values = {
        "state": DispatchState.SENT,
        "sent_at": tx.now,
        "channel": channel,
        "message_ts": ts,
        "held": False,
    }
    return _step(tx, announcement_id, known, values)


def mark_planned_again(tx: Tx, announcement_id: AnnouncementId, not_before: datetime) -> bool:
    """Give a claim back: the announcement waits until then; False where it was not being sent."""
    values = {"state": DispatchState.PLANNED, "claimed_at": None, "not_before": not_before}
    return _step(tx, announcement_id, (DispatchState.SENDING,), values)


def mark_uncertain(tx: Tx, announcement_id: AnnouncementId) -> bool:
    """Record that nobody knows whether it was sent; False where it was not being sent."""
    values = {"state": DispatchState.UNCERTAIN}
    return _step(tx, announcement_id, (DispatchState.SENDING,), values)


def settle_as_sent(tx: Tx, announcement_id: AnnouncementId) -> bool:
    """Settle an uncertain announcement: it went out when it was claimed, whenever it was found."""
    values = {"state": DispatchState.SENT, "sent_at": AnnouncementRow.claimed_at, "held": False}
    return _step(tx, announcement_id, (DispatchState.UNCERTAIN,), values)


def settle_as_unsent(tx: Tx, announcement_id: AnnouncementId, *, ended: bool) -> bool:
    """Settle an uncertain announcement: back into the queue, or withdrawn where its post ended."""
    state = DispatchState.WITHDRAWN if ended else DispatchState.PLANNED
    values = {"state": state, "claimed_at": None}
    return _step(tx, announcement_id, (DispatchState.UNCERTAIN,), values)


def withdraw_planned(tx: Tx, announcement_id: AnnouncementId) -> bool:
    """Withdraw an announcement that still waits for Slack; False where it does not."""
    values = {"state": DispatchState.WITHDRAWN}
    return _step(tx, announcement_id, (DispatchState.PLANNED,), values)


def record_clicked(tx: Tx, announcement_id: AnnouncementId, channel: str, ts: str) -> bool:
    """Record which message it is, as a click shows; it is held until `release_held`."""
    values = {"channel": channel, "message_ts": ts, "held": True}
    known = (DispatchState.SENDING, DispatchState.UNCERTAIN, DispatchState.SENT)
    return _step(tx, announcement_id, known, values)


def find_uncertain(tx: Tx) -> list[PostId]:
    """The posts of which nobody knows whether they are in the channel."""
    query = select(AnnouncementRow.post_id).where(
        AnnouncementRow.workspace_id == tx.workspace_id,
        AnnouncementRow.state == DispatchState.UNCERTAIN,
    )
    return list(tx.connection.execute(query).scalars())


def find_uncertain_with_message(tx: Tx) -> list[PostId]:
    """The posts with an uncertain announcement whose message is known."""
    query = select(AnnouncementRow.post_id).where(
        AnnouncementRow.workspace_id == tx.workspace_id,
        AnnouncementRow.state == DispatchState.UNCERTAIN,
        AnnouncementRow.message_ts.is_not(None),
    )
    return list(tx.connection.execute(query).scalars())


def release_held(tx: Tx) -> None:
    """Let the messages that are known by a click be brought up to date."""
    held = update(AnnouncementRow).where(
        AnnouncementRow.workspace_id == tx.workspace_id, AnnouncementRow.held.is_(True)
    )
    tx.connection.execute(held.values(held=False))


def _step(
    tx: Tx,
    announcement_id: AnnouncementId,
    known: tuple[DispatchState, ...],
    values: dict[str, Any],
) -> bool:
    mine = update(AnnouncementRow).where(
        AnnouncementRow.id == announcement_id, AnnouncementRow.state.in_(known)
    )
    return tx.connection.execute(mine.values(values)).rowcount == 1


def find_outdated(tx: Tx, most: int) -> list[Announcement]:
    """Messages that do not show what they should: a correction, or that the post has ended."""
    query = (
        _FOUND.join(PostRow, PostRow.id == AnnouncementRow.post_id)
        .where(
            AnnouncementRow.workspace_id == tx.workspace_id,
            AnnouncementRow.state == DispatchState.SENT,
            AnnouncementRow.message_ts.is_not(None),
            AnnouncementRow.held.is_(False),
            AnnouncementRow.shown_ended.is_(False),
            or_(
                PostRow.state.in_(_ENDED),
                AnnouncementRow.shown_revision != PostRow.approved_revision,
            ),
        )
        .order_by(AnnouncementRow.id)
        .limit(most)
    )
    return [Announcement(*row) for row in tx.connection.execute(query)]


def record_shown(
    tx: Tx, announcement_id: AnnouncementId, revision: int | None, *, ended: bool
) -> None:
    """What the message shows now."""
    tx.connection.execute(
        update(AnnouncementRow)
        .where(AnnouncementRow.id == announcement_id)
        .values(shown_revision=revision, shown_ended=ended)
    )
