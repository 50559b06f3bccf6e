"""News that colleagues offer: passed on like notes, decided once, and forgotten with that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import SuggestionId, UserId
from bot.domain.model import NoticeKind
from bot.domain.post import PostState
from bot.domain.record import Act
from bot.domain.suggestions import Suggestion, SuggestionOutcome
from bot.domain.troubles import Trouble
from bot.services import (
    membership,
    my_data,
    notes,
    post_lists,
    reconcile,
    record,
    retention,
    snapshots,
    suggestions,
)
from bot.services.suggestions import Offer
from bot.storage.tables import DirectMessageRow, NoticeRow, RemovalRow, SuggestionRow
from tests.services.helpers import (
    AMARA,
    BO,
    CARL,
    CLEO,
    DAY,
    MOMENT,
    OTHER_TEAM,
    ServiceWorld,
    content,
)
from tests.services.test_notes import NEXT_MORNING, NOBODY

LINK = "https://news.example.org/one"


@pytest.fixture
def world(world: ServiceWorld) -> ServiceWorld:
    """Members enough for suggestions without a name. Bo has not joined."""
    world.join_all([f"U{number}" for number in range(10)])
    world.join(AMARA)
    world.run(snapshots.take, NOBODY)
    return world


def suggest(world: ServiceWorld, user: str = AMARA, link: str = LINK, **chosen: Any) -> None:
    usual = {"words": "It's about us.", "signed": True, "tell": False}
    offer = Offer(link, **{**usual, **chosen})
    assert world.run(suggestions.suggest, UserId(user), offer) is None


def shown(world: ServiceWorld) -> list[Suggestion]:
    """What comms get now, once each."""
    found = [one for one in world.run(reconcile.find_pending).notices if one.suggestion]
    for one in found:
        world.run(reconcile.record_notice_sent, one.notice.id)
    return [one.suggestion for one in found if one.suggestion is not None]


def only(world: ServiceWorld) -> SuggestionId:
    [one] = shown(world)
    return one.id


def stored(world: ServiceWorld) -> list[tuple[Any, ...]]:
    columns = ("link", "signed_by", "offered_by", "tell", "outcome")
    return [tuple(getattr(row, name) for name in columns) for row in world.rows(SuggestionRow)]


@pytest.mark.parametrize("user", [AMARA, BO])
def test_a_signed_one_goes_at_once_and_its_tracking_stays(world: ServiceWorld, user: str) -> None:
    suggest(world, user, f"{LINK}?utm_source=mail&fbclid=me")
    [one] = shown(world)
    assert (one.link, one.words, one.signed_by) == (LINK, "It's about us.", user)
    assert shown(world) == []
    assert stored(world) == [(LINK, user, None, False, None)]
    assert not [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.SUGGESTION]


def test_without_a_name_it_waits_for_ten_of_the_next_working_day(world: ServiceWorld) -> None:
    for number in range(12):
        suggest(world, f"U{number}", f"{LINK}{number}", signed=False)
    assert shown(world) == []
    assert {row.created_at for row in world.rows(SuggestionRow)} == {NEXT_MORNING}
    world.now = NEXT_MORNING - MOMENT
    assert shown(world) == []
    world.now = NEXT_MORNING
    orders = {
        tuple(one.notice.id for one in world.run(reconcile.find_pending).notices) for _ in range(8)
    }
    assert len(orders) > 1
    assert {one.signed_by for one in shown(world)} == {None}
    assert {row[2] for row in stored(world)} == {None}


def test_among_few_members_it_needs_a_name(world: ServiceWorld) -> None:
    few = world.within(team=OTHER_TEAM)
    offer = Offer(LINK, "", signed=False, tell=False)
    assert few.run(suggestions.suggest, AMARA, offer) == notes.NeedsName()
    assert world.rows(SuggestionRow) == []


def test_the_same_link_of_one_person_is_on_its_way_once(world: ServiceWorld) -> None:
    for user in (AMARA, AMARA, BO):
        suggest(world, user, signed=False)
    assert len(world.rows(SuggestionRow)) == 2


def test_thanks_and_use_make_a_draft_and_forget_the_rest(world: ServiceWorld) -> None:
    suggest(world)
    number = only(world)
    post_id = world.run(suggestions.use, CLEO, number, content(link=LINK))
    assert post_id is not None
    assert world.post(post_id).state is PostState.DRAFT
    assert world.post(post_id).writer == CLEO
    assert world.rows(SuggestionRow) == []
    assert world.run(suggestions.use, CARL, number, content()) is None
    assert not world.run(suggestions.decline, CARL, number)
    assert len(world.run(post_lists.load_overview).posts) == 1
    assert world.run(suggestions.find_owed, 10) == []


def test_thanks_and_decline_leave_only_the_record_of_it(world: ServiceWorld) -> None:
    suggest(world)
    number = only(world)
    assert world.run(suggestions.decline, CARL, number)
    assert world.rows(SuggestionRow) == []
    [entry] = world.run(record.load_page, None).entries
    assert (entry.user_id, entry.act, entry.detail) == (CARL, Act.DECLINE_SUGGESTION, None)


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("outcome", SuggestionOutcome)
def test_whoever_asked_is_told_once(
    world: ServiceWorld, outcome: SuggestionOutcome, signed: bool
) -> None:
    suggest(world, tell=True, signed=signed)
    world.now = NEXT_MORNING
    number = only(world)
    assert world.run(suggestions.find_owed, 10) == []
    if outcome is SuggestionOutcome.USED:
        world.run(suggestions.use, CLEO, number, content())
    else:
        world.run(suggestions.decline, CLEO, number)
    assert stored(world) == [("", None, AMARA, True, outcome)]
    [owed] = world.run(suggestions.find_owed, 10)
    assert (owed.id, owed.user_id, owed.outcome) == (number, AMARA, outcome)
    assert world.run(suggestions.claim_answer, owed)
    assert not world.run(suggestions.claim_answer, owed)
    world.run(suggestions.record_not_sent, owed, Trouble.UNREACHABLE, world.now)
    assert world.run(suggestions.claim_answer, owed)
    world.run(suggestions.record_sent, owed, "D1", "1.1")
    assert world.rows(SuggestionRow) == []
    assert [row.message_ts for row in world.rows(DirectMessageRow)] == ["1.1"]


def test_an_answer_waits_for_the_hours_of_who_has_chosen_them(world: ServiceWorld) -> None:
    for number, user in enumerate((AMARA, BO)):
        suggest(world, user, f"{LINK}{number}", tell=True)
    for suggestion in shown(world):
        world.run(suggestions.decline, CLEO, suggestion.id)
    morning, world.now = world.now, world.now + timedelta(hours=12)
    assert [owed.user_id for owed in world.run(suggestions.find_owed, 10)] == [BO]
    world.now = morning + DAY
    assert {owed.user_id for owed in world.run(suggestions.find_owed, 10)} == {AMARA, BO}


def test_an_answer_that_may_have_arrived_is_not_sent_again(world: ServiceWorld) -> None:
    suggest(world, tell=True)
    world.run(suggestions.decline, CLEO, only(world))
    [owed] = world.run(suggestions.find_owed, 10)
    world.run(suggestions.claim_answer, owed)
    assert world.run(suggestions.find_owed, 10) == []  # its process may have died
    world.now += DAY + MOMENT
    world.erase()
    assert world.rows(SuggestionRow) == []


@pytest.mark.parametrize("how", ["leave", "forget"])
@pytest.mark.parametrize("signed", [True, False])
def test_leaving_and_forgetting_erase_what_waits(
    world: ServiceWorld, how: str, signed: bool
) -> None:
    suggest(world, tell=True, signed=signed)
    suggest(world, BO, signed=False)
    world.run(membership.leave if how == "leave" else retention.forget, AMARA)
    world.now = NEXT_MORNING
    assert [one.signed_by for one in shown(world)] == [None]
    assert len(world.rows(SuggestionRow)) == 1
    assert not [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.SUGGESTION]


@pytest.mark.parametrize("how", ["leave", "forget"])
def test_nobody_is_told_who_left_meanwhile(world: ServiceWorld, how: str) -> None:
    for link in (LINK, f"{LINK}2"):
        suggest(world, link=link, tell=True, signed=False)
    world.now = NEXT_MORNING
    first, second = shown(world)
    world.run(suggestions.decline, CLEO, first.id)
    [owed] = world.run(suggestions.find_owed, 10)
    world.run(membership.leave if how == "leave" else retention.forget, AMARA)
    assert not world.run(suggestions.claim_answer, owed)
    assert world.run(suggestions.decline, CLEO, second.id) is (how == "leave")
    assert world.rows(SuggestionRow) == []
    world.run(suggestions.record_sent, owed, "D1", "1.1")  # it was on its way
    assert [row.message_ts for row in world.rows(RemovalRow)] == ["1.1"]


def test_what_nobody_decides_goes_after_three_months(world: ServiceWorld) -> None:
    suggest(world)
    only(world)
    world.now += timedelta(days=90)
    world.erase()
    assert len(world.rows(SuggestionRow)) == 1
    world.now += MOMENT
    world.erase()
    assert world.rows(SuggestionRow) == []


def test_who_has_not_joined_sees_and_deletes_theirs(world: ServiceWorld) -> None:
    suggest(world, BO, tell=True, signed=False)
    found = list(world.run(my_data.load_record, BO).in_table("suggestion"))
    assert [dict(row.values)["link"] for row in found] == [LINK]
    assert "suggestion" not in {row.table for row in world.run(my_data.load_record, AMARA).rows}
    world.run(retention.forget, BO)
    assert world.rows(SuggestionRow) == []
