"""Reading every row of one person, from each table that holds something of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, null, or_, select

from bot.domain.ids import MemberId, UserId
from bot.domain.my_data import Named, RowNumber, StoredRow, columns_of, counts_others
from bot.storage.columns import Base
from bot.storage.tables import (
    ActRow,
    AskRow,
    DecisionRow,
    DirectMessageRow,
    LessonSeenRow,
    MemberRow,
    NoticeRow,
    PostRow,
    RemovalRow,
    ResponseEventRow,
    ResponseRow,
    RevisionRow,
    ShareNoteRow,
    SuggestionRow,
    WordingRow,
    WorkspaceRow,
)
from bot.storage.tx import Tx


def load_rows(tx: Tx, user_id: UserId, member_id: MemberId | None) -> list[StoredRow]:
    """Every row of the person; `member_id` is None for somebody who never joined.

    Messages that have to go are found by the conversations that other rows name.
    """
    found = []
    for table, mine in _whose(tx, user_id, member_id).items():
        name = table.__tablename__
        columns = [table.__table__.columns[column] for column in columns_of(name)]
        query = select(*columns, _post_of(table).label("post_of_row")).where(mine)
        for row in tx.connection.execute(query.order_by(*table.__table__.primary_key)):
            values = row._asdict()
            found.append((name, values, values.pop("post_of_row")))
    titles = _load_titles(tx, {post for _, _, post in found if post is not None})
    texts = _load_texts(tx, [values.get("wording_id") for _, values, _ in found])
    names = {"post_id": titles, "wording_id": texts}
    return [
        StoredRow(
            name,
            tuple(
                (column, _shown(name, column, value, names.get(column, {})))
                for column, value in values.items()
            ),
            titles.get(post, ""),
        )
        for name, values, post in found
    ]


def _whose(
    tx: Tx, user_id: UserId, member_id: MemberId | None
) -> dict[type[Base], ColumnElement[bool]]:
    """For each table that can hold something of the person, which rows are theirs."""
    posts = select(PostRow.id).where(PostRow.workspace_id == tx.workspace_id)
    theirs = {} if member_id is None else _whose_member(tx, member_id)
    named = NoticeRow.who == user_id
    if member_id is not None:
        named = or_(named, NoticeRow.sender == member_id)
    return {
        **theirs,
        NoticeRow: (NoticeRow.workspace_id == tx.workspace_id) & named,
        RevisionRow: RevisionRow.post_id.in_(posts) & (RevisionRow.writer == user_id),
        DecisionRow: DecisionRow.post_id.in_(posts) & (DecisionRow.who == user_id),
        SuggestionRow: (SuggestionRow.workspace_id == tx.workspace_id)
        & or_(SuggestionRow.offered_by == user_id, SuggestionRow.signed_by == user_id),
        ActRow: (ActRow.workspace_id == tx.workspace_id) & (ActRow.who == user_id),
        WorkspaceRow: (WorkspaceRow.id == tx.workspace_id) & (WorkspaceRow.frozen_by == user_id),
    }


def _whose_member(tx: Tx, member_id: MemberId) -> dict[type[Base], ColumnElement[bool]]:
    responses = select(ResponseRow.id).where(ResponseRow.member_id == member_id)
    asked = select(AskRow.channel).where(AskRow.member_id == member_id)
    told = select(DirectMessageRow.channel).where(DirectMessageRow.member_id == member_id)
    return {
        MemberRow: MemberRow.id == member_id,
        LessonSeenRow: LessonSeenRow.member_id == member_id,
        AskRow: AskRow.member_id == member_id,
        ResponseRow: ResponseRow.member_id == member_id,
        ResponseEventRow: ResponseEventRow.response_id.in_(responses),
        ShareNoteRow: ShareNoteRow.response_id.in_(responses),
        DirectMessageRow: DirectMessageRow.member_id == member_id,
        RemovalRow: (RemovalRow.workspace_id == tx.workspace_id)
        & RemovalRow.channel.in_(asked.union(told)),
    }


def _post_of(table: type[Base]) -> ColumnElement[Any] | ScalarSelect[Any]:
    """The post that a row is about."""
    if table is ResponseEventRow or table is ShareNoteRow:
        response = select(ResponseRow.post_id).where(ResponseRow.id == table.response_id)
        return response.scalar_subquery()
    columns = table.__table__.columns
    return columns["post_id"] if "post_id" in columns else null()


def _load_titles(tx: Tx, post_ids: set[int]) -> dict[int, str]:
    # A correction that waits for approval is not everybody's to read.
    seen = func.coalesce(PostRow.approved_revision, PostRow.revision)
    query = select(PostRow.id, RevisionRow.title).join(
        RevisionRow, (RevisionRow.post_id == PostRow.id) & (RevisionRow.number == seen)
    )
    found = tx.connection.execute(query.where(PostRow.id.in_(post_ids)))
    return dict(found.all())


def _load_texts(tx: Tx, wording_ids: Sequence[int | None]) -> dict[int, str]:
    query = select(WordingRow.id, WordingRow.text).where(
        WordingRow.id.in_({one for one in wording_ids if one is not None})
    )
    return dict(tx.connection.execute(query).all())


def _shown(table: str, column: str, value: object, names: dict[int, str]) -> object:
    if value is not None and counts_others(table, column):
        return RowNumber()
    return Named(value, names[value]) if isinstance(value, int) and value in names else value
