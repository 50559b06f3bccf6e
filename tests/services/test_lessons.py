"""Lessons: offered once to members, read and declined, and nothing kept of anybody else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import PostId, UserId
from bot.domain.lessons import Lesson, LessonCatalog, Occasion, Paragraph, TextRun
from bot.domain.model import SkipReason, Stage
from bot.domain.responses import Answer
from bot.services import lessons, membership, responses
from bot.services.membership import NewMember
from bot.services.responses import Stored
from bot.storage.tables import LessonSeenRow, MemberRow
from bot.storage.tx import Tx
from tests.services.helpers import AMARA, BO, DAY, NO_CONSENT, OTHER_TEAM, TEAM, ZONE, ServiceWorld

OCCASIONS = list(Occasion)
SHELF = LessonCatalog(
    tuple(
        Lesson(
            f"for-{when}", when.title(), "Why.", 1, when, (Paragraph((TextRun("Some words."),)),)
        )
        for when in Occasion
    )
)
FIRST = SHELF.lessons[0]


def offer(
    world: ServiceWorld,
    user: str = AMARA,
    when: Occasion = OCCASIONS[0],
    catalog: LessonCatalog = SHELF,
) -> Lesson | None:
    return world.run(lessons.offer, UserId(user), catalog, when)


def seen(world: ServiceWorld) -> Sequence[tuple[object, ...]]:
    columns = ("lesson", "offered", "read", "dismissed")
    return [tuple(getattr(row, each) for each in columns) for row in world.rows(LessonSeenRow)]


def skip(
    world: ServiceWorld, post: int, user: str = AMARA, reason: SkipReason | None = None
) -> Stored:
    answer = Answer(Stage.SKIPPED, reason=reason)
    stored = world.run(responses.record_response, UserId(user), PostId(post), answer, SHELF)
    assert isinstance(stored, Stored)
    return stored


@pytest.mark.parametrize("when", OCCASIONS)
def test_each_lesson_is_offered_once(world: ServiceWorld, when: Occasion) -> None:
    world.join()
    offered = offer(world, when=when)
    assert offered is not None
    assert offered.when is when
    world.now += DAY
    assert offer(world, when=when) is None
    assert seen(world) == [(offered.name, True, False, False)]


def test_a_shelf_without_a_lesson_for_the_occasion_offers_none(world: ServiceWorld) -> None:
    world.join()
    assert offer(world, catalog=LessonCatalog()) is None
    assert seen(world) == []


def test_what_was_read_or_declined_is_not_offered(world: ServiceWorld) -> None:
    world.join()
    first, second, _ = SHELF.lessons
    world.run(lessons.record_read, AMARA, first.name)
    world.run(lessons.record_declined, AMARA, second.name)
    assert [offer(world, when=when) for when in OCCASIONS[:2]] == [None, None]
    assert seen(world) == [
        (first.name, False, True, False),
        (second.name, False, False, True),
    ]


def test_reading_and_declining_are_stored_without_a_moment(world: ServiceWorld) -> None:
    world.join()
    offer(world)
    for keep in (lessons.record_read, lessons.record_declined, lessons.record_read):
        world.run(keep, AMARA, FIRST.name)
    assert seen(world) == [(FIRST.name, True, True, True)]


@pytest.mark.parametrize("how", NO_CONSENT)
def test_of_somebody_without_consent_nothing_is_kept_and_nothing_offered(
    world: ServiceWorld, how: str
) -> None:
    world.without_consent(how)
    for when in OCCASIONS:
        assert offer(world, when=when) is None
    world.run(lessons.record_read, AMARA, FIRST.name)
    world.run(lessons.record_declined, AMARA, FIRST.name)
    assert world.run(lessons.load_read, AMARA) is None
    assert seen(world) == []


def test_a_member_sees_what_they_have_read_and_nobody_else_does(world: ServiceWorld) -> None:
    world.join()
    world.join(BO)
    world.within(team=OTHER_TEAM).run(membership.join, AMARA, ZONE)
    offer(world)
    world.run(lessons.record_read, AMARA, SHELF.lessons[1].name)
    assert world.run(lessons.load_read, AMARA) == frozenset({SHELF.lessons[1].name})
    assert world.run(lessons.load_read, BO) == frozenset()
    assert world.within(team=OTHER_TEAM).run(lessons.load_read, AMARA) == frozenset()
    assert offer(world, BO) is FIRST


def test_the_lesson_for_somebody_who_begins_is_offered_once_in_a_life(world: ServiceWorld) -> None:
    world.join()
    assert offer(world, when=Occasion.BEFORE_FIRST_ASK) is FIRST
    world.run(membership.leave, AMARA)
    world.join()
    assert offer(world, when=Occasion.BEFORE_FIRST_ASK) is None


def test_joining_on_the_way_to_a_post_offers_it_too(world: ServiceWorld) -> None:
    post = world.live()
    new, answer = NewMember(AMARA, ZONE), Answer(Stage.INTERESTED)
    stored = world.run(responses.join_and_record, new, PostId(post), answer, SHELF)
    assert stored == Stored(Stage.INTERESTED, changed=True, lesson=FIRST)


def test_the_second_skip_offers_a_lesson_and_no_other_does(world: ServiceWorld) -> None:
    posts = [world.live() for _ in range(4)]
    world.join()
    offered = [skip(world, post).lesson for post in posts]
    assert offered == [None, SHELF.lesson_for(Occasion.AFTER_FIRST_SKIPS), None, None]


def test_skipping_one_post_twice_or_giving_reasons_is_one_skip(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    for reason in (None, None, SkipReason.NOT_NOW, SkipReason.TOO_OFTEN):
        assert skip(world, post, reason=reason).lesson is None
    assert seen(world) == []


def test_other_peoples_skips_and_what_was_shared_do_not_count(world: ServiceWorld) -> None:
    first, second, third = (world.live() for _ in range(3))
    world.join()
    world.join(BO)
    skip(world, first, BO)
    skip(world, second)
    world.respond(AMARA, second, Stage.INTERESTED)
    assert skip(world, third).lesson is None


def test_a_member_who_found_the_lesson_alone_is_not_offered_it_after_skips(
    world: ServiceWorld,
) -> None:
    posts = [world.live() for _ in range(2)]
    world.join()
    known = SHELF.lesson_for(Occasion.AFTER_FIRST_SKIPS)
    assert known is not None
    world.run(lessons.record_read, AMARA, known.name)
    assert [skip(world, post).lesson for post in posts] == [None, None]


def test_a_skip_without_consent_offers_nothing(world: ServiceWorld) -> None:
    posts = [world.live() for _ in range(2)]
    for post in posts:
        answer = Answer(Stage.SKIPPED)
        refused = world.run(responses.record_response, AMARA, PostId(post), answer, SHELF)
        assert not isinstance(refused, Stored)
    assert seen(world) == []


def test_of_two_processes_that_offer_at_once_one_is_refused(world: ServiceWorld) -> None:
    """The writer then runs it again, and it finds that the lesson was offered."""
    if world.engine.dialect.name == "sqlite":
        return  # one process, one writer
    world.join()
    arguments = (AMARA, SHELF, OCCASIONS[0])
    with world.engine.connect() as one, world.engine.connect() as other:
        other.exec_driver_sql("SET lock_timeout = '50ms'")
        assert lessons.offer(Tx(one, TEAM, world.now), *arguments) is FIRST
        with pytest.raises(Exception, match="lock timeout"):
            lessons.offer(Tx(other, TEAM, world.now), *arguments)
        other.rollback()
        one.commit()
        assert lessons.offer(Tx(other, TEAM, world.now), *arguments) is None
    assert len(seen(world)) == 1


def test_what_was_seen_goes_with_the_member(world: ServiceWorld) -> None:
    world.join()
    world.join(BO)
    for user in (AMARA, BO):
        for when in OCCASIONS:
            assert offer(world, user, when)
    world.run(lambda tx: tx.connection.execute(delete(MemberRow).where(MemberRow.user == AMARA)))
    assert len(world.rows(LessonSeenRow)) == len(OCCASIONS)


def test_a_lesson_is_kept_once_for_each_member(world: ServiceWorld) -> None:
    member = world.join()
    offer(world)
    with pytest.raises(IntegrityError):
        world.run(
            lambda tx: tx.connection.execute(
                insert(LessonSeenRow).values(member_id=member.id, lesson=FIRST.name)
            )
        )
