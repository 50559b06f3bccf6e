"""Planning: who is looked at, in which order, how many, about what, and when again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.model import (
    Colour,
    Delivery,
    DispatchState,
    Network,
    NoticeKind,
    Outcome,
    Pace,
    Reach,
    SkipReason,
    Stage,
)
from bot.services import announcing, curation, membership, pace, planning
from bot.services.planning import Planned
from bot.services.responding import Answer
from bot.storage import members, workspaces
from bot.storage.tables import AskRow, MemberRow, NoticeRow, PostRow
from tests.services.helpers import (
    AFTERNOON,
    AMARA,
    CLEO,
    DAY,
    OTHER_TEAM,
    START,
    TEAM,
    WEEK,
    ZONE,
    Desk,
    kept,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def office(desk: Desk) -> Desk:
    """The afternoon, when everybody's hours are open; the budget is large."""
    desk.now = AFTERNOON
    desk.save_workspace(asks_per_week=10.0)
    return desk


def staff(desk: Desk, how_many: int, **chosen: Any) -> list[int]:
    """Members who can be asked directly; returns their ids."""
    return [desk.member(f"U{number:03}", **chosen) for number in range(how_many)]


def look_at(desk: Desk, ids: list[int], at: datetime | None) -> None:
    """The planner looks at these members then."""
    with desk.engine.begin() as connection:
        for member in ids:
            members.change(connection, member, next_ask_at=at)


def the_post(desk: Desk, post: int = 1) -> Any:
    [row] = [row for row in desk.rows(PostRow) if row.id == post]
    return row


def owed(desk: Desk) -> list[NoticeKind]:
    return [row.kind for row in desk.rows(NoticeRow) if row.sent_at is None]


# Who is looked at


def test_who_has_waited_longest_is_first(office: Desk) -> None:
    ids = staff(office, 3)
    with office.engine.begin() as connection:
        for member, hours in zip(ids, (1, 3, 2), strict=True):
            members.change(connection, member, next_ask_at=office.now - hours * HOUR)
    office.proposable()
    assert [member for member, _ in office.planned(most=2)] == [ids[1], ids[2]]


def test_nobody_is_looked_at_before_their_moment(office: Desk) -> None:
    office.proposable()
    [member] = staff(office, 1)
    look_at(office, [member], office.now + timedelta(seconds=1))
    assert office.plan() == Planned(0, 0)
    office.now += timedelta(seconds=1)
    assert office.plan() == Planned(1, 1)


def test_a_bounded_number_is_looked_at_in_one_transaction(office: Desk) -> None:
    with office.engine.begin() as connection:
        for number in range(planning.AT_ONCE + 1):
            membership.join(connection, TEAM, f"U{number}", ZONE, office.now)
            members.change(connection, number + 1, next_ask_at=office.now, direct=True)
    assert office.plan(rounds=1) == Planned(planning.AT_ONCE, 0)
    assert office.plan(rounds=1) == Planned(1, 0)


def test_no_more_than_wanted_are_asked_and_the_others_stay_due(office: Desk) -> None:
    staff(office, 5)
    office.proposable()
    assert office.plan(most=2) == Planned(2, 2)
    assert sum(row.next_ask_at == office.now for row in office.rows(MemberRow)) == 3
    assert office.plan(most=2) == Planned(2, 2)
    assert office.plan(most=2) == Planned(1, 1)
    assert office.plan(most=2) == Planned(0, 0)


def test_planning_at_once_again_plans_nothing_more(office: Desk) -> None:
    staff(office, 3)
    office.proposable()
    office.proposable(title="Two", topics=("releases", "backups"))
    assert office.plan().asks == 3
    assert office.plan().asks == 0
    assert len({row.member_id for row in office.rows(AskRow)}) == 3


def test_an_unknown_workspace_has_nothing_to_plan(office: Desk) -> None:
    board = office.do(planning.board, "T_NOWHERE", office.now)
    assert office.do(planning.plan, "T_NOWHERE", board, office.now, 10) == Planned(0, 0)


def test_other_workspaces_members_and_posts_are_left_alone(office: Desk) -> None:
    staff(office, 1)
    office.proposable()
    board = office.do(planning.board, OTHER_TEAM, office.now)
    assert office.do(planning.plan, OTHER_TEAM, board, office.now, 10) == Planned(0, 0)
    assert office.rows(AskRow) == []


# The workspace's side


def test_nobody_is_planned_for_while_frozen_or_red(office: Desk) -> None:
    staff(office, 1)
    office.proposable()
    before = office.rows(MemberRow)
    office.do(announcing.freeze, TEAM, CLEO, office.now)
    assert office.plan() == Planned(0, 0)
    office.do(announcing.unfreeze, TEAM, CLEO, office.now)
    office.do(workspaces.set_colour, TEAM, Colour.RED, office.now)
    assert office.plan() == Planned(0, 0)
    assert office.rows(MemberRow) == before
    office.do(workspaces.acknowledge, TEAM, office.now)
    assert office.plan().asks == 1


def test_the_budget_is_for_those_who_may_be_asked(office: Desk) -> None:
    office.save_workspace(asks_per_week=0.5)
    staff(office, 5)
    for number in range(5):
        office.member(f"B{number}", delivery=frozenset({Delivery.CHANNEL}))
    office.proposable()
    assert office.plan() == Planned(2, 2)
    assert office.plan() == Planned(0, 0)


def test_the_budget_is_never_less_than_one(office: Desk) -> None:
    office.save_workspace(asks_per_week=0.1)
    staff(office, 3)
    office.proposable()
    assert office.plan().asks == 1


def test_the_budget_is_free_again_after_seven_days(office: Desk) -> None:
    office.save_workspace(asks_per_week=0.1)
    first, second = staff(office, 2)
    office.proposable()
    assert [member for member, _ in office.planned()] == [first]
    assert len(office.send_planned()) == 1
    at = office.now
    found = office.do(members.find, TEAM, "U001")
    assert found is not None
    withheld = office.do(pace.outlook, TEAM, found, office.now)
    assert getattr(withheld, "until", None) == at + WEEK
    office.now = at + WEEK - timedelta(seconds=1)
    assert office.plan() == Planned(0, 0)
    office.now = at + WEEK
    assert [member for member, _ in office.planned()] == [second]


def test_what_is_planned_and_not_sent_uses_the_budget_too(office: Desk) -> None:
    office.save_workspace(asks_per_week=0.1)
    staff(office, 3)
    office.proposable()
    assert office.plan().asks == 1
    office.now += WEEK
    assert office.plan().asks == 0
    assert len(office.send_planned()) == 1


# About what


def test_where_nothing_fits_they_are_looked_at_on_their_next_day(office: Desk) -> None:
    office.member(topics=("hiring",))
    office.proposable()
    assert office.plan() == Planned(1, 0)
    next_ask_at = office.stored().next_ask_at
    tomorrow = (START + DAY).date()
    assert next_ask_at.date() == tomorrow
    office.now = next_ask_at
    assert office.plan() == Planned(1, 0)
    assert office.stored().next_ask_at.date() == tomorrow + DAY


def test_nothing_that_fits_on_a_friday_means_monday(office: Desk) -> None:
    office.now += 3 * DAY
    office.member()
    assert office.plan() == Planned(1, 0)
    assert office.stored().next_ask_at.date() == (START + 6 * DAY).date()


@pytest.mark.parametrize(
    "chosen",
    [{"topics": ("hiring",)}, {"networks": (Network.BLUESKY,)}],
    ids=["topics", "networks"],
)
def test_only_what_fits_is_proposed(office: Desk, chosen: dict[str, Any]) -> None:
    office.member(**chosen)
    office.proposable()
    assert office.planned() == []


def test_only_live_posts_are_proposed(office: Desk) -> None:
    member = office.member()
    post = office.approved()
    office.size_first_groups()
    assert office.planned() == []
    look_at(office, [member], office.now)
    office.record_sent(office.claimed())
    office.size_first_groups()
    assert office.planned() == [(member, post)]


def test_a_post_that_ended_or_expired_is_not_proposed(office: Desk) -> None:
    office.member()
    kept(office.withdraw(office.proposable()))
    post = office.approved(expires_at=office.now + 8 * DAY)
    office.now += WEEK
    office.record_sent(office.claimed())
    office.size_first_groups()
    office.now += DAY
    assert office.planned() == []
    assert office.do(curation.expire, TEAM, office.now) == 1
    assert the_post(office, post).asked == 0


def test_nobody_is_asked_twice_about_a_post(office: Desk) -> None:
    office.ask()
    for _ in range(6):
        office.now += WEEK
        office.plan()
        office.send_planned()
    assert len(office.rows(AskRow)) == 1


def test_who_answered_in_the_channel_is_not_asked_about_it(office: Desk) -> None:
    office.member()
    post = office.proposable()
    office.respond(AMARA, post, Stage.INTERESTED)
    assert office.planned() == []


def test_not_my_audience_twice_closes_a_topic(office: Desk) -> None:
    office.member()
    for number in range(2):
        post = office.live(title=f"Post {number}")
        office.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.NOT_MY_AUDIENCE))
    office.proposable(title="Another")
    assert office.planned() == []


# First groups


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


def all_look_again(desk: Desk) -> None:
    """Everybody who was not asked yet is due now."""
    asked = {row.member_id for row in desk.rows(AskRow)}
    look_at(desk, [row.id for row in desk.rows(MemberRow) if row.id not in asked], desk.now)


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


def test_equal_posts_share_the_members(office: Desk) -> None:
    staff(office, 10)
    first, second = office.live(), office.live(title="Two")
    office.size_first_groups()
    all_look_again(office)
    asked = [post for _, post in office.planned()]
    assert sorted(asked) == [first] * 5 + [second] * 5


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


def test_amber_stretches_the_gap(office: Desk) -> None:
    office.ask(pace=Pace.WEEKLY)
    office.proposable(title="Two")
    office.do(workspaces.set_colour, TEAM, Colour.AMBER, office.now)
    asked = office.rows(AskRow)[0].asked_at
    office.respond(AMARA, 1, Stage.INTERESTED)
    office.now = max(office.now, office.stored().next_ask_at)
    assert office.plan() == Planned(1, 0)
    assert office.stored().next_ask_at >= asked + 1.5 * WEEK
    office.now = office.stored().next_ask_at
    assert office.plan() == Planned(1, 1)
    assert office.rows(AskRow)[-1].state is DispatchState.PLANNED
