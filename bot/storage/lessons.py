"""What members did with lessons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, false, func, insert, select, true, update

from bot.domain.ids import MemberId
from bot.domain.model import Stage
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
_OFFERED = select(_MEMBER, _LESSON, true(), false(), false()).where(~_KNOWN)
_NEW = insert(LessonSeenRow).returning(LessonSeenRow.id)  # a claim's row count is not told
_COLUMNS = ("member_id", "lesson", "offered", "read", "dismissed")
_CLAIM = _NEW.from_select(_COLUMNS, _OFFERED)
_CLAIM_AFTER_SKIPS = _NEW.from_select(
    _COLUMNS,
    _OFFERED.where(
        select(func.count()).select_from(_SKIPS).scalar_subquery() == bindparam("skips")
    ),
)
_READ = select(LessonSeenRow.lesson).where(
    LessonSeenRow.member_id == _MEMBER, LessonSeenRow.read.is_(True)
)


def claim_offer(tx: Tx, member_id: MemberId, lesson: str) -> bool:
    """Record that the lesson is offered; False where the member knows it already.

    Raises IntegrityError where another process was quicker.
    """
    values = {"member": member_id, "lesson": lesson}
    return tx.connection.execute(_CLAIM, values).first() is not None


def claim_offer_after_skips(tx: Tx, member_id: MemberId, lesson: str, skips: int) -> bool:
    """The same, but only for a member who has skipped that many posts or more."""
    values = {"member": member_id, "lesson": lesson, "skips": skips}
    return tx.connection.execute(_CLAIM_AFTER_SKIPS, values).first() is not None


def record_read(tx: Tx, member_id: MemberId, lesson: str) -> None:
    """Record that the member has opened the lesson."""
    _record(tx, member_id, lesson, _IS_READ)


def record_dismissed(tx: Tx, member_id: MemberId, lesson: str) -> None:
    """Record that the member does not want the lesson."""
    _record(tx, member_id, lesson, _IS_DISMISSED)


_IS_READ: Final = {"read": True}
_IS_DISMISSED: Final = {"dismissed": True}


def _record(tx: Tx, member_id: MemberId, lesson: str, done: Mapping[str, bool]) -> None:
    mine = update(LessonSeenRow).where(
        LessonSeenRow.member_id == member_id, LessonSeenRow.lesson == lesson
    )
    if tx.connection.execute(mine.values(**done)).rowcount == 0:
        first = {"offered": False, "read": False, "dismissed": False, **done}
        new = insert(LessonSeenRow).values(member_id=member_id, lesson=lesson, **first)
        tx.connection.execute(new)


def load_read(tx: Tx, member_id: MemberId) -> frozenset[str]:
    """The names of the lessons that the member has opened."""
    return frozenset(tx.connection.execute(_READ, {"member": member_id}).scalars())
