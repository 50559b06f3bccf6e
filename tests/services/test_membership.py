"""Joining, leaving, pausing: consent is a person's own, and it ends by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.model import Delivery
from bot.services import membership
from bot.services.membership import Membership
from bot.storage.tables import MemberRow
from tests.services.helpers import (
    AMARA,
    BO,
    CONSENT_LASTS,
    DAY,
    MOMENT,
    OTHER_TEAM,
    START,
    TEAM,
    ZONE,
    Desk,
)


def join(desk: Desk, user: str = AMARA) -> Membership:
    return desk.do(membership.join, TEAM, user, ZONE, desk.now)


def leave(desk: Desk) -> Membership:
    return desk.do(membership.leave, TEAM, AMARA, desk.now)


def pause(desk: Desk, days: int = 14) -> Membership:
    return desk.do(membership.pause, TEAM, AMARA, START + days * DAY, desk.now)


def resume(desk: Desk) -> Membership:
    return desk.do(membership.resume, TEAM, AMARA, desk.now)


def choose_channel(desk: Desk) -> Membership:
    return desk.do(membership.choose_channel, TEAM, AMARA, desk.now, wanted=True)


def test_joining_records_consent_for_six_months_and_browsing_only(desk: Desk) -> None:
    joined = join(desk)
    assert joined.changed
    assert joined.member is not None
    assert joined.member.consented_at == START
    assert joined.member.consent_ends_at == START + timedelta(days=183)
    assert joined.member.consents(START)
    assert joined.member.preferences.delivery == frozenset()
    assert joined.member.zone == ZONE
    assert desk.do(membership.stand, TEAM, AMARA) == joined.member


def test_joining_twice_changes_nothing(desk: Desk) -> None:
    first = join(desk)
    desk.now += 30 * DAY
    again = desk.do(membership.join, TEAM, AMARA, "Asia/Kolkata", desk.now)
    assert again == Membership(first.member, changed=False)
    assert len(desk.rows(MemberRow)) == 1


def test_leaving_ends_consent_at_once(desk: Desk) -> None:
    join(desk)
    left = leave(desk)
    assert left.changed
    assert left.member is not None
    assert left.member.left_at == desk.now
    assert not left.member.consents(desk.now)


def test_leaving_twice_changes_nothing(desk: Desk) -> None:
    join(desk)
    first = leave(desk)
    desk.now += DAY
    assert leave(desk) == Membership(first.member, changed=False)


def test_somebody_who_never_joined_can_leave_and_leaves_no_trace(desk: Desk) -> None:
    assert leave(desk) == Membership(None, changed=False)
    assert desk.rows(MemberRow) == []


def test_coming_back_is_a_new_consent_of_the_same_member(desk: Desk) -> None:
    first = join(desk).member
    choose_channel(desk)
    pause(desk)
    leave(desk)
    desk.now += 2 * DAY
    again = join(desk)
    assert again.changed
    assert first is not None
    assert again.member is not None
    assert again.member.id == first.id
    assert again.member.consented_at == desk.now
    assert again.member.consent_ends_at == desk.now + CONSENT_LASTS
    assert again.member.left_at is None
    assert again.member.paused_until is None
    assert again.member.preferences.delivery == frozenset()
    assert len(desk.rows(MemberRow)) == 1


def test_consent_ends_by_itself_after_183_days(desk: Desk) -> None:
    member = join(desk).member
    assert member is not None
    assert member.consents(START + timedelta(days=183) - MOMENT)
    assert not member.consents(START + timedelta(days=183))
    assert desk.do(membership.stand, TEAM, AMARA) == member


@pytest.mark.parametrize("request_", [pause, resume, choose_channel])
@pytest.mark.parametrize("how", ["never joined", "left", "consent ended"])
def test_nothing_can_be_chosen_without_valid_consent(
    desk: Desk, request_: Callable[[Desk], Membership], how: str
) -> None:
    if how != "never joined":
        join(desk)
    if how == "left":
        leave(desk)
    if how == "consent ended":
        desk.now += CONSENT_LASTS
    before = desk.rows(MemberRow)
    assert request_(desk) == Membership(None, changed=False)
    assert desk.rows(MemberRow) == before


def test_leaving_after_consent_has_ended_changes_nothing(desk: Desk) -> None:
    member = join(desk).member
    desk.now += CONSENT_LASTS
    assert leave(desk) == Membership(member, changed=False)


def test_joining_after_consent_has_ended_renews_it(desk: Desk) -> None:
    join(desk)
    desk.now += CONSENT_LASTS
    renewed = join(desk)
    assert renewed.changed
    assert renewed.member is not None
    assert renewed.member.consented_at == desk.now
    assert renewed.member.consents(desk.now + CONSENT_LASTS - MOMENT)


def test_a_pause_lasts_until_its_end_and_leaves_consent_alone(desk: Desk) -> None:
    joined = join(desk).member
    paused = pause(desk).member
    assert joined is not None
    assert paused is not None
    assert paused.paused(START + 14 * DAY - MOMENT)
    assert not paused.paused(START + 14 * DAY)
    assert paused.consent_ends_at == joined.consent_ends_at


def test_pausing_twice_changes_nothing_and_another_end_does(desk: Desk) -> None:
    join(desk)
    first = pause(desk)
    assert first.changed
    desk.now += DAY
    assert pause(desk) == Membership(first.member, changed=False)
    longer = pause(desk, days=21)
    assert longer.changed
    assert longer.member is not None
    assert longer.member.paused_until == START + 21 * DAY


def test_resuming_ends_a_pause_and_twice_changes_nothing(desk: Desk) -> None:
    joined = join(desk).member
    pause(desk)
    assert resume(desk) == Membership(joined, changed=True)
    assert resume(desk) == Membership(joined, changed=False)


def test_resuming_a_pause_that_is_over_changes_nothing(desk: Desk) -> None:
    join(desk)
    pause(desk)
    desk.now += 14 * DAY
    assert not resume(desk).changed


def test_leaving_forgets_the_pause(desk: Desk) -> None:
    join(desk)
    pause(desk)
    left = leave(desk).member
    assert left is not None
    assert left.paused_until is None


def test_a_way_of_delivery_chosen_twice_changes_nothing(desk: Desk) -> None:
    join(desk)
    chosen = choose_channel(desk)
    assert chosen.changed
    assert chosen.member is not None
    assert chosen.member.preferences.delivery == {Delivery.CHANNEL}
    assert choose_channel(desk) == Membership(chosen.member, changed=False)


def test_a_person_in_two_workspaces_consents_in_each(desk: Desk) -> None:
    join(desk)
    assert desk.do(membership.stand, OTHER_TEAM, AMARA) is None
    desk.do(membership.join, OTHER_TEAM, AMARA, ZONE, desk.now)
    desk.do(membership.leave, OTHER_TEAM, AMARA, desk.now)
    here = desk.do(membership.stand, TEAM, AMARA)
    assert here is not None
    assert here.consents(desk.now)


def test_one_person_leaving_leaves_the_others(desk: Desk) -> None:
    join(desk)
    other = join(desk, BO).member
    leave(desk)
    assert desk.do(membership.stand, TEAM, BO) == other
