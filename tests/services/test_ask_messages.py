"""The messages of asks follow their post, and what is known of them goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.model import DispatchState, Network, Outcome, Pace, Stage
from bot.services import asking, chores, privacy
from bot.services.responding import Answer
from bot.storage.tables import AskRow, PostRow
from tests.services.helpers import AMARA, BO, DAY, MOMENT, OTHER_TEAM, TEAM, WEEK, Desk, kept

pytestmark = pytest.mark.usefixtures("generous")

KEPT = 30 * DAY


def outdated(desk: Desk, team: str = TEAM) -> list[tuple[str, str, bool]]:
    """Whose messages should be changed: the person, the title to show, whether it has ended."""
    found = desk.do(chores.find, team, desk.now)
    return [
        (shown.member.user, shown.post.content.title, shown.post.state.ended)
        for shown in found.asks
    ]


def do_chores(desk: Desk) -> None:
    found = desk.do(chores.find, TEAM, desk.now)
    for shown in found.asks:
        desk.do(
            chores.ask_shown,
            shown.ask.id,
            shown.post.approved_revision,
            desk.now,
            ended=shown.post.state.ended,
        )
    if found.asks_done:
        desk.do(chores.asks_shown, TEAM)


def stale(desk: Desk) -> bool:
    return any(row.asks_stale for row in desk.rows(PostRow))


def correct(desk: Desk, post: int) -> None:
    desk.edit(post, title="Corrected")
    kept(desk.approve(post))


def test_a_message_that_shows_its_post_is_left_alone(office: Desk) -> None:
    office.ask()
    assert outdated(office) == []


def test_an_ended_post_ends_its_messages(office: Desk) -> None:
    office.member(BO)
    post = office.ask()
    kept(office.withdraw(post))
    titles = [("U_BO", "Our new release is out", True), ("U_AMARA", "Our new release is out", True)]
    assert sorted(outdated(office)) == sorted(titles)
    assert outdated(office, OTHER_TEAM) == []
    do_chores(office)
    assert outdated(office) == []
    assert not stale(office)


def test_a_correction_is_shown_once_it_is_approved(office: Desk) -> None:
    post = office.ask()
    office.edit(post, title="Corrected")
    assert outdated(office) == []
    kept(office.approve(post))
    assert outdated(office) == [(AMARA, "Corrected", False)]
    do_chores(office)
    assert outdated(office) == []
    assert not stale(office)


def answer(desk: Desk, post: int, outcome: Outcome) -> None:
    if outcome is Outcome.LATER:
        desk.do(asking.answer_later, asking.Click(TEAM, AMARA, post, None), desk.now)
    elif outcome is Outcome.OTHER:
        desk.do(asking.answer_who_sees, asking.Click(TEAM, AMARA, post, None), desk.now)
    else:
        stage = Stage.SKIPPED if outcome is Outcome.SKIPPED else Stage.INTERESTED
        desk.respond(AMARA, post, Answer(stage, asked=True))


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.LATER])
def test_a_message_that_says_otherwise_is_not_corrected_but_ended(
    office: Desk, outcome: Outcome
) -> None:
    post = office.ask()
    answer(office, post, outcome)
    correct(office, post)
    assert outdated(office) == []
    kept(office.withdraw(post))
    assert [ended for _, _, ended in outdated(office)] == [True]


@pytest.mark.parametrize("outcome", [Outcome.SHARED, Outcome.OTHER])
def test_a_message_that_is_still_a_question_is_corrected(office: Desk, outcome: Outcome) -> None:
    post = office.ask()
    answer(office, post, outcome)
    correct(office, post)
    assert outdated(office) == [(AMARA, "Corrected", False)]


def on_its_way(desk: Desk) -> int:
    """An ask that Slack has, and of which the bot has not heard yet."""
    desk.member()
    desk.proposable()
    desk.plan()
    ask = int(desk.rows(AskRow)[0].id)
    assert desk.claim_ask(ask) is not None
    return ask


@pytest.mark.parametrize("change", ["withdrawn", "corrected"])
@pytest.mark.parametrize("state", [DispatchState.SENDING, DispatchState.UNCERTAIN])
def test_what_changed_while_it_was_on_its_way_is_shown_when_its_message_is_known(
    office: Desk, change: str, state: DispatchState
) -> None:
    ask = on_its_way(office)
    if state is DispatchState.UNCERTAIN:
        office.do(asking.record_uncertain, ask)
    if change == "withdrawn":
        kept(office.withdraw(1))
    else:
        correct(office, 1)
    assert outdated(office) == []
    do_chores(office)
    if state is DispatchState.SENDING:
        office.do(asking.record_sent, ask, "D1", "5.5")
    else:
        # Answered it is, by whatever was pressed: only the end of the post matters then.
        office.respond(AMARA, 1, Answer(Stage.INTERESTED, message=("D1", "5.5"), asked=True))
        if change == "withdrawn":
            office.do(
                asking.answer_who_sees, asking.Click(TEAM, AMARA, 1, ("D1", "5.5")), office.now
            )
    assert len(outdated(office)) == 1


def test_many_messages_are_changed_a_few_at_a_time(office: Desk) -> None:
    office.proposable()
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE post SET first_group = 30")
    for number in range(chores.AT_ONCE + 3):
        office.member(f"U{number}")
    office.plan()
    assert len(office.send_planned()) == chores.AT_ONCE + 3
    kept(office.withdraw(1))
    assert len(outdated(office)) == chores.AT_ONCE
    do_chores(office)
    assert stale(office)
    assert len(outdated(office)) == 3
    do_chores(office)
    assert not stale(office)


# What is forgotten


def ended(desk: Desk, **chosen: Any) -> int:
    """Amara was asked about a post that was then withdrawn; returns the post."""
    post = desk.ask(**chosen)
    kept(desk.withdraw(post))
    return post


def release(desk: Desk) -> None:
    desk.do(privacy.release_persons, TEAM, desk.now)


def test_asks_go_thirty_days_after_their_post_ended_and_the_pace_stays(office: Desk) -> None:
    ended(office, pace=Pace.MONTHLY)
    before = office.stored()
    office.now += KEPT
    release(office)
    assert len(office.rows(AskRow)) == 1
    office.now += MOMENT
    release(office)
    assert office.rows(AskRow) == []
    after = office.stored()
    assert after.last_asked_at == before.last_asked_at
    assert after.next_ask_at == before.next_ask_at


def test_the_pace_holds_when_the_ask_is_forgotten(office: Desk) -> None:
    post = office.ask(pace=Pace.MONTHLY)
    office.respond(AMARA, post, Answer(Stage.SKIPPED, asked=True))
    asked = office.stored().last_asked_at
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member SET run = 3")
    kept(office.withdraw(post))
    office.now += KEPT + MOMENT
    release(office)
    office.proposable(title="Two")
    office.choose(pace=Pace.MONTHLY, networks=(Network.X,))
    assert office.stored().next_ask_at >= asked + 4 * 28 * DAY
    office.now = asked + 4 * 28 * DAY - timedelta(hours=1)
    assert office.planned() == []


def test_nothing_but_the_asks_of_that_post_is_forgotten(office: Desk) -> None:
    ended(office)
    other = office.proposable(title="Two")
    office.now = max(office.now, office.stored().next_ask_at)
    office.plan()
    office.send_planned()
    office.now += KEPT
    release(office)
    assert [row.post_id for row in office.rows(AskRow)] == [other]


def test_what_nobody_answered_still_counts_when_it_is_forgotten(office: Desk) -> None:
    post = ended(office, pace=Pace.MONTHLY)
    with office.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member SET run = 2")
    assert office.rows(AskRow)[0].post_id == post
    office.now += KEPT + MOMENT
    release(office)
    assert office.stored().run == 3
    release(office)
    assert office.stored().run == 3
    office.now += WEEK
    assert office.plan().asks == 0
