"""Which posts wait for approval, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, and_, bindparam, cast, func, or_, select

from bot.domain.ids import PostId
from bot.domain.model import NoticeKind
from bot.domain.post import PostState
from bot.domain.record import Act
from bot.storage.tables import ActRow, NoticeRow, PostRow, RevisionRow
from bot.storage.tx import Tx

_SUBMITTED = (
    select(func.max(ActRow.at))
    .where(
        ActRow.post_id == PostRow.id, ActRow.revision == PostRow.revision, ActRow.what == Act.SUBMIT
    )
    .scalar_subquery()
)
_TOLD = select(NoticeRow.id).where(
    NoticeRow.post_id == PostRow.id,
    NoticeRow.kind == NoticeKind.STILL_WAITS,
    NoticeRow.detail == cast(PostRow.revision, String),
)
_WAITING = (
    # What was sent before there was a record waits since it was written.
    select(PostRow.id, PostRow.revision, func.coalesce(_SUBMITTED, RevisionRow.written_at))
    .join(
        RevisionRow,
        and_(RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.revision),
    )
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state.in_((PostState.IN_REVIEW, PostState.LIVE)),
        or_(PostRow.state == PostState.IN_REVIEW, PostRow.correction == PostState.IN_REVIEW),
        ~_TOLD.exists(),
    )
    .order_by(PostRow.id)
)


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """A post whose newest revision waits for approval since `since`."""

    post_id: PostId
    revision: int
    since: datetime


def find_waiting(tx: Tx) -> list[WaitingPost]:
    """The posts that wait, and of which comms were not reminded in this revision."""
    rows = tx.connection.execute(_WAITING, {"workspace": tx.workspace_id})
    return [WaitingPost(*row) for row in rows]
