"""Socket Mode when connections come and go: nothing acknowledged is lost, nothing counts twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.runtime import Runtime, running
from bot.slack.views import announcements, replies
from slack_sandbox import Fault, Message
from tests.support import (
    SlackWorld,
    approved_post,
    bot_running,
    live_post,
    rows,
    run_command,
    settings,
)

# A connection that broke without a word is noticed by the client's own look at it, every 10 s.
NOTICED = 25.0
EVENTS = "SELECT stage FROM response_event"


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """No traceback, neither printed nor in the log."""
    yield
    logged = [*caplog.get_records("call"), *caplog.get_records("teardown")]
    assert [record.getMessage() for record in logged if record.exc_info] == []
    assert "Traceback" not in capfd.readouterr().err


def opened(world: SlackWorld) -> int:
    """How often the bot asked for the address of a socket."""
    return len([call for call in world.sandbox.calls if call.method == "apps.connections.open"])


async def works(world: SlackWorld, runtime: Runtime, url: str, message: Message) -> None:
    """A click is stored and answered."""
    outcome = await world.amara.press(message, announcements.SKIP)
    assert outcome.acknowledged, outcome.error
    await runtime.context.background_tasks.drain()
    assert world.amara.private[-1].plain.startswith("Skipped, thank you.")
    assert rows(url, EVENTS) == [("skipped",)]


async def test_two_connections_share_the_work(
    quiet: None, world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await works(world, runtime, url, message)
    used = [one for one in world.sandbox.sockets.connections if one.envelopes]
    assert len(used) == 2


async def test_sockets_that_slack_closes_are_opened_anew(
    quiet: None, world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await world.sandbox.drop_sockets()
    await world.sandbox.connected(2)
    await works(world, runtime, url, message)


async def test_while_one_connection_is_broken_the_other_takes_what_comes(
    quiet: None, world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    broken = world.sandbox.sockets.connections[0]
    broken.cut()
    await broken.gone
    outcome = await world.amara.press(message, announcements.SKIP)
    assert outcome.acknowledged
    assert outcome.seconds < 3
    assert rows(url, EVENTS) == [("skipped",)]


async def test_sockets_that_break_without_a_word_are_opened_anew(
    quiet: None, world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await world.sandbox.drop_sockets(silently=True)
    await world.sandbox.connected(2, timeout=NOTICED)
    await works(world, runtime, url, message)


async def test_a_refresh_with_a_warning_loses_no_click(
    quiet: None, world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    old = list(world.sandbox.sockets.connections)
    refreshing = asyncio.create_task(world.sandbox.refresh_sockets(0.1))
    outcomes = [await world.amara.press(message, announcements.SKIP)]
    await refreshing
    outcomes.append(await world.amara.press(message, announcements.SKIP))
    assert all(outcome.acknowledged for outcome in outcomes)
    await asyncio.gather(*(one.gone for one in old))
    await world.sandbox.connected(2)
    await works(world, runtime, url, message)


async def test_after_an_outage_longer_than_a_tickets_life_both_are_back(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = opened(world)
    world.sandbox.state.ticket_life = -1.0  # whoever comes with such a ticket is refused
    await world.sandbox.drop_sockets()
    await world.sandbox.until(lambda: opened(world) == before + 2, what="both have been refused")
    world.sandbox.state.ticket_life = 30.0
    await world.sandbox.connected(2, timeout=NOTICED)
    await works(world, runtime, url, message)


async def test_an_outage_is_a_line_in_the_log_and_no_traceback(
    quiet: None, world: SlackWorld, runtime: Runtime
) -> None:
    logged = asyncio.Event()
    listening = _Listening(logged)
    logging.getLogger().addHandler(listening)
    try:
        world.sandbox.refuse_sockets = True
        await world.sandbox.drop_sockets()
        async with asyncio.timeout(5):
            await logged.wait()
    finally:
        logging.getLogger().removeHandler(listening)


class _Listening(logging.Handler):
    """Tells when something is logged."""

    def __init__(self, logged: asyncio.Event) -> None:
        super().__init__(logging.WARNING)
        self._logged = logged

    def emit(self, _record: logging.LogRecord) -> None:
        self._logged.set()


def _shares(envelopes: list[dict[str, Any]]) -> int:
    """How many clicks on Share came by a connection."""
    actions = [one["payload"].get("actions", [{}])[0] for one in envelopes]
    return len([one for one in actions if one.get("action_id") == announcements.SHARE])


async def share_delivered_twice(world: SlackWorld, runtime: Runtime, message: Message) -> None:
    """The connection breaks while the click is being handled, and it comes by the other one."""
    held = asyncio.Event()
    world.sandbox.faults.add(Fault("views.open", hold=held))
    clicking = asyncio.create_task(world.amara.press(message, announcements.SHARE))
    await world.sandbox.until(lambda: world.sandbox.faults.held, what="the click is being handled")
    taken = max(world.sandbox.sockets.connections, key=lambda one: _shares(one.envelopes))
    taken.cut()
    outcome = await clicking
    held.set()
    assert outcome.acknowledged
    await runtime.context.background_tasks.drain()


async def test_an_envelope_that_comes_again_is_stored_once(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await share_delivered_twice(world, runtime, message)
    assert rows(url, EVENTS) == [("interested",)]
    assert len(world.amara.views) == 1


async def test_an_envelope_that_comes_again_is_not_said_to_have_failed(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await share_delivered_twice(world, runtime, message)
    said = [one.text for one in world.amara.private]
    assert replies.DIALOG_FAILED not in said, "the dialog is open, whichever delivery opened it"


async def test_a_connection_that_breaks_under_a_click_is_no_traceback_in_the_log(
    quiet: None, world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await share_delivered_twice(world, runtime, message)


async def test_an_orderly_end_finishes_what_was_acknowledged(
    quiet: None, world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url) as runtime:
        message = await live_post(world, runtime)
        await run_command(world.amara, "/advocacy join")
        world.sandbox.faults.add(Fault("response_url", delay=0.3))
        outcome = await world.amara.press(message, announcements.SKIP)
        assert outcome.acknowledged
    assert world.amara.private[-1].plain.startswith("Skipped, thank you.")
    assert rows(url, EVENTS) == [("skipped",)]


async def test_an_orderly_end_waits_for_the_heartbeat_under_way(
    quiet: None, world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url) as runtime:
        await approved_post(world, runtime)
    held = asyncio.Event()
    world.sandbox.faults.add(Fault("chat.postMessage", hold=held))
    chosen = settings(world, url, TICK_SECONDS="1")
    async with running(chosen, world.sandbox.clock):
        await world.sandbox.until(lambda: world.sandbox.faults.held, what="a heartbeat sends")
        asyncio.get_running_loop().call_later(0.2, held.set)  # by then it is about to end
    assert rows(url, "SELECT state FROM announcement") == [("sent",)]


async def test_clicks_under_way_at_the_end_are_stored_or_not_acknowledged(
    quiet: None, world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url) as runtime:
        message = await live_post(world, runtime)
        people = [world.sandbox.add_person(f"p{number}") for number in range(20)]
        for person in people:
            await run_command(person, "/advocacy join")
        clicks = [
            asyncio.create_task(person.press(message, announcements.SKIP)) for person in people
        ]
        await clicks[0]
    outcomes = await asyncio.gather(*clicks)
    acknowledged = len([one for one in outcomes if one.acknowledged])
    [(kept,)] = rows(url, "SELECT count(*) FROM response")
    assert 1 <= acknowledged <= kept
