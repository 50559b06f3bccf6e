"""The HTTP door: who is let in, what is turned away, and that nothing comes of the rest."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.runtime import Runtime
from bot.slack.views import announcements, replies
from slack_sandbox import payloads
from slack_sandbox.delivery import signature
from tests.support import (
    SlackWorld,
    all_rows,
    bot_running,
    deliver,
    live_post,
    plainly,
    rows,
    run_command,
)


@pytest.fixture
async def runtime(world: SlackWorld, url: str) -> AsyncIterator[Runtime]:
    async with bot_running(world, url, mode="http") as runtime:
        yield runtime


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def address(runtime: Runtime, path: str = "/slack/events") -> str:
    return f"http://127.0.0.1:{runtime.port}{path}"


def join(world: SlackWorld) -> str:
    """The body of a command that would store something."""
    payload = payloads.command(world.sandbox.state, world.amara, world.news, "/advocacy join")
    return urlencode(payload)


def signed(world: SlackWorld, body: str, *, secret: str = "", age: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret or world.sandbox.signing_secret, timestamp, body),
    }


async def test_the_process_says_that_it_is_up(
    runtime: Runtime, session: aiohttp.ClientSession
) -> None:
    answer = await session.get(address(runtime, "/healthz"))
    assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_slack_may_check_the_certificate(
    runtime: Runtime, session: aiohttp.ClientSession
) -> None:
    # Slack's page on slash commands: a GET with `ssl_check=1` now and then, to be met with a 200.
    for path, query, status in (
        ("/slack/events", "?ssl_check=1&token=x", 200),
        ("/slack/events", "", 404),
        ("/slack/events", "?ssl_check=0", 404),
        ("/other", "?ssl_check=1", 404),
    ):
        async with session.get(address(runtime, path) + query) as answer:
            assert answer.status == status, (path, query)
    async with session.post(address(runtime) + "?ssl_check=1", data="a=b") as answer:
        assert answer.status == 401


async def test_a_signed_command_is_answered_with_its_acknowledgement(
    world: SlackWorld, runtime: Runtime, url: str, session: aiohttp.ClientSession
) -> None:
    body = join(world)
    answer = await session.post(address(runtime), data=body, headers=signed(world, body))
    assert answer.status == 200
    shown = json.loads(await answer.text())
    assert shown["response_type"] == "ephemeral"
    assert shown["text"].startswith("You're in until")
    assert len(rows(url, "SELECT id FROM member")) == 1


def without(headers: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


async def test_whoever_is_not_slack_is_turned_away(
    world: SlackWorld, runtime: Runtime, url: str, session: aiohttp.ClientSession
) -> None:
    before = all_rows(url)
    body = join(world)
    good = signed(world, body)
    for headers in (
        signed(world, body, secret="guessed"),
        signed(world, body, age=301),
        signed(world, body, age=-360),
        signed(world, body + "&text=leave"),
        without(good, "X-Slack-Signature"),
        without(good, "X-Slack-Request-Timestamp"),
        good | {"X-Slack-Signature": "v0="},
        good | {"X-Slack-Request-Timestamp": "now"},
        good | {"X-Slack-Request-Timestamp": "9" * 400},
    ):
        answer = await session.post(address(runtime), data=body, headers=headers)
        assert 400 <= answer.status < 500, headers
        assert "joined" not in await answer.text()
    assert all_rows(url) == before
    assert world.sandbox.state.messages == []


async def test_the_bot_calls_no_address_that_a_forged_request_names(
    world: SlackWorld, runtime: Runtime, url: str, session: aiohttp.ClientSession
) -> None:
    element = {"type": "button", "action_id": announcements.SHARE, "value": "1:1"}
    message = await live_post(world, runtime)
    click = payloads.block_actions(
        world.sandbox.state, world.amara, message, element, {"block_id": "b"}
    )
    body = urlencode({"payload": json.dumps(click)})
    calls = len(world.sandbox.calls)
    for stamp in ("now", "", "1e9", "9" * 400, "-1", str(int(time.time()))):
        headers = signed(world, body, secret="guessed") | {"X-Slack-Request-Timestamp": stamp}
        (await session.post(address(runtime), data=body, headers=headers)).release()
        await runtime.context.background_tasks.drain()
    assert world.sandbox.calls[calls:] == []
    assert world.amara.private == []


async def test_another_path_or_method_finds_nothing(
    world: SlackWorld, runtime: Runtime, url: str, session: aiohttp.ClientSession
) -> None:
    before = all_rows(url)
    body = join(world)
    for path in ("/", "/slack", "/slack/events/", "/slack/install", "/healthz/x", "/%2e%2e/etc"):
        headers = signed(world, body)
        async with session.post(address(runtime, path), data=body, headers=headers) as answer:
            assert answer.status == 404, path
    async with session.get(address(runtime)) as answer:
        assert answer.status in (404, 405)
    assert all_rows(url) == before


@pytest.mark.parametrize("body", ["", "payload=", "payload={", "payload=[]", "payload=5", "\x00"])
async def test_a_signed_body_that_is_none_stops_nothing(
    world: SlackWorld, runtime: Runtime, url: str, session: aiohttp.ClientSession, body: str
) -> None:
    before = all_rows(url)
    headers = signed(world, body)
    async with session.post(address(runtime), data=body, headers=headers) as answer:
        assert answer.status in (200, 400, 404, 500)
        assert "Traceback" not in await answer.text()
    assert all_rows(url) == before
    assert (await run_command(world.amara, "/advocacy join")).startswith("You're in until")


NOTHING_KNOWN: tuple[dict[str, object], ...] = (
    {"type": "block_actions", "actions": []},
    {"type": "block_actions", "actions": None},
    {"type": "block_actions", "actions": [{"action_id": 5}]},
    {"type": "block_actions"},
    {"type": "shortcut", "callback_id": "nobody_listens"},
    {"type": "block_suggestion", "action_id": "share", "value": "x"},
    {"type": "view_closed", "view": {"callback_id": "share_dialog"}},
    {"type": ["block_actions"]},
    {"type": "event_callback", "event": "none"},
    {},
)


async def test_what_is_signed_and_nothing_that_the_bot_knows_is_a_4xx(
    world: SlackWorld,
    runtime: Runtime,
    url: str,
    session: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = all_rows(url)
    for payload in NOTHING_KNOWN:
        body = urlencode({"payload": json.dumps({"user": {"id": world.amara.id}, **payload})})
        async with session.post(address(runtime), data=body, headers=signed(world, body)) as answer:
            assert 400 <= answer.status < 500, (answer.status, payload)
    assert all_rows(url) == before
    assert [one for one in caplog.records if one.exc_info] == []


async def test_events_that_nobody_listens_to_are_acknowledged(
    world: SlackWorld, runtime: Runtime, session: aiohttp.ClientSession
) -> None:
    calls = len(world.sandbox.calls)
    for event in ("reaction_added", "team_join", "message", "nothing_known"):
        inner = {"type": event, "user": world.amara.id}
        body = json.dumps(payloads.event(world.sandbox.state, inner))
        headers = {**signed(world, body), "Content-Type": "application/json"}
        async with session.post(address(runtime), data=body, headers=headers) as answer:
            assert answer.status == 200, event
    await runtime.context.background_tasks.drain()
    assert world.sandbox.calls[calls:] == []


async def test_hostile_clicks_are_answered_as_over_the_socket(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await live_post(world, runtime)
    await run_command(world.amara, "/advocacy join")
    before = all_rows(url)
    block = {"block_id": "b"}
    for action in (announcements.SHARE, announcements.SKIP, "unknown"):
        for value in ("", "1", "9" * 400, "<!channel>", 5, None, ["1:1"]):
            element = {"type": "button", "action_id": action, "value": value}
            state = world.sandbox.state
            payload = payloads.block_actions(state, world.amara, message, element, block)
            assert (await deliver(world, payload)).acknowledged
            await runtime.context.background_tasks.drain()
            expected = replies.OLD_BUTTON if action == "unknown" else replies.UNREADABLE
            assert world.amara.private[-1].plain == plainly(expected)
    assert all_rows(url) == before
