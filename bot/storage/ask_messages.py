"""The messages of asks: which of them do not show what they should."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, or_, select, update

from bot.domain.ids import AskId, MemberId, UserId
from bot.domain.model import DispatchState, Outcome
from bot.domain.post import PostState
from bot.storage.asks import COLUMNS, Ask, as_ask
from bot.storage.tables import AskRow, MemberRow, PostRow
from bot.storage.tx import Tx


def is_any_outdated(tx: Tx) -> bool:
    """Whether messages of asks may not show what they should."""
    query = select(PostRow.id).where(
        PostRow.workspace_id == tx.workspace_id, PostRow.asks_stale.is_(True)
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def find_outdated(tx: Tx, most: int) -> list[tuple[Ask, UserId]]:
    """Messages of asks that do not show that their post ended or was corrected, and for whom."""
    query = (
        select(*COLUMNS, MemberRow.user)
        .join(PostRow, PostRow.id == AskRow.post_id)
        .join(MemberRow, MemberRow.id == AskRow.member_id)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.asks_stale.is_(True),
            _outdated(),
        )
        .order_by(AskRow.id)
        .limit(most)
    )
    return [(as_ask(row[:-1]), row.user) for row in tx.connection.execute(query)]


def record_refreshed(tx: Tx) -> None:
    """Record which posts have no outdated ask messages left."""
    stale = select(AskRow.id).where(AskRow.post_id == PostRow.id, _outdated())
    done = update(PostRow).where(
        PostRow.workspace_id == tx.workspace_id, PostRow.asks_stale.is_(True), ~stale.exists()
    )
    tx.connection.execute(done.values(asks_stale=False))


def is_message_known(tx: Tx, member_id: MemberId, channel: str, ts: str) -> bool:
    """Whether this is the message of one of the member's asks."""
    query = select(AskRow.id).where(
        AskRow.member_id == member_id, AskRow.channel == channel, AskRow.message_ts == ts
    )
    return tx.connection.execute(query.limit(1)).first() is not None


def mark_maybe_outdated(tx: Tx, ask_id: AskId) -> None:
    """Note that the message of this ask, just known, may be outdated."""
    mine = select(AskRow.post_id).where(
        AskRow.id == ask_id, AskRow.post_id == PostRow.id, _outdated()
    )
    stale = update(PostRow).where(PostRow.asks_stale.is_(False), mine.exists())
    tx.connection.execute(stale.values(asks_stale=True))


def record_shown(tx: Tx, ask_id: AskId, revision: int | None, *, ended: bool) -> None:
    """What the message shows now."""
    shown = update(AskRow).where(AskRow.id == ask_id)
    tx.connection.execute(shown.values(shown_revision=revision, shown_ended=ended))


def _outdated() -> Any:
    ended = PostRow.state.in_((PostState.WITHDRAWN, PostState.EXPIRED))
    return and_(
        AskRow.state == DispatchState.SENT,
        AskRow.message_ts.is_not(None),
        AskRow.shown_ended.is_(False),
        or_(ended, and_(AskRow.shown_revision != PostRow.approved_revision, ~_says_otherwise())),
    )


def _says_otherwise() -> Any:
    """After these outcomes the message no longer shows the post as a question."""
    return func.coalesce(AskRow.outcome, "").in_((Outcome.SKIPPED, Outcome.LATER))
