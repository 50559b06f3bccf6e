"""What people answer to asks, or do not, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delivery import Delivery
from bot.domain.ids import PostId
from bot.domain.model import DispatchState, Member, Outcome, Pace, SkipReason, Stage
from bot.domain.responses import Answer
from bot.domain.troubles import Trouble
from bot.services import ask_answers, asks, membership, stopped_messages
from bot.services.ask_answers import AskClick
from bot.services.responses import Stored
from bot.storage.tables import AskRow
from tests.services.asks import the_ask
from tests.services.helpers import AMARA, BO, DAY, WEEK, ServiceWorld, today

SKIP = Answer(Stage.SKIPPED, in_ask=True)
STOPS_AFTER = 4
PAUSE = timedelta(days=14)


def answered_posts(world: ServiceWorld, how_many: int, answer: Answer) -> list[Stored]:
    """Amara is asked about one post after another, and answers each in the same way."""
    world.member()
    stored = []
    for number in range(how_many):
        post = world.live(title=f"Post {number}")
        ends = world.stored().next_ask_at
        if ends is not None:
            world.now = max(world.now, ends)
        world.plan()
        assert len(world.send_planned()) == 1
        result = world.respond(AMARA, post, answer)
        assert isinstance(result, Stored)
        stored.append(result)
        world.now = world.now.replace(hour=13, minute=45)
    return stored


def test_skips_in_a_row_are_counted_and_after_four_the_bot_stops(afternoon: ServiceWorld) -> None:
    results = answered_posts(afternoon, STOPS_AFTER, SKIP)
    assert [result.stopped for result in results] == [False, False, False, True]
    member = afternoon.stored()
    assert member.consecutive_declines == STOPS_AFTER
    assert member.stopped_at is not None
    assert member.told_at == member.stopped_at  # the answer said so
    assert member.next_ask_at is None
    assert afternoon.run(asks.find_work, 10).stopped_untold == []


def test_a_share_begins_the_row_anew(afternoon: ServiceWorld) -> None:
    answered_posts(afternoon, 3, SKIP)
    assert afternoon.stored().consecutive_declines == 3
    afternoon.respond(AMARA, 3, Stage.INTERESTED)
    assert afternoon.stored().consecutive_declines == 0


def test_the_same_skip_twice_counts_once(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.respond(AMARA, post, SKIP)
    afternoon.respond(
        AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.NOT_MY_VOICE, in_ask=True)
    )
    assert afternoon.stored().consecutive_declines == 1


def test_a_skip_taken_back_does_not_count(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.respond(AMARA, post, SKIP)
    afternoon.run(ask_answers.answer_later, AskClick(AMARA, PostId(post), None))
    assert afternoon.stored().consecutive_declines == 0
    assert the_ask(afternoon).outcome is Outcome.LATER


@pytest.mark.parametrize(
    "click",
    [
        ask_answers.answer_less,
        ask_answers.answer_leave,
        ask_answers.answer_look,
    ],
)
def test_any_click_answers_an_ask_without_counting(
    afternoon: ServiceWorld, click: Callable[..., object]
) -> None:
    post = afternoon.ask()
    afternoon.run(click, AskClick(AMARA, PostId(post), None))
    assert the_ask(afternoon).outcome is Outcome.OTHER
    assert afternoon.stored().consecutive_declines == 0


def test_another_click_leaves_an_answer_as_it_was(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.respond(AMARA, post, SKIP)
    afternoon.run(ask_answers.answer_look, AskClick(AMARA, PostId(post), None))
    assert the_ask(afternoon).outcome is Outcome.SKIPPED
    assert afternoon.stored().consecutive_declines == 1


def test_less_often_pause_and_opt_out_do_what_they_say(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.run(ask_answers.answer_less, AskClick(AMARA, PostId(post), None))
    assert afternoon.stored().pace is Pace.FORTNIGHTLY
    afternoon.run(membership.pause_for, AMARA, PAUSE)
    assert afternoon.stored().paused_until == today(afternoon.now + PAUSE)
    assert afternoon.stored().next_ask_at >= today(afternoon.now + PAUSE)
    afternoon.run(ask_answers.answer_leave, AskClick(AMARA, PostId(post), None))
    assert afternoon.stored().left_at == today(afternoon.now)
    assert afternoon.stored().next_ask_at is None


def test_an_answer_in_the_channel_answers_the_ask(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.respond(AMARA, post, Stage.INTERESTED)
    assert the_ask(afternoon).outcome is Outcome.SHARED


def test_an_ask_lapses_after_three_working_days_and_counts_when_next_looked_at(
    afternoon: ServiceWorld,
) -> None:
    afternoon.ask()
    afternoon.now = afternoon.stored().next_ask_at
    afternoon.plan()
    assert the_ask(afternoon).outcome is Outcome.LAPSED
    assert afternoon.stored().consecutive_declines == 1


def test_a_click_on_a_lapsed_ask_takes_the_lapse_back(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.now = afternoon.stored().next_ask_at
    afternoon.plan()
    afternoon.run(ask_answers.answer_look, AskClick(AMARA, PostId(post), None))
    assert afternoon.stored().consecutive_declines == 0


def test_who_never_answers_is_stopped_and_told_once(afternoon: ServiceWorld) -> None:
    afternoon.member()
    for number in range(STOPS_AFTER):
        afternoon.now = afternoon.now.replace(hour=13, minute=45)
        afternoon.live(title=f"Post {number}")
        afternoon.now = max(afternoon.now, afternoon.stored().next_ask_at)
        afternoon.plan()
        assert len(afternoon.send_planned()) == 1
    afternoon.now = afternoon.stored().next_ask_at
    assert afternoon.plan().asks == 0
    assert afternoon.stored().stopped_at == today(afternoon.now)
    [member] = afternoon.run(asks.find_work, 10).stopped_untold
    assert afternoon.run(stopped_messages.claim, member)
    assert not afternoon.run(stopped_messages.claim, member)
    assert afternoon.run(asks.find_work, 10).stopped_untold == []
    away = (Trouble.UNREACHABLE, afternoon.now)
    afternoon.run(stopped_messages.record_not_sent, member.id, *away)
    assert len(afternoon.run(asks.find_work, 10).stopped_untold) == 1


def stopped_untold(world: ServiceWorld) -> Member:
    """The bot has stopped asking Amara by itself, and not said so yet."""
    world.member()
    with world.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member SET consecutive_declines = 4")
    world.plan()
    assert world.stored().stopped_at == today(world.now)
    member = world.run(membership.find_member, AMARA)
    assert member is not None
    return member


def test_that_word_is_said_within_the_members_hours(afternoon: ServiceWorld) -> None:
    stopped_untold(afternoon)
    afternoon.now += timedelta(hours=6)
    assert afternoon.run(asks.find_work, 10).stopped_untold == []
    afternoon.now += timedelta(hours=12)
    assert len(afternoon.run(asks.find_work, 10).stopped_untold) == 1


def test_who_has_just_resumed_is_not_told_that_the_bot_stopped(afternoon: ServiceWorld) -> None:
    member = stopped_untold(afternoon)
    assert len(afternoon.run(asks.find_work, 10).stopped_untold) == 1
    afternoon.run(membership.resume, AMARA)
    assert not afternoon.run(stopped_messages.claim, member)


def test_who_has_just_left_is_told_nothing(afternoon: ServiceWorld) -> None:
    member = stopped_untold(afternoon)
    afternoon.run(membership.leave, AMARA)
    assert not afternoon.run(stopped_messages.claim, member)


def test_resuming_begins_the_row_anew(afternoon: ServiceWorld) -> None:
    stopped_untold(afternoon)
    afternoon.run(membership.resume, AMARA)
    member = afternoon.stored()
    assert (member.consecutive_declines, member.stopped_at, member.told_at) == (0, None, None)
    assert member.next_ask_at == afternoon.now


@pytest.mark.parametrize("after_a_skip", [False, True])
def test_too_often_halves_the_pace_once_for_one_post(
    afternoon: ServiceWorld, after_a_skip: bool
) -> None:
    post = afternoon.ask(pace=Pace.WEEKLY)
    if after_a_skip:
        afternoon.respond(AMARA, post, SKIP)
    too_often = replace(SKIP, reason=SkipReason.TOO_OFTEN)
    stored = afternoon.respond(AMARA, post, too_often)
    assert stored == Stored(Stage.SKIPPED, changed=True, slower=Pace.FORTNIGHTLY, was_asked=True)
    afternoon.respond(AMARA, post, replace(SKIP, reason=SkipReason.NOT_MY_VOICE))
    again = afternoon.respond(AMARA, post, too_often)
    assert again == Stored(Stage.SKIPPED, changed=True, was_asked=True)
    assert afternoon.stored().pace is Pace.FORTNIGHTLY


def test_too_often_in_the_channel_leaves_the_pace_of_who_is_not_asked(
    afternoon: ServiceWorld,
) -> None:
    post = afternoon.live()
    afternoon.member(delivery=frozenset({Delivery.CHANNEL}))
    stored = afternoon.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN))
    assert stored == Stored(Stage.SKIPPED, changed=True)
    assert afternoon.stored().pace is Pace.WEEKLY


@pytest.mark.parametrize("how", ["later", "not now", "not now in the channel"])
def test_later_brings_a_post_once_more_and_never_again(afternoon: ServiceWorld, how: str) -> None:
    if how == "not now in the channel":
        afternoon.member()
        post = afternoon.live()
        afternoon.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.NOT_NOW))
    else:
        post = afternoon.ask()
    turns = []
    for _ in range(8):
        put_off(afternoon, post, how)
        afternoon.now = (afternoon.now + WEEK).replace(hour=13, minute=45)
        turns += [ask for _, ask in afternoon.planned()]
        afternoon.send_planned()
    assert turns == [post]
    assert afternoon.rows(AskRow)[-1].repeat == 1


def put_off(world: ServiceWorld, post: int, how: str) -> None:
    if how == "later":
        world.run(ask_answers.answer_later, AskClick(AMARA, PostId(post), None))
    else:
        world.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.NOT_NOW))


def test_later_means_three_days_at_least(afternoon: ServiceWorld) -> None:
    post = afternoon.ask(pace=Pace.THRICE_A_WEEK)
    afternoon.run(ask_answers.answer_later, AskClick(AMARA, PostId(post), None))
    afternoon.now += 2 * DAY
    assert afternoon.planned() == []
    afternoon.now += DAY + timedelta(minutes=10)
    member = afternoon.stored().id
    assert afternoon.planned() == [(member, post)]
    [sent] = afternoon.send_planned()
    assert afternoon.rows(AskRow)[-1].id == sent
    assert afternoon.rows(AskRow)[-1].repeat == 1


def test_a_share_after_later_brings_nothing_more(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.run(ask_answers.answer_later, AskClick(AMARA, PostId(post), None))
    afternoon.respond(AMARA, post, Stage.INTERESTED)
    afternoon.now += WEEK
    assert afternoon.planned() == []


def test_a_click_on_the_first_message_is_no_proof_that_the_second_arrived(
    afternoon: ServiceWorld,
) -> None:
    post = afternoon.ask()
    first = the_ask(afternoon)
    assert first.channel is not None
    assert first.message_ts is not None
    afternoon.run(ask_answers.answer_later, AskClick(AMARA, PostId(post), None))
    afternoon.now = (afternoon.now + WEEK).replace(hour=13, minute=45)
    afternoon.plan()
    second = the_ask(afternoon).id
    assert second != first.id
    assert afternoon.claim_ask(second) is not None
    afternoon.run(asks.record_uncertain, second)
    on_the_first = (first.channel, first.message_ts)
    afternoon.run(ask_answers.answer_look, AskClick(AMARA, PostId(post), on_the_first))
    assert afternoon.rows(AskRow)[-1].message_ts is None
    assert afternoon.rows(AskRow)[-1].state is DispatchState.UNCERTAIN


def test_a_skip_in_the_channel_before_the_ask_was_sent_is_no_skip_of_an_ask(
    afternoon: ServiceWorld,
) -> None:
    afternoon.ask()
    afternoon.respond(AMARA, 1, Answer(Stage.INTERESTED, in_ask=True))
    post = afternoon.live(title="Two")
    afternoon.now = max(afternoon.now, afternoon.stored().next_ask_at)
    afternoon.plan()
    assert the_ask(afternoon).state is DispatchState.PLANNED
    afternoon.respond(AMARA, post, Stage.SKIPPED)
    assert afternoon.send_planned() == []
    assert afternoon.stored().consecutive_declines == 0


def test_one_persons_answers_leave_the_others(afternoon: ServiceWorld) -> None:
    afternoon.member(BO)
    post = afternoon.ask()
    afternoon.respond(AMARA, post, SKIP)
    assert afternoon.stored(BO).consecutive_declines == 0
    assert {row.outcome for row in afternoon.rows(AskRow)} == {Outcome.SKIPPED, None}
