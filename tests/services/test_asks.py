"""Asks on their way: the claim, what Slack made of it, and how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.delivery import Delivery
from bot.domain.ids import AskId, PostId
from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.model import Colour, DispatchState, Hours, Outcome, Pace, Reach, Stage
from bot.domain.post import Network
from bot.domain.responses import Answer
from bot.domain.troubles import Trouble
from bot.services import asks, dispatches, heartbeat, membership
from bot.services import preferences as preferences_service
from bot.services import workspaces as workspaces_service
from bot.services.responses import Stored
from bot.storage import askable_posts, workspaces
from bot.storage.tables import AskRow
from tests.services.asks import the_ask
from tests.services.helpers import AMARA, CLEO, DAY, WEEK, ServiceWorld, post_of

MINUTE = timedelta(minutes=1)


def waiting(world: ServiceWorld) -> int:
    """A post has been planned for Amara; returns the ask."""
    world.member()
    world.live()
    world.plan()
    [row] = world.rows(AskRow)
    return int(row.id)


def freeze(world: ServiceWorld) -> None:
    world.run(workspaces_service.freeze, CLEO)


def turn_red(world: ServiceWorld) -> None:
    world.run(workspaces.record_colour, Colour.RED)


def leave(world: ServiceWorld) -> None:
    world.run(membership.leave, AMARA)


def pause(world: ServiceWorld) -> None:
    world.run(membership.pause, AMARA, world.now + WEEK)


def choose(**changed: Any) -> Callable[[ServiceWorld], None]:
    return lambda world: world.choose(**changed)


def move_away(world: ServiceWorld) -> None:
    member = world.stored().id
    world.run(preferences_service.record_time_zone, member, "Pacific/Auckland")


def withdraw(world: ServiceWorld) -> None:
    post_of(world.withdraw(1))


def stop_the_post(world: ServiceWorld) -> None:
    world.run(askable_posts.record_reach, PostId(1), Reach.STOPPED)


def answer_in_the_channel(world: ServiceWorld) -> None:
    world.respond(AMARA, 1, Stage.INTERESTED)


def the_night(world: ServiceWorld) -> None:
    world.now += timedelta(hours=6)


def the_weekend(world: ServiceWorld) -> None:
    world.now += 4 * DAY


def expiry(world: ServiceWorld) -> None:
    world.now += 10 * DAY


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


def test_a_claim_says_all_that_the_message_shows(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    afternoon.now += MINUTE
    claimed = afternoon.claim_ask(ask)
    assert claimed is not None
    assert claimed.ask_id == ask
    assert claimed.member.user_id == AMARA
    assert claimed.post.id == 1
    assert not claimed.repeat
    assert claimed.renew_before is None
    [row] = afternoon.rows(AskRow)
    assert (row.state, row.asked_at) == (DispatchState.SENDING, afternoon.now)


def test_an_ask_is_claimed_once(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    assert afternoon.claim_ask(ask) is not None
    before = afternoon.rows(AskRow)
    assert afternoon.claim_ask(ask) is None
    assert afternoon.rows(AskRow) == before


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_what_came_between_takes_the_ask_back(
    afternoon: ServiceWorld, obstacle: Callable[[ServiceWorld], None]
) -> None:
    ask = waiting(afternoon)
    obstacle(afternoon)
    assert afternoon.claim_ask(ask) is None
    assert afternoon.rows(AskRow) == []


@pytest.mark.parametrize("obstacle", [freeze, turn_red, withdraw, stop_the_post])
def test_where_it_was_not_the_member_they_are_looked_at_again_at_once(
    afternoon: ServiceWorld, obstacle: Callable[[ServiceWorld], None]
) -> None:
    ask = waiting(afternoon)
    obstacle(afternoon)
    afternoon.claim_ask(ask)
    assert afternoon.stored().next_ask_at == afternoon.now


@pytest.mark.parametrize(
    "obstacle", [leave, choose(delivery=frozenset()), choose(topics=()), choose(networks=())]
)
def test_where_the_member_cannot_be_asked_nobody_looks(
    afternoon: ServiceWorld, obstacle: Callable[[ServiceWorld], None]
) -> None:
    ask = waiting(afternoon)
    obstacle(afternoon)
    afternoon.claim_ask(ask)
    assert afternoon.stored().next_ask_at is None


def test_do_not_disturb_puts_it_off_until_its_end(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    over = afternoon.now + timedelta(minutes=20)
    assert afternoon.claim_ask(ask, (afternoon.now - MINUTE, over)) is None
    assert afternoon.rows(AskRow) == []
    assert afternoon.stored().next_ask_at == over
    afternoon.now = over
    afternoon.plan()
    assert len(afternoon.send_planned()) == 1


def test_do_not_disturb_that_is_over_or_to_come_changes_nothing(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    assert afternoon.claim_ask(ask, (afternoon.now - MINUTE, afternoon.now)) is not None


def test_consent_that_ended_while_it_waited_takes_it_back(afternoon: ServiceWorld) -> None:
    afternoon.member()
    afternoon.now = afternoon.stored().consent_ends_at - timedelta(hours=9)
    post = afternoon.approved()
    afternoon.record_sent(afternoon.claimed())
    assert afternoon.planned() == [(afternoon.stored().id, post)]
    afternoon.now += timedelta(hours=9)
    [row] = afternoon.rows(AskRow)
    assert afternoon.claim_ask(row.id) is None
    assert afternoon.stored().next_ask_at is None


def test_in_its_last_fourteen_days_consent_can_be_renewed_on_an_ask(
    afternoon: ServiceWorld,
) -> None:
    afternoon.member()
    ends = afternoon.stored().consent_ends_at
    afternoon.now = ends - 14 * DAY + timedelta(hours=14)
    post = afternoon.approved()
    afternoon.record_sent(afternoon.claimed())
    afternoon.plan()
    claimed = afternoon.claim_ask(afternoon.rows(AskRow)[-1].id)
    assert claimed is not None
    assert claimed.post.id == post
    assert claimed.renew_before == ends


def test_a_correction_that_was_approved_meanwhile_is_what_goes_out(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    afternoon.edit(1, title="Corrected")
    post_of(afternoon.approve(1))
    claimed = afternoon.claim_ask(ask)
    assert claimed is not None
    assert claimed.post.content.title == "Corrected"
    [row] = afternoon.rows(AskRow)
    assert (row.revision, row.shown_revision) == (2, 2)


# What Slack made of it


def test_what_was_sent_counts_from_the_claim(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    afternoon.claim_ask(ask)
    at = afternoon.now
    afternoon.now += MINUTE
    afternoon.run(asks.record_sent, AskId(ask), "D1", "5.5")
    sent = the_ask(afternoon)
    assert (sent.state, sent.channel, sent.message_ts) == (DispatchState.SENT, "D1", "5.5")
    assert sent.asked_at == at
    next_ask_at = afternoon.stored().next_ask_at
    assert next_ask_at >= at + WEEK
    afternoon.now = next_ask_at - MINUTE
    assert afternoon.plan().asks == 0


def test_the_lost_reply_leaves_it_uncertain_and_it_is_never_sent_again(
    afternoon: ServiceWorld,
) -> None:
    ask = waiting(afternoon)
    afternoon.claim_ask(ask)
    afternoon.run(asks.record_uncertain, AskId(ask))
    for _ in range(30):
        afternoon.now += DAY
        afternoon.plan()
        afternoon.send_planned()
    [row] = afternoon.rows(AskRow)
    assert row.id == ask
    assert row.state is DispatchState.UNCERTAIN


def test_a_sender_that_died_leaves_it_uncertain_after_a_minute(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    afternoon.claim_ask(ask)
    afternoon.now += ABANDONED_AFTER
    afternoon.run(dispatches.give_up_abandoned)
    assert the_ask(afternoon).state is DispatchState.SENDING
    afternoon.now += timedelta(seconds=1)
    afternoon.run(heartbeat.run_heartbeat)
    assert the_ask(afternoon).state is DispatchState.UNCERTAIN
    assert afternoon.claim_ask(ask) is None


def test_a_reply_that_comes_after_it_was_given_up_still_settles_it(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    afternoon.claim_ask(ask)
    afternoon.run(asks.record_uncertain, AskId(ask))
    afternoon.run(asks.record_sent, AskId(ask), "D1", "5.5")
    assert the_ask(afternoon).state is DispatchState.SENT


def test_a_click_on_an_uncertain_ask_proves_that_it_arrived(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    afternoon.claim_ask(ask)
    afternoon.run(asks.record_uncertain, AskId(ask))
    answer = Answer(Stage.INTERESTED, message=("D1", "5.5"), in_ask=True)
    assert isinstance(afternoon.respond(AMARA, 1, answer), Stored)
    found = the_ask(afternoon)
    assert (found.state, found.channel, found.message_ts) == (DispatchState.SENT, "D1", "5.5")
    assert found.outcome is Outcome.SHARED


def test_what_slack_was_too_busy_for_waits_as_long_as_slack_said(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    claimed = afternoon.claim_ask(ask)
    assert claimed is not None
    afternoon.run(asks.record_not_sent, claimed.ask_id, Trouble.THROTTLED, afternoon.now + MINUTE)
    assert the_ask(afternoon).state is DispatchState.PLANNED
    assert afternoon.send_planned() == []
    assert len(afternoon.rows(AskRow)) == 1


def test_what_waited_for_slack_goes_out_then(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    claimed = afternoon.claim_ask(ask)
    assert claimed is not None
    afternoon.run(asks.record_not_sent, claimed.ask_id, Trouble.THROTTLED, afternoon.now + MINUTE)
    afternoon.now += MINUTE
    assert afternoon.send_planned() == [ask]


def test_whom_slack_refused_was_not_asked_and_is_looked_at_the_next_day(
    afternoon: ServiceWorld,
) -> None:
    ask = waiting(afternoon)
    claimed = afternoon.claim_ask(ask)
    assert claimed is not None
    afternoon.run(asks.record_not_sent, claimed.ask_id, "msg_too_long", afternoon.now)
    assert afternoon.rows(AskRow) == []
    assert afternoon.stored().next_ask_at >= afternoon.now + DAY


def test_whom_slack_refused_can_be_asked_the_next_day(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    claimed = afternoon.claim_ask(ask)
    assert claimed is not None
    afternoon.run(asks.record_not_sent, claimed.ask_id, "msg_too_long", afternoon.now)
    afternoon.now += DAY
    assert afternoon.plan().asks == 1
    assert len(afternoon.send_planned()) == 1


def test_whom_slack_refuses_for_good_gets_no_direct_messages_any_more(
    afternoon: ServiceWorld,
) -> None:
    ask = waiting(afternoon)
    claimed = afternoon.claim_ask(ask)
    assert claimed is not None
    afternoon.run(asks.record_not_sent, claimed.ask_id, "user_disabled", afternoon.now)
    assert afternoon.rows(AskRow) == []
    assert (afternoon.stored().direct, afternoon.stored().next_ask_at) == (False, None)
    assert afternoon.run(asks.count_unreachable) == 1
    afternoon.choose()
    assert afternoon.stored().next_ask_at is not None
    assert afternoon.run(asks.count_unreachable) == 0


def test_who_left_while_slack_refused_is_looked_at_no_more(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    claimed = afternoon.claim_ask(ask)
    assert claimed is not None
    leave(afternoon)
    afternoon.run(asks.record_not_sent, claimed.ask_id, "msg_too_long", afternoon.now)
    assert afternoon.stored().next_ask_at is None


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
def test_a_pace_is_kept_and_used(
    afternoon: ServiceWorld, pace: Pace, days: int, times: int
) -> None:
    for title in ("One", "Two", "Three"):
        afternoon.live(title=title)
    afternoon.member(pace=pace, workdays=frozenset(range(7)))
    begun, sent = afternoon.now, 0
    while afternoon.now < begun + days * DAY:
        afternoon.plan()
        for _ in afternoon.send_planned():
            sent += 1
            for row in afternoon.rows(AskRow):
                afternoon.respond(AMARA, row.post_id, Stage.INTERESTED)
        afternoon.now += DAY
    assert sent == times


def test_what_was_never_sent_never_lapses(afternoon: ServiceWorld) -> None:
    waiting(afternoon)
    afternoon.now += WEEK
    afternoon.plan()
    assert afternoon.stored().consecutive_declines == 0
    assert {row.outcome for row in afternoon.rows(AskRow)} == {None}


def test_other_topics_chosen_meanwhile_take_the_ask_back(afternoon: ServiceWorld) -> None:
    ask = waiting(afternoon)
    afternoon.choose(topics=("hiring",))
    assert afternoon.claim_ask(ask) is None
    assert afternoon.rows(AskRow) == []
