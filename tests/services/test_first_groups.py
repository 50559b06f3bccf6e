"""First groups: who a new post goes to first, when it goes on, and when it stops."""

from __future__ import annotations

import pytest

from bot.domain.model import NoticeKind, Outcome, Reach, Stage
from bot.services import announcing, membership, planning
from bot.services.responding import Answer
from bot.storage.tables import AskRow, MemberRow, NoticeRow
from tests.services.asks import all_look_again, look_at, staff, the_post
from tests.services.helpers import DAY, TEAM, WEEK, Desk, kept

pytestmark = pytest.mark.usefixtures("generous")


def owed(desk: Desk) -> list[NoticeKind]:
    return [row.kind for row in desk.rows(NoticeRow) if row.sent_at is None]


def test_a_post_without_a_size_is_not_proposed_yet(office: Desk) -> None:
    office.member()
    post = office.live()
    assert office.planned() == []
    assert office.do(planning.unsized, TEAM, office.now) == {post: 5}
    office.size_first_groups()
    assert office.do(planning.unsized, TEAM, office.now) == {}
    assert the_post(office).first_group == 5


def test_the_first_group_is_a_tenth_of_those_it_fits(office: Desk) -> None:
    staff(office, 61)
    office.member("U_ELSEWHERE", topics=("hiring",))
    office.member("U_BROWSES", delivery=frozenset())
    office.live()
    office.size_first_groups()
    assert the_post(office).first_group == 7
    assert office.plan().asks == 7
    assert the_post(office).asked == 7
    office.send_planned()
    assert office.plan().asks == 0


def first_group(desk: Desk, members: int = 12) -> list[str]:
    """The first group of a post has been asked; returns their names."""
    staff(desk, members)
    desk.proposable()
    assert desk.plan().asks == 5
    assert len(desk.send_planned()) == 5
    names = {row.id: row.user for row in desk.rows(MemberRow)}
    return [names[row.member_id] for row in desk.rows(AskRow)]


def test_while_nobody_answers_the_group_grows_after_two_working_days(office: Desk) -> None:
    first_group(office)
    office.now += DAY
    all_look_again(office)
    assert office.plan().asks == 0
    office.now += DAY
    all_look_again(office)
    assert office.plan().asks == 5
    all_look_again(office)
    assert office.plan().asks == 0


def test_five_answers_that_go_well_open_it_to_everybody(office: Desk) -> None:
    asked = first_group(office)
    for user in asked[:3]:
        office.respond(user, 1, Stage.SKIPPED)
    office.respond(asked[3], 1, Stage.INTERESTED)
    office.do(planning.judge_first_groups, TEAM, office.now)
    assert the_post(office).reach is Reach.FIRST_GROUP
    office.respond(asked[4], 1, Stage.OPENED)
    office.do(planning.judge_first_groups, TEAM, office.now)
    assert the_post(office).reach is Reach.EVERYBODY
    all_look_again(office)
    assert office.plan().asks == 7
    assert owed(office) == []


def skip_it(desk: Desk, users: list[str]) -> None:
    for user in users:
        desk.respond(user, 1, Answer(Stage.SKIPPED, asked=True))


def test_too_many_skips_stop_it_and_comms_hear_of_it_once(office: Desk) -> None:
    skip_it(office, first_group(office))
    for _ in range(2):
        office.do(planning.judge_first_groups, TEAM, office.now)
        all_look_again(office)
        assert office.plan().asks == 0
    assert the_post(office).reach is Reach.STOPPED
    assert owed(office) == [NoticeKind.FIRST_GROUP_STOPPED]


def test_the_heartbeat_judges_first_groups(office: Desk) -> None:
    skip_it(office, first_group(office))
    office.do(announcing.prepare, TEAM, office.now)
    assert the_post(office).reach is Reach.STOPPED


def test_a_correction_begins_again_with_a_new_group(office: Desk) -> None:
    skip_it(office, first_group(office))
    office.plan()
    office.do(planning.judge_first_groups, TEAM, office.now)
    assert the_post(office).reach is Reach.STOPPED
    office.edit(1, title="Corrected")
    kept(office.approve(1))
    assert (the_post(office).reach, the_post(office).first_group) == (Reach.FIRST_GROUP, None)
    all_look_again(office)
    assert office.plan().asks == 0  # it has no size yet
    office.size_first_groups()
    all_look_again(office)
    assert office.plan().asks == 5  # the answers to the old words are not counted
    assert {row.revision for row in office.rows(AskRow)} == {1, 2}


def test_a_correction_of_a_post_for_everybody_goes_on(office: Desk) -> None:
    for user in first_group(office):
        office.respond(user, 1, Stage.INTERESTED)
    office.do(planning.judge_first_groups, TEAM, office.now)
    office.edit(1, title="Corrected")
    kept(office.approve(1))
    assert the_post(office).reach is Reach.EVERYBODY
    all_look_again(office)
    assert office.plan().asks == 7


def test_lapsed_asks_alone_never_stop_a_post(office: Desk) -> None:
    first_group(office, members=5)
    for _ in range(3):
        office.now += WEEK
        office.plan()
        office.do(planning.judge_first_groups, TEAM, office.now)
    assert {row.outcome for row in office.rows(AskRow)} == {Outcome.LAPSED}
    assert the_post(office).reach is Reach.FIRST_GROUP


def test_what_was_taken_back_makes_room_for_somebody_else(office: Desk) -> None:
    staff(office, 8)
    office.proposable()
    assert office.plan().asks == 5
    left = office.rows(AskRow)[0]
    [user] = [row.user for row in office.rows(MemberRow) if row.id == left.member_id]
    office.do(membership.leave, TEAM, user, office.now)
    assert len(office.send_planned()) == 4
    all_look_again(office)
    look_at(office, [left.member_id], None)
    assert office.plan().asks == 1
    assert the_post(office).asked == 5
