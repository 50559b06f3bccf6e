"""Figures: what is published of posts and months, and what they are computed from until then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, insert, null, or_, select, update

from bot.domain.ids import MemberId, PostId, UserId
from bot.domain.model import DispatchState, SkipReason, Stage
from bot.domain.post import Network
from bot.domain.reports import Cell, ClosedPost, Figure, Group, Partition, Published, Question
from bot.domain.spans import Span
from bot.storage.tables import (
    AskRow,
    MemberFiguresRow,
    MemberRow,
    PostFiguresRow,
    PostRow,
    ResponseRow,
    SpanFiguresRow,
    WorkspaceRow,
)
from bot.storage.tx import Tx

_MADE = (DispatchState.SENDING, DispatchState.SENT, DispatchState.UNCERTAIN)
_APART: Any = bindparam("apart", expanding=True)
_CONCERNED = and_(
    MemberRow.workspace_id == bindparam("workspace"),
    MemberRow.left_at.is_(None),
    MemberRow.consent_ends_at > bindparam("now"),
    MemberRow.consented_at <= bindparam("ended"),
    MemberRow.user.not_in(_APART),
)
_ASKED = (
    select(AskRow.id)
    .where(
        AskRow.member_id == MemberRow.id,
        AskRow.post_id == bindparam("post"),
        AskRow.state.in_(_MADE),
    )
    .exists()
)
_ANSWERS = select(
    MemberRow.id,
    ResponseRow.stage,
    ResponseRow.reason,
    ResponseRow.network,
    _ASKED.label("asked"),
).outerjoin(
    ResponseRow,
    and_(ResponseRow.member_id == MemberRow.id, ResponseRow.post_id == bindparam("post")),
)
_EACH = _ANSWERS.where(_CONCERNED).subquery()
_CELL = (_EACH.c.stage, _EACH.c.reason, _EACH.c.network, _EACH.c.asked)
_COUNTS = select(*_CELL, func.count().label("people")).group_by(*_CELL)
_ANSWERED = select(_EACH).where(_EACH.c.stage.is_not(None))


@dataclass(frozen=True, slots=True)
class EndedPost:
    """A post that went out and has ended, and when."""

    id: PostId
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far figures were computed: see `WorkspaceRow`."""

    since: datetime | None
    until: datetime | None
    month: date | None


def load_progress(tx: Tx) -> Progress:
    """How far figures were computed."""
    query = select(
        WorkspaceRow.figures_since, WorkspaceRow.figures_until, WorkspaceRow.figures_month
    ).where(WorkspaceRow.id == tx.workspace_id)
    return Progress(*tx.connection.execute(query).one())


def record_progress(tx: Tx, progress: Progress) -> None:
    """Record how far figures were computed."""
    mine = update(WorkspaceRow).where(WorkspaceRow.id == tx.workspace_id)
    tx.connection.execute(
        mine.values(
            figures_since=progress.since,
            figures_until=progress.until,
            figures_month=progress.month,
        )
    )


def find_ended(tx: Tx, after: datetime, until: datetime) -> list[EndedPost]:
    """The posts that ended after one moment and until another, whose people are still known."""
    query = select(PostRow.id, PostRow.ended_at).where(
        PostRow.workspace_id == tx.workspace_id,
        PostRow.ended_at > after,
        PostRow.ended_at <= until,
        PostRow.live_at.is_not(None),
        PostRow.folded.is_(False),
        ~select(PostFiguresRow.post_id).where(PostFiguresRow.post_id == PostRow.id).exists(),
    )
    rows = tx.connection.execute(query.order_by(PostRow.ended_at, PostRow.id))
    return [EndedPost(post_id, ended_at) for post_id, ended_at in rows if ended_at]


def count_cells(tx: Tx, post: EndedPost, apart: Collection[UserId]) -> dict[Cell, int]:
    """How many of the members who were there when a post ended, apart from these, did what."""
    rows = tx.connection.execute(_COUNTS, _values(tx, post, apart))
    return {Cell(row.stage, row.reason, row.network, bool(row.asked)): row.people for row in rows}


def insert_post(
    tx: Tx, post_id: PostId, month: date, post: ClosedPost, figures: Sequence[Figure]
) -> None:
    """Store what is published of a post, and what its month is computed from."""
    tx.connection.execute(
        insert(PostFiguresRow).values(
            post_id=post_id,
            workspace_id=tx.workspace_id,
            month=month,
            figures=_written(figures),
            cells=[
                [cell.stage, cell.reason, cell.network, cell.asked, people]
                for cell, people in post.cells.items()
            ],
            groups={
                question: sorted(sorted(group) for group in groups)
                for question, groups in post.published.items()
            },
        )
    )


def find_waiting(tx: Tx, last: date) -> dict[PostId, tuple[date, ClosedPost]]:
    """The posts of months up to one whose figures are not published yet, with their month."""
    query = (
        select(
            PostFiguresRow.post_id,
            PostFiguresRow.month,
            PostFiguresRow.cells,
            PostFiguresRow.groups,
        )
        .where(
            PostFiguresRow.workspace_id == tx.workspace_id,
            PostFiguresRow.month <= last,
            PostFiguresRow.cells.is_not(None),
        )
        .order_by(PostFiguresRow.post_id)
    )
    return {
        row.post_id: (row.month, ClosedPost(_read_cells(row.cells), _read_groups(row.groups)))
        for row in tx.connection.execute(query)
    }


def find_people(
    tx: Tx, post: EndedPost, cells: Collection[Cell], apart: Collection[UserId]
) -> dict[Cell, frozenset[MemberId]]:
    """Who is in these cells of a post, apart from these people; nobody once it is folded."""
    alike = [
        and_(
            _EACH.c.stage == cell.stage,
            _EACH.c.reason.is_not_distinct_from(cell.reason),
            _EACH.c.network.is_not_distinct_from(cell.network),
        )
        for cell in cells
    ]
    found: dict[Cell, frozenset[MemberId]] = {}
    if not alike:
        return found
    for row in tx.connection.execute(_ANSWERED.where(or_(*alike)), _values(tx, post, apart)):
        cell = Cell(row.stage, row.reason, row.network, bool(row.asked))
        found[cell] = found.get(cell, frozenset()) | {row.id}
    return found


def find_unfolded(tx: Tx, post_ids: Collection[PostId]) -> list[EndedPost]:
    """Those of the posts whose people are still known."""
    query = select(PostRow.id, PostRow.ended_at).where(
        PostRow.id.in_(post_ids), PostRow.folded.is_(False)
    )
    return [EndedPost(row.id, row.ended_at) for row in tx.connection.execute(query) if row.ended_at]


def insert_span(tx: Tx, span: Span) -> None:
    """Store what is published of a span; raises IntegrityError where another process has."""
    tx.connection.execute(
        insert(SpanFiguresRow).values(
            workspace_id=tx.workspace_id,
            first=span.first,
            last=span.last,
            posts=span.posts,
            members=span.members,
            figures=_written(span.figures),
        )
    )


def delete_counts(tx: Tx, last: date | None = None) -> None:
    """Delete the exact numbers of posts of months up to one, or of all: nothing needs them."""
    mine = update(PostFiguresRow).where(
        PostFiguresRow.workspace_id == tx.workspace_id, PostFiguresRow.cells.is_not(None)
    )
    if last is not None:
        mine = mine.where(PostFiguresRow.month <= last)
    tx.connection.execute(mine.values(cells=null(), groups=null()))


def insert_members(tx: Tx, quarter: date, members: int) -> None:
    """Store how many members there are in a quarter."""
    values = {"workspace_id": tx.workspace_id, "quarter": quarter, "members": members}
    tx.connection.execute(insert(MemberFiguresRow).values(values))


def load_members(tx: Tx, quarter: date) -> int | None:
    """How many members there were in a quarter, rounded; None where they were not counted."""
    query = select(MemberFiguresRow.members).where(
        MemberFiguresRow.workspace_id == tx.workspace_id, MemberFiguresRow.quarter == quarter
    )
    return tx.connection.execute(query).scalar_one_or_none()


def find_members(tx: Tx) -> int | None:
    """How many members were told last, in whichever quarter; None where they never were."""
    query = select(MemberFiguresRow.members).where(MemberFiguresRow.workspace_id == tx.workspace_id)
    newest = query.order_by(MemberFiguresRow.quarter.desc()).limit(1)
    return tx.connection.execute(newest).scalar_one_or_none()


def find_span(tx: Tx, month: date | None = None) -> Span | None:
    """The span that a month is in, or the newest one."""
    query = select(SpanFiguresRow.__table__).where(SpanFiguresRow.workspace_id == tx.workspace_id)
    if month is not None:
        query = query.where(SpanFiguresRow.first <= month, SpanFiguresRow.last >= month)
    return _newest(tx, query)


def find_span_before(tx: Tx, month: date) -> Span | None:
    """The newest span that ended before a month."""
    query = select(SpanFiguresRow.__table__).where(
        SpanFiguresRow.workspace_id == tx.workspace_id, SpanFiguresRow.last < month
    )
    return _newest(tx, query)


def _newest(tx: Tx, spans: Select[*tuple[Any, ...]]) -> Span | None:
    row = tx.connection.execute(spans.order_by(SpanFiguresRow.last.desc()).limit(1)).one_or_none()
    return None if row is None else _span(row)


def load_spans(tx: Tx, since: date) -> list[Span]:
    """The spans that ended in a month or later, the oldest first."""
    query = (
        select(SpanFiguresRow.__table__)
        .where(SpanFiguresRow.workspace_id == tx.workspace_id, SpanFiguresRow.last >= since)
        .order_by(SpanFiguresRow.last)
    )
    return [_span(row) for row in tx.connection.execute(query)]


def _values(tx: Tx, post: EndedPost, apart: Collection[UserId]) -> dict[str, Any]:
    return {
        "workspace": tx.workspace_id,
        "now": tx.now,
        "post": post.id,
        "ended": post.ended_at,
        "apart": list(apart),
    }


def _span(row: Any) -> Span:
    return Span(row.first, row.last, row.posts, row.members, read_figures(row.figures))


def _written(figures: Sequence[Figure]) -> list[list[Any]]:
    return [[figure.question, sorted(figure.parts), figure.people] for figure in figures]


def read_figures(written: Sequence[Sequence[Any]]) -> list[Figure]:
    """Figures as they are stored."""
    return [Figure(Question(question), Group(parts), people) for question, parts, people in written]


def _read_cells(written: Sequence[Sequence[Any]]) -> dict[Cell, int]:
    return {
        Cell(
            stage and Stage(stage),
            reason and SkipReason(reason),
            network and Network(network),
            asked,
        ): people
        for stage, reason, network, asked, people in written
    }


def _read_groups(written: Mapping[str, Sequence[Sequence[str]]]) -> Published:
    return {
        Question(question): Partition(map(Group, groups)) for question, groups in written.items()
    }
