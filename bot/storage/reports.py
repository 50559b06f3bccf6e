"""What reports show of posts: what is published of them, and when they went out and ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select

from bot.domain.ids import PostId
from bot.domain.post import PostState
from bot.domain.report import ReportedPost
from bot.storage import figures
from bot.storage.tables import APPROVED_CONTENT, PostFiguresRow, PostRow, RevisionRow
from bot.storage.tx import Tx

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
    """The newest posts that went out, the last one first."""
    found = _load(tx, _posts(tx).where(PostRow.state.in_(_OUT)).limit(most))
    return sorted(found, key=lambda post: post.live_at or tx.now, reverse=True)


def has_waiting(tx: Tx, month: date) -> bool:
    """Whether posts of that month wait for figures together with those of a later one."""
    query = select(func.count()).where(
        PostFiguresRow.workspace_id == tx.workspace_id,
        PostFiguresRow.month == month,
        PostFiguresRow.cells.is_not(None),
    )
    return bool(tx.connection.execute(query).scalar_one())


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
