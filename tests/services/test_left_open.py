"""Asks that nobody answered: what they count for, and what they do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.model import Colour, DispatchState, Outcome, Pace, Stage
from bot.services import announcing, asking, chores, health, membership, planning, privacy
from bot.services.asking import Click
from bot.services.responding import Answer
from bot.storage import members
from bot.storage.tables import AskRow, WorkspaceRow
from tests.services.asks import staff, the_ask
from tests.services.helpers import AMARA, CARL, DAY, TEAM, WEEK, Desk


def messages_follow(desk: Desk) -> None:
    """Bring the messages of asks up to date, as a heartbeat does."""
    for shown in desk.do(chores.find, TEAM, desk.now).asks:
        ended = shown.post.state.ended
        revision = shown.post.approved_revision
        desk.do(chores.ask_shown, shown.ask.id, revision, desk.now, ended=ended)


def days_pass(desk: Desk, days: int) -> None:
    """Plan every day, without sending."""
    for _ in range(days):
        desk.now += DAY
        desk.plan()


def count_lapsed(desk: Desk) -> None:
    """What the pace check counts first."""
    desk.do(planning.count_lapsed, desk.do(planning.left_open, TEAM, desk.now), desk.now)


def after_three(desk: Desk) -> None:
    """A member who has passed by three in a row."""
    me = desk.member()
    with desk.engine.begin() as connection:
        members.change(connection, me, run=3)


def stop(desk: Desk) -> None:
    """The bot has stopped asking the member, and has not said so yet."""
    me = desk.member()
    with desk.engine.begin() as connection:
        members.change(connection, me, run=4, stopped_at=desk.now)


def paint(desk: Desk, colour: Colour) -> None:
    """What the pace check read."""
    with desk.engine.begin() as connection:
        connection.execute(update(WorkspaceRow).values(colour=colour))


def test_an_ask_whose_post_has_ended_is_not_held_against_the_member(office: Desk) -> None:
    office.withdraw(office.ask())
    messages_follow(office)
    days_pass(office, 12)
    assert the_ask(office).outcome is Outcome.ENDED
    assert office.stored().run == 0


def test_a_late_click_answers_and_shows_that_the_message_is_there(office: Desk) -> None:
    office.member()
    post = office.proposable()
    office.plan()
    sending = the_ask(office).id
    assert office.claim_ask(sending)
    office.do(asking.record_uncertain, sending)
    office.withdraw(post)
    office.respond(AMARA, post, Answer(Stage.SKIPPED, message=("D1", "7.7"), asked=True))
    found = the_ask(office)
    assert (found.state, found.ts) == (DispatchState.SENT, "7.7")
    assert found.outcome is Outcome.OTHER


def test_whoever_was_stopped_overnight_can_resume_before_anybody_has_counted(office: Desk) -> None:
    after_three(office)
    office.proposable()
    office.plan()
    assert office.send_planned()
    office.now += timedelta(days=4, hours=12)  # Sunday morning; it lapsed on Friday
    office.plan()
    assert office.stored().stopped_at is None, "nobody has looked yet"
    assert office.do(membership.resume, TEAM, AMARA, office.now).changed
    days_pass(office, 3)
    assert office.stored().stopped_at is None


def test_a_stop_that_came_while_away_can_be_resumed(office: Desk) -> None:
    after_three(office)
    post = office.proposable()
    office.plan()
    assert office.send_planned()
    office.choose(delivery=frozenset())
    office.now += DAY
    office.withdraw(post)
    office.now += 31 * DAY
    office.do(privacy.release_persons, TEAM, office.now)
    office.choose()
    assert office.do(membership.resume, TEAM, AMARA, office.now).changed
    member = office.do(membership.stand, TEAM, AMARA)
    assert member is not None
    assert member.next_ask_at is not None


def test_what_lapsed_before_leaving_does_not_count_after_coming_back(office: Desk) -> None:
    office.ask()
    office.do(membership.leave, TEAM, AMARA, office.now)
    office.now += 20 * DAY
    office.member()
    days_pass(office, 3)
    assert office.stored().run == 0


def test_saved_for_later_after_a_look_comes_once_more(office: Desk) -> None:
    post = office.ask()
    office.respond(AMARA, post, Stage.INTERESTED)
    office.now += timedelta(minutes=1)
    assert office.do(asking.answer_later, Click(TEAM, AMARA, post), office.now)
    days_pass(office, 30)
    assert len(office.rows(AskRow)) == 2


def test_shared_after_saving_it_does_not_come_again(office: Desk) -> None:
    post = office.ask()
    assert office.do(asking.answer_later, Click(TEAM, AMARA, post), office.now)
    office.now += timedelta(minutes=1)
    office.respond(AMARA, post, Stage.INTERESTED)
    days_pass(office, 30)
    assert len(office.rows(AskRow)) == 1


def test_a_pause_from_the_menu_never_shortens_one(office: Desk) -> None:
    post = office.ask()
    until = office.now + 90 * DAY
    office.do(membership.pause, TEAM, AMARA, until, office.now)
    office.do(asking.answer_pause, Click(TEAM, AMARA, post), office.now)
    assert office.stored().paused_until == until


def test_the_word_that_it_stopped_is_not_for_those_who_want_no_messages(office: Desk) -> None:
    stop(office)
    assert office.do(asking.find, TEAM, office.now, 100).untold
    office.choose(delivery=frozenset())
    assert not office.do(asking.find, TEAM, office.now, 100).untold


def test_the_word_that_it_stopped_waits_while_everything_is_on_hold(office: Desk) -> None:
    stop(office)
    office.do(announcing.freeze, TEAM, CARL, office.now)
    assert not office.do(asking.find, TEAM, office.now, 100).untold
    office.do(announcing.unfreeze, TEAM, CARL, office.now)
    assert office.do(asking.find, TEAM, office.now, 100).untold


def test_amber_ends_with_amber(office: Desk, generous: None) -> None:
    office.member(pace=Pace.WEEKLY)
    office.proposable()
    office.proposable(link="https://flink.example.org/another/")
    office.plan()
    assert office.send_planned()
    paint(office, Colour.AMBER)
    office.now += WEEK + timedelta(minutes=1)
    office.plan()
    assert len(office.rows(AskRow)) == 1, "half as long again"
    paint(office, Colour.GREEN)
    office.now += DAY
    office.plan()
    assert len(office.rows(AskRow)) == 2


def test_a_rest_is_not_followed_by_a_heap_of_what_lapsed(office: Desk, generous: None) -> None:
    staff(office, 60)
    post = office.proposable()
    office.do(planning.set_sizes, {post: 100})
    for _ in range(3):
        office.plan()
    assert len(office.send_planned()) == 60
    for number in range(20):
        office.respond(f"U{number:03}", post, Stage.SHARED)
    office.do(announcing.freeze, TEAM, CARL, office.now)
    for _ in range(35):
        office.now += DAY
        count_lapsed(office)
    office.do(announcing.unfreeze, TEAM, CARL, office.now)
    office.plan()
    assert office.do(health.read, TEAM, office.now).colour is Colour.GREEN


def test_an_ask_lapses_on_its_day_whenever_it_is_counted(office: Desk) -> None:
    office.ask()
    asked = the_ask(office).asked_at
    office.now += 20 * DAY
    count_lapsed(office)
    found = the_ask(office)
    assert found.outcome is Outcome.LAPSED
    assert found.settled_at is not None
    assert timedelta(days=3) <= found.settled_at - asked < timedelta(days=4)
    assert office.stored().run == 1
    count_lapsed(office)
    assert office.stored().run == 1


@pytest.mark.parametrize("days", [0, 2])
def test_what_may_still_be_answered_is_not_counted(office: Desk, days: int) -> None:
    office.ask()
    office.now += days * DAY
    count_lapsed(office)
    assert the_ask(office).outcome is None


def test_a_colleague_who_has_left_the_company_says_nothing_about_the_pace(office: Desk) -> None:
    ids = staff(office, 10)
    assert ids
    for number in range(5):
        office.do(membership.gone, TEAM, f"U{number:03}", office.now)
    assert office.do(health.read, TEAM, office.now).colour is Colour.GREEN
    member = office.do(membership.stand, TEAM, "U000")
    assert member is not None
    assert not member.consents(office.now)
