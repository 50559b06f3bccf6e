"""What members did with lessons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain.ids import MemberId
from bot.domain.model import Stage
from bot.storage.columns import UtcDateTime
from bot.storage.tables import LessonSeenRow, ResponseRow
from bot.storage.tx import Tx

_MEMBER = bindparam("member", type_=LessonSeenRow.__table__.c.member_id.type)
_LESSON = bindparam("lesson", type_=LessonSeenRow.__table__.c.lesson.type)
_KNOWN = (
    select(LessonSeenRow.id)
    .where(LessonSeenRow.member_id == _MEMBER, LessonSeenRow.lesson == _LESSON)
    .exists()
)
_SKIPS = (
    select(ResponseRow.id)
    .where(ResponseRow.member_id == _MEMBER, ResponseRow.stage == Stage.SKIPPED)
    .limit(bindparam("skips"))
    .subquery()
)
_OFFERED = select(_MEMBER, _LESSON, bindparam("now", type_=UtcDateTime())).where(~_KNOWN)
_NEW = insert(LessonSeenRow).returning(LessonSeenRow.id)  # a claim's row count is not told
_COLUMNS = ("member_id", "lesson", "first_offered_at")
_CLAIM = _NEW.from_select(_COLUMNS, _OFFERED)
_CLAIM_AFTER_SKIPS = _NEW.from_select(
    _COLUMNS,
    _OFFERED.where(
        select(func.count()).select_from(_SKIPS).scalar_subquery() == bindparam("skips")
    ),
)
_READ = select(LessonSeenRow.lesson).where(
    LessonSeenRow.member_id == _MEMBER, LessonSeenRow.read_at.is_not(None)
)


def claim_offer(tx: Tx, member_id: MemberId, lesson: str) -> bool:
    """Record that the lesson is offered; False where the member knows it already.

    Raises IntegrityError where another process was quicker.
    """
    values = {"member": member_id, "lesson": lesson, "now": tx.now}
    return tx.connection.execute(_CLAIM, values).first() is not None


def claim_offer_after_skips(tx: Tx, member_id: MemberId, lesson: str, skips: int) -> bool:
    """The same, but only for a member who has skipped that many posts or more."""
    values = {"member": member_id, "lesson": lesson, "now": tx.now, "skips": skips}
    return tx.connection.execute(_CLAIM_AFTER_SKIPS, values).first() is not None


def record_read(tx: Tx, member_id: MemberId, lesson: str) -> None:
    """Record that the member has opened the lesson; the first time counts."""
    _record(tx, member_id, lesson, read_at=tx.now)


def record_dismissed(tx: Tx, member_id: MemberId, lesson: str) -> None:
    """Record that the member does not want the lesson; the first time counts."""
    _record(tx, member_id, lesson, dismissed_at=tx.now)


def _record(tx: Tx, member_id: MemberId, lesson: str, **at: datetime) -> None:
    [column] = at
    known = tx.connection.execute(
        select(LessonSeenRow.id, LessonSeenRow.__table__.c[column]).where(
            LessonSeenRow.member_id == member_id, LessonSeenRow.lesson == lesson
        )
    ).one_or_none()
    if known is None:
        tx.connection.execute(
            insert(LessonSeenRow).values(member_id=member_id, lesson=lesson, **at)
        )
    elif known[1] is None:
        tx.connection.execute(
            update(LessonSeenRow).where(LessonSeenRow.id == known.id).values(**at)
        )


def load_read(tx: Tx, member_id: MemberId) -> frozenset[str]:
    """The names of the lessons that the member has opened."""
    return frozenset(tx.connection.execute(_READ, {"member": member_id}).scalars())
