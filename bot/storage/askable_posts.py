"""Live posts as the planner sees them: what they are about, whom they reach, how it goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    distinct,
    false,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from bot.domain.first_group import Trial
from bot.domain.ids import PostId, UserId
from bot.domain.model import DispatchState, Outcome, Reach
from bot.domain.post import Network, PostState, Verdict
from bot.domain.topics import topic_keys
from bot.storage.tables import (
    APPROVED_CONTENT,
    AskRow,
    DecisionRow,
    MemberRow,
    PostRow,
    RevisionRow,
    WordingRow,
)
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class AskablePost:
    """A live post that members may be asked about; its approved text is live since then.

    `topics` are keys, as members' rows have them.
    """

    post_id: PostId
    revision: int
    topics: tuple[str, ...]
    networks: frozenset[Network]
    live_at: datetime
    expires_at: datetime | None
    reach: Reach
    text_live_at: datetime


_APPROVED_AT = (
    select(func.max(DecisionRow.at, type_=DecisionRow.at.type))
    .where(
        DecisionRow.post_id == PostRow.id,
        DecisionRow.revision == PostRow.approved_revision,
        DecisionRow.what == Verdict.APPROVED,
    )
    .scalar_subquery()
)
_ASKABLE = (
    select(
        PostRow.id,
        PostRow.approved_revision,
        RevisionRow.topics,
        PostRow.live_at,
        RevisionRow.expires_at,
        PostRow.reach,
        _APPROVED_AT.label("text_approved_at"),
    )
    .join(RevisionRow, APPROVED_CONTENT)
    .where(
        PostRow.workspace_id == bindparam("workspace"),
        PostRow.state == PostState.LIVE,
        PostRow.reach.in_(bindparam("reaches", expanding=True)),
        PostRow.live_at.is_not(None),
        RevisionRow.direct.is_(True),
        or_(RevisionRow.expires_at.is_(None), RevisionRow.expires_at > bindparam("now")),
    )
    .order_by(PostRow.id)
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
        func.count(distinct(AskRow.member_id)).label("asked"),
        func.count(distinct(case((AskRow.outcome.in_(_ANSWERED), AskRow.member_id)))).label(
            "answers"
        ),
        func.count(distinct(case((AskRow.outcome == Outcome.SKIPPED, AskRow.member_id)))).label(
            "skips"
        ),
    )
    .join(
        PostRow,
        and_(PostRow.id == AskRow.post_id, PostRow.approved_revision == AskRow.revision),
    )
    .join(MemberRow, MemberRow.id == AskRow.member_id)
    .where(
        AskRow.post_id.in_(bindparam("posts", expanding=True)),
        AskRow.state != DispatchState.PLANNED,
        MemberRow.user.not_in(bindparam("apart", expanding=True)),
    )
    .group_by(AskRow.post_id)
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
            topics=topic_keys(row.topics),
            networks=frozenset(networks[row.id]),
            live_at=row.live_at,
            expires_at=row.expires_at,
            reach=row.reach,
            text_live_at=max(row.live_at, row.text_approved_at or row.live_at),
        )
        for row in rows
    ]


def load_trials(
    tx: Tx, posts: Sequence[AskablePost], apart: Collection[UserId]
) -> dict[PostId, Trial]:
    """How members, apart from these people, answered the texts as approved now.

    A post that nobody was asked about is left out.
    """
    values = {"posts": [post.post_id for post in posts], "apart": list(apart)}
    return {
        row.post_id: Trial(row.asked, row.answers, row.skips)
        for row in tx.connection.execute(_TRIALS, values)
    }


def count_fitting(tx: Tx, post: AskablePost, apart: Collection[UserId]) -> int:
    """How many members, apart from these people, may be asked about the post.

    They follow a topic of it and have an audience on one of its networks.
    """
    query = select(func.count()).where(
        MemberRow.workspace_id == tx.workspace_id,
        MemberRow.next_ask_at.is_not(None),
        MemberRow.user.not_in(apart),
        _holds_any(MemberRow.topics.expression, post.topics),
        _holds_any(MemberRow.networks.expression, [network.value for network in post.networks]),
    )
    return tx.connection.execute(query).scalar_one()


def record_reach(tx: Tx, post_id: PostId, reach: Reach) -> None:
    """Whom the post may be proposed to from now on."""
    tx.connection.execute(update(PostRow).where(PostRow.id == post_id).values(reach=reach))


def load_reach(tx: Tx, post_id: PostId) -> Reach:
    """Whom the post may be proposed to."""
    return tx.connection.execute(select(PostRow.reach).where(PostRow.id == post_id)).scalar_one()


def restart_first_group(tx: Tx, post_id: PostId) -> None:
    """Begin a new first group for new words; a post that reaches everybody stays so."""
    changed = update(PostRow).where(PostRow.id == post_id, PostRow.reach != Reach.EVERYBODY)
    tx.connection.execute(changed.values(reach=Reach.FIRST_GROUP))


def _holds_any(column: ColumnElement[tuple[str, ...]], words: Sequence[str]) -> ColumnElement[bool]:
    """Whether a list of words holds one of these: see `columns.Listed`."""
    text = type_coerce(column, String)
    return or_(*(text.contains(f",{word},", autoescape=True) for word in words), false())
