"""Live posts as the planner sees them: what they are about, whom they reach, how it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from bot.domain.first_group import Trial
from bot.domain.ids import PostId
from bot.domain.model import Outcome, Reach
from bot.domain.post import Network, PostState
from bot.storage.tables import AskRow, MemberRow, PostRow, RevisionRow, WordingRow
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class AskablePost:
    """A live post that members may be asked about."""

    post_id: PostId
    revision: int
    topics: tuple[str, ...]
    networks: frozenset[Network]
    live_at: datetime
    expires_at: datetime | None
    reach: Reach
    first_group: int | None


_ASKABLE = (
    select(
        PostRow.id,
        PostRow.approved_revision,
        RevisionRow.topics,
        PostRow.live_at,
        RevisionRow.expires_at,
        PostRow.reach,
        PostRow.first_group,
    )
    .join(
        RevisionRow,
        and_(RevisionRow.post_id == PostRow.id, RevisionRow.number == PostRow.approved_revision),
    )
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.LIVE,
        PostRow.reach.in_(bindparam("reaches", expanding=True)),
        PostRow.live_at.is_not(None),
        or_(RevisionRow.expires_at.is_(None), RevisionRow.expires_at > bindparam("now")),
    )
    .order_by(PostRow.id)
)
_UNSIZED = (
    select(PostRow.id)
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.LIVE,
        PostRow.reach == Reach.FIRST_GROUP,
        PostRow.first_group.is_(None),
    )
    .limit(1)
)
_NETWORKS = (
    select(WordingRow.post_id, WordingRow.network)
    .join(
        PostRow,
        and_(PostRow.id == WordingRow.post_id, PostRow.approved_revision == WordingRow.revision),
    )
    .where(PostRow.id.in_(bindparam("posts", expanding=True)))
    .distinct()
)
_ANSWERED = (Outcome.SHARED, Outcome.SKIPPED, Outcome.LATER, Outcome.OTHER)
_TRIALS = (
    select(
        AskRow.post_id,
        func.count().label("asked"),
        func.sum(case((AskRow.outcome.in_(_ANSWERED), 1), else_=0)).label("answers"),
        func.sum(case((AskRow.outcome == Outcome.SKIPPED, 1), else_=0)).label("skips"),
        func.min(AskRow.asked_at, type_=AskRow.asked_at.type).label("since"),
    )
    .join(
        PostRow,
        and_(PostRow.id == AskRow.post_id, PostRow.approved_revision == AskRow.revision),
    )
    .where(AskRow.post_id.in_(bindparam("posts", expanding=True)))
    .group_by(AskRow.post_id)
)

_COUNT_ASKED = (
    update(PostRow)
    .where(PostRow.id == bindparam("post"))
    .values(asked=PostRow.asked + bindparam("more"))
)


def load_askable(tx: Tx, *reaches: Reach) -> list[AskablePost]:
    """The live posts of these reaches, by number; without one, all that may be proposed at all."""
    wanted = reaches or (Reach.FIRST_GROUP, Reach.EVERYBODY)
    values = {"workspace": tx.workspace_id, "now": tx.now, "reaches": wanted}
    rows = tx.connection.execute(_ASKABLE, values).all()
    networks: dict[int, set[Network]] = {row.id: set() for row in rows}
    if rows:
        for wording in tx.connection.execute(_NETWORKS, {"posts": list(networks)}):
            networks[wording.post_id].add(wording.network)
    return [
        AskablePost(
            post_id=row.id,
            revision=row.approved_revision,
            topics=tuple(row.topics),
            networks=frozenset(networks[row.id]),
            live_at=row.live_at,
            expires_at=row.expires_at,
            reach=row.reach,
            first_group=row.first_group,
        )
        for row in rows
    ]


def is_any_unsized(tx: Tx) -> bool:
    """Whether the first group of a live post has no size yet."""
    return tx.connection.execute(_UNSIZED, {"workspace": tx.workspace_id}).first() is not None


def load_trials(tx: Tx, posts: Sequence[AskablePost]) -> dict[PostId, Trial]:
    """How the first groups of these posts answered so far; none for a group without a size yet."""
    sizes = {post.post_id: post.first_group for post in posts if post.first_group is not None}
    found = {post: Trial(size, 0, 0, 0, None) for post, size in sizes.items()}
    if found:
        for row in tx.connection.execute(_TRIALS, {"posts": list(found)}):
            size = found[row.post_id].size
            found[row.post_id] = Trial(size, row.asked, row.answers, row.skips, row.since)
    return found


def count_fitting(tx: Tx, post: AskablePost) -> int:
    """How many members who may be asked follow a topic of the post and have an audience for it."""
    query = select(func.count()).where(
        MemberRow.workspace_id == tx.workspace_id,
        MemberRow.next_ask_at.is_not(None),
        _holds_any(MemberRow.topics.expression, post.topics),
        _holds_any(MemberRow.networks.expression, [network.value for network in post.networks]),
    )
    return tx.connection.execute(query).scalar_one()


def record_first_group(tx: Tx, post_id: PostId, size: int) -> None:
    """How many are asked first."""
    tx.connection.execute(update(PostRow).where(PostRow.id == post_id).values(first_group=size))


def record_reach(tx: Tx, post_id: PostId, reach: Reach) -> bool:
    """Whom the post may be proposed to from now on; False where it was so already."""
    changed = update(PostRow).where(PostRow.id == post_id, PostRow.reach != reach)
    return tx.connection.execute(changed.values(reach=reach)).rowcount == 1


def load_reach(tx: Tx, post_id: PostId) -> Reach:
    """Whom the post may be proposed to."""
    return tx.connection.execute(select(PostRow.reach).where(PostRow.id == post_id)).scalar_one()


def restart_first_group(tx: Tx, post_id: PostId) -> None:
    """Begin a new first group for new words; a post that reaches everybody stays so."""
    changed = update(PostRow).where(PostRow.id == post_id, PostRow.reach != Reach.EVERYBODY)
    tx.connection.execute(changed.values(reach=Reach.FIRST_GROUP, first_group=None))


def record_asked(tx: Tx, counts: dict[PostId, int]) -> None:
    """Add to how many members each post was proposed to."""
    # In one order, so that two processes never wait for each other.
    values = [{"post": post, "more": more} for post, more in sorted(counts.items())]
    if values:
        tx.connection.execute(_COUNT_ASKED, values)


def _holds_any(column: ColumnElement[tuple[str, ...]], words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a list of words holds one of these: see `columns.Listed`."""
    text = type_coerce(column, String)
    return or_(*(text.contains(f",{word},", autoescape=True) for word in words), false())
