"""When the planner looks at a member next, after everything that they decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.delivery import Delivery
from bot.domain.hours import start_of_day
from bot.domain.model import Allowed, Hours, Pace, Reason, Withheld
from bot.services import asks, membership, pacing
from bot.services import preferences as preferences_service
from bot.services.membership import RENEWABLE
from bot.storage import members
from bot.storage.tables import MemberRow
from tests.services.helpers import (
    AMARA,
    CONSENT_LASTS,
    DAY,
    DIRECT,
    MOMENT,
    WEEK,
    ZONE,
    ServiceWorld,
    today,
)

HOUR = timedelta(hours=1)


def outlook(world: ServiceWorld) -> Allowed | Withheld:
    member = world.run(members.find, AMARA)
    assert member is not None
    return world.run(pacing.outlook, member)


def test_who_has_just_joined_is_not_looked_at(afternoon: ServiceWorld) -> None:
    afternoon.join()
    assert afternoon.stored().next_ask_at is None


def test_who_chose_to_be_asked_is_looked_at_at_once(afternoon: ServiceWorld) -> None:
    afternoon.member()
    assert afternoon.stored().next_ask_at == afternoon.now
    assert outlook(afternoon) == Allowed()


@pytest.mark.parametrize(
    "chosen",
    [
        {"delivery": frozenset()},
        {"delivery": frozenset({Delivery.CHANNEL})},
        {"topics": ()},
        {"networks": ()},
    ],
    ids=["browses", "channel only", "no topics", "no networks"],
)
def test_who_lacks_something_is_not_looked_at_until_it_is_chosen(
    afternoon: ServiceWorld, chosen: dict[str, Any]
) -> None:
    afternoon.member(**chosen)
    assert afternoon.stored().next_ask_at is None
    afternoon.choose()
    assert afternoon.stored().next_ask_at == afternoon.now


def test_other_days_and_hours_move_it(afternoon: ServiceWorld) -> None:
    afternoon.member(workdays=frozenset({3}))
    assert (afternoon.stored().next_ask_at + 2 * HOUR).weekday() == 3
    afternoon.choose(hours=Hours(6 * 60, 7 * 60))
    moved = afternoon.stored().next_ask_at
    assert (moved.date(), moved.hour) == ((afternoon.now + DAY).date(), 4)


def test_public_holidays_are_left_out(afternoon: ServiceWorld) -> None:
    afternoon.now += 31 * DAY  # a Friday; the Saturday after it is the Day of German Unity
    every_day = frozenset(range(7))
    afternoon.member(country="DE", workdays=every_day, hours=Hours(6 * 60, 7 * 60))
    assert afternoon.stored().next_ask_at.date() == (afternoon.now + 2 * DAY).date()
    afternoon.choose(workdays=every_day, hours=Hours(6 * 60, 7 * 60))
    assert afternoon.stored().next_ask_at.date() == (afternoon.now + DAY).date()


def test_a_slower_pace_moves_it_away_and_a_quicker_one_nearer(afternoon: ServiceWorld) -> None:
    afternoon.ask()
    asked = afternoon.now
    assert asked + WEEK <= afternoon.stored().next_ask_at < asked + WEEK + DAY
    afternoon.choose(pace=Pace.MONTHLY)
    assert afternoon.stored().next_ask_at > asked + WEEK + DAY
    afternoon.choose(pace=Pace.THRICE_A_WEEK)
    assert asked + DAY <= afternoon.stored().next_ask_at < asked + 2 * DAY


def test_choosing_the_same_again_changes_nothing(afternoon: ServiceWorld) -> None:
    afternoon.member()
    before = afternoon.rows(MemberRow)
    afternoon.now += DAY
    chosen = afternoon.run(preferences_service.choose, AMARA, DIRECT)
    assert not chosen.changed
    assert afternoon.rows(MemberRow) == before


def test_a_pause_moves_it_to_its_end_and_resuming_back(afternoon: ServiceWorld) -> None:
    afternoon.member()
    until = today(afternoon.now + 2 * WEEK)
    afternoon.run(membership.pause, AMARA, afternoon.now + 2 * WEEK)
    first = afternoon.stored().next_ask_at
    assert until < first < until + DAY
    withheld = outlook(afternoon)
    assert withheld == Withheld(Reason.PAUSED, first)
    afternoon.run(membership.resume, AMARA)
    assert afternoon.stored().next_ask_at == afternoon.now


def test_a_pause_beyond_consent_leaves_nothing_to_look_for(afternoon: ServiceWorld) -> None:
    afternoon.member()
    afternoon.run(membership.pause, AMARA, afternoon.now + CONSENT_LASTS)
    assert afternoon.stored().next_ask_at is None
    afternoon.now += CONSENT_LASTS - DAY
    afternoon.run(membership.renew, AMARA)
    assert afternoon.stored().next_ask_at >= today(afternoon.now + DAY)


def test_leaving_and_coming_back_leave_nothing_to_look_for(afternoon: ServiceWorld) -> None:
    afternoon.member()
    afternoon.run(membership.leave, AMARA)
    assert afternoon.stored().next_ask_at is None
    afternoon.run(membership.join, AMARA, ZONE)
    assert afternoon.stored().next_ask_at is None
    afternoon.choose()
    assert afternoon.stored().next_ask_at == afternoon.now


def test_leaving_and_coming_back_does_not_begin_the_pace_anew(afternoon: ServiceWorld) -> None:
    afternoon.ask()
    asked = afternoon.now
    afternoon.run(membership.leave, AMARA)
    afternoon.run(membership.join, AMARA, ZONE)
    afternoon.choose()
    assert afternoon.stored().next_ask_at >= asked + WEEK


def test_consent_can_be_renewed_in_its_last_fourteen_days_only(afternoon: ServiceWorld) -> None:
    afternoon.member()
    ends = afternoon.stored().consent_ends_at
    afternoon.now = ends - RENEWABLE - MOMENT
    assert not afternoon.run(membership.renew, AMARA).changed
    afternoon.now = ends - RENEWABLE
    assert afternoon.run(membership.renew, AMARA).changed
    assert afternoon.stored().consent_ends_at == today(afternoon.now + CONSENT_LASTS)
    assert not afternoon.run(membership.renew, AMARA).changed
    afternoon.now = afternoon.stored().consent_ends_at
    assert afternoon.run(membership.renew, AMARA).member is None


def test_consent_that_ended_ends_the_looking(afternoon: ServiceWorld) -> None:
    afternoon.member()
    afternoon.now = afternoon.stored().consent_ends_at
    afternoon.plan()
    assert afternoon.stored().next_ask_at is None


def test_less_often_halves_the_pace_down_to_the_slowest(afternoon: ServiceWorld) -> None:
    afternoon.member(pace=Pace.THRICE_A_WEEK)
    paces = []
    for _ in range(4):
        afternoon.run(preferences_service.ask_less, AMARA)
        paces.append(afternoon.stored().pace)
    assert paces == [Pace.WEEKLY, Pace.FORTNIGHTLY, Pace.MONTHLY, Pace.MONTHLY]


def test_another_zone_moves_it(afternoon: ServiceWorld) -> None:
    afternoon.member()
    member = afternoon.stored().id
    afternoon.run(preferences_service.record_time_zone, member, "Pacific/Auckland")
    there = afternoon.stored()
    assert there.zone == "Pacific/Auckland"
    assert there.next_ask_at > afternoon.now
    checked = start_of_day(afternoon.now, "Pacific/Auckland")
    assert afternoon.within(now=checked + DAY).run(asks.find_zones_to_check, [member]) == []
    old = checked + DAY + MOMENT
    assert afternoon.within(now=old).run(asks.find_zones_to_check, [member]) == [(member, AMARA)]
    afternoon.within(now=old).run(preferences_service.record_time_zone, member, None)
    assert afternoon.stored().zone == "Pacific/Auckland"
    assert afternoon.within(now=old).run(asks.find_zones_to_check, [member]) == []


@pytest.mark.parametrize(
    "service", [membership.renew, preferences_service.ask_less, membership.resume]
)
def test_nothing_changes_without_consent(afternoon: ServiceWorld, service: Any) -> None:
    afternoon.member()
    afternoon.run(membership.leave, AMARA)
    before = afternoon.rows(MemberRow)
    assert afternoon.run(service, AMARA).member is None
    assert afternoon.rows(MemberRow) == before
