"""The messages of asks follow their post, and what is known of them goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import AskId, PostId
from bot.domain.model import Outcome, Pace, Shown, Stage
from bot.domain.post import Network
from bot.domain.responses import Answer, Unanswerable
from bot.services import ask_answers, asks, membership, reconcile, responses
from bot.services import ask_messages as ask_messages_service
from bot.services.ask_answers import AskClick
from bot.services.responses import TakenBack
from bot.storage import ask_messages, schema
from bot.storage.tables import AskRow, MemberRow, ResponseEventRow, ResponseRow
from tests.services.asks import messages_follow, set_member, staff, the_ask
from tests.services.helpers import (
    AMARA,
    BO,
    CLEO,
    DAY,
    MOMENT,
    OTHER_TEAM,
    WEEK,
    ServiceWorld,
    post_of,
)

KEPT = 30 * DAY


POST, ANSWERED, ENDED, CLOSED = Shown.POST, Shown.ANSWERED, Shown.ENDED, Shown.CLOSED
TITLE = "Our new release is out"


def follow(world: ServiceWorld) -> list[tuple[str, Shown, str]]:
    """Bring messages up to date once; to whom they are, what they show now, and their title."""
    return [(one.user, one.shown, one.title) for one in messages_follow(world)]


def stale(world: ServiceWorld) -> bool:
    return world.run(ask_messages.is_any_outdated)


def correct(world: ServiceWorld, post: int) -> None:
    world.edit(post, title="Corrected")
    post_of(world.approve(post))


def test_a_message_that_shows_its_post_is_left_alone(afternoon: ServiceWorld) -> None:
    afternoon.ask()
    assert follow(afternoon) == []
    assert not stale(afternoon)


def test_an_ended_post_ends_its_messages(afternoon: ServiceWorld) -> None:
    afternoon.member(BO)
    post = afternoon.ask()
    post_of(afternoon.withdraw(post))
    assert not afternoon.within(team=OTHER_TEAM).run(ask_messages.is_any_outdated)
    assert sorted(follow(afternoon)) == [("U_AMARA", ENDED, TITLE), ("U_BO", ENDED, TITLE)]
    assert not stale(afternoon)


def test_a_correction_is_shown_once_it_is_approved(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.edit(post, title="Corrected")
    assert follow(afternoon) == []
    post_of(afternoon.approve(post))
    assert follow(afternoon) == [(AMARA, POST, "Corrected")]
    assert not stale(afternoon)


def answer(world: ServiceWorld, post: int, outcome: Outcome) -> None:
    if outcome is Outcome.LATER:
        world.run(ask_answers.answer_later, AskClick(AMARA, PostId(post), None))
    elif outcome is Outcome.OTHER:
        world.run(ask_answers.answer_look, AskClick(AMARA, PostId(post), None))
    else:
        stage = Stage.SKIPPED if outcome is Outcome.SKIPPED else Stage.INTERESTED
        world.respond(AMARA, post, Answer(stage, in_ask=True))


ANSWERS = (Outcome.SHARED, Outcome.SKIPPED, Outcome.LATER)


@pytest.mark.parametrize("outcome", ANSWERS)
def test_an_answered_message_says_so_and_stays_so(
    afternoon: ServiceWorld, outcome: Outcome
) -> None:
    post = afternoon.ask()
    answer(afternoon, post, outcome)
    assert follow(afternoon) == [(AMARA, ANSWERED, TITLE)]
    correct(afternoon, post)
    assert follow(afternoon) == [], "a correction would un-answer it"
    post_of(afternoon.withdraw(post))
    assert follow(afternoon) == [], "it says nothing of the post's end"
    assert not stale(afternoon)


def test_an_answer_in_the_channel_answers_the_message_as_well(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.respond(AMARA, post, Stage.SKIPPED)
    assert follow(afternoon) == [(AMARA, ANSWERED, TITLE)]


def test_a_look_is_no_answer_and_the_message_is_corrected(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    answer(afternoon, post, Outcome.OTHER)
    assert follow(afternoon) == []
    correct(afternoon, post)
    assert follow(afternoon) == [(AMARA, POST, "Corrected")]


# Undo


@pytest.mark.parametrize("outcome", ANSWERS)
def test_an_answer_taken_back_shows_the_post_again(
    afternoon: ServiceWorld, outcome: Outcome
) -> None:
    post = afternoon.ask()
    answer(afternoon, post, outcome)
    follow(afternoon)
    correct(afternoon, post)
    assert afternoon.run(responses.take_back, AMARA, PostId(post)) == TakenBack(stopped=False)
    assert afternoon.rows(ResponseRow) == []
    assert afternoon.rows(ResponseEventRow) == []
    assert the_ask(afternoon).outcome is Outcome.OTHER
    assert afternoon.stored().consecutive_declines == 0
    assert follow(afternoon) == [(AMARA, POST, "Corrected")]
    afternoon.respond(AMARA, post, Stage.SKIPPED)
    assert the_ask(afternoon).outcome is Outcome.SKIPPED
    assert follow(afternoon) == [(AMARA, ANSWERED, "Corrected")]


def test_taking_back_an_opening_forgets_the_network(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    afternoon.respond(AMARA, post, Answer(Stage.OPENED, network=Network.X))
    afternoon.run(responses.take_back, AMARA, PostId(post))
    assert afternoon.stored().network is None


def test_taking_back_what_stopped_the_bot_says_that_it_has_stopped(
    afternoon: ServiceWorld,
) -> None:
    post = afternoon.ask()
    set_member(afternoon, afternoon.stored().id, consecutive_declines=3)
    answer(afternoon, post, Outcome.SKIPPED)
    assert afternoon.run(responses.take_back, AMARA, PostId(post)) == TakenBack(stopped=True)
    assert afternoon.stored().consecutive_declines == 3


def test_an_answer_to_an_ended_post_stays(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    answer(afternoon, post, Outcome.SKIPPED)
    post_of(afternoon.withdraw(post))
    assert afternoon.run(responses.take_back, AMARA, PostId(post)) is Unanswerable.ENDED
    assert len(afternoon.rows(ResponseRow)) == 1


# Consent


def end_consent(world: ServiceWorld, how: str) -> None:
    if how == "left":
        world.run(membership.leave, AMARA)
    elif how == "account closed":
        world.run(membership.end_for_departed, AMARA)
    else:
        world.now = world.stored().consent_ends_at + timedelta(hours=12)


HOW = ("left", "account closed", "lapsed")


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("outcome", [None, Outcome.OTHER, *ANSWERS])
def test_when_consent_ends_every_message_is_emptied_and_nothing_comes_there_again(
    afternoon: ServiceWorld, how: str, outcome: Outcome | None
) -> None:
    afternoon.save_workspace(asks_per_week=10.0, consent_months=1)
    post = afternoon.ask()
    if outcome is not None:
        answer(afternoon, post, outcome)
        follow(afternoon)
    end_consent(afternoon, how)
    assert [shown for _, shown, _ in follow(afternoon)] == [CLOSED]
    if outcome is None:
        assert the_ask(afternoon).outcome is Outcome.ENDED
    correct(afternoon, post)
    assert follow(afternoon) == []
    post_of(afternoon.withdraw(post))
    assert follow(afternoon) == []
    assert not stale(afternoon)
    assert afternoon.stored().messages_due_at is None


@pytest.mark.parametrize("how", HOW)
def test_a_correction_and_the_end_of_consent_at_once_empty_the_message(
    afternoon: ServiceWorld, how: str
) -> None:
    post = afternoon.ask()
    correct(afternoon, post)
    [ask_id] = afternoon.run(reconcile.find_pending).asks
    end_consent(afternoon, how)  # between the look and the edit
    update = afternoon.run(ask_messages_service.load_update, ask_id)
    assert update is not None
    assert update.shown is CLOSED


@pytest.mark.parametrize("how", HOW)
def test_who_comes_back_finds_old_messages_empty(afternoon: ServiceWorld, how: str) -> None:
    afternoon.save_workspace(asks_per_week=10.0, consent_months=1)
    post = afternoon.ask()
    end_consent(afternoon, how)
    follow(afternoon)
    afternoon.join()
    assert follow(afternoon) == []
    correct(afternoon, post)
    assert follow(afternoon) == []


def test_an_ended_post_of_somebody_who_left_is_not_spoken_of(afternoon: ServiceWorld) -> None:
    post = afternoon.ask()
    end_consent(afternoon, "left")
    post_of(afternoon.withdraw(post))
    assert [shown for _, shown, _ in follow(afternoon)] == [CLOSED]


def test_a_renewed_consent_keeps_its_messages(afternoon: ServiceWorld) -> None:
    afternoon.ask()
    ends = afternoon.stored().consent_ends_at
    afternoon.now = ends - DAY
    afternoon.run(membership.renew, AMARA)
    afternoon.now = ends + DAY
    assert stale(afternoon), "it is looked at once more at the old end"
    assert follow(afternoon) == []
    assert afternoon.stored().messages_due_at == afternoon.stored().consent_ends_at


@pytest.mark.parametrize("how", HOW)
def test_what_arrives_after_the_end_of_consent_is_emptied(
    afternoon: ServiceWorld, how: str
) -> None:
    ask = on_its_way(afternoon)
    end_consent(afternoon, how)
    afternoon.run(asks.record_sent, AskId(ask), "D1", "5.5")
    assert [shown for _, shown, _ in follow(afternoon)] == [CLOSED]


def test_a_click_after_leaving_shows_which_message_is_to_be_emptied(
    afternoon: ServiceWorld,
) -> None:
    ask = on_its_way(afternoon)
    afternoon.run(asks.record_uncertain, AskId(ask))
    end_consent(afternoon, "left")
    assert follow(afternoon) == []
    click = Answer(Stage.SKIPPED, message=("D1", "5.5"), in_ask=True)
    assert afternoon.respond(AMARA, 1, click) is Unanswerable.NO_CONSENT
    assert afternoon.rows(ResponseRow) == []
    assert [shown for _, shown, _ in follow(afternoon)] == [CLOSED]


def on_its_way(world: ServiceWorld) -> int:
    """An ask that Slack has, and of which the bot has not heard yet."""
    world.member()
    world.live()
    world.plan()
    ask = int(world.rows(AskRow)[0].id)
    assert world.claim_ask(ask) is not None
    return ask


@pytest.mark.parametrize("change", ["withdrawn", "corrected", "answered in the channel"])
def test_what_changed_while_it_was_on_its_way_is_shown_when_its_message_is_known(
    afternoon: ServiceWorld, change: str
) -> None:
    ask = on_its_way(afternoon)
    if change == "withdrawn":
        post_of(afternoon.withdraw(1))
    elif change == "corrected":
        correct(afternoon, 1)
    else:
        afternoon.respond(AMARA, 1, Stage.SKIPPED)
    assert follow(afternoon) == []
    afternoon.run(asks.record_sent, AskId(ask), "D1", "5.5")
    expected = {"withdrawn": ENDED, "corrected": POST}.get(change, ANSWERED)
    assert [shown for _, shown, _ in follow(afternoon)] == [expected]


def test_a_click_on_an_uncertain_ask_shows_which_message_it_answers(
    afternoon: ServiceWorld,
) -> None:
    ask = on_its_way(afternoon)
    afternoon.run(asks.record_uncertain, AskId(ask))
    afternoon.respond(AMARA, 1, Answer(Stage.INTERESTED, message=("D1", "5.5"), in_ask=True))
    assert [shown for _, shown, _ in follow(afternoon)] == [ANSWERED]


@pytest.mark.parametrize("how", ["withdrawn", "lapsed"])
def test_many_messages_are_changed_in_bounded_steps(afternoon: ServiceWorld, how: str) -> None:
    afternoon.save_workspace(asks_per_week=10.0, consent_months=1)
    many_asked(afternoon)
    if how == "withdrawn":
        post_of(afternoon.withdraw(1))
    else:
        afternoon.now += 31 * DAY
    assert len(follow(afternoon)) == reconcile.OF_PEOPLE_AT_ONCE
    assert len(follow(afternoon)) == 3
    assert not stale(afternoon)


def many_asked(world: ServiceWorld) -> None:
    """A few more members than are changed at once were asked about one post."""
    world.live()
    staff(world, reconcile.OF_PEOPLE_AT_ONCE + 3)
    sent = 0
    while world.plan().asks:
        sent += len(world.send_planned())
    assert sent == reconcile.OF_PEOPLE_AT_ONCE + 3


def test_a_database_of_before_is_brought_up_to_date(afternoon: ServiceWorld) -> None:
    """Answers stood in the messages, and those of people who left were left as they were."""
    afternoon.save_workspace(asks_per_week=10.0)
    for user in (BO, CLEO):
        afternoon.member(user)
    post = afternoon.ask()
    answer(afternoon, post, Outcome.SKIPPED)
    afternoon.run(membership.leave, BO)
    url = afternoon.engine.url.render_as_string(hide_password=False)
    afternoon.engine.dispose()
    schema.downgrade(url, "0008")
    schema.upgrade(url)
    assert sorted((user, shown) for user, shown, _ in follow(afternoon)) == [
        (AMARA, ANSWERED),
        (BO, CLOSED),
    ]
    assert not stale(afternoon)
    rows = {row.user: row.messages_due_at for row in afternoon.rows(MemberRow)}
    assert rows[BO] is None
    assert rows[CLEO] == afternoon.stored(CLEO).consent_ends_at


# What is forgotten


def ended(world: ServiceWorld, **chosen: Any) -> int:
    """Amara was asked about a post that was then withdrawn; returns the post."""
    post = world.ask(**chosen)
    post_of(world.withdraw(post))
    return post


def release(world: ServiceWorld) -> None:
    world.erase()


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
    assert after.next_ask_at == before.next_ask_at


def test_the_pace_holds_when_the_ask_is_forgotten(afternoon: ServiceWorld) -> None:
    post = afternoon.ask(pace=Pace.MONTHLY)
    afternoon.respond(AMARA, post, Answer(Stage.SKIPPED, in_ask=True))
    asked = afternoon.now
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
