"""Asks that nobody answered: what they count for, and what they do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.ids import PostId, UserId
from bot.domain.model import Colour, DispatchState, Outcome, Pace, Stage
from bot.domain.responses import Answer
from bot.services import (
    ask_answers,
    asks,
    membership,
    pace_check,
    planning,
)
from bot.services import workspaces as workspaces_service
from bot.services.ask_answers import AskClick as Click
from bot.storage.tables import AskRow, WorkspaceRow
from tests.services.asks import messages_follow, set_member, staff, the_ask
from tests.services.helpers import AMARA, CARL, DAY, WEEK, ServiceWorld, today


def days_pass(world: ServiceWorld, days: int) -> None:
    """Plan every day, without sending."""
    for _ in range(days):
        world.now += DAY
        world.plan()


def count_lapsed(world: ServiceWorld) -> None:
    """What the pace check counts first."""
    world.run(planning.count_lapsed, world.run(planning.find_members_with_open))


def after_three(world: ServiceWorld) -> None:
    """A member who has passed by three in a row."""
    me = world.member()
    set_member(world, me, consecutive_declines=3)


def stop(world: ServiceWorld) -> None:
    """The bot has stopped asking the member, and has not said so yet."""
    me = world.member()
    set_member(world, me, consecutive_declines=4, stopped_at=world.now)


def paint(world: ServiceWorld, colour: Colour) -> None:
    """What the pace check read."""
    with world.engine.begin() as connection:
        connection.execute(update(WorkspaceRow).values(colour=colour))


def test_an_ask_whose_post_has_ended_is_not_held_against_the_member(
    afternoon: ServiceWorld,
) -> None:
    afternoon.withdraw(afternoon.ask())
    messages_follow(afternoon)
    days_pass(afternoon, 12)
    assert the_ask(afternoon).outcome is Outcome.ENDED
    assert afternoon.stored().consecutive_declines == 0


def test_a_late_click_answers_and_shows_that_the_message_is_there(afternoon: ServiceWorld) -> None:
    afternoon.member()
    post = afternoon.live()
    afternoon.plan()
    sending = the_ask(afternoon).id
    assert afternoon.claim_ask(sending)
    afternoon.run(asks.record_uncertain, sending)
    afternoon.withdraw(post)
    afternoon.respond(AMARA, post, Answer(Stage.SKIPPED, message=("D1", "7.7"), in_ask=True))
    found = the_ask(afternoon)
    assert (found.state, found.message_ts) == (DispatchState.SENT, "7.7")
    assert found.outcome is Outcome.OTHER


def test_whoever_was_stopped_overnight_can_resume_before_anybody_has_counted(
    afternoon: ServiceWorld,
) -> None:
    after_three(afternoon)
    afternoon.live()
    afternoon.plan()
    assert afternoon.send_planned()
    afternoon.now += timedelta(days=4, hours=12)  # Sunday morning; it lapsed on Friday
    afternoon.plan()
    assert afternoon.stored().stopped_at is None, "nobody has looked yet"
    assert afternoon.run(membership.resume, AMARA).changed
    days_pass(afternoon, 3)
    assert afternoon.stored().stopped_at is None


def test_a_stop_that_came_while_away_can_be_resumed(afternoon: ServiceWorld) -> None:
    after_three(afternoon)
    post = afternoon.live()
    afternoon.plan()
    assert afternoon.send_planned()
    afternoon.choose(delivery=frozenset())
    afternoon.now += DAY
    afternoon.withdraw(post)
    afternoon.now += 31 * DAY
    afternoon.erase()
    afternoon.choose()
    assert afternoon.run(membership.resume, AMARA).changed
    member = afternoon.run(membership.find_member, AMARA)
    assert member is not None
    assert member.next_ask_at is not None


def test_what_lapsed_before_leaving_does_not_count_after_coming_back(
    afternoon: ServiceWorld,
) -> None:
    afternoon.ask()
    afternoon.run(membership.leave, AMARA)
    afternoon.now += 20 * DAY
    afternoon.member()
    days_pass(afternoon, 3)
    assert afternoon.stored().consecutive_declines == 0


def test_saved_for_later_after_a_look_comes_once_more(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.respond(AMARA, post, Stage.INTERESTED)
    afternoon.now += timedelta(minutes=1)
    assert afternoon.run(ask_answers.answer_later, Click(AMARA, PostId(post))) is None
    days_pass(afternoon, 30)
    assert len(afternoon.rows(AskRow)) == 2


def test_shared_after_saving_it_does_not_come_again(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    assert afternoon.run(ask_answers.answer_later, Click(AMARA, PostId(post))) is None
    afternoon.now += timedelta(minutes=1)
    afternoon.respond(AMARA, post, Stage.INTERESTED)
    days_pass(afternoon, 30)
    assert len(afternoon.rows(AskRow)) == 1


def test_a_pause_from_the_menu_never_shortens_one(afternoon: ServiceWorld) -> None:
    until = afternoon.now + 90 * DAY
    afternoon.join(AMARA)
    afternoon.run(membership.pause, AMARA, until)
    afternoon.run(membership.pause_for, AMARA, 14 * DAY)
    assert afternoon.stored().paused_until == today(until)


def test_the_word_that_it_stopped_is_not_for_those_who_want_no_messages(
    afternoon: ServiceWorld,
) -> None:
    stop(afternoon)
    assert afternoon.run(asks.find_work, 100).stopped_untold
    afternoon.choose(delivery=frozenset())
    assert not afternoon.run(asks.find_work, 100).stopped_untold


def test_the_word_that_it_stopped_waits_while_everything_is_on_hold(
    afternoon: ServiceWorld,
) -> None:
    stop(afternoon)
    afternoon.run(workspaces_service.freeze, CARL)
    assert not afternoon.run(asks.find_work, 100).stopped_untold
    afternoon.run(workspaces_service.unfreeze, CARL)
    assert afternoon.run(asks.find_work, 100).stopped_untold


def test_amber_ends_with_amber(afternoon: ServiceWorld) -> None:
    afternoon.member(pace=Pace.WEEKLY)
    afternoon.live()
    afternoon.live(link="https://flink.example.org/another/")
    afternoon.plan()
    assert afternoon.send_planned()
    paint(afternoon, Colour.AMBER)
    afternoon.now += WEEK + timedelta(minutes=1)
    afternoon.plan()
    assert len(afternoon.rows(AskRow)) == 1, "half as long again"
    paint(afternoon, Colour.GREEN)
    afternoon.now += DAY
    afternoon.plan()
    assert len(afternoon.rows(AskRow)) == 2


def test_a_rest_is_not_followed_by_a_heap_of_what_lapsed(afternoon: ServiceWorld) -> None:
    staff(afternoon, 60)
    post = afternoon.live()
    for _ in range(3):
        afternoon.plan()
    assert len(afternoon.send_planned()) == 60
    for number in range(20):
        afternoon.respond(f"U{number:03}", post, Stage.SHARED)
    afternoon.run(workspaces_service.freeze, CARL)
    for _ in range(35):
        afternoon.now += DAY
        count_lapsed(afternoon)
    afternoon.run(workspaces_service.unfreeze, CARL)
    afternoon.plan()
    assert afternoon.run(pace_check.measure, ()) is Colour.GREEN


def test_an_ask_lapses_on_its_day_whenever_it_is_counted(afternoon: ServiceWorld) -> None:
    afternoon.ask()
    asked = the_ask(afternoon).asked_at
    afternoon.now += 20 * DAY
    count_lapsed(afternoon)
    found = the_ask(afternoon)
    assert found.outcome is Outcome.LAPSED
    assert found.settled_at is not None
    assert timedelta(days=3) <= found.settled_at - asked < timedelta(days=4)
    assert afternoon.stored().consecutive_declines == 1
    count_lapsed(afternoon)
    assert afternoon.stored().consecutive_declines == 1


@pytest.mark.parametrize("days", [0, 2])
def test_what_may_still_be_answered_is_not_counted(afternoon: ServiceWorld, days: int) -> None:
    afternoon.ask()
    afternoon.now += days * DAY
    count_lapsed(afternoon)
    assert the_ask(afternoon).outcome is None


def test_a_colleague_who_has_left_the_company_says_nothing_about_the_pace(
    afternoon: ServiceWorld,
) -> None:
    ids = staff(afternoon, 30)
    assert ids
    for number in range(8):
        afternoon.run(membership.end_for_departed, UserId(f"U{number:03}"))
    assert afternoon.run(pace_check.measure, ()) is Colour.GREEN
    member = afternoon.run(membership.find_member, UserId("U000"))
    assert member is not None
    assert not member.consents(afternoon.now)
