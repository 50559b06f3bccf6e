"""Planning: who is looked at, in which order, how many, about what, and when again."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.domain.model import Colour, DispatchState, Pace, SkipReason, Stage
from bot.domain.post import Network
from bot.domain.responses import Answer
from bot.services import membership, planning, posts
from bot.services import workspaces as workspaces_service
from bot.services.planning import Planned
from bot.storage import workspaces
from bot.storage.tables import AskRow, MemberRow
from tests.services.asks import all_look_again, look_at, set_member, staff
from tests.services.helpers import (
    AMARA,
    CLEO,
    DAY,
    OTHER_TEAM,
    START,
    WEEK,
    ZONE,
    ServiceWorld,
    post_of,
)

HOUR = timedelta(hours=1)


# Who is looked at


def test_who_has_waited_longest_is_first(afternoon: ServiceWorld) -> None:
    ids = staff(afternoon, 3)
    for member, hours in zip(ids, (1, 3, 2), strict=True):
        look_at(afternoon, [member], afternoon.now - hours * HOUR)
    afternoon.live()
    assert [member for member, _ in afternoon.planned(most=2)] == [ids[1], ids[2]]


def test_nobody_is_looked_at_before_their_moment(afternoon: ServiceWorld) -> None:
    afternoon.live()
    [member] = staff(afternoon, 1)
    look_at(afternoon, [member], afternoon.now + timedelta(seconds=1))
    assert afternoon.plan() == Planned(0, 0)
    afternoon.now += timedelta(seconds=1)
    assert afternoon.plan() == Planned(1, 1)


def test_a_bounded_number_is_looked_at_in_one_transaction(afternoon: ServiceWorld) -> None:
    for number in range(planning.AT_ONCE + 1):
        afternoon.run(membership.join, UserId(f"U{number}"), ZONE)
        set_member(afternoon, number + 1, next_ask_at=afternoon.now, direct=True)
    assert afternoon.plan(rounds=1) == Planned(planning.AT_ONCE, 0)
    assert afternoon.plan(rounds=1) == Planned(1, 0)


def test_no_more_than_wanted_are_asked_and_the_others_stay_due(afternoon: ServiceWorld) -> None:
    staff(afternoon, 5)
    afternoon.live()
    assert afternoon.plan(most=2) == Planned(2, 2)
    assert sum(row.next_ask_at == afternoon.now for row in afternoon.rows(MemberRow)) == 3
    assert afternoon.plan(most=2) == Planned(2, 2)
    assert afternoon.plan(most=2) == Planned(1, 1)
    assert afternoon.plan(most=2) == Planned(0, 0)


def test_planning_at_once_again_plans_nothing_more(afternoon: ServiceWorld) -> None:
    staff(afternoon, 3)
    afternoon.live()
    afternoon.live(title="Two", topics=("releases", "backups"))
    assert afternoon.plan().asks == 3
    assert afternoon.plan().asks == 0
    assert len({row.member_id for row in afternoon.rows(AskRow)}) == 3


def test_an_unknown_workspace_has_nothing_to_plan(afternoon: ServiceWorld) -> None:
    candidates = afternoon.within(team="T_NOWHERE").run(planning.load_candidates)
    assert afternoon.within(team="T_NOWHERE").run(planning.plan, candidates, 10) == Planned(0, 0)


def test_other_workspaces_members_and_posts_are_left_alone(afternoon: ServiceWorld) -> None:
    staff(afternoon, 1)
    afternoon.live()
    candidates = afternoon.within(team=OTHER_TEAM).run(planning.load_candidates)
    assert afternoon.within(team=OTHER_TEAM).run(planning.plan, candidates, 10) == Planned(0, 0)
    assert afternoon.rows(AskRow) == []


# The workspace's side


def test_nobody_is_planned_for_while_frozen_or_red(afternoon: ServiceWorld) -> None:
    staff(afternoon, 1)
    afternoon.live()
    before = afternoon.rows(MemberRow)
    afternoon.run(workspaces_service.freeze, CLEO)
    assert afternoon.plan() == Planned(0, 0)
    afternoon.run(workspaces_service.unfreeze, CLEO)
    afternoon.run(workspaces.record_colour, Colour.RED)
    assert afternoon.plan() == Planned(0, 0)
    assert afternoon.rows(MemberRow) == before
    afternoon.run(workspaces.record_acknowledged)
    assert afternoon.plan().asks == 1


# About what


def test_where_nothing_fits_they_are_looked_at_on_their_next_day(afternoon: ServiceWorld) -> None:
    afternoon.member(topics=("hiring",))
    afternoon.live()
    assert afternoon.plan() == Planned(1, 0)
    next_ask_at = afternoon.stored().next_ask_at
    tomorrow = (START + DAY).date()
    assert next_ask_at.date() == tomorrow
    afternoon.now = next_ask_at
    assert afternoon.plan() == Planned(1, 0)
    assert afternoon.stored().next_ask_at.date() == tomorrow + DAY


def test_nothing_that_fits_on_a_friday_means_monday(afternoon: ServiceWorld) -> None:
    afternoon.now += 3 * DAY
    afternoon.member()
    assert afternoon.plan() == Planned(1, 0)
    assert afternoon.stored().next_ask_at.date() == (START + 6 * DAY).date()


@pytest.mark.parametrize(
    "chosen",
    [{"topics": ("hiring",)}, {"networks": (Network.BLUESKY,)}],
    ids=["topics", "networks"],
)
def test_only_what_fits_is_proposed(afternoon: ServiceWorld, chosen: dict[str, Any]) -> None:
    afternoon.member(**chosen)
    afternoon.live()
    assert afternoon.planned() == []


def test_only_live_posts_are_proposed(afternoon: ServiceWorld) -> None:
    member = afternoon.member()
    post = afternoon.approved()
    assert afternoon.planned() == []
    look_at(afternoon, [member], afternoon.now)
    afternoon.record_sent(afternoon.claimed())
    assert afternoon.planned() == [(member, post)]


def test_a_post_that_ended_or_expired_is_not_proposed(afternoon: ServiceWorld) -> None:
    afternoon.member()
    post_of(afternoon.withdraw(afternoon.live()))
    afternoon.approved(expires_at=afternoon.now + 8 * DAY)
    afternoon.now += WEEK
    afternoon.record_sent(afternoon.claimed())
    afternoon.now += DAY
    assert afternoon.planned() == []
    assert afternoon.run(posts.expire) == 1


def test_nobody_is_asked_twice_about_a_post(afternoon: ServiceWorld) -> None:
    afternoon.ask()
    for _ in range(6):
        afternoon.now += WEEK
        afternoon.plan()
        afternoon.send_planned()
    assert len(afternoon.rows(AskRow)) == 1


def test_who_answered_in_the_channel_is_not_asked_about_it(afternoon: ServiceWorld) -> None:
    afternoon.member()
    post = afternoon.live()
    afternoon.respond(AMARA, post, Stage.INTERESTED)
    assert afternoon.planned() == []


def test_not_my_audience_twice_closes_a_topic(afternoon: ServiceWorld) -> None:
    afternoon.member()
    for number in range(2):
        post = afternoon.live(title=f"Post {number}")
        afternoon.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.NOT_MY_AUDIENCE))
    afternoon.live(title="Another")
    assert afternoon.planned() == []


def test_equal_posts_share_the_members(afternoon: ServiceWorld) -> None:
    staff(afternoon, 40)
    afternoon.save_workspace(min_gap=timedelta(0))
    first, second = afternoon.approved(), afternoon.approved(title="Two")
    for _ in range(2):
        afternoon.record_sent(afternoon.claimed())
    all_look_again(afternoon)
    for _ in range(3):
        afternoon.plan()
    posts = Counter(row.post_id for row in afternoon.rows(AskRow))
    assert set(posts) == {first, second}, "a lot of each member's own decides"


def test_amber_stretches_the_gap(afternoon: ServiceWorld) -> None:
    afternoon.ask(pace=Pace.WEEKLY)
    afternoon.live(title="Two")
    afternoon.run(workspaces.record_colour, Colour.AMBER)
    asked = afternoon.rows(AskRow)[0].asked_at
    afternoon.respond(AMARA, 1, Stage.INTERESTED)
    afternoon.now = max(afternoon.now, afternoon.stored().next_ask_at)
    while afternoon.plan() == Planned(1, 0):  # a look every day: the colour may change
        assert afternoon.now < afternoon.stored().next_ask_at <= afternoon.now + 4 * DAY
        afternoon.now = afternoon.stored().next_ask_at
    assert afternoon.now >= asked + 1.5 * WEEK
    assert afternoon.rows(AskRow)[-1].state is DispatchState.PLANNED
