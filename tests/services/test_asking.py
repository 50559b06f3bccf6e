"""Asks on their way: the claim, what Slack made of it, and how often."""

from __future__ import annotations

from collections.abc import Callable
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
    Stage,
)
from bot.services import announcing, asking, membership
from bot.services.responding import Answer, Stored
from bot.storage import proposals, workspaces
from bot.storage.tables import AskRow, PostRow
from tests.services.asks import the_ask
from tests.services.helpers import AMARA, CLEO, DAY, TEAM, WEEK, Desk, kept

MINUTE = timedelta(minutes=1)


def waiting(desk: Desk) -> int:
    """A post has been planned for Amara; returns the ask."""
    desk.member()
    desk.proposable()
    desk.plan()
    [row] = desk.rows(AskRow)
    return int(row.id)


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
