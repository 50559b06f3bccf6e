"""A post that cannot reach the channel: it stays queued, is spoken of once, and goes out once."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

import pytest

from bot.domain.ids import PostId
from bot.domain.post import PostState
from bot.runtime import Runtime
from bot.slack.views import announcements, notices, replies
from slack_sandbox import Fault
from tests.support import (
    START,
    SlackWorld,
    announced,
    approve,
    approved_post,
    bot_running,
    forecast_of,
    live_post,
    rows,
    run_command,
    the_card,
    waiting_post,
    withdraw,
    write_post,
)

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
LATER = 5 * MINUTE  # when it tries a channel again that a person has to mend


def to_news(world: SlackWorld, **how: Any) -> Fault:
    """What goes wrong when the bot posts in the opt-in channel, and only there."""
    news = world.news.id
    return Fault("chat.postMessage", when=lambda payload: payload["channel"] == news, **how)


def to_comms(world: SlackWorld, method: str = "chat.postMessage", **how: Any) -> Fault:
    """The same in the comms channel."""
    comms = world.comms.id
    return Fault(method, when=lambda payload: payload["channel"] == comms, **how)


def tried(world: SlackWorld) -> int:
    """How often the bot tried to post in the opt-in channel."""
    calls = [call for call in world.sandbox.calls if call.method == "chat.postMessage"]
    return len([call for call in calls if call.payload["channel"] == world.news.id])


def told(world: SlackWorld) -> list[str]:
    """What the bot said to comms by itself; the cards are not meant."""
    return [
        message.text
        for message in world.cleo.messages(world.comms)
        if not message.ephemeral_to and "* by" not in str(message.blocks)
    ]


async def beat(world: SlackWorld, runtime: Runtime, after: timedelta) -> None:
    world.sandbox.clock.advance(after)
    await runtime.tick()


class Gate:
    """Another address of the sandbox's Web API, which can be shut so that it refuses."""

    def __init__(self, world: SlackWorld) -> None:
        self._api = urlsplit(world.sandbox.api_url)
        self._open: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/api/"
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.shut()

    async def shut(self) -> None:
        """Refuse connections from now on, and close those that are there."""
        self._server.close()
        for writer in list(self._open):
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._api.hostname, self._api.port)
        self._open |= {writer, back}
        await asyncio.gather(self._pipe(reader, back), self._pipe(there, writer))

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        sink.close()
        self._open.discard(sink)


# Surely not sent: it stays queued.


async def test_a_429_is_waited_out_to_the_second(world: SlackWorld, runtime: Runtime) -> None:
    await approved_post(world, runtime)
    world.sandbox.faults.add(to_news(world, status=429, retry_after=90))
    await runtime.tick()
    assert announced(world) == []
    assert told(world) == [notices.trouble("throttled", PostId(1)).text]
    assert forecast_of(world, 1) == world.sandbox.clock() + 90 * SECOND
    await beat(world, runtime, 89 * SECOND)
    assert tried(world) == 1
    await beat(world, runtime, SECOND)
    assert len(announced(world)) == 1
    assert the_card(world, 1).plain.splitlines()[2].startswith("Live")
    await beat(world, runtime, LATER)
    assert (tried(world), len(told(world))) == (2, 1)


async def test_a_card_does_not_blame_another_post_for_what_slack_refused(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime)
    world.sandbox.faults.add(to_news(world, status=429, retry_after=90))
    await runtime.tick()
    assert "another post" not in the_card(world, 1).plain


async def test_a_429_holds_back_the_whole_channel_and_lets_nobody_jump_the_queue(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime, title="First", topics="")
    await approved_post(world, runtime, title="Second", topics="")
    world.sandbox.faults.add(to_news(world, status=429, retry_after=90))
    await runtime.tick()
    await beat(world, runtime, 30 * SECOND)
    assert tried(world) == 1, "Slack asked for a rest of 90 seconds"
    await beat(world, runtime, 60 * SECOND)
    assert [message.plain.splitlines()[0] for message in announced(world)] == ["First"]


async def test_a_post_refused_for_its_text_does_not_hold_up_the_others(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime, title="First", topics="")
    await approved_post(world, runtime, title="Second", topics="")
    blocked = Fault(
        "chat.postMessage",
        error="msg_blocked_by_dlp",
        times=None,
        when=lambda payload: (
            payload["channel"] == world.news.id and payload["text"].startswith("First")
        ),
    )
    world.sandbox.faults.add(blocked)
    await runtime.tick()
    await beat(world, runtime, MINUTE)
    assert [message.plain.splitlines()[0] for message in announced(world)] == ["Second"]


@pytest.mark.parametrize(
    ("error", "told_as"),
    [
        ("channel_not_found", "channel_not_found"),
        ("not_in_channel", "not_in_channel"),
        ("is_archived", "is_archived"),
        ("restricted_action", "restricted_action"),
        ("invalid_auth", "invalid_auth"),
        ("token_revoked", "invalid_auth"),
        ("missing_scope", "missing_scope"),
        ("msg_blocked_by_dlp", "msg_blocked_by_dlp"),
    ],
)
async def test_a_refusal_is_told_once_and_the_post_goes_out_once_it_is_mended(
    world: SlackWorld, url: str, error: str, told_as: str
) -> None:
    async with bot_running(world, url) as runtime:
        await approved_post(world, runtime)
        world.sandbox.faults.add(to_news(world, error=error, times=None))
        await runtime.tick()
        for _ in range(3):
            await beat(world, runtime, LATER)
    async with bot_running(world, url) as runtime:
        await beat(world, runtime, LATER)
        [said] = told(world)
        assert said == notices.trouble(told_as, PostId(1)).text
        assert error not in said or error == "msg_blocked_by_dlp", "known refusals in plain words"
        assert announced(world) == []
        assert "Approved." in the_card(world, 1).plain
        world.sandbox.faults.clear()
        await beat(world, runtime, LATER)
        await beat(world, runtime, LATER)
        assert len(announced(world)) == 1
        assert len(told(world)) == 1


async def test_it_is_told_again_when_the_same_trouble_comes_back(
    world: SlackWorld, runtime: Runtime
) -> None:
    world.news.archived = True
    await approved_post(world, runtime, title="First")
    await runtime.tick()
    world.news.archived = False
    await beat(world, runtime, LATER)
    world.news.archived = True
    await approved_post(world, runtime, title="Second")
    await beat(world, runtime, timedelta(days=2))
    assert len(announced(world)) == 1
    assert len(told(world)) == 2


async def test_a_slack_that_refuses_connections_leaves_no_doubt(
    world: SlackWorld, url: str
) -> None:
    async with Gate(world) as gate:
        async with bot_running(world, url, SLACK_API_URL=gate.address) as runtime:
            await approved_post(world, runtime)
            await gate.shut()
            await runtime.tick()
            await beat(world, runtime, LATER)
            claimed = "SELECT state FROM announcement"
            assert rows(url, claimed) == [], "nobody knows who reads in the comms channel"
        assert tried(world) == 0
    async with bot_running(world, url) as runtime:
        await beat(world, runtime, LATER)
        await beat(world, runtime, LATER)
        assert len(announced(world)) == 1


# Words to comms that had to wait.


@pytest.mark.parametrize("error", ["channel_not_found", "internal_error"])
async def test_a_card_that_could_not_be_posted_comes_with_a_later_heartbeat(
    world: SlackWorld, runtime: Runtime, error: str
) -> None:
    world.sandbox.faults.add(to_comms(world, error=error, times=2))
    outcome = await write_post(world.cleo)
    assert outcome.error is None
    await runtime.context.background_tasks.drain()
    await beat(world, runtime, LATER)
    assert world.cleo.messages(world.comms) == []
    await beat(world, runtime, 2 * LATER)
    await beat(world, runtime, MINUTE)
    assert len(world.cleo.messages(world.comms)) == 1
    assert "Waiting for approval." in the_card(world, 1).plain


async def test_a_card_that_could_not_be_changed_follows_later(
    world: SlackWorld, runtime: Runtime
) -> None:
    world.sandbox.faults.add(to_comms(world, "chat.update", status=429, retry_after=1, times=2))
    await waiting_post(world, runtime)
    await approve(world.carl, 1)
    await runtime.context.background_tasks.drain()
    assert "Waiting for approval." in the_card(world, 1).plain
    await beat(world, runtime, SECOND)
    await beat(world, runtime, SECOND)
    assert the_card(world, 1).plain.splitlines()[2].startswith("Live")
    assert len(world.cleo.messages(world.comms)) == 1


async def test_a_word_to_comms_that_could_not_be_said_is_said_later(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime)
    world.news.archived = True
    world.sandbox.faults.add(to_comms(world, error="not_in_channel", times=2))
    await runtime.tick()
    await beat(world, runtime, LATER)
    assert told(world) == []
    await beat(world, runtime, 2 * LATER)
    assert told(world) == [notices.trouble("is_archived", PostId(1)).text]


async def test_comms_do_not_read_of_a_trouble_that_is_over(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime)
    world.sandbox.faults.add(Fault("chat.postMessage", error="missing_scope", times=None))
    await runtime.tick()
    await beat(world, runtime, LATER)
    world.sandbox.faults.clear()
    await beat(world, runtime, 2 * LATER)
    assert len(announced(world)) == 1
    assert told(world) == []


@pytest.mark.parametrize("how", [{"status": 503}, {"cut": True}, {"error": "ratelimited"}])
async def test_what_people_did_in_an_outage_of_everything_is_kept(
    world: SlackWorld, url: str, how: dict[str, Any]
) -> None:
    async with bot_running(world, url) as runtime:
        message = await live_post(world, runtime)
        for person in (world.amara, world.bo):
            await run_command(person, "/advocacy join")
        await approved_post(world, runtime, title="Next")
        world.sandbox.faults.add(Fault("*", times=None, **how))
        skipped = await world.amara.press(message, announcements.SKIP)
        shared = await world.bo.press(message, announcements.SHARE)
        assert skipped.acknowledged
        assert shared.acknowledged
        assert await run_command(world.carl, "/advocacy withdraw 1") == replies.CANNOT_CHECK
        await beat(world, runtime, LATER)
    stages = rows(url, "SELECT stage FROM response ORDER BY stage")
    assert stages == [("interested",), ("skipped",)]
    world.sandbox.faults.clear()
    world.sandbox.clock.advance(LATER)  # what Slack throttled may be used again
    async with bot_running(world, url) as runtime:
        await runtime.tick()
        assert "[Share] [Skip]" in message.plain
        await withdraw(world.carl, 1)
        await runtime.context.background_tasks.drain()
        assert announcements.why_ended(PostState.WITHDRAWN) in message.plain
        await beat(world, runtime, timedelta(days=2))
        assert len(announced(world)) == 2


@pytest.mark.parametrize("how", [{"status": 503}, {"cut": True}, {"error": "ratelimited"}])
async def test_what_the_bot_had_to_do_in_an_outage_of_everything_is_made_up_for(
    world: SlackWorld, runtime: Runtime, how: dict[str, Any]
) -> None:
    live = await live_post(world, runtime, expires_at=int((START + 8 * DAY).timestamp()))
    await approved_post(world, runtime, title="Next")
    world.sandbox.faults.add(Fault("*", times=None, **how))
    await beat(world, runtime, 2 * DAY)
    await beat(world, runtime, LATER)
    world.sandbox.faults.clear()
    await beat(world, runtime, LATER)
    assert announcements.why_ended(PostState.EXPIRED) in live.plain
    assert the_card(world, 1).plain.splitlines()[2] == "Ended."
    assert the_card(world, 2).plain.splitlines()[2].startswith("Live")
    assert len(announced(world)) == 2
    assert not any("I can't tell whether" in said for said in told(world)), "it was not begun"
