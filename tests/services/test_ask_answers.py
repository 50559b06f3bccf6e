"""What people answer to asks, or do not, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.model import Delivery, DispatchState, Outcome, Pace, SkipReason, Stage
from bot.services import asking, membership
from bot.services.responding import Answer, Stored
from bot.storage.tables import AskRow
from tests.services.asks import the_ask
from tests.services.helpers import AMARA, BO, DAY, TEAM, WEEK, Desk

SKIP = Answer(Stage.SKIPPED, asked=True)
STOPS_AFTER = 4


def answered_posts(desk: Desk, how_many: int, answer: Answer) -> list[Stored]:
    """Amara is asked about one post after another, and answers each in the same way."""
    desk.member()
    stored = []
    for number in range(how_many):
        post = desk.proposable(title=f"Post {number}")
        ends = desk.stored().next_ask_at
        if ends is not None:
            desk.now = max(desk.now, ends)
        desk.plan()
        assert len(desk.send_planned()) == 1
        result = desk.respond(AMARA, post, answer)
        assert isinstance(result, Stored)
        stored.append(result)
        desk.now = desk.now.replace(hour=13, minute=45)
    return stored


def test_skips_in_a_row_are_counted_and_after_four_the_bot_stops(office: Desk) -> None:
    results = answered_posts(office, STOPS_AFTER, SKIP)
    assert [result.stopped for result in results] == [False, False, False, True]
    member = office.stored()
    assert member.run == STOPS_AFTER
    assert member.stopped_at is not None
    assert member.told_at == member.stopped_at  # the answer said so
    assert member.next_ask_at is None
    assert office.do(asking.find, TEAM, office.now, 10).untold == []


def test_a_share_begins_the_row_anew(office: Desk) -> None:
    answered_posts(office, 3, SKIP)
    assert office.stored().run == 3
    office.respond(AMARA, 3, Stage.INTERESTED)
    assert office.stored().run == 0


def test_the_same_skip_twice_counts_once(office: Desk) -> None:
    post = office.ask()
    office.respond(AMARA, post, SKIP)
    office.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.NOT_MY_VOICE, asked=True))
    assert office.stored().run == 1


def test_a_skip_taken_back_does_not_count(office: Desk) -> None:
    post = office.ask()
    office.respond(AMARA, post, SKIP)
    office.do(asking.answer_later, asking.Click(TEAM, AMARA, post, None), office.now)
    assert office.stored().run == 0
    assert the_ask(office).outcome is Outcome.LATER


@pytest.mark.parametrize(
    "click",
    [asking.answer_less, asking.answer_pause, asking.answer_leave, asking.answer_who_sees],
)
def test_any_click_answers_an_ask_without_counting(
    office: Desk, click: Callable[..., object]
) -> None:
    post = office.ask()
    office.do(click, asking.Click(TEAM, AMARA, post, None), office.now)
    assert the_ask(office).outcome is Outcome.OTHER
    assert office.stored().run == 0


def test_another_click_leaves_an_answer_as_it_was(office: Desk) -> None:
    post = office.ask()
    office.respond(AMARA, post, SKIP)
    office.do(asking.answer_who_sees, asking.Click(TEAM, AMARA, post, None), office.now)
    assert the_ask(office).outcome is Outcome.SKIPPED
    assert office.stored().run == 1


def test_less_often_pause_and_opt_out_do_what_they_say(office: Desk) -> None:
    post = office.ask()
    office.do(asking.answer_less, asking.Click(TEAM, AMARA, post, None), office.now)
    assert office.stored().pace is Pace.FORTNIGHTLY
    office.do(asking.answer_pause, asking.Click(TEAM, AMARA, post, None), office.now)
    assert office.stored().paused_until == office.now + asking.PAUSE
    assert office.stored().next_ask_at >= office.now + asking.PAUSE
    office.do(asking.answer_leave, asking.Click(TEAM, AMARA, post, None), office.now)
    assert office.stored().left_at == office.now
    assert office.stored().next_ask_at is None


def test_an_answer_in_the_channel_answers_the_ask(office: Desk) -> None:
    post = office.ask()
    office.respond(AMARA, post, Stage.INTERESTED)
    assert the_ask(office).outcome is Outcome.SHARED


def test_an_ask_lapses_after_three_working_days_and_counts_when_next_looked_at(
    office: Desk,
) -> None:
    office.ask()
    office.now = office.stored().next_ask_at
    office.plan()
    assert the_ask(office).outcome is Outcome.LAPSED
    assert office.stored().run == 1


def test_a_click_on_a_lapsed_ask_takes_the_lapse_back(office: Desk) -> None:
    post = office.ask()
    office.now = office.stored().next_ask_at
    office.plan()
    office.do(asking.answer_who_sees, asking.Click(TEAM, AMARA, post, None), office.now)
    assert office.stored().run == 0


def test_who_never_answers_is_stopped_and_told_once(office: Desk) -> None:
    office.save_workspace(asks_per_week=10.0)
    office.member()
    for number in range(STOPS_AFTER):
        office.now = office.now.replace(hour=13, minute=45)
        office.proposable(title=f"Post {number}")
        office.now = max(office.now, office.stored().next_ask_at)
        office.plan()
        assert len(office.send_planned()) == 1
    office.now = office.stored().next_ask_at
    assert office.plan().asks == 0
    assert office.stored().stopped_at == office.now
    [member] = office.do(asking.find, TEAM, office.now, 10).untold
    assert office.do(asking.tell_stopped, member.id, office.now)
    assert not office.do(asking.tell_stopped, member.id, office.now)
    assert office.do(asking.find, TEAM, office.now, 10).untold == []
    office.do(asking.not_told, member.id)
    assert len(office.do(asking.find, TEAM, office.now, 10).untold) == 1


def stopped_untold(desk: Desk) -> int:
    """The bot has stopped asking Amara by itself, and not said so yet."""
    desk.member()
    member = desk.stored()
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member SET run = 4")
    desk.plan()
    assert desk.stored().stopped_at == desk.now
    return int(member.id)


def test_that_word_is_said_within_the_members_hours(office: Desk) -> None:
    stopped_untold(office)
    office.now += timedelta(hours=6)
    assert office.do(asking.find, TEAM, office.now, 10).untold == []
    office.now += timedelta(hours=12)
    assert len(office.do(asking.find, TEAM, office.now, 10).untold) == 1


def test_who_has_just_resumed_is_not_told_that_the_bot_stopped(office: Desk) -> None:
    member = stopped_untold(office)
    assert len(office.do(asking.find, TEAM, office.now, 10).untold) == 1
    office.do(membership.resume, TEAM, AMARA, office.now)
    assert not office.do(asking.tell_stopped, member, office.now)


def test_who_has_just_left_is_told_nothing(office: Desk) -> None:
    member = stopped_untold(office)
    office.do(membership.leave, TEAM, AMARA, office.now)
    assert not office.do(asking.tell_stopped, member, office.now)


def test_resuming_begins_the_row_anew(office: Desk) -> None:
    stopped_untold(office)
    office.do(membership.resume, TEAM, AMARA, office.now)
    member = office.stored()
    assert (member.run, member.stopped_at, member.told_at) == (0, None, None)
    assert member.next_ask_at == office.now


@pytest.mark.parametrize("after_a_skip", [False, True])
def test_too_often_halves_the_pace_once_for_one_post(office: Desk, after_a_skip: bool) -> None:
    post = office.ask(pace=Pace.WEEKLY)
    if after_a_skip:
        office.respond(AMARA, post, SKIP)
    too_often = replace(SKIP, reason=SkipReason.TOO_OFTEN)
    stored = office.respond(AMARA, post, too_often)
    assert stored == Stored(Stage.SKIPPED, changed=True, slower=Pace.FORTNIGHTLY)
    office.respond(AMARA, post, replace(SKIP, reason=SkipReason.NOT_MY_VOICE))
    again = office.respond(AMARA, post, too_often)
    assert again == Stored(Stage.SKIPPED, changed=True)
    assert office.stored().pace is Pace.FORTNIGHTLY


def test_too_often_in_the_channel_leaves_the_pace_of_who_is_not_asked(office: Desk) -> None:
    post = office.live()
    office.member(delivery=frozenset({Delivery.CHANNEL}))
    stored = office.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN))
    assert stored == Stored(Stage.SKIPPED, changed=True)
    assert office.stored().pace is Pace.WEEKLY


@pytest.mark.parametrize("how", ["later", "not now", "not now in the channel"])
def test_later_brings_a_post_once_more_and_never_again(office: Desk, how: str) -> None:
    office.save_workspace(asks_per_week=10.0)
    if how == "not now in the channel":
        office.member()
        post = office.live()
        office.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.NOT_NOW))
        office.size_first_groups()
    else:
        post = office.ask()
    turns = []
    for _ in range(8):
        put_off(office, post, how)
        office.now = (office.now + WEEK).replace(hour=13, minute=45)
        turns += [ask for _, ask in office.planned()]
        office.send_planned()
    assert turns == [post]
    assert office.rows(AskRow)[-1].turn == 1


def put_off(desk: Desk, post: int, how: str) -> None:
    if how == "later":
        desk.do(asking.answer_later, asking.Click(TEAM, AMARA, post, None), desk.now)
    else:
        desk.respond(AMARA, post, Answer(Stage.SKIPPED, reason=SkipReason.NOT_NOW))


def test_later_means_three_days_at_least(office: Desk) -> None:
    office.save_workspace(asks_per_week=10.0)
    post = office.ask(pace=Pace.THRICE_A_WEEK)
    office.do(asking.answer_later, asking.Click(TEAM, AMARA, post, None), office.now)
    office.now += 2 * DAY
    assert office.planned() == []
    office.now += DAY + timedelta(minutes=10)
    member = office.stored().id
    assert office.planned() == [(member, post)]
    [sent] = office.send_planned()
    assert office.rows(AskRow)[-1].id == sent
    assert office.rows(AskRow)[-1].turn == 1


def test_a_share_after_later_brings_nothing_more(office: Desk) -> None:
    post = office.ask()
    office.do(asking.answer_later, asking.Click(TEAM, AMARA, post, None), office.now)
    office.respond(AMARA, post, Stage.INTERESTED)
    office.now += WEEK
    assert office.planned() == []


def test_a_click_on_the_first_message_is_no_proof_that_the_second_arrived(office: Desk) -> None:
    post = office.ask()
    first = the_ask(office)
    assert first.channel is not None
    assert first.ts is not None
    office.do(asking.answer_later, asking.Click(TEAM, AMARA, post, None), office.now)
    office.now = (office.now + WEEK).replace(hour=13, minute=45)
    office.plan()
    second = the_ask(office).id
    assert second != first.id
    assert office.claim_ask(second) is not None
    office.do(asking.record_uncertain, second)
    on_the_first = (first.channel, first.ts)
    office.do(asking.answer_who_sees, asking.Click(TEAM, AMARA, post, on_the_first), office.now)
    assert office.rows(AskRow)[-1].message_ts is None
    assert office.rows(AskRow)[-1].state is DispatchState.UNCERTAIN


def test_a_skip_in_the_channel_before_the_ask_was_sent_is_no_skip_of_an_ask(office: Desk) -> None:
    office.ask()
    office.respond(AMARA, 1, Answer(Stage.INTERESTED, asked=True))
    post = office.proposable(title="Two")
    office.now = max(office.now, office.stored().next_ask_at)
    office.plan()
    assert the_ask(office).state is DispatchState.PLANNED
    office.respond(AMARA, post, Stage.SKIPPED)
    assert office.send_planned() == []
    assert office.stored().run == 0


def test_one_persons_answers_leave_the_others(office: Desk) -> None:
    office.save_workspace(asks_per_week=10.0)
    office.member(BO)
    post = office.ask()
    office.respond(AMARA, post, SKIP)
    assert office.stored(BO).run == 0
    assert {row.outcome for row in office.rows(AskRow)} == {Outcome.SKIPPED, None}
