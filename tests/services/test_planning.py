"""Planning: who is looked at, in which order, how many, about what, and when again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.model import Colour, Delivery, DispatchState, Network, Pace, SkipReason, Stage
from bot.services import announcing, curation, membership, pace, planning
from bot.services.planning import Planned
from bot.services.responding import Answer
from bot.storage import members, workspaces
from bot.storage.tables import AskRow, MemberRow
from tests.services.asks import all_look_again, look_at, staff, the_post
from tests.services.helpers import AMARA, CLEO, DAY, OTHER_TEAM, START, TEAM, WEEK, ZONE, Desk, kept

pytestmark = pytest.mark.usefixtures("generous")

HOUR = timedelta(hours=1)


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


def test_equal_posts_share_the_members(office: Desk) -> None:
    staff(office, 10)
    first, second = office.live(), office.live(title="Two")
    office.size_first_groups()
    all_look_again(office)
    asked = [post for _, post in office.planned()]
    assert sorted(asked) == [first] * 5 + [second] * 5


def test_amber_stretches_the_gap(office: Desk) -> None:
    office.ask(pace=Pace.WEEKLY)
    office.proposable(title="Two")
    office.do(workspaces.set_colour, TEAM, Colour.AMBER, office.now)
    asked = office.rows(AskRow)[0].asked_at
    office.respond(AMARA, 1, Stage.INTERESTED)
    office.now = max(office.now, office.stored().next_ask_at)
    while office.plan() == Planned(1, 0):  # a look every day: the colour may change
        assert office.now < office.stored().next_ask_at <= office.now + 4 * DAY
        office.now = office.stored().next_ask_at
    assert office.now >= asked + 1.5 * WEEK
    assert office.rows(AskRow)[-1].state is DispatchState.PLANNED
