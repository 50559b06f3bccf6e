"""Lessons: offered once at the right moment, read and declined; kept of members only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.domain.lessons import FIRST_SKIPS, Lesson, Occasion, Shelf
from bot.services import membership
from bot.services.membership import Membership
from bot.storage import lessons, members


def offer(
    connection: Connection,
    workspace: str,
    user: str,
    shelf: Shelf,
    occasion: Occasion,
    now: datetime,
) -> Lesson | None:
    """The lesson to offer now, which is noted: whoever gets it here has to show it.

    None for somebody without valid consent, and for a member who was offered it before, has read
    it or did not want it.
    """
    lesson = shelf.offered(occasion)
    member = None if lesson is None else _member(connection, workspace, user, now)
    if lesson is None or member is None:
        return None
    return lesson if lessons.claim(connection, member, lesson.name, now) else None


def offer_after_skips(connection: Connection, member: int, lesson: Lesson, now: datetime) -> bool:
    """Whether to offer the lesson to a member, who consents, after one more skip; it is noted."""
    return lessons.claim_after_skips(connection, member, lesson.name, FIRST_SKIPS, now)


def join(
    connection: Connection, workspace: str, user: str, zone: str, shelf: Shelf, now: datetime
) -> tuple[Membership, Lesson | None]:
    """Record consent, and the lesson to offer to somebody who begins."""
    joined = membership.join(connection, workspace, user, zone, now)
    if not joined.changed:
        return joined, None
    return joined, offer(connection, workspace, user, shelf, Occasion.BEFORE_FIRST_ASK, now)


def opened(connection: Connection, workspace: str, user: str, lesson: str, now: datetime) -> None:
    """The person reads a lesson."""
    member = _member(connection, workspace, user, now)
    if member is not None:
        lessons.keep_read(connection, member, lesson, now)


def declined(connection: Connection, workspace: str, user: str, lesson: str, now: datetime) -> None:
    """The person does not want a lesson that was offered."""
    member = _member(connection, workspace, user, now)
    if member is not None:
        lessons.keep_dismissed(connection, member, lesson, now)


def read_by(
    connection: Connection, workspace: str, user: str, now: datetime
) -> frozenset[str] | None:
    """The names of the lessons that a member has read; None without valid consent."""
    member = _member(connection, workspace, user, now)
    return None if member is None else lessons.read(connection, member)


def _member(connection: Connection, workspace: str, user: str, now: datetime) -> int | None:
    member = members.find(connection, workspace, user)
    return member.id if member is not None and member.consents(now) else None
