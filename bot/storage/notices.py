"""The outbox of notices: lines that the bot owes the comms channel, sent once each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, exists, func, insert, or_, select, update

from bot.domain.ids import MemberId, NoticeId, PostId, SuggestionId, UserId
from bot.domain.model import Notice, NoticeKind
from bot.storage import workspaces
from bot.storage.tables import NoticeRow, ShareNoteRow
from bot.storage.tx import Tx

_IS_PENDING = and_(
    NoticeRow.workspace_id == bindparam("workspace"),
    NoticeRow.sent_at.is_(None),
    or_(NoticeRow.not_before.is_(None), NoticeRow.not_before <= bindparam("now")),
    # Whoever told that they shared may have taken it back.
    or_(
        NoticeRow.kind != NoticeKind.SHARE_NOTES,
        exists().where(ShareNoteRow.notice_id == NoticeRow.id, ShareNoteRow.told.is_(False)),
    ),
)
_OLDEST = select(func.min(NoticeRow.created_at)).where(_IS_PENDING)
_PENDING = (
    select(
        NoticeRow.id,
        NoticeRow.kind,
        NoticeRow.post_id,
        NoticeRow.who,
        NoticeRow.detail,
        NoticeRow.not_before,
    )
    .where(_IS_PENDING)
    # What had to wait goes out in any order: the order of writing could tell who wrote it.
    .order_by(
        NoticeRow.not_before.is_not(None),
        case((NoticeRow.not_before.is_(None), NoticeRow.id)),
        func.random(),
    )
)


_GONE_ONCE_SENT = (NoticeKind.NOTE, NoticeKind.SUGGESTION)


def enqueue(
    tx: Tx,
    kind: NoticeKind,
    *,
    post_id: PostId | None = None,
    user_id: UserId | None = None,
    detail: str | None = None,
) -> None:
    """Add a notice to the outbox."""
    _insert(tx, {"kind": kind, "post_id": post_id, "who": user_id, "detail": detail})


def enqueue_once(tx: Tx, kind: NoticeKind, *, post_id: PostId, detail: str) -> None:
    """Add a notice about a post, unless there was one of its kind; safe between processes."""
    _insert_once(tx, {"kind": kind, "post_id": post_id, "who": None, "detail": detail})


def enqueue_note(
    tx: Tx,
    post_id: PostId | None,
    text: str,
    *,
    sender: MemberId | None,
    user_id: UserId | None = None,
    not_before: datetime | None = None,
) -> None:
    """Add a note, once; one that waits until `not_before` keeps no moment of its own.

    `sender` is erased when it goes out, `user_id` signs it.
    """
    values = {"kind": NoticeKind.NOTE, "post_id": post_id, "who": user_id, "detail": text}
    _insert_once(tx, {**values, "sender": sender}, not_before)


def find_or_insert(tx: Tx, kind: NoticeKind, post_id: PostId, not_before: datetime) -> NoticeId:
    """The notice of this kind about a post that waits until then, added where there was none.

    The caller holds the workspace.
    """
    values = {
        "workspace_id": tx.workspace_id,
        "kind": kind,
        "post_id": post_id,
        "not_before": not_before,
    }
    alike = [NoticeRow.__table__.c[name] == value for name, value in values.items()]
    found = tx.connection.execute(select(NoticeRow.id).where(*alike)).scalar()
    if found is not None:
        return found
    new = insert(NoticeRow).values(created_at=not_before, **values)
    return tx.connection.execute(new.returning(NoticeRow.id)).scalar_one()


def _insert_once(tx: Tx, values: dict[str, Any], not_before: datetime | None = None) -> None:
    alike = [NoticeRow.__table__.c[name].is_not_distinct_from(values[name]) for name in values]
    same = select(NoticeRow.id).where(NoticeRow.workspace_id == tx.workspace_id, *alike)
    if tx.connection.execute(same).first() is None:
        workspaces.find(tx, lock=True)
        if tx.connection.execute(same).first() is None:
            _insert(tx, values, not_before)


def _insert(tx: Tx, values: dict[str, Any], not_before: datetime | None = None) -> None:
    when = {"created_at": not_before or tx.now, "not_before": not_before}
    new = insert(NoticeRow).values(workspace_id=tx.workspace_id, **when, **values)
    tx.connection.execute(new)


def cancel(tx: Tx, kind: NoticeKind, post_id: PostId | None = None) -> None:
    """Delete unsent notices of this kind, which are no longer true; of one post, or of all."""
    unsent = delete(NoticeRow).where(
        NoticeRow.workspace_id == tx.workspace_id,
        NoticeRow.kind == kind,
        NoticeRow.sent_at.is_(None),
    )
    tx.connection.execute(unsent if post_id is None else unsent.where(NoticeRow.post_id == post_id))


def pending(tx: Tx) -> list[Notice]:
    """Notices that have not been sent yet and need not wait, oldest first."""
    rows = tx.connection.execute(_PENDING, {"workspace": tx.workspace_id, "now": tx.now})
    return [Notice(*row) for row in rows]


def find_oldest_pending(tx: Tx) -> datetime | None:
    """Since when the oldest of them waits; None where none does."""
    return tx.connection.execute(_OLDEST, {"workspace": tx.workspace_id, "now": tx.now}).scalar()


def find_last(tx: Tx, kind: NoticeKind) -> datetime | None:
    """When the newest notice of this kind was written, of those that are stored."""
    query = select(func.max(NoticeRow.created_at)).where(
        NoticeRow.workspace_id == tx.workspace_id, NoticeRow.kind == kind
    )
    return tx.connection.execute(query).scalar_one()


def find_suggestion(tx: Tx, notice_id: NoticeId) -> SuggestionId | None:
    """The suggestion that a notice brings, None for any other notice."""
    query = select(NoticeRow.detail).where(
        NoticeRow.id == notice_id, NoticeRow.kind == NoticeKind.SUGGESTION
    )
    found = tx.connection.execute(query).scalar_one_or_none()
    return None if found is None else SuggestionId(int(found))


def mark_sent(tx: Tx, notice_id: NoticeId) -> None:
    """Record that the notice was sent; a note, or the way of a suggestion, is deleted with it."""
    mine = (NoticeRow.id == notice_id, NoticeRow.kind.in_(_GONE_ONCE_SENT))
    tx.connection.execute(delete(NoticeRow).where(*mine))
    sent = update(NoticeRow).where(NoticeRow.id == notice_id)
    tx.connection.execute(sent.values(sent_at=tx.now))
