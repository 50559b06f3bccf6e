"""Reading what comms did and wrote, row by row, for an archive. No row of a member is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from bot.domain.exports import ArchivedAct, ArchivedText
from bot.domain.record import APPROVALS, REASONED, Act, read_disclosure
from bot.storage import posts
from bot.storage.tables import ActRow, PostRow, RevisionRow, WordingRow
from bot.storage.tx import Tx

_AT_ONCE = 200  # rows in memory

_OF_REVISION = and_(ActRow.post_id == RevisionRow.post_id, ActRow.revision == RevisionRow.number)
_APPROVAL, _WRITING = aliased(ActRow), aliased(ActRow)
_LAST_APPROVAL = (
    select(func.max(ActRow.id))
    .where(_OF_REVISION, ActRow.what.in_(APPROVALS))
    .correlate(RevisionRow)
    .scalar_subquery()
)
_FIRST_WRITING = (
    select(func.min(ActRow.id))
    .where(_OF_REVISION, ActRow.what.in_((Act.SAVE, Act.SUBMIT)))
    .correlate(RevisionRow)
    .scalar_subquery()
)
_ACTS = (
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
        RevisionRow.title,
    )
    .outerjoin(RevisionRow, _OF_REVISION)
    .order_by(ActRow.id)
)
_TEXTS = (
    select(
        PostRow.id,
        PostRow.state,
        PostRow.live_at,
        PostRow.ended_at,
        RevisionRow.number,
        RevisionRow.title,
        RevisionRow.link,
        RevisionRow.why,
        RevisionRow.topics,
        RevisionRow.kind,
        RevisionRow.prompts,
        RevisionRow.channel,
        RevisionRow.direct,
        RevisionRow.author,
        RevisionRow.picture,
        RevisionRow.picture_alt,
        RevisionRow.written_at,
        RevisionRow.not_before,
        RevisionRow.expires_at,
        func.coalesce(_WRITING.who, RevisionRow.writer).label("written_by"),
        WordingRow.network,
        WordingRow.language,
        WordingRow.text,
        _APPROVAL.who.label("approved_by"),
        _APPROVAL.at.label("approved_at"),
        _APPROVAL.detail.label("disclosure"),
    )
    .join(RevisionRow, RevisionRow.post_id == PostRow.id)
    .outerjoin(
        WordingRow,
        and_(WordingRow.post_id == PostRow.id, WordingRow.revision == RevisionRow.number),
    )
    .outerjoin(_APPROVAL, _APPROVAL.id == _LAST_APPROVAL)
    .outerjoin(_WRITING, _WRITING.id == _FIRST_WRITING)
    .order_by(PostRow.id, RevisionRow.number, WordingRow.position)
)


def stream_acts(tx: Tx, since: datetime) -> Iterator[ArchivedAct]:
    """What comms did at `since` or later, oldest first."""
    mine = _ACTS.where(ActRow.workspace_id == tx.workspace_id, ActRow.at >= since)
    for row in _stream(tx, mine):
        yield ArchivedAct(
            workspace=tx.workspace_id,
            number=row.id,
            at=row.at,
            who=row.who,
            act=row.what,
            post=row.post_id,
            version=row.revision,
            title=row.title,
            before=row.state_before,
            after=row.state_after,
            reason=row.detail if row.what in REASONED else None,
            disclosure=row.detail if row.what in APPROVALS else None,
            subject=None if row.what in (*REASONED, *APPROVALS) else row.detail,
        )


def stream_texts(tx: Tx, since: datetime) -> Iterator[ArchivedText]:
    """The texts with which comms did something at `since` or later, by post and version."""
    done = select(ActRow.id).where(_OF_REVISION, ActRow.at >= since).correlate(RevisionRow)
    for row in _stream(tx, _TEXTS.where(PostRow.workspace_id == tx.workspace_id, done.exists())):
        yield ArchivedText(
            workspace=tx.workspace_id,
            post=row.id,
            version=row.number,
            state=row.state,
            title=row.title,
            link=row.link,
            why=row.why,
            topics=tuple(row.topics),
            kind=row.kind,
            prompts=tuple(row.prompts),
            delivery=tuple(sorted(posts.read_delivery(row))),
            network=row.network,
            language=row.language,
            text=row.text,
            disclosure=row.disclosure and read_disclosure(row.disclosure, row.language),
            author=row.author,
            picture=row.picture,
            picture_alt=row.picture_alt,
            written_by=row.written_by,
            written_at=row.written_at,
            approved_by=row.approved_by,
            approved_at=row.approved_at,
            not_before=row.not_before,
            live_at=row.live_at,
            ends_at=row.expires_at,
            ended_at=row.ended_at,
        )


def _stream(tx: Tx, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    yield from tx.connection.execute(query, execution_options={"yield_per": _AT_ONCE})
