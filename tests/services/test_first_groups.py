"""First groups: who a new post goes to first, when it goes on, and when it stops."""

from __future__ import annotations

import pytest

from bot.domain.model import NoticeKind, Outcome, Reach, Stage
from bot.domain.responses import Answer
from bot.services import heartbeat, membership, planning
from bot.storage.tables import AskRow, MemberRow, NoticeRow
from tests.services.asks import all_look_again, look_at, staff, the_post
from tests.services.helpers import DAY, WEEK, ServiceWorld, post_of

pytestmark = pytest.mark.usefixtures("generous")


def pending(world: ServiceWorld) -> list[NoticeKind]:
    return [row.kind for row in world.rows(NoticeRow) if row.sent_at is None]


def test_a_post_without_a_size_is_not_proposed_yet(afternoon: ServiceWorld) -> None:
    afternoon.member()
    post = afternoon.live()
    assert afternoon.planned() == []
    assert afternoon.run(planning.size_first_groups) == {post: 5}
    afternoon.size_first_groups()
    assert afternoon.run(planning.size_first_groups) == {}
    assert the_post(afternoon).first_group == 5


def test_the_first_group_is_a_tenth_of_those_it_fits(afternoon: ServiceWorld) -> None:
    staff(afternoon, 61)
    afternoon.member("U_ELSEWHERE", topics=("hiring",))
    afternoon.member("U_BROWSES", delivery=frozenset())
    afternoon.live()
    afternoon.size_first_groups()
    assert the_post(afternoon).first_group == 7
    assert afternoon.plan().asks == 7
    assert the_post(afternoon).asked == 7
    afternoon.send_planned()
    assert afternoon.plan().asks == 0


def first_group(world: ServiceWorld, members: int = 12) -> list[str]:
    """The first group of a post has been asked; returns their names."""
    staff(world, members)
    world.proposable()
    assert world.plan().asks == 5
    assert len(world.send_planned()) == 5
    names = {row.id: row.user for row in world.rows(MemberRow)}
    return [names[row.member_id] for row in world.rows(AskRow)]


def test_while_nobody_answers_the_group_grows_after_two_working_days(
    afternoon: ServiceWorld,
) -> None:
    first_group(afternoon)
    afternoon.now += DAY
    all_look_again(afternoon)
    assert afternoon.plan().asks == 0
    afternoon.now += DAY
    all_look_again(afternoon)
    assert afternoon.plan().asks == 5
    all_look_again(afternoon)
    assert afternoon.plan().asks == 0


def test_five_answers_that_go_well_open_it_to_everybody(afternoon: ServiceWorld) -> None:
    asked = first_group(afternoon)
    for user in asked[:3]:
        afternoon.respond(user, 1, Stage.SKIPPED)
    afternoon.respond(asked[3], 1, Stage.INTERESTED)
    afternoon.run(planning.judge_first_groups)
    assert the_post(afternoon).reach is Reach.FIRST_GROUP
    afternoon.respond(asked[4], 1, Stage.OPENED)
    afternoon.run(planning.judge_first_groups)
    assert the_post(afternoon).reach is Reach.EVERYBODY
    all_look_again(afternoon)
    assert afternoon.plan().asks == 7
    assert pending(afternoon) == []


def skip_it(world: ServiceWorld, users: list[str]) -> None:
    for user in users:
        world.respond(user, 1, Answer(Stage.SKIPPED, in_ask=True))


def test_too_many_skips_stop_it_and_comms_hear_of_it_once(afternoon: ServiceWorld) -> None:
    skip_it(afternoon, first_group(afternoon))
    for _ in range(2):
        afternoon.run(planning.judge_first_groups)
        all_look_again(afternoon)
        assert afternoon.plan().asks == 0
    assert the_post(afternoon).reach is Reach.STOPPED
    assert pending(afternoon) == [NoticeKind.FIRST_GROUP_STOPPED]


def test_the_heartbeat_judges_first_groups(afternoon: ServiceWorld) -> None:
    skip_it(afternoon, first_group(afternoon))
    afternoon.run(heartbeat.run_heartbeat)
    assert the_post(afternoon).reach is Reach.STOPPED


def test_a_correction_begins_again_with_a_new_group(afternoon: ServiceWorld) -> None:
    skip_it(afternoon, first_group(afternoon))
    afternoon.plan()
    afternoon.run(planning.judge_first_groups)
    assert the_post(afternoon).reach is Reach.STOPPED
    afternoon.edit(1, title="Corrected")
    post_of(afternoon.approve(1))
    assert (the_post(afternoon).reach, the_post(afternoon).first_group) == (Reach.FIRST_GROUP, None)
    all_look_again(afternoon)
    assert afternoon.plan().asks == 0  # it has no size yet
    afternoon.size_first_groups()
    all_look_again(afternoon)
    assert afternoon.plan().asks == 5  # the answers to the old words are not counted
    assert {row.revision for row in afternoon.rows(AskRow)} == {1, 2}


def test_a_correction_of_a_post_for_everybody_goes_on(afternoon: ServiceWorld) -> None:
    for user in first_group(afternoon):
        afternoon.respond(user, 1, Stage.INTERESTED)
    afternoon.run(planning.judge_first_groups)
    afternoon.edit(1, title="Corrected")
    post_of(afternoon.approve(1))
    assert the_post(afternoon).reach is Reach.EVERYBODY
    all_look_again(afternoon)
    assert afternoon.plan().asks == 7


def test_lapsed_asks_alone_never_stop_a_post(afternoon: ServiceWorld) -> None:
    first_group(afternoon, members=5)
    for _ in range(3):
        afternoon.now += WEEK
        afternoon.plan()
        afternoon.run(planning.judge_first_groups)
    assert {row.outcome for row in afternoon.rows(AskRow)} == {Outcome.LAPSED}
    assert the_post(afternoon).reach is Reach.FIRST_GROUP


def test_what_was_taken_back_makes_room_for_somebody_else(afternoon: ServiceWorld) -> None:
    staff(afternoon, 8)
    afternoon.proposable()
    assert afternoon.plan().asks == 5
    left = afternoon.rows(AskRow)[0]
    [user] = [row.user for row in afternoon.rows(MemberRow) if row.id == left.member_id]
    afternoon.run(membership.leave, user)
    assert len(afternoon.send_planned()) == 4
    all_look_again(afternoon)
    look_at(afternoon, [left.member_id], None)
    assert afternoon.plan().asks == 1
    assert the_post(afternoon).asked == 5
