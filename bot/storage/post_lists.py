"""What lists of posts are made from: which ones a screen shows, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Select, and_, bindparam, func, or_, select, union_all

from bot.domain.desk import Standing
from bot.domain.ids import PostId
from bot.domain.post import PostState
from bot.storage.tables import APPROVED_CONTENT, PostRow, RevisionRow
from bot.storage.tx import Tx

_BY_STATE = (
    select(PostRow.state, func.count().label("posts"))
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state.in_(bindparam("states", expanding=True)),
    )
    .group_by(PostRow.state)
)
_WAITING = (
    select(
        PostRow.id, PostRow.state, PostRow.correction, RevisionRow.writer, RevisionRow.expires_at
    )
    .join(
        RevisionRow,
        and_(RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.revision),
    )
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state.in_((PostState.IN_REVIEW, PostState.RETURNED, PostState.LIVE)),
        or_(PostRow.state != PostState.LIVE, PostRow.correction.is_not(None)),
    )
)
_SHAREABLE = (
    select(func.count())
    .select_from(PostRow)
    .join(RevisionRow, APPROVED_CONTENT)
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.LIVE,
        or_(RevisionRow.expires_at.is_(None), RevisionRow.expires_at > bindparam("now")),
    )
)
_UNTOUCHED = and_(
    PostRow.workspace_id == bindparam("workspace"),
    PostRow.state == PostState.DRAFT,
    PostRow.revision == 1,
    PostRow.from_feed != "",
)


def count_by_state(tx: Tx, states: Collection[PostState]) -> Counter[PostState]:
    """How many posts there are in each of these states."""
    values = {"workspace": tx.workspace_id, "states": list(states)}
    rows = tx.connection.execute(_BY_STATE, values)
    return Counter({row.state: row.posts for row in rows})


def find_some_of_each(tx: Tx, states: Collection[PostState], most: int) -> list[PostId]:
    """The newest posts of each state, at most so many; of those in review the oldest."""
    some = [
        _in_state(tx, state)
        .order_by(PostRow.id if state is PostState.IN_REVIEW else PostRow.id.desc())
        .limit(most)
        .subquery()
        for state in states
    ]
    return list(tx.connection.execute(union_all(*map(select, some))).scalars())


def find_approved_but(tx: Tx, others: Collection[PostId], most: int) -> list[PostId]:
    """The newest approved posts but these."""
    query = _in_state(tx, PostState.APPROVED).where(PostRow.id.not_in(others))
    return list(tx.connection.execute(query.order_by(PostRow.id.desc()).limit(most)).scalars())


def _in_state(tx: Tx, state: PostState) -> Select[PostId]:
    return select(PostRow.id).where(PostRow.workspace_id == tx.workspace_id, PostRow.state == state)


def load_waiting(tx: Tx) -> list[Standing]:
    """The posts in review or sent back, and the live ones with a correction."""
    rows = tx.connection.execute(_WAITING, {"workspace": tx.workspace_id})
    return [Standing(*row) for row in rows]


def find_untouched(tx: Tx, most: int) -> list[PostId]:
    """The newest drafts from feeds that nobody has written in yet."""
    query = select(PostRow.id).where(_UNTOUCHED).order_by(PostRow.id.desc()).limit(most)
    return list(tx.connection.execute(query, {"workspace": tx.workspace_id}).scalars())


def count_untouched(tx: Tx) -> int:
    """How many drafts from feeds there are that nobody has written in yet."""
    query = select(func.count()).select_from(PostRow).where(_UNTOUCHED)
    return tx.connection.execute(query, {"workspace": tx.workspace_id}).scalar_one()


def count_shareable(tx: Tx) -> int:
    """How many posts can be shared now."""
    values = {"workspace": tx.workspace_id, "now": tx.now}
    return tx.connection.execute(_SHAREABLE, values).scalar_one()
