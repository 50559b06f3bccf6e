"""When the planner looks at a member next, after everything that they decide."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.model import Allowed, Delivery, Hours, Pace, Reason, Withheld
from bot.services import asking, membership, pace
from bot.services.membership import RENEWABLE
from bot.storage import members
from bot.storage.tables import MemberRow
from tests.services.helpers import AMARA, CONSENT_LASTS, DAY, DIRECT, MOMENT, TEAM, WEEK, ZONE, Desk

HOUR = timedelta(hours=1)


def outlook(desk: Desk) -> Allowed | Withheld:
    member = desk.do(members.find, TEAM, AMARA)
    assert member is not None
    return desk.do(pace.outlook, TEAM, member, desk.now)


def test_who_has_just_joined_is_not_looked_at(office: Desk) -> None:
    office.join()
    assert office.stored().next_ask_at is None


def test_who_chose_to_be_asked_is_looked_at_at_once(office: Desk) -> None:
    office.member()
    assert office.stored().next_ask_at == office.now
    assert outlook(office) == Allowed()


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
    office: Desk, chosen: dict[str, Any]
) -> None:
    office.member(**chosen)
    assert office.stored().next_ask_at is None
    office.choose()
    assert office.stored().next_ask_at == office.now


def test_other_days_and_hours_move_it(office: Desk) -> None:
    office.member(workdays=frozenset({3}))
    assert (office.stored().next_ask_at + 2 * HOUR).weekday() == 3
    office.choose(hours=Hours(6 * 60, 7 * 60))
    moved = office.stored().next_ask_at
    assert (moved.date(), moved.hour) == ((office.now + DAY).date(), 4)


def test_public_holidays_are_left_out(office: Desk) -> None:
    office.now += 31 * DAY  # a Friday; the Saturday after it is the Day of German Unity
    every_day = frozenset(range(7))
    office.member(country="DE", workdays=every_day, hours=Hours(6 * 60, 7 * 60))
    assert office.stored().next_ask_at.date() == (office.now + 2 * DAY).date()
    office.choose(workdays=every_day, hours=Hours(6 * 60, 7 * 60))
    assert office.stored().next_ask_at.date() == (office.now + DAY).date()


def test_a_slower_pace_moves_it_away_and_a_quicker_one_nearer(office: Desk) -> None:
    office.ask()
    asked = office.stored().last_asked_at
    assert asked + WEEK <= office.stored().next_ask_at < asked + WEEK + DAY
    office.choose(pace=Pace.MONTHLY)
    assert office.stored().next_ask_at > asked + WEEK + DAY
    office.choose(pace=Pace.THRICE_A_WEEK)
    assert asked + DAY <= office.stored().next_ask_at < asked + 2 * DAY


def test_choosing_the_same_again_changes_nothing(office: Desk) -> None:
    office.member()
    before = office.rows(MemberRow)
    office.now += DAY
    chosen = office.do(membership.choose, TEAM, AMARA, DIRECT, office.now)
    assert not chosen.changed
    assert office.rows(MemberRow) == before


def test_a_pause_moves_it_to_its_end_and_resuming_back(office: Desk) -> None:
    office.member()
    until = office.now + 2 * WEEK
    office.do(membership.pause, TEAM, AMARA, until, office.now)
    assert office.stored().next_ask_at == until
    withheld = outlook(office)
    assert withheld == Withheld(Reason.PAUSED, until)
    office.do(membership.resume, TEAM, AMARA, office.now)
    assert office.stored().next_ask_at == office.now


def test_a_pause_beyond_consent_leaves_nothing_to_look_for(office: Desk) -> None:
    office.member()
    office.do(membership.pause, TEAM, AMARA, office.now + CONSENT_LASTS, office.now)
    assert office.stored().next_ask_at is None
    office.now += CONSENT_LASTS - DAY
    office.do(membership.renew, TEAM, AMARA, office.now)
    assert office.stored().next_ask_at >= office.now + DAY


def test_leaving_and_coming_back_leave_nothing_to_look_for(office: Desk) -> None:
    office.member()
    office.do(membership.leave, TEAM, AMARA, office.now)
    assert office.stored().next_ask_at is None
    office.do(membership.join, TEAM, AMARA, ZONE, office.now)
    assert office.stored().next_ask_at is None
    office.choose()
    assert office.stored().next_ask_at == office.now


def test_leaving_and_coming_back_does_not_begin_the_pace_anew(office: Desk) -> None:
    office.ask()
    asked = office.stored().last_asked_at
    office.do(membership.leave, TEAM, AMARA, office.now)
    office.do(membership.join, TEAM, AMARA, ZONE, office.now)
    office.choose()
    assert office.stored().next_ask_at >= asked + WEEK


def test_consent_can_be_renewed_in_its_last_fourteen_days_only(office: Desk) -> None:
    office.member()
    ends = office.stored().consent_ends_at
    office.now = ends - RENEWABLE - MOMENT
    assert not office.do(membership.renew, TEAM, AMARA, office.now).changed
    office.now = ends - RENEWABLE
    assert office.do(membership.renew, TEAM, AMARA, office.now).changed
    assert office.stored().consent_ends_at == office.now + CONSENT_LASTS
    assert not office.do(membership.renew, TEAM, AMARA, office.now).changed
    office.now = office.stored().consent_ends_at
    assert office.do(membership.renew, TEAM, AMARA, office.now).member is None


def test_consent_that_ended_ends_the_looking(office: Desk) -> None:
    office.member()
    office.now = office.stored().consent_ends_at
    office.plan()
    assert office.stored().next_ask_at is None


def test_less_often_halves_the_pace_down_to_the_slowest(office: Desk) -> None:
    office.member(pace=Pace.THRICE_A_WEEK)
    paces = []
    for _ in range(4):
        office.do(membership.ask_less, TEAM, AMARA, office.now)
        paces.append(office.stored().pace)
    assert paces == [Pace.WEEKLY, Pace.FORTNIGHTLY, Pace.MONTHLY, Pace.MONTHLY]


def test_another_zone_moves_it(office: Desk) -> None:
    office.member()
    member = office.stored().id
    office.do(membership.move_zone, member, "Pacific/Auckland", office.now)
    there = office.stored()
    assert there.zone == "Pacific/Auckland"
    assert there.next_ask_at > office.now
    assert office.do(asking.zones_to_check, [member], office.now + DAY) == []
    old = office.now + DAY + MOMENT
    assert office.do(asking.zones_to_check, [member], old) == [(member, AMARA)]
    office.do(membership.move_zone, member, None, old)
    assert office.stored().zone == "Pacific/Auckland"
    assert office.do(asking.zones_to_check, [member], old) == []


@pytest.mark.parametrize("service", [membership.renew, membership.ask_less, membership.resume])
def test_nothing_changes_without_consent(office: Desk, service: Any) -> None:
    office.member()
    office.do(membership.leave, TEAM, AMARA, office.now)
    before = office.rows(MemberRow)
    assert office.do(service, TEAM, AMARA, office.now).member is None
    assert office.rows(MemberRow) == before
