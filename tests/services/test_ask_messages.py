"""The messages of asks follow their post, and what is known of them goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import AskId, PostId
from bot.domain.model import DispatchState, Outcome, Pace, Stage
from bot.domain.post import Network
from bot.domain.responses import Answer
from bot.services import ask_answers, asks, reconcile, retention
from bot.services.ask_answers import AskClick
from bot.storage.tables import AskRow, PostRow
from tests.services.helpers import (
    AMARA,
    BO,
    DAY,
    MOMENT,
    OTHER_TEAM,
    TEAM,
    WEEK,
    ServiceWorld,
    post_of,
)

KEPT = 30 * DAY


def outdated(world: ServiceWorld, team: str = TEAM) -> list[tuple[str, str, bool]]:
    """Whose messages should be changed: the person, the title to show, whether it has ended."""
    found = world.within(team=team).run(reconcile.find_pending)
    return [
        (shown.member.user_id, shown.post.content.title, shown.post.state.ended)
        for shown in found.asks
    ]


def reconcile_all(world: ServiceWorld) -> None:
    found = world.run(reconcile.find_pending)
    for shown in found.asks:
        world.run(
            reconcile.record_ask_shown,
            shown.ask.id,
            shown.post.approved_revision,
            ended=shown.post.state.ended,
        )
    if found.asks_done:
        world.run(reconcile.record_asks_refreshed)


def stale(world: ServiceWorld) -> bool:
    return any(row.asks_stale for row in world.rows(PostRow))


def correct(world: ServiceWorld, post: int) -> None:
    world.edit(post, title="Corrected")
    post_of(world.approve(post))


def test_a_message_that_shows_its_post_is_left_alone(afternoon: ServiceWorld) -> None:
    afternoon.ask()
    assert outdated(afternoon) == []


def test_an_ended_post_ends_its_messages(afternoon: ServiceWorld) -> None:
    afternoon.member(BO)
    post = afternoon.ask()
    post_of(afternoon.withdraw(post))
    titles = [("U_BO", "Our new release is out", True), ("U_AMARA", "Our new release is out", True)]
    assert sorted(outdated(afternoon)) == sorted(titles)
    assert outdated(afternoon, OTHER_TEAM) == []
    reconcile_all(afternoon)
    assert outdated(afternoon) == []
    assert not stale(afternoon)


def test_a_correction_is_shown_once_it_is_approved(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.edit(post, title="Corrected")
    assert outdated(afternoon) == []
    post_of(afternoon.approve(post))
    assert outdated(afternoon) == [(AMARA, "Corrected", False)]
    reconcile_all(afternoon)
    assert outdated(afternoon) == []
    assert not stale(afternoon)


def answer(world: ServiceWorld, post: int, outcome: Outcome) -> None:
    if outcome is Outcome.LATER:
        world.run(ask_answers.answer_later, AskClick(AMARA, PostId(post), None))
    elif outcome is Outcome.OTHER:
        world.run(ask_answers.answer_who_sees, AskClick(AMARA, PostId(post), None))
    else:
        stage = Stage.SKIPPED if outcome is Outcome.SKIPPED else Stage.INTERESTED
        world.respond(AMARA, post, Answer(stage, in_ask=True))


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.LATER])
def test_a_message_that_says_otherwise_is_not_corrected_but_ended(
    afternoon: ServiceWorld, outcome: Outcome
) -> None:
    post = afternoon.ask()
    answer(afternoon, post, outcome)
    correct(afternoon, post)
    assert outdated(afternoon) == []
    post_of(afternoon.withdraw(post))
    assert [ended for _, _, ended in outdated(afternoon)] == [True]


@pytest.mark.parametrize("outcome", [Outcome.SHARED, Outcome.OTHER])
def test_a_message_that_is_still_a_question_is_corrected(
    afternoon: ServiceWorld, outcome: Outcome
) -> None:
    post = afternoon.ask()
    answer(afternoon, post, outcome)
    correct(afternoon, post)
    assert outdated(afternoon) == [(AMARA, "Corrected", False)]


def on_its_way(world: ServiceWorld) -> int:
    """An ask that Slack has, and of which the bot has not heard yet."""
    world.member()
    world.live()
    world.plan()
    ask = int(world.rows(AskRow)[0].id)
    assert world.claim_ask(ask) is not None
    return ask


@pytest.mark.parametrize("change", ["withdrawn", "corrected"])
@pytest.mark.parametrize("state", [DispatchState.SENDING, DispatchState.UNCERTAIN])
def test_what_changed_while_it_was_on_its_way_is_shown_when_its_message_is_known(
    afternoon: ServiceWorld, change: str, state: DispatchState
) -> None:
    ask = on_its_way(afternoon)
    if state is DispatchState.UNCERTAIN:
        afternoon.run(asks.record_uncertain, AskId(ask))
    if change == "withdrawn":
        post_of(afternoon.withdraw(1))
    else:
        correct(afternoon, 1)
    assert outdated(afternoon) == []
    reconcile_all(afternoon)
    if state is DispatchState.SENDING:
        afternoon.run(asks.record_sent, AskId(ask), "D1", "5.5")
    else:
        # Answered it is, by whatever was pressed: only the end of the post matters then.
        afternoon.respond(AMARA, 1, Answer(Stage.INTERESTED, message=("D1", "5.5"), in_ask=True))
        if change == "withdrawn":
            afternoon.run(
                ask_answers.answer_who_sees,
                AskClick(AMARA, PostId(1), ("D1", "5.5")),
            )
    assert len(outdated(afternoon)) == 1


def test_many_messages_are_changed_a_few_at_a_time(afternoon: ServiceWorld) -> None:
    afternoon.live()
    for number in range(reconcile.AT_ONCE + 3):
        afternoon.member(f"U{number}")
    afternoon.plan()
    assert len(afternoon.send_planned()) == reconcile.AT_ONCE + 3
    post_of(afternoon.withdraw(1))
    assert len(outdated(afternoon)) == reconcile.AT_ONCE
    reconcile_all(afternoon)
    assert stale(afternoon)
    assert len(outdated(afternoon)) == 3
    reconcile_all(afternoon)
    assert not stale(afternoon)


# What is forgotten


def ended(world: ServiceWorld, **chosen: Any) -> int:
    """Amara was asked about a post that was then withdrawn; returns the post."""
    post = world.ask(**chosen)
    post_of(world.withdraw(post))
    return post


def release(world: ServiceWorld) -> None:
    world.run(retention.release_persons)


def test_asks_go_thirty_days_after_their_post_ended_and_the_pace_stays(
    afternoon: ServiceWorld,
) -> None:
    ended(afternoon, pace=Pace.MONTHLY)
    before = afternoon.stored()
    afternoon.now += KEPT
    release(afternoon)
    assert len(afternoon.rows(AskRow)) == 1
    afternoon.now += MOMENT
    release(afternoon)
    assert afternoon.rows(AskRow) == []
    after = afternoon.stored()
    assert after.last_asked_at == before.last_asked_at
    assert after.next_ask_at == before.next_ask_at


def test_the_pace_holds_when_the_ask_is_forgotten(afternoon: ServiceWorld) -> None:
    post = afternoon.ask(pace=Pace.MONTHLY)
    afternoon.respond(AMARA, post, Answer(Stage.SKIPPED, in_ask=True))
    asked = afternoon.stored().last_asked_at
    with afternoon.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member SET consecutive_declines = 3")
    post_of(afternoon.withdraw(post))
    afternoon.now += KEPT + MOMENT
    release(afternoon)
    afternoon.live(title="Two")
    afternoon.choose(pace=Pace.MONTHLY, networks=(Network.X,))
    assert afternoon.stored().next_ask_at >= asked + 4 * 28 * DAY
    afternoon.now = asked + 4 * 28 * DAY - timedelta(hours=1)
    assert afternoon.planned() == []


def test_nothing_but_the_asks_of_that_post_is_forgotten(afternoon: ServiceWorld) -> None:
    ended(afternoon)
    other = afternoon.live(title="Two")
    afternoon.now = max(afternoon.now, afternoon.stored().next_ask_at)
    afternoon.plan()
    afternoon.send_planned()
    afternoon.now += KEPT
    release(afternoon)
    assert [row.post_id for row in afternoon.rows(AskRow)] == [other]


def test_what_nobody_answered_still_counts_when_it_is_forgotten(afternoon: ServiceWorld) -> None:
    post = ended(afternoon, pace=Pace.MONTHLY)
    with afternoon.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member SET consecutive_declines = 2")
    assert afternoon.rows(AskRow)[0].post_id == post
    afternoon.now += KEPT + MOMENT
    release(afternoon)
    assert afternoon.stored().consecutive_declines == 3
    release(afternoon)
    assert afternoon.stored().consecutive_declines == 3
    afternoon.now += WEEK
    assert afternoon.plan().asks == 0
