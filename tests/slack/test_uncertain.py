"""When nobody knows whether a post reached the channel: never twice, and people decide."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import PostId, UserId
from bot.domain.post import PostState
from bot.runtime import Runtime
from bot.slack.views import announcements, notices, replies
from slack_sandbox import Fault, Message, Person
from tests.support import (
    SlackWorld,
    all_rows,
    announced,
    approved_post,
    bot_running,
    click,
    rows,
    run_command,
    the_card,
    withdraw,
)

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
STATES = "SELECT announcement.state, post.state FROM announcement JOIN post ON post.id = post_id"


def to_news(world: SlackWorld, **how: Any) -> Fault:
    """What goes wrong when the bot posts in the opt-in channel, and only there."""
    news = world.news.id
    return Fault("chat.postMessage", when=lambda payload: payload["channel"] == news, **how)


def questions(world: SlackWorld) -> list[Message]:
    """What comms were asked about posts that may or may not be there."""
    return [
        message
        for message in world.cleo.messages(world.comms)
        if notices.IT_IS_THERE in str(message.blocks)
    ]


async def doubtful(world: SlackWorld, runtime: Runtime, **how: Any) -> Message:
    """A post of which nobody knows whether it arrived; the question that comms get."""
    await approved_post(world, runtime)
    world.sandbox.faults.add(to_news(world, **(how or {"lose_reply": True})))
    await runtime.tick()
    [question] = questions(world)
    return question


def settled(who: Person, *, there: bool, was_open: bool = True) -> str:
    """What the question says once somebody has decided."""
    return notices.settled(PostId(1), UserId(who.id), there=there, was_open=was_open).text


def forecast_line(world: SlackWorld) -> str:
    return the_card(world, 1).plain.splitlines()[2]


async def killed_while_sending(world: SlackWorld, url: str, *, arrives: bool) -> None:
    """The bot is gone between Slack's taking the post, or not taking it, and the reply."""
    never = asyncio.Event()
    async with bot_running(world, url) as runtime:
        await approved_post(world, runtime)
        failure = {} if arrives else {"error": "internal_error"}
        world.sandbox.faults.add(to_news(world, hold=never, **failure))
        beating = asyncio.create_task(runtime.tick())
        await world.sandbox.until(lambda: world.sandbox.faults.held, what="the call is held")
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating
    assert rows(url, STATES) == [("sending", "approved")]
    world.sandbox.faults.clear()


UNSURE = [
    {"status": 503},
    {"error": "internal_error"},
    {"error": "fatal_error"},
    {"lose_reply": True},
    {"cut": True},
]


@pytest.mark.parametrize("how", UNSURE)
async def test_a_lost_reply_is_asked_about_once_and_nothing_is_sent_again(
    world: SlackWorld, runtime: Runtime, url: str, how: dict[str, Any]
) -> None:
    question = await doubtful(world, runtime, **how)
    assert "I can't tell whether" in question.plain
    assert "[It's there] [It isn't, send it again]" in question.plain
    assert question.mentions == []
    assert rows(url, STATES) == [("uncertain", "approved")]
    assert "I can't tell" in forecast_line(world)
    for _ in range(4):
        world.sandbox.clock.advance(3 * DAY)
        await runtime.tick()
    assert len(announced(world)) == (1 if "lose_reply" in how else 0)
    assert questions(world) == [question]


async def test_it_is_there_makes_it_live_and_takes_the_question_away(
    world: SlackWorld, runtime: Runtime
) -> None:
    question = await doubtful(world, runtime)
    await click(runtime, world.carl, question, notices.IT_IS_THERE)
    assert question.text == settled(world.carl, there=True)
    assert "elements" not in str(question.blocks), "the buttons are gone"
    assert forecast_line(world).startswith("Live")
    world.sandbox.clock.advance(3 * DAY)
    await runtime.tick()
    assert len(announced(world)) == 1


async def test_send_again_sends_it_once_more_in_its_turn(
    world: SlackWorld, runtime: Runtime
) -> None:
    question = await doubtful(world, runtime, status=503)
    await click(runtime, world.carl, question, notices.SEND_AGAIN)
    assert question.text == settled(world.carl, there=False)
    assert announced(world) == []
    for _ in range(3):
        await runtime.tick()
    assert len(announced(world)) == 1
    assert forecast_line(world).startswith("Live")


@pytest.mark.parametrize("button", [notices.IT_IS_THERE, notices.SEND_AGAIN])
async def test_its_message_is_never_linked(
    world: SlackWorld, runtime: Runtime, button: str
) -> None:
    """Whether it went out once more can depend on a member's click, and an address would tell."""
    question = await doubtful(world, runtime)
    await click(runtime, world.carl, question, button)
    for _ in range(3):
        await runtime.tick()
    assert forecast_line(world).startswith("Live")
    assert "See it in the channel" not in the_card(world, 1).plain


async def test_a_double_click_on_send_again_sends_it_once(
    world: SlackWorld, runtime: Runtime
) -> None:
    question = await doubtful(world, runtime, status=503)
    await world.carl.press(question, notices.SEND_AGAIN, times=2)
    await runtime.tick()
    await runtime.tick()
    assert len(announced(world)) == 1


@pytest.mark.parametrize("button", [announcements.SHARE, announcements.SKIP])
async def test_a_members_click_on_the_message_settles_it_the_next_morning(
    world: SlackWorld, runtime: Runtime, url: str, button: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    question = await doubtful(world, runtime)
    [message] = announced(world)
    shown = [one.plain for one in world.cleo.messages(world.comms)]
    await click(runtime, world.amara, message, button)
    await runtime.tick()
    assert [one.plain for one in world.cleo.messages(world.comms)] == shown, "no sign of a click"
    world.sandbox.clock.advance(DAY)
    await runtime.tick()
    assert rows(url, STATES) == [("sent", "live")]
    assert forecast_line(world).startswith("Live")
    await click(runtime, world.carl, question, notices.SEND_AGAIN)
    assert question.text == settled(world.carl, there=False, was_open=False)
    await runtime.tick()
    assert announced(world) == [message]
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()
    assert "[Share]" not in message.plain, "the click told which message it is"


async def test_what_a_click_has_shown_is_not_sent_again(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    question = await doubtful(world, runtime)
    [message] = announced(world)
    await click(runtime, world.amara, message, announcements.SKIP)
    await click(runtime, world.carl, question, notices.SEND_AGAIN)
    assert question.text == settled(world.carl, there=False, was_open=True), "as without the click"
    world.sandbox.clock.advance(3 * DAY)
    await runtime.tick()
    assert announced(world) == [message], "it is live in its turn, and was not sent twice"
    assert rows(url, "SELECT state FROM post") == [("live",)]


async def test_the_first_click_tells_which_message_comms_have_found(
    world: SlackWorld, runtime: Runtime
) -> None:
    await run_command(world.amara, "/advocacy join")
    question = await doubtful(world, runtime)
    [message] = announced(world)
    await click(runtime, world.carl, question, notices.IT_IS_THERE)
    await click(runtime, world.amara, message, announcements.SKIP)
    await withdraw(world.carl, 1)
    await runtime.tick()
    assert "[Share]" in message.plain, "nobody sees that somebody has clicked"
    world.sandbox.clock.advance(DAY)
    await runtime.tick()
    assert announcements.why_ended(PostState.WITHDRAWN) in message.plain


async def test_a_click_by_somebody_who_has_not_joined_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await doubtful(world, runtime)
    [message] = announced(world)
    before = all_rows(url)
    await click(runtime, world.bo, message, announcements.SKIP)
    assert all_rows(url) == before


@pytest.mark.parametrize("button", [notices.IT_IS_THERE, notices.SEND_AGAIN])
async def test_guests_and_outsiders_cannot_decide(
    world: SlackWorld, runtime: Runtime, url: str, button: str
) -> None:
    question = await doubtful(world, runtime)
    before = all_rows(url)
    await click(runtime, world.gus, question, button)
    assert world.gus.private[-1].text == replies.GUEST
    await click(runtime, world.amara, question, button)
    assert world.amara.private[-1].text == replies.NOT_COMMS
    assert all_rows(url) == before
    assert "[It's there] [It isn't, send it again]" in question.plain


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_process_that_dies_while_sending_leaves_one_message_or_none(
    world: SlackWorld, url: str, arrives: bool
) -> None:
    await killed_while_sending(world, url, arrives=arrives)
    async with bot_running(world, url) as runtime:
        await runtime.tick()
        world.sandbox.clock.advance(60 * SECOND)
        await runtime.tick()
        assert questions(world) == [], "it may only be slow"
        world.sandbox.clock.advance(SECOND)
        await runtime.tick()
        [question] = questions(world)
        assert rows(url, STATES) == [("uncertain", "approved")]
        world.sandbox.clock.advance(3 * DAY)
        await runtime.tick()
        assert len(announced(world)) == (1 if arrives else 0)
        button = notices.IT_IS_THERE if arrives else notices.SEND_AGAIN
        await click(runtime, world.cleo, question, button)
        await runtime.tick()
        assert len(announced(world)) == 1
        assert forecast_line(world).startswith("Live")


async def test_a_click_settles_also_what_a_dead_process_has_sent(
    world: SlackWorld, url: str
) -> None:
    await killed_while_sending(world, url, arrives=True)
    async with bot_running(world, url) as runtime:
        await run_command(world.amara, "/advocacy join")
        [message] = announced(world)
        await click(runtime, world.amara, message, announcements.SHARE)
        assert world.amara.view is not None
        world.sandbox.clock.advance(61 * SECOND)
        await runtime.tick()
        world.sandbox.clock.advance(3 * DAY)
        await runtime.tick()
        assert announced(world) == [message]
        assert rows(url, "SELECT stage FROM response") == [("interested",)]


async def test_a_reply_that_comes_after_all_settles_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    held = asyncio.Event()
    await approved_post(world, runtime)
    world.sandbox.faults.add(to_news(world, hold=held))
    beating = asyncio.create_task(runtime.tick())
    await world.sandbox.until(lambda: world.sandbox.faults.held, what="the call is held")
    world.sandbox.clock.advance(61 * SECOND)
    await runtime.heartbeat.beat()  # as another process would
    assert rows(url, STATES) == [("uncertain", "approved")]
    held.set()
    await beating
    assert rows(url, STATES) == [("sent", "live")]
    [question] = questions(world)
    await click(runtime, world.carl, question, notices.SEND_AGAIN)
    await runtime.tick()
    assert len(announced(world)) == 1


async def test_comms_are_asked_in_the_same_way_whether_somebody_clicked_or_not(
    world: SlackWorld, runtime: Runtime
) -> None:
    await run_command(world.amara, "/advocacy join")
    await approved_post(world, runtime)
    comms = world.comms.id
    world.sandbox.faults.add(to_news(world, lose_reply=True))
    world.sandbox.faults.add(
        Fault(
            "chat.postMessage",
            status=429,
            retry_after=1,
            when=lambda payload: payload["channel"] == comms,
        )
    )
    await runtime.tick()
    await click(runtime, world.amara, announced(world)[0], announcements.SKIP)
    world.sandbox.clock.advance(timedelta(seconds=1))  # as long as Slack said
    await runtime.tick()
    assert len(questions(world)) == 1


@pytest.mark.parametrize(
    ("button", "there"), [(notices.IT_IS_THERE, True), (notices.SEND_AGAIN, False)]
)
async def test_a_decision_about_a_withdrawn_post_is_answered_truly(
    world: SlackWorld, runtime: Runtime, button: str, there: bool
) -> None:
    question = await doubtful(world, runtime)
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()
    await click(runtime, world.cleo, question, button)
    assert question.text != settled(world.cleo, there=there), "it is neither live nor queued"


async def test_a_late_click_shows_where_the_message_of_a_withdrawn_post_is(
    world: SlackWorld, runtime: Runtime
) -> None:
    await run_command(world.amara, "/advocacy join")
    await doubtful(world, runtime)
    [message] = announced(world)
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()
    await click(runtime, world.amara, message, announcements.SKIP)
    world.sandbox.clock.advance(DAY)
    await runtime.tick()
    assert "[Share]" not in message.plain
