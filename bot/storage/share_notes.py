"""Notes of people who shared a post: on their way to comms, and until comms said thanks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, insert, null, select, update

from bot.domain.ids import MemberId, NoticeId, PostId, ResponseId, ShareNoteId, UserId
from bot.domain.model import NoticeKind
from bot.domain.share_notes import Batch, ShareNote
from bot.storage import notices, workspaces
from bot.storage.tables import MemberRow, NoticeRow, ResponseRow, ShareNoteRow
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class OwedThanks:
    """Thanks of comms for one note; `words` are theirs, perhaps none."""

    id: ShareNoteId
    member_id: MemberId
    user_id: UserId
    post_id: PostId
    words: str


def insert_share_note(
    tx: Tx,
    batch: Batch,
    response_id: ResponseId,
    words: str,
    *,
    signed: bool,
    may_answer: bool,
) -> None:
    """Add a note to a batch, in the place of one that waits.

    It is safe between processes.
    """
    workspaces.find(tx, lock=True)
    tx.connection.execute(
        delete(ShareNoteRow).where(
            ShareNoteRow.response_id == response_id, ShareNoteRow.told.is_(False)
        )
    )
    values = {
        "notice_id": notices.find_or_insert(tx, NoticeKind.SHARE_NOTES, batch.post_id, batch.at),
        "response_id": response_id,
        "words": words,
        "signed": signed,
        "may_answer": may_answer,
        "told": False,
    }
    tx.connection.execute(insert(ShareNoteRow).values(**values))


def load_waiting(tx: Tx, notice_id: NoticeId, most: int) -> list[ShareNote]:
    """Up to `most` notes that comms have not got yet, in any order."""
    signed_by = case((ShareNoteRow.signed, MemberRow.user), else_=null())
    query = (
        select(ShareNoteRow.id, ShareNoteRow.words, signed_by)
        .join(ResponseRow, ResponseRow.id == ShareNoteRow.response_id)
        .join(MemberRow, MemberRow.id == ResponseRow.member_id)
        .where(ShareNoteRow.notice_id == notice_id, ShareNoteRow.told.is_(False))
        .order_by(func.random())
        .limit(most)
    )
    return [ShareNote(*row) for row in tx.connection.execute(query)]


def record_told(tx: Tx, note_ids: Iterable[ShareNoteId]) -> None:
    """Record that comms have these notes: only those stay, without words, that they may answer."""
    these = ShareNoteRow.id.in_(list(note_ids))
    unanswered = delete(ShareNoteRow).where(these, ShareNoteRow.may_answer.is_(False))
    tx.connection.execute(unanswered)
    tx.connection.execute(
        update(ShareNoteRow).where(these).values(told=True, words="", signed=False)
    )


def is_thanked(tx: Tx, batch: Batch, *, lock: bool = False) -> bool | None:
    """Whether comms said thanks for a batch, None where there is no such batch.

    `lock` holds it until the transaction ends.
    """
    query = select(NoticeRow.detail).where(*_is(tx, batch))
    row = tx.connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else row.detail is not None


def record_thanks(tx: Tx, batch: Batch, words: str) -> None:
    """Record that comms said thanks."""
    tx.connection.execute(update(NoticeRow).where(*_is(tx, batch)).values(detail=words))


def find_owed(tx: Tx, most: int) -> list[OwedThanks]:
    """Thanks that nobody has begun to pass on."""
    query = (
        select(
            ShareNoteRow.id,
            ResponseRow.member_id,
            MemberRow.user,
            ResponseRow.post_id,
            NoticeRow.detail,
        )
        .join(NoticeRow, NoticeRow.id == ShareNoteRow.notice_id)
        .join(ResponseRow, ResponseRow.id == ShareNoteRow.response_id)
        .join(MemberRow, MemberRow.id == ResponseRow.member_id)
        .where(
            NoticeRow.workspace_id == tx.workspace_id,
            NoticeRow.detail.is_not(None),
            ShareNoteRow.told,
            ShareNoteRow.claimed_at.is_(None),
        )
        .order_by(ShareNoteRow.id)
        .limit(most)
    )
    rows = tx.connection.execute(query)
    return [
        OwedThanks(row.id, row.member_id, row.user, row.post_id, row.detail or "") for row in rows
    ]


def claim(tx: Tx, note_id: ShareNoteId) -> bool:
    """Take thanks for passing them on; False where another process has, or the note is gone."""
    mine = update(ShareNoteRow).where(ShareNoteRow.id == note_id, ShareNoteRow.claimed_at.is_(None))
    return tx.connection.execute(mine.values(claimed_at=tx.now)).rowcount == 1


def release(tx: Tx, note_id: ShareNoteId) -> None:
    """Thanks surely did not arrive, and are to."""
    mine = update(ShareNoteRow).where(ShareNoteRow.id == note_id)
    tx.connection.execute(mine.values(claimed_at=None))


def delete_share_note(tx: Tx, note_id: ShareNoteId) -> bool:
    """Delete one; False where it was gone."""
    mine = delete(ShareNoteRow).where(ShareNoteRow.id == note_id)
    return tx.connection.execute(mine).rowcount == 1


def delete_of_response(tx: Tx, response_id: ResponseId) -> None:
    """Delete what a member told comms, who says now that they did not share."""
    tx.connection.execute(delete(ShareNoteRow).where(ShareNoteRow.response_id == response_id))


def delete_of_member(tx: Tx, member_id: MemberId) -> None:
    """Delete what a member told comms: nothing of it goes out, and they get no thanks."""
    theirs = select(ResponseRow.id).where(ResponseRow.member_id == member_id)
    tx.connection.execute(delete(ShareNoteRow).where(ShareNoteRow.response_id.in_(theirs)))


def delete_lost(tx: Tx, before: datetime) -> int:
    """Delete notes whose thanks were begun before then, and of which nobody knows. How many."""
    ours = select(NoticeRow.id).where(
        NoticeRow.workspace_id == tx.workspace_id, NoticeRow.kind == NoticeKind.SHARE_NOTES
    )
    lost = delete(ShareNoteRow).where(
        ShareNoteRow.claimed_at < before, ShareNoteRow.notice_id.in_(ours)
    )
    return tx.connection.execute(lost).rowcount


def _is(tx: Tx, batch: Batch) -> tuple[ColumnElement[bool], ...]:
    return (
        NoticeRow.workspace_id == tx.workspace_id,
        NoticeRow.kind == NoticeKind.SHARE_NOTES,
        NoticeRow.post_id == batch.post_id,
        NoticeRow.not_before == batch.at,
    )
