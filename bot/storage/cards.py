"""Posts' cards in the comms channel: which ones do not show what they should."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, or_, select, update

from bot.domain.model import PostState
from bot.storage.tables import PostRow


@dataclass(frozen=True, slots=True)
class Card:
    """A post's card in the comms channel: its message, None before it was sent."""

    post: int
    ts: str | None
    version: int


def queue_changed(connection: Connection, workspace: str) -> None:
    """The cards of waiting posts tell when they go out; something has moved that."""
    connection.execute(
        update(PostRow)
        .where(PostRow.workspace_id == workspace, PostRow.state == PostState.APPROVED)
        .values(version=PostRow.version + 1)
    )


def stale(connection: Connection, workspace: str, most: int) -> list[Card]:
    """Cards that do not show what they should. A draft that never was more has none."""
    query = (
        select(PostRow.id, PostRow.card_ts, PostRow.version)
        .where(
            PostRow.workspace_id == workspace,
            PostRow.card_version != PostRow.version,
            or_(
                PostRow.card_ts.is_not(None),
                PostRow.state.not_in((PostState.DRAFT, PostState.WITHDRAWN)),
            ),
        )
        .order_by(PostRow.id)
        .limit(most)
    )
    return [Card(*row) for row in connection.execute(query)]


def is_there(connection: Connection, post: int) -> bool:
    """Whether the post has a card in the channel, which may be far up by now."""
    query = select(PostRow.card_ts).where(PostRow.id == post)
    return connection.execute(query).scalar_one() is not None


def shows(connection: Connection, post: int, ts: str, version: int) -> None:
    """The card shows `version` of the post now; a newer one may already wait."""
    connection.execute(
        update(PostRow).where(PostRow.id == post).values(card_ts=ts, card_version=version)
    )
