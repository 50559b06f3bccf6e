"""Posts' cards in the comms channel: which ones do not show what they should."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select, update

from bot.domain.ids import PostId
from bot.domain.post import PostState
from bot.storage.tables import PostRow
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Card:
    """A post's card in the comms channel: its message and its address, None before it was sent."""

    post_id: PostId
    message_ts: str | None
    version: int
    link: str | None = None


def mark_queued_outdated(tx: Tx) -> None:
    """Mark the cards of waiting posts as outdated: the moment on them has changed."""
    tx.connection.execute(
        update(PostRow)
        .where(PostRow.workspace_id == tx.workspace_id, PostRow.state == PostState.APPROVED)
        .values(version=PostRow.version + 1)
    )


def mark_waiting_outdated(tx: Tx) -> None:
    """Mark the cards of posts that wait for approval as outdated: their audience has changed."""
    waits = PostState.IN_REVIEW
    tx.connection.execute(
        update(PostRow)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            or_(PostRow.state == waits, PostRow.correction == waits),
        )
        .values(version=PostRow.version + 1)
    )


def find_outdated(tx: Tx, most: int) -> list[Card]:
    """Cards that do not show what they should. A draft that never was more has none."""
    query = (
        select(PostRow.id, PostRow.card_ts, PostRow.version, PostRow.card_link)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.card_version != PostRow.version,
            or_(
                PostRow.card_ts.is_not(None),
                PostRow.state.not_in((PostState.DRAFT, PostState.WITHDRAWN)),
            ),
        )
        .order_by(PostRow.id)
        .limit(most)
    )
    return [Card(*row) for row in tx.connection.execute(query)]


def exists(tx: Tx, post_id: PostId) -> bool:
    """Whether the post has a card in the channel, which may be far up by now."""
    query = select(PostRow.card_ts).where(PostRow.id == post_id)
    return tx.connection.execute(query).scalar_one() is not None


def record_shown(tx: Tx, post_id: PostId, ts: str, version: int, link: str | None) -> None:
    """The card shows `version` of the post now, at `link`; a newer one may already wait."""
    shown = {"card_ts": ts, "card_version": version, "card_link": link}
    tx.connection.execute(update(PostRow).where(PostRow.id == post_id).values(shown))
