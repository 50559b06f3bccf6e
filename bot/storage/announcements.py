"""Announcements: posts in the opt-in channel; `dispatches` writes their states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, insert, or_, select, update

from bot.domain.channel_queue import PastAnnouncement, QueuedPost
from bot.domain.ids import AnnouncementId, PostId
from bot.domain.model import DispatchState
from bot.domain.post import PostState
from bot.domain.troubles import concerns_channel
from bot.storage.tables import APPROVED_CONTENT, AnnouncementRow, PostRow, RevisionRow, WorkspaceRow
from bot.storage.tx import Tx

REMEMBERED = 100  # announcements that pacing and taking turns look back on; a week has fewer

_COUNTS = (DispatchState.SENDING, DispatchState.SENT, DispatchState.UNCERTAIN)
_ENDED = (PostState.WITHDRAWN, PostState.EXPIRED)
_RECENT = (
    select(AnnouncementRow.sent_at, AnnouncementRow.claimed_at, RevisionRow.topics)
    .join(PostRow, PostRow.id == AnnouncementRow.post_id)
    .join(RevisionRow, APPROVED_CONTENT)
    .where(
        AnnouncementRow.workspace_id == bindparam("workspace"),
        AnnouncementRow.state.in_(_COUNTS),
    )
    .order_by(AnnouncementRow.claimed_at.desc())
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
    .join(RevisionRow, APPROVED_CONTENT)
    .outerjoin(AnnouncementRow, AnnouncementRow.post_id == PostRow.id)
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.APPROVED,
        RevisionRow.channel.is_(True),
        or_(AnnouncementRow.state.is_(None), AnnouncementRow.state == DispatchState.PLANNED),
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


FOUND = select(
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
    rows = _load_waiting(tx)
    # What keeps one post out of the channel keeps out the next: then they wait together.
    held = [row.held_until for row in rows if row.held_until and concerns_channel(row.trouble)]
    together = max(held, default=None)
    return [
        _queued(row, max(filter(None, (row.not_before, row.held_until, together)), default=None))
        for row in rows
    ]


def load_approved_posts(tx: Tx) -> list[QueuedPost]:
    """The same posts as if Slack took everything: what comms let wait, and nothing else."""
    return [_queued(row, row.not_before) for row in _load_waiting(tx)]


def _load_waiting(tx: Tx) -> Sequence[Any]:
    return tx.connection.execute(_WAITING, {"workspace": tx.workspace_id}).all()


def _queued(row: Any, not_before: datetime | None) -> QueuedPost:
    return QueuedPost(
        post_id=row.id,
        topics=tuple(row.topics),
        since=row.approved_at,
        not_before=not_before,
        expires_at=row.expires_at,
        place=row.queue_place,
    )


def is_sending(tx: Tx) -> bool:
    """Whether an announcement is being sent just now."""
    query = select(AnnouncementRow.id).where(
        AnnouncementRow.workspace_id == tx.workspace_id,
        AnnouncementRow.state == DispatchState.SENDING,
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def insert_planned(tx: Tx, post_id: PostId) -> Announcement:
    """Record the intent to announce a post for which none was recorded yet."""
    state = DispatchState.PLANNED
    new = insert(AnnouncementRow).values(
        workspace_id=tx.workspace_id, post_id=post_id, state=state, shown_ended=False, held=False
    )
    announcement_id = tx.connection.execute(new.returning(AnnouncementRow.id)).scalar_one()
    return Announcement(announcement_id, post_id, state, None, None)


def find(tx: Tx, post_id: PostId) -> Announcement | None:
    """A post's announcement, if one was ever tried."""
    query = FOUND.where(
        AnnouncementRow.workspace_id == tx.workspace_id, AnnouncementRow.post_id == post_id
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else Announcement(*row)


def select_sent_at(post_id: PostId) -> ScalarSelect[datetime | None]:
    """When a post's announcement went out, as a value for a statement."""
    query = select(AnnouncementRow.sent_at).where(AnnouncementRow.post_id == post_id)
    return query.scalar_subquery()


def record_clicked(tx: Tx, post_id: PostId, channel: str, ts: str) -> None:
    """Record which message it is, as a click shows; it is held until `release_held`."""
    unknown = update(AnnouncementRow).where(
        AnnouncementRow.post_id == post_id, AnnouncementRow.message_ts.is_(None)
    )
    tx.connection.execute(unknown.values(channel=channel, message_ts=ts, held=True))


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


def find_outdated(tx: Tx, most: int) -> list[Announcement]:
    """Messages that do not show what they should: a correction, or that the post has ended."""
    query = (
        FOUND.join(PostRow, PostRow.id == AnnouncementRow.post_id)
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
