"""Moving posts in the queue, and what needs somebody on the desk."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.channel_queue import Move, Moved
from bot.domain.desk import Need, Viewer
from bot.domain.ids import PostId, UserId
from bot.domain.lessons import EMPTY_CATALOG
from bot.services import announcements, home_tab, post_lists, reviews, schedule, workspaces
from tests.services.helpers import CARL, CLEO, ServiceWorld, post_of

DAY = timedelta(days=1)


def order(world: ServiceWorld) -> list[PostId]:
    return list(world.run(post_lists.load_overview).forecasts)


def move(world: ServiceWorld, post: int, to: Move) -> Moved:
    return world.run(schedule.move, CLEO, PostId(post), to)


def needs(world: ServiceWorld, who: UserId, *, is_guest: bool = False) -> list[tuple[Need, int]]:
    viewer = Viewer(who, is_guest)
    found = world.run(home_tab.load_home_tab, who, EMPTY_CATALOG, viewer).desk
    assert found is not None
    return [(row.need, row.post.id) for row in found.rows]


def test_a_post_moves_and_the_others_keep_their_order(world: ServiceWorld) -> None:
    one, two, three = (world.approved(topics=()) for _ in range(3))
    assert order(world) == [one, two, three]
    assert move(world, three, Move.UP) is Moved.MOVED
    assert order(world) == [one, three, two]
    assert move(world, two, Move.NEXT) is Moved.MOVED
    assert order(world) == [two, one, three]
    assert move(world, two, Move.DOWN) is Moved.MOVED
    assert order(world) == [one, two, three]
    four = world.approved(topics=())
    assert order(world)[-1] == four, "a newer post takes its turn after those"
    assert world.claimed().post.id == one


def test_a_place_beats_the_turns_of_topics(world: ServiceWorld) -> None:
    world.live(topics=("releases",))
    old = world.approved(topics=("releases",))
    new = world.approved(topics=("awards",))
    assert order(world) == [new, old]
    assert move(world, old, Move.NEXT) is Moved.MOVED
    assert order(world) == [old, new]


def test_moving_works_while_posting_is_frozen(world: ServiceWorld) -> None:
    one, two = (world.approved(topics=()) for _ in range(2))
    world.run(workspaces.freeze, CARL)
    assert move(world, two, Move.UP) is Moved.MOVED
    assert order(world) == [two, one]


def test_a_post_at_the_end_stays_and_one_that_is_not_queued_says_so(world: ServiceWorld) -> None:
    one = world.approved(topics=())
    two = world.approved(topics=(), not_before=world.now + 9 * DAY)
    assert move(world, one, Move.UP) is Moved.STAYS
    assert move(world, two, Move.DOWN) is Moved.STAYS
    assert move(world, two, Move.NEXT) is Moved.STAYS, "its earliest moment decides"
    assert order(world) == [one, two]
    assert move(world, world.in_review(), Move.NEXT) is Moved.NOT_QUEUED
    assert move(world, 99, Move.NEXT) is Moved.NOT_QUEUED


def test_who_edits_and_approves_again_loses_the_place(world: ServiceWorld) -> None:
    one, two = (world.approved(topics=()) for _ in range(2))
    move(world, two, Move.NEXT)
    world.edit(two, title="Another")
    post_of(world.approve(two))
    assert order(world) == [one, two]


def test_the_desk_has_what_needs_its_owner_and_nobody_else(world: ServiceWorld) -> None:
    waiting = world.in_review()
    returned = world.in_review()
    world.send_back(returned, "The link is broken.")
    corrected = world.live()
    world.edit(corrected, title="Better")
    assert needs(world, CARL) == [(Need.APPROVE, waiting), (Need.APPROVE_CORRECTION, corrected)]
    assert needs(world, CLEO) == [(Need.REWRITE, returned)]
    assert needs(world, CARL, is_guest=True) == []


def test_with_one_approval_the_writer_is_asked(world: ServiceWorld) -> None:
    world.save_workspace(approvals=1)
    waiting = world.in_review()
    assert needs(world, CLEO) == [(Need.APPROVE, waiting)]


def test_a_post_whose_end_has_passed_needs_its_writer(world: ServiceWorld) -> None:
    late = world.in_review(expires_at=world.now + DAY)
    world.now += 2 * DAY
    assert needs(world, CLEO) == [(Need.EXTEND, late)]
    assert needs(world, CARL) == []


def test_a_lost_send_is_asked_about_until_it_is_settled_also_after_the_end(
    world: ServiceWorld,
) -> None:
    lost = world.uncertain()
    assert needs(world, CARL) == [(Need.SETTLE, lost)]
    assert needs(world, CARL, is_guest=True) == []
    world.withdraw(lost)
    assert needs(world, CARL) == [(Need.SETTLE, lost)]
    world.run(announcements.settle_uncertain, CLEO, PostId(lost))
    assert needs(world, CARL) == []


def test_a_review_compares_with_what_was_approved_last(world: ServiceWorld) -> None:
    viewer = Viewer(CARL)
    post = world.in_review(title="First")
    first = world.run(reviews.load_review, viewer, PostId(post))
    assert first is not None
    assert (first.since, list(first.changes), first.waits) == (None, [], True)
    post_of(world.approve(post))
    world.edit(post, title="Second")
    again = world.run(reviews.load_review, viewer, PostId(post))
    assert again is not None
    assert [(one.before, one.after) for one in again.changes] == [("First", "Second")]
    assert world.run(reviews.load_review, viewer, PostId(99)) is None
