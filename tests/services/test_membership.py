"""Joining, leaving, pausing: consent is a person's own, and it ends by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delivery import Delivery
from bot.domain.ids import UserId
from bot.domain.model import UNDO_LEAVE_FOR
from bot.services import membership, retention
from bot.services import preferences as preferences_service
from bot.services.membership import Membership
from bot.storage.tables import MemberRow
from tests.conftest import empty
from tests.services.helpers import (
    AMARA,
    BO,
    CONSENT_LASTS,
    DAY,
    MOMENT,
    OTHER_TEAM,
    START,
    ZONE,
    ServiceWorld,
    today,
)


def join(world: ServiceWorld, user: str = AMARA) -> Membership:
    return world.run(membership.join, UserId(user), ZONE)


def leave(world: ServiceWorld) -> Membership:
    return world.run(membership.leave, AMARA)


def pause(world: ServiceWorld, days: int = 14) -> Membership:
    return world.run(membership.pause, AMARA, START + days * DAY)


def resume(world: ServiceWorld) -> Membership:
    return world.run(membership.resume, AMARA)


def choose_channel(world: ServiceWorld) -> Membership:
    return world.run(preferences_service.choose_channel, AMARA, wanted=True)


def test_joining_records_consent_for_six_months_and_browsing_only(world: ServiceWorld) -> None:
    joined = join(world)
    assert joined.changed
    assert joined.member is not None
    assert joined.member.consented_at == today(START)
    assert joined.member.consent_ends_at == today(START + timedelta(days=183))
    assert joined.member.consents(START)
    assert joined.member.preferences.delivery == frozenset()
    assert joined.member.time_zone == ZONE
    assert world.run(membership.find_member, AMARA) == joined.member


def test_joining_twice_changes_nothing(world: ServiceWorld) -> None:
    first = join(world)
    world.now += 30 * DAY
    again = world.run(membership.join, AMARA, "Asia/Kolkata")
    assert again == Membership(first.member, changed=False)
    assert len(world.rows(MemberRow)) == 1


def test_leaving_ends_consent_at_once(world: ServiceWorld) -> None:
    join(world)
    left = leave(world)
    assert left.changed
    assert left.member is not None
    assert left.member.left_at == today(world.now)
    assert not left.member.consents(world.now)


def test_leaving_twice_changes_nothing(world: ServiceWorld) -> None:
    join(world)
    first = leave(world)
    world.now += DAY
    assert leave(world) == Membership(first.member, changed=False)


def test_undo_restores_consent_choices_and_pause(world: ServiceWorld) -> None:
    join(world)
    choose_channel(world)
    pause(world)
    before = world.stored()
    undo = leave(world).undo
    assert undo is not None
    assert world.stored().paused_until is None, "nothing is kept of who has left"
    world.now += UNDO_LEAVE_FOR
    undone = world.run(membership.undo_leave, AMARA, undo)
    assert undone.changed
    after = world.stored()
    for kept in ("left_at", "consented_at", "consent_ends_at", "paused_until", "in_channel"):
        assert getattr(after, kept) == getattr(before, kept)
    assert world.run(membership.undo_leave, AMARA, undo) == Membership(undone.member, changed=False)


@pytest.mark.parametrize("gone", ["late", "back", "forgotten", "ended", "earlier leave"])
def test_undo_changes_nothing_where_there_is_nothing_to_undo(
    world: ServiceWorld, gone: str
) -> None:
    join(world)
    if gone == "ended":
        world.now += timedelta(days=183) - timedelta(hours=1)
        world.now = world.stored().consent_ends_at - timedelta(minutes=1)
    undo = leave(world).undo
    assert undo is not None
    match gone:
        case "late":
            world.now += UNDO_LEAVE_FOR + timedelta(seconds=1)
        case "back":
            join(world)
        case "forgotten":
            world.run(retention.forget, AMARA)
        case "ended":
            world.now += timedelta(minutes=2)
        case _:
            undo = replace(undo, left_at=undo.left_at - 2 * DAY)
    before = world.rows(MemberRow)
    assert not world.run(membership.undo_leave, AMARA, undo).changed
    assert world.rows(MemberRow) == before


def test_somebody_who_never_joined_can_leave_and_leaves_no_trace(world: ServiceWorld) -> None:
    assert leave(world) == Membership(None, changed=False)
    assert world.rows(MemberRow) == []


def test_coming_back_is_a_new_consent_of_the_same_member(world: ServiceWorld) -> None:
    first = join(world).member
    choose_channel(world)
    pause(world)
    leave(world)
    world.now += 2 * DAY
    again = join(world)
    assert again.changed
    assert first is not None
    assert again.member is not None
    assert again.member.id == first.id
    assert again.member.consented_at == today(world.now)
    assert again.member.consent_ends_at == today(world.now + CONSENT_LASTS)
    assert again.member.left_at is None
    assert again.member.paused_until is None
    assert again.member.preferences.delivery == frozenset()
    assert len(world.rows(MemberRow)) == 1


def test_consent_ends_by_itself_after_183_days(world: ServiceWorld) -> None:
    member = join(world).member
    assert member is not None
    assert member.consents(today(START + timedelta(days=183)) - MOMENT)
    assert not member.consents(today(START + timedelta(days=183)))
    assert world.run(membership.find_member, AMARA) == member


@pytest.mark.parametrize("request_", [pause, resume, choose_channel])
@pytest.mark.parametrize("how", ["never joined", "left", "consent ended"])
def test_nothing_can_be_chosen_without_valid_consent(
    world: ServiceWorld, request_: Callable[[ServiceWorld], Membership], how: str
) -> None:
    if how != "never joined":
        join(world)
    if how == "left":
        leave(world)
    if how == "consent ended":
        world.now += CONSENT_LASTS
    before = world.rows(MemberRow)
    assert request_(world) == Membership(None, changed=False)
    assert world.rows(MemberRow) == before


def test_leaving_after_consent_has_ended_changes_nothing(world: ServiceWorld) -> None:
    member = join(world).member
    world.now += CONSENT_LASTS
    assert leave(world) == Membership(member, changed=False)


def test_joining_after_consent_has_ended_renews_it(world: ServiceWorld) -> None:
    join(world)
    world.now += CONSENT_LASTS
    renewed = join(world)
    assert renewed.changed
    assert renewed.member is not None
    assert renewed.member.consented_at == today(world.now)
    assert renewed.member.consents(today(world.now + CONSENT_LASTS) - MOMENT)


def test_a_pause_lasts_until_its_end_and_leaves_consent_alone(world: ServiceWorld) -> None:
    joined = join(world).member
    paused = pause(world).member
    assert joined is not None
    assert paused is not None
    assert paused.paused(today(START + 14 * DAY) - MOMENT)
    assert not paused.paused(today(START + 14 * DAY))
    assert paused.consent_ends_at == joined.consent_ends_at


def test_pausing_twice_changes_nothing_and_another_end_does(world: ServiceWorld) -> None:
    join(world)
    first = pause(world)
    assert first.changed
    world.now += DAY
    assert pause(world) == Membership(first.member, changed=False)
    longer = pause(world, days=21)
    assert longer.changed
    assert longer.member is not None
    assert longer.member.paused_until == today(START + 21 * DAY)


def test_resuming_ends_a_pause_and_twice_changes_nothing(world: ServiceWorld) -> None:
    joined = join(world).member
    pause(world)
    assert resume(world) == Membership(joined, changed=True)
    assert resume(world) == Membership(joined, changed=False)


def test_resuming_a_pause_that_is_over_changes_nothing(world: ServiceWorld) -> None:
    join(world)
    pause(world)
    world.now += 14 * DAY
    assert not resume(world).changed


def test_leaving_forgets_the_pause(world: ServiceWorld) -> None:
    join(world)
    pause(world)
    left = leave(world).member
    assert left is not None
    assert left.paused_until is None


def test_a_way_of_delivery_chosen_twice_changes_nothing(world: ServiceWorld) -> None:
    join(world)
    chosen = choose_channel(world)
    assert chosen.changed
    assert chosen.member is not None
    assert chosen.member.preferences.delivery == {Delivery.CHANNEL}
    assert choose_channel(world) == Membership(chosen.member, changed=False)


def test_a_person_in_two_workspaces_consents_in_each(world: ServiceWorld) -> None:
    join(world)
    assert world.within(team=OTHER_TEAM).run(membership.find_member, AMARA) is None
    world.within(team=OTHER_TEAM).run(membership.join, AMARA, ZONE)
    world.within(team=OTHER_TEAM).run(membership.leave, AMARA)
    here = world.run(membership.find_member, AMARA)
    assert here is not None
    assert here.consents(world.now)


def test_one_person_leaving_leaves_the_others(world: ServiceWorld) -> None:
    join(world)
    other = join(world, BO).member
    leave(world)
    assert world.run(membership.find_member, BO) == other


@pytest.mark.parametrize("make", [ServiceWorld.members, ServiceWorld.join_all])
def test_members_made_at_once_have_the_rows_of_those_who_join_one_by_one(
    world: ServiceWorld, make: Callable[[ServiceWorld, list[str]], list[int]]
) -> None:
    one = {ServiceWorld.members: ServiceWorld.member, ServiceWorld.join_all: ServiceWorld.join}
    users = ["U1", "U2", "U3"]
    ids = make(world, users)
    at_once = [row._asdict() for row in world.rows(MemberRow)]
    assert ids == [row["id"] for row in at_once]
    empty(world.engine)
    world.save_workspace()
    for user in users:
        one[make](world, user)  # type: ignore[index,operator]
    assert [row._asdict() for row in world.rows(MemberRow)] == at_once
