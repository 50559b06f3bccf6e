"""What members did with lessons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bot.domain.model import Stage
from bot.storage.columns import UtcDateTime
from bot.storage.tables import LessonSeenRow, ResponseRow

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


def claim(connection: Connection, member: int, lesson: str, now: datetime) -> bool:
    """Note that the lesson is offered; False where the member knows it already.

    Raises IntegrityError where another process was quicker.
    """
    values = {"member": member, "lesson": lesson, "now": now}
    return connection.execute(_CLAIM, values).first() is not None


def claim_after_skips(
    connection: Connection, member: int, lesson: str, skips: int, now: datetime
) -> bool:
    """The same, but only for a member who has skipped that many posts or more."""
    values = {"member": member, "lesson": lesson, "now": now, "skips": skips}
    return connection.execute(_CLAIM_AFTER_SKIPS, values).first() is not None


def keep_read(connection: Connection, member: int, lesson: str, now: datetime) -> None:
    """The member has opened the lesson; the first time counts."""
    _keep(connection, member, lesson, read_at=now)


def keep_dismissed(connection: Connection, member: int, lesson: str, now: datetime) -> None:
    """The member does not want the lesson; the first time counts."""
    _keep(connection, member, lesson, dismissed_at=now)


def _keep(connection: Connection, member: int, lesson: str, **at: datetime) -> None:
    [column] = at
    known = connection.execute(
        select(LessonSeenRow.id, LessonSeenRow.__table__.c[column]).where(
            LessonSeenRow.member_id == member, LessonSeenRow.lesson == lesson
        )
    ).one_or_none()
    if known is None:
        connection.execute(insert(LessonSeenRow).values(member_id=member, lesson=lesson, **at))
    elif known[1] is None:
        connection.execute(update(LessonSeenRow).where(LessonSeenRow.id == known.id).values(**at))


def read(connection: Connection, member: int) -> frozenset[str]:
    """The names of the lessons that the member has opened."""
    return frozenset(connection.execute(_READ, {"member": member}).scalars())
