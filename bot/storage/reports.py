"""What reports show of posts: what is published of them, and when they went out and ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from bot.domain import spans
from bot.domain.ids import PostId
from bot.domain.post import PostState
from bot.domain.report import ReportedPost
from bot.storage import figures
from bot.storage.tables import APPROVED_CONTENT, PostFiguresRow, PostRow, RevisionRow
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class EndedInMonth:
    """When a post ended; whether figures of it were computed, and wait for those of a month."""

    ended_at: datetime
    counted: bool
    waits: bool


_OUT = (PostState.LIVE, PostState.WITHDRAWN, PostState.EXPIRED)


def find_post(tx: Tx, post_id: PostId) -> tuple[ReportedPost, PostState] | None:
    """A post that went out, and where it stands; None where there is no such post."""
    row = tx.connection.execute(_posts(tx).where(PostRow.id == post_id)).one_or_none()
    return None if row is None else (_post(row), row.state)


def load_closed(tx: Tx, first: date, last: date) -> list[ReportedPost]:
    """The posts that ended in these months and of which figures were computed, newest first."""
    closed = _posts(tx).where(
        PostFiguresRow.workspace_id == tx.workspace_id,
        PostFiguresRow.month >= first,
        PostFiguresRow.month <= last,
    )
    return _load(tx, closed)


def load_out(tx: Tx, most: int) -> list[ReportedPost]:
    """The posts that went out last, the newest first."""
    newest = (PostRow.live_at.desc(), PostRow.id.desc())
    out = _posts(tx).where(PostRow.state.in_(_OUT)).order_by(None).order_by(*newest)
    return _load(tx, out.limit(most))


def find_ended(tx: Tx, month: date, zone: str) -> list[EndedInMonth]:
    """The posts that went out and ended in a month, on the clock of an IANA zone."""
    begin, end = spans.bounds(month, zone)
    query = (
        select(
            PostRow.ended_at,
            PostFiguresRow.post_id.is_not(None).label("counted"),
            PostFiguresRow.cells.is_not(None).label("waits"),
        )
        .outerjoin(PostFiguresRow, PostFiguresRow.post_id == PostRow.id)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.live_at.is_not(None),
            PostRow.ended_at >= begin,
            PostRow.ended_at < end,
        )
    )
    return [
        EndedInMonth(row.ended_at, row.counted, row.waits)
        for row in tx.connection.execute(query)
        if row.ended_at
    ]


def _posts(tx: Tx) -> Select[*tuple[Any, ...]]:
    return (
        select(
            PostRow.id,
            PostRow.state,
            PostRow.card_link,
            PostRow.live_at,
            PostRow.ended_at,
            RevisionRow.title,
            PostFiguresRow.figures,
        )
        .join(RevisionRow, APPROVED_CONTENT)
        .outerjoin(PostFiguresRow, PostFiguresRow.post_id == PostRow.id)
        .where(PostRow.workspace_id == tx.workspace_id, PostRow.live_at.is_not(None))
        .order_by(PostRow.id.desc())
    )


def _load(tx: Tx, query: Select[*tuple[Any, ...]]) -> list[ReportedPost]:
    return [_post(row) for row in tx.connection.execute(query)]


def _post(row: Row[*tuple[Any, ...]]) -> ReportedPost:
    written: Sequence[Sequence[Any]] | None = row.figures
    return ReportedPost(
        row.id,
        row.title,
        row.card_link,
        row.live_at,
        row.ended_at,
        None if written is None else figures.read_figures(written),
    )
