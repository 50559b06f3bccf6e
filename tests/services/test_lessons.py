"""Lessons: offered once to members, read and declined, and nothing kept of anybody else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from bot.domain.lessons import Lesson, Occasion, Paragraph, Run, Shelf
from bot.domain.model import SkipReason, Stage
from bot.services import lessons, membership, responding
from bot.services.responding import Answer, Stored
from bot.storage.tables import LessonSeenRow, MemberRow
from tests.services.helpers import AMARA, BO, DAY, NO_CONSENT, OTHER_TEAM, TEAM, ZONE, Desk

OCCASIONS = list(Occasion)
SHELF = Shelf(
    tuple(
        Lesson(f"for-{when}", when.title(), "Why.", 1, when, (Paragraph((Run("Some words."),)),))
        for when in Occasion
    )
)
FIRST = SHELF.lessons[0]


def offer(
    desk: Desk, user: str = AMARA, when: Occasion = OCCASIONS[0], shelf: Shelf = SHELF
) -> Lesson | None:
    return desk.do(lessons.offer, TEAM, user, shelf, when, desk.now)


def seen(desk: Desk) -> Sequence[tuple[object, ...]]:
    columns = ("lesson", "first_offered_at", "read_at", "dismissed_at")
    return [tuple(getattr(row, each) for each in columns) for row in desk.rows(LessonSeenRow)]


def skip(desk: Desk, post: int, user: str = AMARA, reason: SkipReason | None = None) -> Stored:
    answer = Answer(Stage.SKIPPED, reason=reason)
    stored = desk.do(responding.respond, TEAM, user, post, answer, desk.now, SHELF)
    assert isinstance(stored, Stored)
    return stored


@pytest.mark.parametrize("when", OCCASIONS)
def test_each_lesson_is_offered_once(desk: Desk, when: Occasion) -> None:
    desk.join()
    offered = offer(desk, when=when)
    assert offered is not None
    assert offered.when is when
    first = desk.now
    desk.now += DAY
    assert offer(desk, when=when) is None
    assert seen(desk) == [(offered.name, first, None, None)]


def test_a_shelf_without_a_lesson_for_the_occasion_offers_none(desk: Desk) -> None:
    desk.join()
    assert offer(desk, shelf=Shelf()) is None
    assert seen(desk) == []


def test_what_was_read_or_declined_is_not_offered(desk: Desk) -> None:
    desk.join()
    first, second, _ = SHELF.lessons
    desk.do(lessons.opened, TEAM, AMARA, first.name, desk.now)
    desk.do(lessons.declined, TEAM, AMARA, second.name, desk.now)
    assert [offer(desk, when=when) for when in OCCASIONS[:2]] == [None, None]
    assert seen(desk) == [(first.name, None, desk.now, None), (second.name, None, None, desk.now)]


def test_the_first_time_counts(desk: Desk) -> None:
    desk.join()
    offer(desk)
    moments = []
    for keep in (lessons.opened, lessons.declined, lessons.opened, lessons.declined):
        desk.now += DAY
        moments.append(desk.now)
        desk.do(keep, TEAM, AMARA, FIRST.name, desk.now)
    assert [row[2:] for row in seen(desk)] == [tuple(moments[:2])]


@pytest.mark.parametrize("how", NO_CONSENT)
def test_of_somebody_without_consent_nothing_is_kept_and_nothing_offered(
    desk: Desk, how: str
) -> None:
    desk.without_consent(how)
    for when in OCCASIONS:
        assert offer(desk, when=when) is None
    desk.do(lessons.opened, TEAM, AMARA, FIRST.name, desk.now)
    desk.do(lessons.declined, TEAM, AMARA, FIRST.name, desk.now)
    assert desk.do(lessons.read_by, TEAM, AMARA, desk.now) is None
    assert seen(desk) == []


def test_a_member_sees_what_they_have_read_and_nobody_else_does(desk: Desk) -> None:
    desk.join()
    desk.join(BO)
    desk.do(membership.join, OTHER_TEAM, AMARA, ZONE, desk.now)
    offer(desk)
    desk.do(lessons.opened, TEAM, AMARA, SHELF.lessons[1].name, desk.now)
    assert desk.do(lessons.read_by, TEAM, AMARA, desk.now) == frozenset({SHELF.lessons[1].name})
    assert desk.do(lessons.read_by, TEAM, BO, desk.now) == frozenset()
    assert desk.do(lessons.read_by, OTHER_TEAM, AMARA, desk.now) == frozenset()
    assert offer(desk, BO) is FIRST


def test_joining_offers_the_lesson_for_somebody_who_begins_once_in_a_life(desk: Desk) -> None:
    joined, offered = desk.do(lessons.join, TEAM, AMARA, ZONE, SHELF, desk.now)
    assert joined.changed
    assert offered is FIRST
    joined, offered = desk.do(lessons.join, TEAM, AMARA, ZONE, SHELF, desk.now)
    assert (joined.changed, offered) == (False, None)
    desk.do(membership.leave, TEAM, AMARA, desk.now)
    joined, offered = desk.do(lessons.join, TEAM, AMARA, ZONE, SHELF, desk.now)
    assert (joined.changed, offered) == (True, None)


def test_joining_on_the_way_to_a_post_offers_it_too(desk: Desk) -> None:
    post = desk.live()
    answer = Answer(Stage.INTERESTED)
    stored = desk.do(responding.join_and_respond, TEAM, AMARA, ZONE, post, answer, desk.now, SHELF)
    assert stored == Stored(Stage.INTERESTED, changed=True, lesson=FIRST)


def test_the_second_skip_offers_a_lesson_and_no_other_does(desk: Desk) -> None:
    posts = [desk.live() for _ in range(4)]
    desk.join()
    offered = [skip(desk, post).lesson for post in posts]
    assert offered == [None, SHELF.offered(Occasion.AFTER_FIRST_SKIPS), None, None]


def test_skipping_one_post_twice_or_giving_reasons_is_one_skip(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    for reason in (None, None, SkipReason.NOT_NOW, SkipReason.TOO_OFTEN):
        assert skip(desk, post, reason=reason).lesson is None
    assert seen(desk) == []


def test_other_peoples_skips_and_what_was_shared_do_not_count(desk: Desk) -> None:
    first, second, third = (desk.live() for _ in range(3))
    desk.join()
    desk.join(BO)
    skip(desk, first, BO)
    skip(desk, second)
    desk.respond(AMARA, second, Stage.INTERESTED)
    assert skip(desk, third).lesson is None


def test_a_member_who_found_the_lesson_alone_is_not_offered_it_after_skips(desk: Desk) -> None:
    posts = [desk.live() for _ in range(2)]
    desk.join()
    known = SHELF.offered(Occasion.AFTER_FIRST_SKIPS)
    assert known is not None
    desk.do(lessons.opened, TEAM, AMARA, known.name, desk.now)
    assert [skip(desk, post).lesson for post in posts] == [None, None]


def test_a_skip_without_consent_offers_nothing(desk: Desk) -> None:
    posts = [desk.live() for _ in range(2)]
    for post in posts:
        answer = Answer(Stage.SKIPPED)
        refused = desk.do(responding.respond, TEAM, AMARA, post, answer, desk.now, SHELF)
        assert not isinstance(refused, Stored)
    assert seen(desk) == []


def test_of_two_processes_that_offer_at_once_one_is_refused(desk: Desk) -> None:
    """The writer then runs it again, and it finds that the lesson was offered."""
    if desk.engine.dialect.name == "sqlite":
        return  # one process, one writer
    desk.join()
    arguments = (TEAM, AMARA, SHELF, OCCASIONS[0], desk.now)
    with desk.engine.connect() as one, desk.engine.connect() as other:
        other.exec_driver_sql("SET lock_timeout = '50ms'")
        assert lessons.offer(one, *arguments) is FIRST
        with pytest.raises(Exception, match="lock timeout"):
            lessons.offer(other, *arguments)
        other.rollback()
        one.commit()
        assert lessons.offer(other, *arguments) is None
    assert len(seen(desk)) == 1


def test_what_was_seen_goes_with_the_member(desk: Desk) -> None:
    desk.join()
    desk.join(BO)
    for user in (AMARA, BO):
        for when in OCCASIONS:
            assert offer(desk, user, when)
    desk.do(lambda connection: connection.execute(delete(MemberRow).where(MemberRow.user == AMARA)))
    assert len(desk.rows(LessonSeenRow)) == len(OCCASIONS)


def test_a_lesson_is_kept_once_for_each_member(desk: Desk) -> None:
    member = desk.join()
    offer(desk)
    with pytest.raises(IntegrityError):
        desk.do(
            lambda connection: connection.execute(
                insert(LessonSeenRow).values(member_id=member.id, lesson=FIRST.name)
            )
        )
