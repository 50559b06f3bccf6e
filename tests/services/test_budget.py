"""The weekly budget: whose turn it is in a week, what the others read, and what the share is."""

from __future__ import annotations

import pytest

from bot.domain.budget import Budget
from bot.domain.draws import seed_of
from bot.domain.ids import UserId
from bot.domain.model import Allowed, Pace, Reason, Withheld
from bot.services import membership, pacing
from bot.storage import members
from bot.storage import snapshots as snapshot_rows
from bot.storage.tables import MemberRow
from tests.services.asks import ask_everybody_due, next_day, staff, take_snapshot
from tests.services.helpers import DAY, WEEK, ZONE, ServiceWorld

PEOPLE = 60


@pytest.fixture
def crowd(afternoon: ServiceWorld) -> ServiceWorld:
    """So many members that figures act, half of whom may be asked in a week."""
    afternoon.save_workspace(asks_per_week=0.5)
    staff(afternoon, PEOPLE)
    return afternoon


def share(world: ServiceWorld) -> float:
    return world.run(snapshot_rows.load).budget_share


def outlook(world: ServiceWorld, user: str) -> Allowed | Withheld:
    member = world.run(members.find, UserId(user))
    assert member is not None
    return world.run(pacing.outlook, member)


def test_with_few_members_everybody_has_a_turn(afternoon: ServiceWorld) -> None:
    afternoon.save_workspace(asks_per_week=0.01)
    staff(afternoon, 14)
    take_snapshot(afternoon)
    afternoon.live()
    assert len(ask_everybody_due(afternoon)) == 14


def test_those_with_a_turn_are_asked_and_the_others_read_when_they_have_one(
    crowd: ServiceWorld,
) -> None:
    # Before the first snapshot it would go to everybody.
    take_snapshot(crowd)
    crowd.live()
    crowd.now += 10 * DAY  # a Friday, on which the post goes to everybody
    budget = Budget(0.5, ZONE)
    turns = {
        row.user: budget.free_at(seed_of(row.user), crowd.now) for row in crowd.rows(MemberRow)
    }
    withheld = {user for user, free_at in turns.items() if free_at is not None}
    assert PEOPLE / 4 < len(withheld) < PEOPLE * 3 / 4
    for user in withheld:
        verdict = outlook(crowd, user)
        assert isinstance(verdict, Withheld)
        assert verdict.reason is Reason.BUDGET
        assert verdict.until is not None
        assert verdict.until.date() == turns[user].date()  # type: ignore[union-attr]
    assert ask_everybody_due(crowd) == turns.keys() - withheld
    assert crowd.plan().looked_at == 0, "nobody is looked at again in this week"
    monday = (crowd.now + 3 * DAY).date()
    assert {crowd.stored(user).next_ask_at.date() for user in withheld} == {monday}


def test_the_budget_is_named_where_the_date_is_later_because_of_it(crowd: ServiceWorld) -> None:
    take_snapshot(crowd)
    crowd.live()
    asked = ask_everybody_due(crowd)
    budget, reasons = Budget(0.5, ZONE), set()
    for user in asked:
        verdict = outlook(crowd, user)
        assert isinstance(verdict, Withheld)
        has_turn = budget.free_at(seed_of(UserId(user)), crowd.now + WEEK) is None
        assert verdict.reason is (Reason.CAP if has_turn else Reason.BUDGET)
        reasons.add(verdict.reason)
    assert reasons == {Reason.CAP, Reason.BUDGET}, "of those asked now, not all have the next turn"


def test_everybody_has_a_turn_in_time(crowd: ServiceWorld) -> None:
    asked: set[str] = set()
    for _ in range(12):
        if crowd.now.weekday() == 1:
            crowd.live()
        crowd.now += DAY
        take_snapshot(crowd)
        asked |= ask_everybody_due(crowd)
    for _ in range(60):
        if len(asked) == PEOPLE:
            break
        next_day(crowd)
        asked |= ask_everybody_due(crowd)
    assert len(asked) == PEOPLE


def test_the_share_is_read_on_mondays_and_holds_for_the_week(crowd: ServiceWorld) -> None:
    take_snapshot(crowd)
    assert share(crowd) == 0.5
    crowd.save_workspace(asks_per_week=0.25)
    for user in range(20):
        crowd.choose(f"U{user:03}", pace=Pace.THRICE_A_WEEK)
    for _ in range(5):  # until Sunday
        next_day(crowd)
        assert share(crowd) == 0.5
    next_day(crowd)
    assert share(crowd) == 0.14


def test_people_in_comms_count_in_no_share(crowd: ServiceWorld) -> None:
    comms = [UserId(f"U{number:03}") for number in range(20)]
    for user in comms:
        crowd.choose(user, pace=Pace.THRICE_A_WEEK)
    take_snapshot(crowd, comms)
    assert share(crowd) == 0.5


def test_everybody_has_a_turn_again_when_figures_no_longer_act(crowd: ServiceWorld) -> None:
    take_snapshot(crowd)
    for number in range(10, PEOPLE):
        crowd.run(membership.leave, UserId(f"U{number:03}"))
    crowd.now += WEEK
    take_snapshot(crowd)
    assert share(crowd) == 1.0
    crowd.live()
    assert len(ask_everybody_due(crowd)) == 10
