"""Announcements: the intent to post in the opt-in channel, the claim, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    ScalarSelect,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.model import DispatchState, PostState
from bot.domain.queue import Announced, Waiting
from bot.storage.tables import AnnouncementRow, PostRow, RevisionRow, WorkspaceRow

REMEMBERED = 200  # announcements that pacing and taking turns look back on

# Slack's refusals that are about the channel or the bot, not about one post's text.
WHOLE_CHANNEL = frozenset(
    {
        "throttled",
        "unreachable",
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "missing_scope",
        "invalid_auth",
    }
)
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

    id: int
    post: int
    state: DispatchState
    channel: str | None
    ts: str | None


_FOUND = select(
    AnnouncementRow.id,
    AnnouncementRow.post_id,
    AnnouncementRow.state,
    AnnouncementRow.channel,
    AnnouncementRow.message_ts,
)


def recent(connection: Connection, workspace: str) -> list[Announced]:
    """What went out, or may have gone out, newest first."""
    rows = connection.execute(_RECENT, {"workspace": workspace})
    return [Announced(row.sent_at or row.claimed_at, tuple(row.topics)) for row in rows]


def waiting(connection: Connection, workspace: str) -> list[Waiting]:
    """The approved posts that have not gone out; a throttled one waits as Slack said."""
    rows = connection.execute(_WAITING, {"workspace": workspace}).all()
    # What keeps one post out of the channel keeps out the next: then they wait together.
    held = [row.held_until for row in rows if row.held_until and row.trouble in WHOLE_CHANNEL]
    together = max(held, default=None)
    return [
        Waiting(
            post=row.id,
            topics=tuple(row.topics),
            since=row.approved_at,
            not_before=max(filter(None, (row.not_before, row.held_until, together)), default=None),
            expires_at=row.expires_at,
        )
        for row in rows
    ]


def under_way(connection: Connection, workspace: str) -> bool:
    """Whether an announcement is being sent just now."""
    query = select(AnnouncementRow.id).where(
        AnnouncementRow.workspace_id == workspace, AnnouncementRow.state == DispatchState.SENDING
    )
    return connection.execute(query.limit(1)).first() is not None


def claim(
    connection: Connection, workspace: str, post: int, revision: int | None, now: datetime
) -> int:
    """Take a post for sending with this revision; returns the announcement's id."""
    values = {
        "state": DispatchState.SENDING,
        "claimed_at": now,
        "not_before": None,
        # If the message gets there, this is what it shows, whatever is written meanwhile.
        "shown_revision": revision,
    }
    planned = (
        update(AnnouncementRow)
        .where(AnnouncementRow.post_id == post, AnnouncementRow.state == DispatchState.PLANNED)
        .values(**values)
        .returning(AnnouncementRow.id)
    )
    known: int | None = connection.execute(planned).scalar_one_or_none()
    if known is not None:
        return known
    new = insert(AnnouncementRow).values(
        workspace_id=workspace, post_id=post, shown_ended=False, **values
    )
    return connection.execute(new.returning(AnnouncementRow.id)).scalar_one()


def find(connection: Connection, workspace: str, post: int) -> Announcement | None:
    """A post's announcement, if one was ever tried."""
    query = _FOUND.where(AnnouncementRow.workspace_id == workspace, AnnouncementRow.post_id == post)
    row = connection.execute(query).one_or_none()
    return None if row is None else Announcement(*row)


def moment_sent(post: int) -> ScalarSelect[datetime | None]:
    """When a post's announcement went out, as a value for a statement."""
    query = select(AnnouncementRow.sent_at).where(AnnouncementRow.post_id == post)
    return query.scalar_subquery()


def abandoned(connection: Connection, workspace: str, before: datetime) -> list[Announcement]:
    """Announcements claimed before that moment and not settled: their sender has died."""
    query = _FOUND.where(
        AnnouncementRow.workspace_id == workspace,
        AnnouncementRow.state == DispatchState.SENDING,
        AnnouncementRow.claimed_at < before,
    )
    return [Announcement(*row) for row in connection.execute(query)]


def change(connection: Connection, announcement: int, was: DispatchState, **values: Any) -> bool:
    """Change an announcement that is still in the state `was`; False where it is not."""
    changed = update(AnnouncementRow).where(
        AnnouncementRow.id == announcement, AnnouncementRow.state == was
    )
    return connection.execute(changed.values(**values)).rowcount == 1


def outdated(connection: Connection, workspace: str, most: int) -> list[Announcement]:
    """Messages that do not show what they should: a correction, or that the post has ended."""
    query = (
        _FOUND.join(PostRow, PostRow.id == AnnouncementRow.post_id)
        .where(
            AnnouncementRow.workspace_id == workspace,
            AnnouncementRow.state == DispatchState.SENT,
            AnnouncementRow.message_ts.is_not(None),
            AnnouncementRow.shown_ended.is_(False),
            or_(
                PostRow.state.in_(_ENDED),
                AnnouncementRow.shown_revision != PostRow.approved_revision,
            ),
        )
        .order_by(AnnouncementRow.id)
        .limit(most)
    )
    return [Announcement(*row) for row in connection.execute(query)]


def shows(connection: Connection, announcement: int, revision: int | None, *, ended: bool) -> None:
    """What the message shows now."""
    connection.execute(
        update(AnnouncementRow)
        .where(AnnouncementRow.id == announcement)
        .values(shown_revision=revision, shown_ended=ended)
    )
