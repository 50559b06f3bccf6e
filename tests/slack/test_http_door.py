"""The HTTP door: who is let in, what is turned away, and that nothing comes of the rest."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.runtime import Runtime
from bot.sandbox import payloads
from bot.sandbox.delivery import signature
from bot.slack.views import announcement, words
from tests.support import (
    Office,
    asked,
    bot_running,
    deliver,
    live_post,
    plainly,
    rows,
    stored,
)


@pytest.fixture
async def runtime(place: Office, url: str) -> AsyncIterator[Runtime]:
    async with bot_running(place, url, mode="http") as runtime:
        yield runtime


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def address(runtime: Runtime, path: str = "/slack/events") -> str:
    return f"http://127.0.0.1:{runtime.port}{path}"


def join(place: Office) -> str:
    """The body of a command that would store something."""
    payload = payloads.command(place.sandbox.state, place.amara, place.news, "/advocacy join")
    return urlencode(payload)


def signed(place: Office, body: str, *, secret: str = "", age: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret or place.sandbox.signing_secret, timestamp, body),
    }


async def test_the_process_says_that_it_is_up(
    runtime: Runtime, session: aiohttp.ClientSession
) -> None:
    answer = await session.get(address(runtime, "/healthz"))
    assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_a_signed_command_is_answered_with_its_acknowledgement(
    place: Office, runtime: Runtime, url: str, session: aiohttp.ClientSession
) -> None:
    body = join(place)
    answer = await session.post(address(runtime), data=body, headers=signed(place, body))
    assert answer.status == 200
    shown = json.loads(await answer.text())
    assert shown["response_type"] == "ephemeral"
    assert shown["text"].startswith("You've joined.")
    assert len(rows(url, "SELECT id FROM member")) == 1


def without(headers: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


async def test_whoever_is_not_slack_is_turned_away(
    place: Office, runtime: Runtime, url: str, session: aiohttp.ClientSession
) -> None:
    before = stored(url)
    body = join(place)
    good = signed(place, body)
    for headers in (
        signed(place, body, secret="guessed"),
        signed(place, body, age=301),
        signed(place, body, age=-301),
        signed(place, body + "&text=leave"),
        without(good, "X-Slack-Signature"),
        without(good, "X-Slack-Request-Timestamp"),
        good | {"X-Slack-Signature": "v0="},
        good | {"X-Slack-Request-Timestamp": "now"},
        good | {"X-Slack-Request-Timestamp": "9" * 400},
    ):
        answer = await session.post(address(runtime), data=body, headers=headers)
        assert 400 <= answer.status < 500, headers
        assert "joined" not in await answer.text()
    assert stored(url) == before
    assert place.sandbox.state.messages == []


async def test_the_bot_calls_no_address_that_a_forged_request_names(
    place: Office, runtime: Runtime, url: str, session: aiohttp.ClientSession
) -> None:
    element = {"type": "button", "action_id": announcement.SHARE, "value": "1:1"}
    message = await live_post(place, runtime)
    click = payloads.block_actions(
        place.sandbox.state, place.amara, message, element, {"block_id": "b"}
    )
    body = urlencode({"payload": json.dumps(click)})
    calls = len(place.sandbox.calls)
    for stamp in ("now", "", "1e9", "9" * 400, "-1", str(int(time.time()))):
        headers = signed(place, body, secret="guessed") | {"X-Slack-Request-Timestamp": stamp}
        (await session.post(address(runtime), data=body, headers=headers)).release()
        await runtime.kit.afterwards.drain()
    assert place.sandbox.calls[calls:] == []
    assert place.amara.private == []


async def test_another_path_or_method_finds_nothing(
    place: Office, runtime: Runtime, url: str, session: aiohttp.ClientSession
) -> None:
    before = stored(url)
    body = join(place)
    for path in ("/", "/slack", "/slack/events/", "/slack/install", "/healthz/x", "/%2e%2e/etc"):
        answer = await session.post(address(runtime, path), data=body, headers=signed(place, body))
        assert answer.status == 404, path
    assert (await session.get(address(runtime))).status in (404, 405)
    assert stored(url) == before


@pytest.mark.parametrize("body", ["", "payload=", "payload={", "payload=[]", "payload=5", "\x00"])
async def test_a_signed_body_that_is_none_stops_nothing(
    place: Office, runtime: Runtime, url: str, session: aiohttp.ClientSession, body: str
) -> None:
    before = stored(url)
    answer = await session.post(address(runtime), data=body, headers=signed(place, body))
    assert answer.status in (200, 400, 404, 500)
    assert "Traceback" not in await answer.text()
    assert stored(url) == before
    assert (await asked(place.amara, "/advocacy join")).startswith("You've joined.")


async def test_hostile_clicks_are_answered_as_over_the_socket(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await live_post(place, runtime)
    await asked(place.amara, "/advocacy join")
    before = stored(url)
    block = {"block_id": "b"}
    for action in (announcement.SHARE, announcement.SKIP, "unknown"):
        for value in ("", "1", "9" * 400, "<!channel>", 5, None, ["1:1"]):
            element = {"type": "button", "action_id": action, "value": value}
            state = place.sandbox.state
            payload = payloads.block_actions(state, place.amara, message, element, block)
            assert (await deliver(place, payload)).acknowledged
            await runtime.kit.afterwards.drain()
            expected = words.OLD_BUTTON if action == "unknown" else words.UNREADABLE
            assert place.amara.private[-1].plain == plainly(expected)
    assert stored(url) == before
