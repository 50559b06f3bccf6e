"""The record of comms: rows are added, and go only when their years are over.

The database itself refuses to change one, and to delete one that was not released before: the
triggers of migration 0021 compare it with `act_release`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, delete, exists, func, insert, select, update

from bot.domain.ids import PostId, UserId
from bot.domain.record import Act, Entry, Turn
from bot.storage.tables import ActReleaseRow, ActRow, PostRow, RevisionRow
from bot.storage.tx import Tx

_ENTRIES = (
    select(
        ActRow.id,
        ActRow.at,
        ActRow.who,
        ActRow.what,
        ActRow.post_id,
        ActRow.revision,
        ActRow.state_before,
        ActRow.state_after,
        ActRow.detail,
        func.coalesce(RevisionRow.title, ""),
        PostRow.card_link,
    )
    .outerjoin(PostRow, PostRow.id == ActRow.post_id)
    .outerjoin(
        RevisionRow,
        and_(RevisionRow.post_id == ActRow.post_id, RevisionRow.number == ActRow.revision),
    )
)


def record_act(
    tx: Tx,
    user_id: UserId,
    act: Act,
    *,
    post_id: PostId | None = None,
    revision: int | None = None,
    before: str | None = None,
    after: str | None = None,
    detail: str | None = None,
) -> None:
    """Record what somebody in comms has just done, in the transaction that does it.

    What stands here may say nothing about a member: no answer, no number of people, and no state
    that a member's click has changed.
    """
    tx.connection.execute(
        insert(ActRow).values(
            workspace_id=tx.workspace_id,
            at=tx.now,
            who=user_id,
            what=act,
            post_id=post_id,
            revision=revision,
            state_before=before,
            state_after=after,
            detail=detail,
        )
    )


def load_entries(tx: Tx, post_id: PostId | None, turn: Turn | None, most: int) -> list[Entry]:
    """At most so many entries from there on: the next ones in that direction, nearest first.

    Without a `turn` the newest ones.
    """
    query = _ENTRIES.where(ActRow.workspace_id == tx.workspace_id).limit(most)
    if post_id is not None:
        query = query.where(ActRow.post_id == post_id)
    if turn is None or turn.older:
        query = query.order_by(ActRow.id.desc())
    else:
        query = query.where(ActRow.id > turn.entry_id).order_by(ActRow.id)
    if turn is not None and turn.older:
        query = query.where(ActRow.id < turn.entry_id)
    return [Entry(*row) for row in tx.connection.execute(query)]


def is_recorded(tx: Tx, user_id: UserId) -> bool:
    """Whether there is an entry about what this person did as one of comms."""
    theirs = and_(ActRow.workspace_id == tx.workspace_id, ActRow.who == user_id)
    return tx.connection.execute(select(exists().where(theirs))).scalar_one()


def erase_before(tx: Tx, moment: datetime) -> int:
    """Delete the entries that are older than that. How many."""
    old = and_(ActRow.workspace_id == tx.workspace_id, ActRow.at < moment)
    if not tx.connection.execute(select(exists().where(old))).scalar_one():
        return 0
    released = update(ActReleaseRow).where(ActReleaseRow.workspace_id == tx.workspace_id)
    if tx.connection.execute(released.values(before=moment)).rowcount == 0:
        first = insert(ActReleaseRow).values(workspace_id=tx.workspace_id, before=moment)
        tx.connection.execute(first)
    return tx.connection.execute(delete(ActRow).where(old)).rowcount
