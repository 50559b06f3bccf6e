"""When nobody knows whether a post reached the channel: never twice, and people decide."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.model import PostState
from bot.runtime import Runtime
from bot.sandbox import Fault, Message, Person
from bot.slack.views import announcement, notices, words
from tests.support import (
    Office,
    announced,
    approved_post,
    asked,
    bot_running,
    pressed,
    rows,
    stored,
    the_card,
)

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
STATES = "SELECT announcement.state, post.state FROM announcement JOIN post ON post.id = post_id"


def to_news(place: Office, **how: Any) -> Fault:
    """What goes wrong when the bot posts in the opt-in channel, and only there."""
    news = place.news.id
    return Fault("chat.postMessage", when=lambda payload: payload["channel"] == news, **how)


def questions(place: Office) -> list[Message]:
    """What comms were asked about posts that may or may not be there."""
    return [
        message
        for message in place.cleo.messages(place.comms)
        if notices.IT_IS_THERE in str(message.blocks)
    ]


async def doubtful(place: Office, runtime: Runtime, **how: Any) -> Message:
    """A post of which nobody knows whether it arrived; the question that comms get."""
    await approved_post(place, runtime)
    place.sandbox.faults.add(to_news(place, **(how or {"lose_reply": True})))
    await runtime.tick()
    [question] = questions(place)
    return question


def settled(who: Person, *, there: bool, was_open: bool = True) -> str:
    """What the question says once somebody has decided."""
    return notices.settled(1, who.id, there=there, was_open=was_open).text


def standing(place: Office) -> str:
    return the_card(place, 1).plain.splitlines()[2]


async def killed_while_sending(place: Office, url: str, *, arrives: bool) -> None:
    """The bot is gone between Slack's taking the post, or not taking it, and the reply."""
    never = asyncio.Event()
    async with bot_running(place, url) as runtime:
        await approved_post(place, runtime)
        failure = {} if arrives else {"error": "internal_error"}
        place.sandbox.faults.add(to_news(place, hold=never, **failure))
        beating = asyncio.create_task(runtime.tick())
        await place.sandbox.until(lambda: place.sandbox.faults.held, what="the call is held")
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
    assert rows(url, STATES) == [("sending", "approved")]
    place.sandbox.faults.clear()


UNSURE = [
    {"status": 503},
    {"error": "internal_error"},
    {"error": "fatal_error"},
    {"lose_reply": True},
    {"cut": True},
]


@pytest.mark.parametrize("how", UNSURE)
async def test_a_lost_reply_is_asked_about_once_and_nothing_is_sent_again(
    place: Office, runtime: Runtime, url: str, how: dict[str, Any]
) -> None:
    question = await doubtful(place, runtime, **how)
    assert "I can't tell whether post 1" in question.plain
    assert "[It is there] [Send again]" in question.plain
    assert question.pings == []
    assert rows(url, STATES) == [("uncertain", "approved")]
    assert "I can't tell" in standing(place)
    for _ in range(4):
        place.sandbox.clock.advance(3 * DAY)
        await runtime.tick()
    assert len(announced(place)) == (1 if "lose_reply" in how else 0)
    assert questions(place) == [question]


async def test_it_is_there_makes_it_live_and_takes_the_question_away(
    place: Office, runtime: Runtime
) -> None:
    question = await doubtful(place, runtime)
    await pressed(runtime, place.carl, question, notices.IT_IS_THERE)
    assert question.text == settled(place.carl, there=True)
    assert "elements" not in str(question.blocks), "the buttons are gone"
    assert standing(place) == "Live."
    place.sandbox.clock.advance(3 * DAY)
    await runtime.tick()
    assert len(announced(place)) == 1


async def test_send_again_sends_it_once_more_in_its_turn(place: Office, runtime: Runtime) -> None:
    question = await doubtful(place, runtime, status=503)
    await pressed(runtime, place.carl, question, notices.SEND_AGAIN)
    assert question.text == settled(place.carl, there=False)
    assert announced(place) == []
    for _ in range(3):
        await runtime.tick()
    assert len(announced(place)) == 1
    assert standing(place) == "Live."


async def test_a_double_click_on_send_again_sends_it_once(place: Office, runtime: Runtime) -> None:
    question = await doubtful(place, runtime, status=503)
    await place.carl.press(question, notices.SEND_AGAIN, times=2)
    await runtime.tick()
    await runtime.tick()
    assert len(announced(place)) == 1


@pytest.mark.parametrize("button", [announcement.SHARE, announcement.SKIP])
async def test_a_members_click_on_the_message_settles_it(
    place: Office, runtime: Runtime, url: str, button: str
) -> None:
    await asked(place.amara, "/advocacy join")
    question = await doubtful(place, runtime)
    [message] = announced(place)
    await pressed(runtime, place.amara, message, button)
    assert rows(url, STATES) == [("sent", "live")]
    await runtime.tick()
    assert standing(place) == "Live."
    await pressed(runtime, place.carl, question, notices.SEND_AGAIN)
    assert question.text == settled(place.carl, there=False, was_open=False)
    await runtime.tick()
    assert announced(place) == [message]
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    assert "[Share]" not in message.plain, "the click told which message it is"


async def test_the_first_click_tells_which_message_comms_have_found(
    place: Office, runtime: Runtime
) -> None:
    await asked(place.amara, "/advocacy join")
    question = await doubtful(place, runtime)
    [message] = announced(place)
    await pressed(runtime, place.carl, question, notices.IT_IS_THERE)
    await pressed(runtime, place.amara, message, announcement.SKIP)
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    assert announcement.why_ended(PostState.WITHDRAWN) in message.plain


async def test_a_click_by_somebody_who_has_not_joined_settles_it_and_keeps_nothing_of_them(
    place: Office, runtime: Runtime, url: str
) -> None:
    await doubtful(place, runtime)
    [message] = announced(place)
    before = stored(url)
    await pressed(runtime, place.bo, message, announcement.SKIP)
    after = stored(url)
    assert {table for table in after if after[table] != before[table]} == {"announcement", "post"}
    assert place.bo.id not in str(after)


@pytest.mark.parametrize("button", [notices.IT_IS_THERE, notices.SEND_AGAIN])
async def test_guests_and_outsiders_cannot_decide(
    place: Office, runtime: Runtime, url: str, button: str
) -> None:
    question = await doubtful(place, runtime)
    before = stored(url)
    await pressed(runtime, place.gus, question, button)
    assert place.gus.private[-1].text == words.GUEST
    await pressed(runtime, place.amara, question, button)
    assert place.amara.private[-1].text == words.NOT_COMMS
    assert stored(url) == before
    assert "[It is there] [Send again]" in question.plain


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_process_that_dies_while_sending_leaves_one_message_or_none(
    place: Office, url: str, arrives: bool
) -> None:
    await killed_while_sending(place, url, arrives=arrives)
    async with bot_running(place, url) as runtime:
        await runtime.tick()
        place.sandbox.clock.advance(60 * SECOND)
        await runtime.tick()
        assert questions(place) == [], "it may only be slow"
        place.sandbox.clock.advance(SECOND)
        await runtime.tick()
        [question] = questions(place)
        assert rows(url, STATES) == [("uncertain", "approved")]
        place.sandbox.clock.advance(3 * DAY)
        await runtime.tick()
        assert len(announced(place)) == (1 if arrives else 0)
        button = notices.IT_IS_THERE if arrives else notices.SEND_AGAIN
        await pressed(runtime, place.cleo, question, button)
        await runtime.tick()
        assert len(announced(place)) == 1
        assert standing(place) == "Live."


async def test_a_click_settles_also_what_a_dead_process_has_sent(place: Office, url: str) -> None:
    await killed_while_sending(place, url, arrives=True)
    async with bot_running(place, url) as runtime:
        await asked(place.amara, "/advocacy join")
        [message] = announced(place)
        await pressed(runtime, place.amara, message, announcement.SHARE)
        assert place.amara.view is not None
        place.sandbox.clock.advance(61 * SECOND)
        await runtime.tick()
        place.sandbox.clock.advance(3 * DAY)
        await runtime.tick()
        assert announced(place) == [message]
        assert rows(url, "SELECT stage FROM response") == [("interested",)]


async def test_a_reply_that_comes_after_all_settles_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    held = asyncio.Event()
    await approved_post(place, runtime)
    place.sandbox.faults.add(to_news(place, hold=held))
    beating = asyncio.create_task(runtime.tick())
    await place.sandbox.until(lambda: place.sandbox.faults.held, what="the call is held")
    place.sandbox.clock.advance(61 * SECOND)
    await runtime.delivery.tick()  # as another process would
    assert rows(url, STATES) == [("uncertain", "approved")]
    held.set()
    await beating
    assert rows(url, STATES) == [("sent", "live")]
    [question] = questions(place)
    await pressed(runtime, place.carl, question, notices.SEND_AGAIN)
    await runtime.tick()
    assert len(announced(place)) == 1


async def test_comms_are_not_asked_about_what_a_click_has_settled(
    place: Office, runtime: Runtime
) -> None:
    await asked(place.amara, "/advocacy join")
    await approved_post(place, runtime)
    comms = place.comms.id
    place.sandbox.faults.add(to_news(place, lose_reply=True))
    place.sandbox.faults.add(
        Fault(
            "chat.postMessage",
            status=429,
            retry_after=1,
            when=lambda payload: payload["channel"] == comms,
        )
    )
    await runtime.tick()
    await pressed(runtime, place.amara, announced(place)[0], announcement.SKIP)
    await runtime.tick()
    assert questions(place) == []


@pytest.mark.parametrize(
    ("button", "there"), [(notices.IT_IS_THERE, True), (notices.SEND_AGAIN, False)]
)
async def test_a_decision_about_a_withdrawn_post_is_answered_truly(
    place: Office, runtime: Runtime, button: str, there: bool
) -> None:
    question = await doubtful(place, runtime)
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    await pressed(runtime, place.cleo, question, button)
    assert question.text != settled(place.cleo, there=there), "it is neither live nor queued"


async def test_a_late_click_shows_where_the_message_of_a_withdrawn_post_is(
    place: Office, runtime: Runtime
) -> None:
    await asked(place.amara, "/advocacy join")
    await doubtful(place, runtime)
    [message] = announced(place)
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    await pressed(runtime, place.amara, message, announcement.SKIP)
    await runtime.tick()
    assert "[Share]" not in message.plain
