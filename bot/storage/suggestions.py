"""Suggestions of colleagues: on their way to comms, undecided, and answers that are owed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update

from bot.domain.ids import MemberId, SuggestionId, UserId
from bot.domain.model import NoticeKind
from bot.domain.suggestions import Suggestion, SuggestionOutcome
from bot.storage.tables import MemberRow, NoticeRow, SuggestionRow
from bot.storage.tx import Tx

_MOST_IDS: Final = 2**31 - 1  # what both databases take for a whole number


@dataclass(frozen=True, slots=True)
class OwedAnswer:
    """What one person asked to be told; `member_id` is None where they never joined."""

    id: SuggestionId
    user_id: UserId
    member_id: MemberId | None
    outcome: SuggestionOutcome


def insert_suggestion(
    tx: Tx, suggestion: Suggestion, *, offered_by: UserId, tell: bool, not_before: datetime | None
) -> None:
    """Add one, and the notice that brings it to comms; that waits until `not_before`.

    What waits keeps no moment of its own, and its number says nothing of when it came: comms get
    it with the card. The id of `suggestion` is not looked at.
    """
    at = not_before or tx.now
    number = 1 + secrets.randbelow(_MOST_IDS)
    new = insert(SuggestionRow).values(
        id=number,
        workspace_id=tx.workspace_id,
        link=suggestion.link,
        words=suggestion.words,
        signed_by=suggestion.signed_by,
        offered_by=offered_by,
        tell=tell,
        shown=False,
        created_at=at,
    )
    tx.connection.execute(new)
    notice = insert(NoticeRow).values(
        workspace_id=tx.workspace_id,
        kind=NoticeKind.SUGGESTION,
        detail=str(number),
        created_at=at,
        not_before=not_before,
    )
    tx.connection.execute(notice)


def is_waiting(tx: Tx, offered_by: UserId, link: str) -> bool:
    """Whether this person has suggested this link, and comms have not seen it yet."""
    same = (SuggestionRow.offered_by == offered_by, SuggestionRow.link == link)
    query = select(SuggestionRow.id).where(*_ours(tx), *same, SuggestionRow.shown.is_(False))
    return tx.connection.execute(query.limit(1)).first() is not None


def find(tx: Tx, suggestion_id: SuggestionId, *, lock: bool = False) -> Suggestion | None:
    """One that is undecided; `lock` holds it until the transaction ends."""
    query = select(
        SuggestionRow.id, SuggestionRow.link, SuggestionRow.words, SuggestionRow.signed_by
    ).where(*_ours(tx), SuggestionRow.id == suggestion_id, SuggestionRow.outcome.is_(None))
    row = tx.connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Suggestion(*row)


def record_shown(tx: Tx, suggestion_id: SuggestionId) -> None:
    """Record that comms see it: whose it is goes, but for a signature and an answer owed."""
    mine = update(SuggestionRow).where(*_ours(tx), SuggestionRow.id == suggestion_id)
    tx.connection.execute(mine.values(shown=True))
    unsaid = mine.where(SuggestionRow.tell.is_(False))
    tx.connection.execute(unsaid.values(offered_by=None))


def record_outcome(tx: Tx, suggestion_id: SuggestionId, outcome: SuggestionOutcome) -> None:
    """Record what comms decided. Nothing stays of it but an answer that is owed."""
    mine = and_(*_ours(tx), SuggestionRow.id == suggestion_id)
    owed = update(SuggestionRow).where(
        mine, SuggestionRow.tell, SuggestionRow.offered_by.is_not(None)
    )
    kept = {"outcome": outcome, "link": "", "words": "", "signed_by": None}
    if tx.connection.execute(owed.values(kept)).rowcount == 0:
        tx.connection.execute(delete(SuggestionRow).where(mine))


def find_owed(tx: Tx, most: int) -> list[OwedAnswer]:
    """Answers that nobody has begun to send."""
    query = (
        select(
            SuggestionRow.id,
            SuggestionRow.offered_by,
            SuggestionRow.outcome,
            MemberRow.id.label("member_id"),
        )
        .outerjoin(
            MemberRow,
            and_(
                MemberRow.workspace_id == SuggestionRow.workspace_id,
                MemberRow.user == SuggestionRow.offered_by,
            ),
        )
        .where(*_ours(tx), SuggestionRow.outcome.is_not(None), SuggestionRow.claimed_at.is_(None))
        .order_by(SuggestionRow.id)
        .limit(most)
    )
    rows = tx.connection.execute(query).all()
    return [
        OwedAnswer(row.id, row.offered_by, row.member_id, row.outcome)
        for row in rows
        if row.offered_by and row.outcome
    ]


def claim_answer(tx: Tx, suggestion_id: SuggestionId) -> bool:
    """Take an answer for sending; False where another process has, or the person was erased."""
    mine = update(SuggestionRow).where(
        *_ours(tx), SuggestionRow.id == suggestion_id, SuggestionRow.claimed_at.is_(None)
    )
    return tx.connection.execute(mine.values(claimed_at=tx.now)).rowcount == 1


def release_answer(tx: Tx, suggestion_id: SuggestionId) -> None:
    """An answer surely was not sent, and is to be."""
    mine = update(SuggestionRow).where(*_ours(tx), SuggestionRow.id == suggestion_id)
    tx.connection.execute(mine.values(claimed_at=None))


def delete_suggestion(tx: Tx, suggestion_id: SuggestionId) -> bool:
    """Delete one; False where it was gone."""
    mine = delete(SuggestionRow).where(*_ours(tx), SuggestionRow.id == suggestion_id)
    return tx.connection.execute(mine).rowcount == 1


def withdraw_of(tx: Tx, user_id: UserId) -> None:
    """Delete what a person has on its way, and owe them no answer any more."""
    _delete(tx, SuggestionRow.offered_by == user_id, SuggestionRow.shown.is_(False))
    owed = update(SuggestionRow).where(*_ours(tx), SuggestionRow.offered_by == user_id)
    undecided = owed.where(SuggestionRow.outcome.is_(None))
    tx.connection.execute(undecided.values(offered_by=None, tell=False))
    _delete(tx, SuggestionRow.offered_by == user_id)


def erase_of(tx: Tx, user_id: UserId) -> None:
    """Delete everything that says that a person suggested something."""
    _delete(tx, or_(SuggestionRow.offered_by == user_id, SuggestionRow.signed_by == user_id))


def delete_old(tx: Tx, before: datetime) -> int:
    """Delete what comms have not decided since that moment. How many.

    So go answers of which nobody knows for a day whether they were sent.
    """
    lost = SuggestionRow.claimed_at < tx.now - timedelta(days=1)
    return _delete(tx, or_(SuggestionRow.created_at < before, lost))


def _delete(tx: Tx, *which: ColumnElement[bool]) -> int:
    query = select(SuggestionRow.id).where(*_ours(tx), *which)
    found = list(tx.connection.execute(query).scalars())
    if found:
        notices = delete(NoticeRow).where(
            NoticeRow.workspace_id == tx.workspace_id,
            NoticeRow.kind == NoticeKind.SUGGESTION,
            NoticeRow.detail.in_([str(number) for number in found]),
        )
        tx.connection.execute(notices)
        tx.connection.execute(delete(SuggestionRow).where(SuggestionRow.id.in_(found)))
    return len(found)


def _ours(tx: Tx) -> tuple[ColumnElement[bool], ...]:
    return (SuggestionRow.workspace_id == tx.workspace_id,)
