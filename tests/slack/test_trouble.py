"""A post that cannot reach the channel: it stays queued, is spoken of once, and goes out once."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit

import pytest

from bot.domain.model import PostState
from bot.runtime import Runtime
from bot.sandbox import Fault
from bot.slack.views import announcement, notices, words
from tests.support import (
    START,
    Office,
    announced,
    approved_post,
    asked,
    bot_running,
    forecast_of,
    live_post,
    rows,
    the_card,
    write_post,
)

DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
LATER = 5 * MINUTE  # when it tries a channel again that a person has to mend


def to_news(place: Office, **how: Any) -> Fault:
    """What goes wrong when the bot posts in the opt-in channel, and only there."""
    news = place.news.id
    return Fault("chat.postMessage", when=lambda payload: payload["channel"] == news, **how)


def to_comms(place: Office, method: str = "chat.postMessage", **how: Any) -> Fault:
    """The same in the comms channel."""
    comms = place.comms.id
    return Fault(method, when=lambda payload: payload["channel"] == comms, **how)


def tried(place: Office) -> int:
    """How often the bot tried to post in the opt-in channel."""
    calls = [call for call in place.sandbox.calls if call.method == "chat.postMessage"]
    return len([call for call in calls if call.payload["channel"] == place.news.id])


def told(place: Office) -> list[str]:
    """What the bot said to comms by itself; the cards are not meant."""
    return [
        message.text
        for message in place.cleo.messages(place.comms)
        if not message.ephemeral_to and "* by" not in str(message.blocks)
    ]


async def beat(place: Office, runtime: Runtime, after: timedelta) -> None:
    place.sandbox.clock.advance(after)
    await runtime.tick()


class Gate:
    """Another address of the sandbox's Web API, which can be shut so that it refuses."""

    def __init__(self, place: Office) -> None:
        self._api = urlsplit(place.sandbox.api_url)
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


async def test_a_429_is_waited_out_to_the_second(place: Office, runtime: Runtime) -> None:
    await approved_post(place, runtime)
    place.sandbox.faults.add(to_news(place, status=429, retry_after=90))
    await runtime.tick()
    assert announced(place) == []
    assert told(place) == [notices.trouble("throttled", 1).text]
    assert forecast_of(place, 1) == place.sandbox.clock() + 90 * SECOND
    await beat(place, runtime, 89 * SECOND)
    assert tried(place) == 1
    await beat(place, runtime, SECOND)
    assert len(announced(place)) == 1
    assert the_card(place, 1).plain.splitlines()[2] == "Live."
    await beat(place, runtime, LATER)
    assert (tried(place), len(told(place))) == (2, 1)


async def test_a_card_does_not_blame_another_post_for_what_slack_refused(
    place: Office, runtime: Runtime
) -> None:
    await approved_post(place, runtime)
    place.sandbox.faults.add(to_news(place, status=429, retry_after=90))
    await runtime.tick()
    assert "another post" not in the_card(place, 1).plain


async def test_a_429_holds_back_the_whole_channel_and_lets_nobody_jump_the_queue(
    place: Office, runtime: Runtime
) -> None:
    await approved_post(place, runtime, title="First", topics="")
    await approved_post(place, runtime, title="Second", topics="")
    place.sandbox.faults.add(to_news(place, status=429, retry_after=90))
    await runtime.tick()
    await beat(place, runtime, 30 * SECOND)
    assert tried(place) == 1, "Slack asked for a rest of 90 seconds"
    await beat(place, runtime, 60 * SECOND)
    assert [message.plain.splitlines()[0] for message in announced(place)] == ["First"]


async def test_a_post_refused_for_its_text_does_not_hold_up_the_others(
    place: Office, runtime: Runtime
) -> None:
    await approved_post(place, runtime, title="First", topics="")
    await approved_post(place, runtime, title="Second", topics="")
    blocked = Fault(
        "chat.postMessage",
        error="msg_blocked_by_dlp",
        times=None,
        when=lambda payload: (
            payload["channel"] == place.news.id and payload["text"].startswith("First")
        ),
    )
    place.sandbox.faults.add(blocked)
    await runtime.tick()
    await beat(place, runtime, MINUTE)
    assert [message.plain.splitlines()[0] for message in announced(place)] == ["Second"]


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
    place: Office, url: str, error: str, told_as: str
) -> None:
    async with bot_running(place, url) as runtime:
        await approved_post(place, runtime)
        place.sandbox.faults.add(to_news(place, error=error, times=None))
        await runtime.tick()
        for _ in range(3):
            await beat(place, runtime, LATER)
    async with bot_running(place, url) as runtime:
        await beat(place, runtime, LATER)
        [said] = told(place)
        assert said == notices.trouble(told_as, 1).text
        assert error not in said or error == "msg_blocked_by_dlp", "known refusals in plain words"
        assert announced(place) == []
        assert "Approved." in the_card(place, 1).plain
        place.sandbox.faults.clear()
        await beat(place, runtime, LATER)
        await beat(place, runtime, LATER)
        assert len(announced(place)) == 1
        assert len(told(place)) == 1


async def test_it_is_told_again_when_the_same_trouble_comes_back(
    place: Office, runtime: Runtime
) -> None:
    place.news.archived = True
    await approved_post(place, runtime, title="First")
    await runtime.tick()
    place.news.archived = False
    await beat(place, runtime, LATER)
    place.news.archived = True
    await approved_post(place, runtime, title="Second")
    await beat(place, runtime, timedelta(days=2))
    assert len(announced(place)) == 1
    assert len(told(place)) == 2


async def test_a_slack_that_refuses_connections_leaves_no_doubt(place: Office, url: str) -> None:
    async with Gate(place) as gate:
        async with bot_running(place, url, SLACK_API_URL=gate.address) as runtime:
            await approved_post(place, runtime)
            await gate.shut()
            await runtime.tick()
            await beat(place, runtime, LATER)
            assert rows(url, "SELECT state FROM announcement") == [("planned",)]
        assert tried(place) == 0
    async with bot_running(place, url) as runtime:
        await beat(place, runtime, LATER)
        await beat(place, runtime, LATER)
        assert len(announced(place)) == 1


# Words to comms that had to wait.


@pytest.mark.parametrize("error", ["channel_not_found", "internal_error"])
async def test_a_card_that_could_not_be_posted_comes_with_a_later_heartbeat(
    place: Office, runtime: Runtime, error: str
) -> None:
    place.sandbox.faults.add(to_comms(place, error=error, times=2))
    outcome = await write_post(place.cleo)
    assert outcome.error is None
    await runtime.kit.afterwards.drain()
    await runtime.tick()
    assert place.cleo.messages(place.comms) == []
    await runtime.tick()
    await runtime.tick()
    assert len(place.cleo.messages(place.comms)) == 1
    assert "Waiting for approval." in the_card(place, 1).plain


async def test_a_card_that_could_not_be_changed_follows_later(
    place: Office, runtime: Runtime
) -> None:
    place.sandbox.faults.add(to_comms(place, "chat.update", status=429, retry_after=1, times=2))
    await approved_post(place, runtime)
    assert "Waiting for approval." in the_card(place, 1).plain
    await runtime.tick()
    await runtime.tick()
    assert the_card(place, 1).plain.splitlines()[2] == "Live."
    assert len(place.cleo.messages(place.comms)) == 1


async def test_a_word_to_comms_that_could_not_be_said_is_said_later(
    place: Office, runtime: Runtime
) -> None:
    await approved_post(place, runtime)
    place.news.archived = True
    place.sandbox.faults.add(to_comms(place, error="not_in_channel", times=2))
    await runtime.tick()
    await beat(place, runtime, MINUTE)
    assert told(place) == []
    await beat(place, runtime, MINUTE)
    assert told(place) == [notices.trouble("is_archived", 1).text]


async def test_comms_do_not_read_of_a_trouble_that_is_over(place: Office, runtime: Runtime) -> None:
    await approved_post(place, runtime)
    place.sandbox.faults.add(Fault("chat.postMessage", error="missing_scope", times=None))
    await runtime.tick()
    await beat(place, runtime, LATER)
    place.sandbox.faults.clear()
    await beat(place, runtime, LATER)
    assert len(announced(place)) == 1
    assert told(place) == []


@pytest.mark.parametrize("how", [{"status": 503}, {"cut": True}, {"error": "ratelimited"}])
async def test_what_people_did_in_an_outage_of_everything_is_kept(
    place: Office, url: str, how: dict[str, Any]
) -> None:
    async with bot_running(place, url) as runtime:
        message = await live_post(place, runtime)
        for person in (place.amara, place.bo):
            await asked(person, "/advocacy join")
        await approved_post(place, runtime, title="Next")
        place.sandbox.faults.add(Fault("*", times=None, **how))
        skipped = await place.amara.press(message, announcement.SKIP)
        shared = await place.bo.press(message, announcement.SHARE)
        assert skipped.acknowledged
        assert shared.acknowledged
        assert await asked(place.carl, "/advocacy withdraw 1") == words.CANNOT_CHECK
        await beat(place, runtime, LATER)
    stages = rows(url, "SELECT stage FROM response ORDER BY stage")
    assert stages == [("interested",), ("skipped",)]
    place.sandbox.faults.clear()
    async with bot_running(place, url) as runtime:
        await runtime.tick()
        assert "[Share] [Skip]" in message.plain
        await asked(place.carl, "/advocacy withdraw 1")
        await runtime.kit.afterwards.drain()
        assert announcement.why_ended(PostState.WITHDRAWN) in message.plain
        await beat(place, runtime, timedelta(days=2))
        assert len(announced(place)) == 2


@pytest.mark.parametrize("how", [{"status": 503}, {"cut": True}, {"error": "ratelimited"}])
async def test_what_the_bot_had_to_do_in_an_outage_of_everything_is_made_up_for(
    place: Office, runtime: Runtime, how: dict[str, Any]
) -> None:
    live = await live_post(place, runtime, expires_at=int((START + 8 * DAY).timestamp()))
    await approved_post(place, runtime, title="Next")
    place.sandbox.faults.add(Fault("*", times=None, **how))
    await beat(place, runtime, 2 * DAY)
    await beat(place, runtime, LATER)
    place.sandbox.faults.clear()
    await beat(place, runtime, LATER)
    assert announcement.why_ended(PostState.EXPIRED) in live.plain
    assert the_card(place, 1).plain.splitlines()[2] == "Expired."
    if how != {"error": "ratelimited"}:  # then nobody knows whether it arrived
        [question] = [said for said in told(place) if "I can't tell whether post 2" in said]
        assert "look" in question
    else:
        assert the_card(place, 2).plain.splitlines()[2] == "Live."
    assert len(announced(place)) == (2 if how == {"error": "ratelimited"} else 1)
