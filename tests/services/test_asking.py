"""Asks on their way: the claim, what Slack made of it, and what people answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.model import (
    Colour,
    Delivery,
    DispatchState,
    Hours,
    Network,
    Outcome,
    Pace,
    Reach,
    SkipReason,
    Stage,
)
from bot.services import announcing, asking, membership
from bot.services.responding import Answer, Stored
from bot.storage import asks, proposals, workspaces
from bot.storage.asks import Ask
from bot.storage.tables import AskRow, PostRow
from tests.services.helpers import (
    AFTERNOON,
    AMARA,
    BO,
    CLEO,
    DAY,
    TEAM,
    WEEK,
    Desk,
    kept,
)

SKIP = Answer(Stage.SKIPPED, asked=True)
MINUTE = timedelta(minutes=1)
STOPS_AFTER = 4


@pytest.fixture
def office(desk: Desk) -> Desk:
    """The afternoon, when everybody's hours are open."""
    desk.now = AFTERNOON
    return desk


def waiting(desk: Desk) -> int:
    """A post has been planned for Amara; returns the ask."""
    desk.member()
    desk.proposable()
    desk.plan()
    [row] = desk.rows(AskRow)
    return int(row.id)


def the_ask(desk: Desk) -> Ask:
    with desk.engine.connect() as connection:
        found = asks.get(connection, desk.rows(AskRow)[-1].id)
    assert found is not None
    return found


def freeze(desk: Desk) -> None:
    desk.do(announcing.freeze, TEAM, CLEO, desk.now)


def turn_red(desk: Desk) -> None:
    desk.do(workspaces.set_colour, TEAM, Colour.RED, desk.now)


def leave(desk: Desk) -> None:
    desk.do(membership.leave, TEAM, AMARA, desk.now)


def pause(desk: Desk) -> None:
    desk.do(membership.pause, TEAM, AMARA, desk.now + WEEK, desk.now)


def choose(**changed: Any) -> Callable[[Desk], None]:
    return lambda desk: desk.choose(**changed)


def move_away(desk: Desk) -> None:
    member = desk.stored().id
    desk.do(membership.move_zone, member, "Pacific/Auckland", desk.now)


def withdraw(desk: Desk) -> None:
    kept(desk.withdraw(1))


def stop_the_post(desk: Desk) -> None:
    desk.do(proposals.set_reach, 1, Reach.STOPPED)


def answer_in_the_channel(desk: Desk) -> None:
    desk.respond(AMARA, 1, Stage.INTERESTED)


def the_night(desk: Desk) -> None:
    desk.now += timedelta(hours=6)


def the_weekend(desk: Desk) -> None:
    desk.now += 4 * DAY


def expiry(desk: Desk) -> None:
    desk.now += 10 * DAY


OBSTACLES = [
    freeze,
    turn_red,
    leave,
    pause,
    move_away,
    withdraw,
    stop_the_post,
    answer_in_the_channel,
    the_night,
    the_weekend,
    choose(delivery=frozenset({Delivery.CHANNEL})),
    choose(topics=()),
    choose(networks=(Network.BLUESKY,)),
    choose(workdays=frozenset({0})),
    choose(hours=Hours(0, 60)),
]


# The claim


def test_a_claim_says_all_that_the_message_shows(office: Desk) -> None:
    ask = waiting(office)
    office.now += MINUTE
    claimed = office.claim_ask(ask)
    assert claimed is not None
    assert claimed.id == ask
    assert claimed.member.user == AMARA
    assert claimed.post.id == 1
    assert not claimed.again
    assert claimed.renew_before is None
    [row] = office.rows(AskRow)
    assert (row.state, row.asked_at) == (DispatchState.SENDING, office.now)
    assert office.stored().last_asked_at == office.now


def test_an_ask_is_claimed_once(office: Desk) -> None:
    ask = waiting(office)
    assert office.claim_ask(ask) is not None
    before = office.rows(AskRow)
    assert office.claim_ask(ask) is None
    assert office.rows(AskRow) == before


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_what_came_between_takes_the_ask_back(
    office: Desk, obstacle: Callable[[Desk], None]
) -> None:
    ask = waiting(office)
    obstacle(office)
    assert office.claim_ask(ask) is None
    assert office.rows(AskRow) == []
    [post] = office.rows(PostRow)
    assert post.asked == 0
    assert office.stored().last_asked_at is None


@pytest.mark.parametrize("obstacle", [freeze, turn_red, withdraw, stop_the_post])
def test_where_it_was_not_the_member_they_are_looked_at_again_at_once(
    office: Desk, obstacle: Callable[[Desk], None]
) -> None:
    ask = waiting(office)
    obstacle(office)
    office.claim_ask(ask)
    assert office.stored().next_ask_at == office.now


@pytest.mark.parametrize(
    "obstacle", [leave, choose(delivery=frozenset()), choose(topics=()), choose(networks=())]
)
def test_where_the_member_cannot_be_asked_nobody_looks(
    office: Desk, obstacle: Callable[[Desk], None]
) -> None:
    ask = waiting(office)
    obstacle(office)
    office.claim_ask(ask)
    assert office.stored().next_ask_at is None


def test_do_not_disturb_puts_it_off_until_its_end(office: Desk) -> None:
    ask = waiting(office)
    over = office.now + timedelta(minutes=20)
    assert office.claim_ask(ask, (office.now - MINUTE, over)) is None
    assert office.rows(AskRow) == []
    assert office.stored().next_ask_at == over
    office.now = over
    office.plan()
    assert len(office.send_planned()) == 1


def test_do_not_disturb_that_is_over_or_to_come_changes_nothing(office: Desk) -> None:
    ask = waiting(office)
    assert office.claim_ask(ask, (office.now - MINUTE, office.now)) is not None


def test_consent_that_ended_while_it_waited_takes_it_back(office: Desk) -> None:
    office.member()
    office.now = office.stored().consent_ends_at - timedelta(hours=1)
    post = office.approved()
    office.record_sent(office.claimed())
    office.size_first_groups()
    assert office.planned() == [(office.stored().id, post)]
    office.now += timedelta(hours=1)
    [row] = office.rows(AskRow)
    assert office.claim_ask(row.id) is None
    assert office.stored().next_ask_at is None


def test_in_its_last_fourteen_days_consent_can_be_renewed_on_an_ask(office: Desk) -> None:
    office.member()
    ends = office.stored().consent_ends_at
    office.now = ends - 14 * DAY + timedelta(hours=1)
    post = office.approved()
    office.record_sent(office.claimed())
    office.size_first_groups()
    office.plan()
    claimed = office.claim_ask(office.rows(AskRow)[-1].id)
    assert claimed is not None
    assert claimed.post.id == post
    assert claimed.renew_before == ends


def test_a_correction_that_was_approved_meanwhile_is_what_goes_out(office: Desk) -> None:
    ask = waiting(office)
    office.edit(1, title="Corrected")
    kept(office.approve(1))
    claimed = office.claim_ask(ask)
    assert claimed is not None
    assert claimed.post.content.title == "Corrected"
    [row] = office.rows(AskRow)
    assert (row.revision, row.shown_revision) == (2, 2)


# What Slack made of it


def test_what_was_sent_counts_from_the_claim(office: Desk) -> None:
    ask = waiting(office)
    office.claim_ask(ask)
    at = office.now
    office.now += MINUTE
    office.do(asking.record_sent, ask, "D1", "5.5")
    sent = the_ask(office)
    assert (sent.state, sent.channel, sent.ts) == (DispatchState.SENT, "D1", "5.5")
    assert sent.asked_at == at
    next_ask_at = office.stored().next_ask_at
    assert next_ask_at >= at + WEEK
    office.now = next_ask_at - MINUTE
    assert office.plan().asks == 0


def test_the_lost_reply_leaves_it_uncertain_and_it_is_never_sent_again(office: Desk) -> None:
    ask = waiting(office)
    office.claim_ask(ask)
    office.do(asking.record_uncertain, ask)
    for _ in range(30):
        office.now += DAY
        office.plan()
        office.send_planned()
    [row] = office.rows(AskRow)
    assert row.id == ask
    assert row.state is DispatchState.UNCERTAIN


def test_a_sender_that_died_leaves_it_uncertain_after_a_minute(office: Desk) -> None:
    ask = waiting(office)
    office.claim_ask(ask)
    office.now += asking.ABANDONED_AFTER
    office.do(asking.give_up_abandoned, TEAM, office.now)
    assert the_ask(office).state is DispatchState.SENDING
    office.now += timedelta(seconds=1)
    office.do(announcing.prepare, TEAM, office.now)
    assert the_ask(office).state is DispatchState.UNCERTAIN
    assert office.claim_ask(ask) is None


def test_a_reply_that_comes_after_it_was_given_up_still_settles_it(office: Desk) -> None:
    ask = waiting(office)
    office.claim_ask(ask)
    office.do(asking.record_uncertain, ask)
    office.do(asking.record_sent, ask, "D1", "5.5")
    assert the_ask(office).state is DispatchState.SENT


def test_a_click_on_an_uncertain_ask_proves_that_it_arrived(office: Desk) -> None:
    ask = waiting(office)
    office.claim_ask(ask)
    office.do(asking.record_uncertain, ask)
    answer = Answer(Stage.INTERESTED, message=("D1", "5.5"), asked=True)
    assert isinstance(office.respond(AMARA, 1, answer), Stored)
    found = the_ask(office)
    assert (found.state, found.channel, found.ts) == (DispatchState.SENT, "D1", "5.5")
    assert found.outcome is Outcome.SHARED


def test_what_slack_was_too_busy_for_waits_as_long_as_slack_said(office: Desk) -> None:
    ask = waiting(office)
    claimed = office.claim_ask(ask)
    assert claimed is not None
    office.do(asking.record_waits, claimed, office.now + MINUTE)
    assert the_ask(office).state is DispatchState.PLANNED
    assert office.send_planned() == []
    assert len(office.rows(AskRow)) == 1


def test_what_waited_for_slack_goes_out_then(office: Desk) -> None:
    ask = waiting(office)
    claimed = office.claim_ask(ask)
    assert claimed is not None
    office.do(asking.record_waits, claimed, office.now + MINUTE)
    office.now += MINUTE
    assert office.send_planned() == [ask]


def test_whom_slack_refused_was_not_asked_and_is_looked_at_the_next_day(office: Desk) -> None:
    ask = waiting(office)
    claimed = office.claim_ask(ask)
    assert claimed is not None
    office.do(asking.record_refused, claimed, office.now)
    assert office.rows(AskRow) == []
    assert office.rows(PostRow)[0].asked == 0
    assert office.stored().next_ask_at >= office.now + DAY


def test_whom_slack_refused_can_be_asked_the_next_day(office: Desk) -> None:
    ask = waiting(office)
    claimed = office.claim_ask(ask)
    assert claimed is not None
    office.do(asking.record_refused, claimed, office.now)
    office.now += DAY
    assert office.plan().asks == 1
    assert len(office.send_planned()) == 1


def test_who_left_while_slack_refused_is_looked_at_no_more(office: Desk) -> None:
    ask = waiting(office)
    claimed = office.claim_ask(ask)
    assert claimed is not None
    leave(office)
    office.do(asking.record_refused, claimed, office.now)
    assert office.stored().next_ask_at is None


# How often


@pytest.mark.parametrize(
    ("pace", "days", "times"),
    [
        (Pace.MONTHLY, 28, 1),
        (Pace.FORTNIGHTLY, 14, 1),
        (Pace.WEEKLY, 7, 1),
        (Pace.TWICE_A_WEEK, 7, 2),
        (Pace.THRICE_A_WEEK, 7, 3),
    ],
)
def test_a_pace_is_kept_and_used(office: Desk, pace: Pace, days: int, times: int) -> None:
    office.save_workspace(asks_per_week=10.0)
    for title in ("One", "Two", "Three"):
        office.proposable(title=title)
    office.member(pace=pace, workdays=frozenset(range(7)))
    begun, sent = office.now, 0
    while office.now < begun + days * DAY:
        office.plan()
        for _ in office.send_planned():
            sent += 1
            for row in office.rows(AskRow):
                office.respond(AMARA, row.post_id, Stage.INTERESTED)
        office.now += DAY
    assert sent == times


# What people answer


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
    leave(office)
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


def test_what_was_never_sent_never_lapses(office: Desk) -> None:
    waiting(office)
    office.now += WEEK
    office.plan()
    assert office.stored().run == 0
    assert {row.outcome for row in office.rows(AskRow)} == {None}


def test_other_topics_chosen_meanwhile_take_the_ask_back(office: Desk) -> None:
    ask = waiting(office)
    office.choose(topics=("hiring",))
    assert office.claim_ask(ask) is None
    assert office.rows(AskRow) == []


def test_one_persons_answers_leave_the_others(office: Desk) -> None:
    office.save_workspace(asks_per_week=10.0)
    office.member(BO)
    post = office.ask()
    office.respond(AMARA, post, SKIP)
    assert office.stored(BO).run == 0
    assert {row.outcome for row in office.rows(AskRow)} == {Outcome.SKIPPED, None}
