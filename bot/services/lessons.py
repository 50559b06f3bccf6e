"""Lessons: offered once at the right moment, read and declined; kept of members only."""

from __future__ import annotations

from bot.domain.ids import MemberId, UserId
from bot.domain.lessons import FIRST_SKIPS, Lesson, LessonCatalog, Occasion
from bot.services import membership
from bot.storage import lessons
from bot.storage.tx import Tx


def offer(tx: Tx, user_id: UserId, catalog: LessonCatalog, occasion: Occasion) -> Lesson | None:
    """Claim the lesson to offer now; the caller has to show it.

    None for somebody without valid consent, and for a member who was offered it before, has read
    it or did not want it.
    """
    lesson = catalog.lesson_for(occasion)
    member_id = None if lesson is None else _member_id(tx, user_id)
    if lesson is None or member_id is None:
        return None
    return lesson if lessons.claim_offer(tx, member_id, lesson.name) else None


def offer_after_skips(tx: Tx, member_id: MemberId, lesson: Lesson) -> bool:
    """Whether to offer the lesson to a member, who consents, after one more skip; it is noted."""
    return lessons.claim_offer_after_skips(tx, member_id, lesson.name, FIRST_SKIPS)


def record_read(tx: Tx, user_id: UserId, lesson: str) -> None:
    """Record that the person reads a lesson."""
    member_id = _member_id(tx, user_id)
    if member_id is not None:
        lessons.record_read(tx, member_id, lesson)


def record_declined(tx: Tx, user_id: UserId, lesson: str) -> None:
    """Record that the person does not want a lesson that was offered."""
    member_id = _member_id(tx, user_id)
    if member_id is not None:
        lessons.record_dismissed(tx, member_id, lesson)


def load_read(tx: Tx, user_id: UserId) -> frozenset[str] | None:
    """The names of the lessons that a member has read; None without valid consent."""
    member_id = _member_id(tx, user_id)
    return None if member_id is None else lessons.load_read(tx, member_id)


def _member_id(tx: Tx, user_id: UserId) -> MemberId | None:
    member = membership.load_consenting(tx, user_id)
    return None if member is None else member.id
