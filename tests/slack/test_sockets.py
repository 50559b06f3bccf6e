"""Socket Mode when connections come and go: nothing acknowledged is lost, nothing counts twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.runtime import Runtime, running
from bot.sandbox import Fault, Message
from bot.slack.views import announcement, words
from tests.support import Office, approved_post, asked, bot_running, live_post, rows, settings

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


def opened(place: Office) -> int:
    """How often the bot asked for the address of a socket."""
    return len([call for call in place.sandbox.calls if call.method == "apps.connections.open"])


async def works(place: Office, runtime: Runtime, url: str, message: Message) -> None:
    """A click is stored and answered."""
    outcome = await place.amara.press(message, announcement.SKIP)
    assert outcome.acknowledged, outcome.error
    await runtime.kit.afterwards.drain()
    assert place.amara.private[-1].plain.startswith("Skipped, thank you.")
    assert rows(url, EVENTS) == [("skipped",)]


async def test_two_connections_share_the_work(
    quiet: None, place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await works(place, runtime, url, message)
    used = [one for one in place.sandbox.sockets.connections if one.envelopes]
    assert len(used) == 2


async def test_sockets_that_slack_closes_are_opened_anew(
    quiet: None, place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await place.sandbox.drop_sockets()
    await place.sandbox.connected(2)
    await works(place, runtime, url, message)


async def test_while_one_connection_is_broken_the_other_takes_what_comes(
    quiet: None, place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    broken = place.sandbox.sockets.connections[0]
    broken.cut()
    await broken.gone
    outcome = await place.amara.press(message, announcement.SKIP)
    assert outcome.acknowledged
    assert outcome.seconds < 3
    assert rows(url, EVENTS) == [("skipped",)]


async def test_sockets_that_break_without_a_word_are_opened_anew(
    quiet: None, place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await place.sandbox.drop_sockets(silently=True)
    await place.sandbox.connected(2, timeout=NOTICED)
    await works(place, runtime, url, message)


async def test_a_refresh_with_a_warning_loses_no_click(
    quiet: None, place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    old = list(place.sandbox.sockets.connections)
    refreshing = asyncio.create_task(place.sandbox.refresh_sockets(0.1))
    outcomes = [await place.amara.press(message, announcement.SKIP)]
    await refreshing
    outcomes.append(await place.amara.press(message, announcement.SKIP))
    assert all(outcome.acknowledged for outcome in outcomes)
    await asyncio.gather(*(one.gone for one in old))
    await place.sandbox.connected(2)
    await works(place, runtime, url, message)


async def test_after_an_outage_longer_than_a_tickets_life_both_are_back(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = opened(place)
    place.sandbox.state.ticket_life = -1.0  # whoever comes with such a ticket is refused
    await place.sandbox.drop_sockets()
    await place.sandbox.until(lambda: opened(place) == before + 2, what="both have been refused")
    place.sandbox.state.ticket_life = 30.0
    await place.sandbox.connected(2, timeout=NOTICED)
    await works(place, runtime, url, message)


async def test_an_outage_is_a_line_in_the_log_and_no_traceback(
    quiet: None, place: Office, runtime: Runtime
) -> None:
    logged = asyncio.Event()
    listening = _Listening(logged)
    logging.getLogger().addHandler(listening)
    try:
        place.sandbox.refuse_sockets = True
        await place.sandbox.drop_sockets()
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
    return len([one for one in actions if one.get("action_id") == announcement.SHARE])


async def share_delivered_twice(place: Office, runtime: Runtime, message: Message) -> None:
    """The connection breaks while the click is being handled, and it comes by the other one."""
    held = asyncio.Event()
    place.sandbox.faults.add(Fault("views.open", hold=held))
    clicking = asyncio.create_task(place.amara.press(message, announcement.SHARE))
    await place.sandbox.until(lambda: place.sandbox.faults.held, what="the click is being handled")
    taken = max(place.sandbox.sockets.connections, key=lambda one: _shares(one.envelopes))
    taken.cut()
    outcome = await clicking
    held.set()
    assert outcome.acknowledged
    await runtime.kit.afterwards.drain()


async def test_an_envelope_that_comes_again_is_stored_once(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await share_delivered_twice(place, runtime, message)
    assert rows(url, EVENTS) == [("interested",)]
    assert len(place.amara.views) == 1


async def test_an_envelope_that_comes_again_is_not_said_to_have_failed(
    place: Office, runtime: Runtime, message: Message
) -> None:
    await share_delivered_twice(place, runtime, message)
    said = [one.text for one in place.amara.private]
    assert words.DIALOG_FAILED not in said, "the dialog is open, whichever delivery opened it"


async def test_a_connection_that_breaks_under_a_click_is_no_traceback_in_the_log(
    quiet: None, place: Office, runtime: Runtime, message: Message
) -> None:
    await share_delivered_twice(place, runtime, message)


async def test_an_orderly_end_finishes_what_was_acknowledged(
    quiet: None, place: Office, url: str
) -> None:
    async with bot_running(place, url) as runtime:
        message = await live_post(place, runtime)
        await asked(place.amara, "/advocacy join")
        place.sandbox.faults.add(Fault("response_url", delay=0.3))
        outcome = await place.amara.press(message, announcement.SKIP)
        assert outcome.acknowledged
    assert place.amara.private[-1].plain.startswith("Skipped, thank you.")
    assert rows(url, EVENTS) == [("skipped",)]


async def test_an_orderly_end_waits_for_the_heartbeat_under_way(
    quiet: None, place: Office, url: str
) -> None:
    async with bot_running(place, url) as runtime:
        await approved_post(place, runtime)
    held = asyncio.Event()
    place.sandbox.faults.add(Fault("chat.postMessage", hold=held))
    chosen = settings(place, url, TICK_SECONDS="1")
    async with running(chosen, place.sandbox.clock):
        await place.sandbox.until(lambda: place.sandbox.faults.held, what="a heartbeat sends")
        asyncio.get_running_loop().call_later(0.2, held.set)  # by then it is about to end
    assert rows(url, "SELECT state FROM announcement") == [("sent",)]


async def test_clicks_under_way_at_the_end_are_stored_or_not_acknowledged(
    quiet: None, place: Office, url: str
) -> None:
    async with bot_running(place, url) as runtime:
        message = await live_post(place, runtime)
        people = [place.sandbox.add_person(f"p{number}") for number in range(20)]
        for person in people:
            await asked(person, "/advocacy join")
        clicks = [
            asyncio.create_task(person.press(message, announcement.SKIP)) for person in people
        ]
        await clicks[0]
    outcomes = await asyncio.gather(*clicks)
    acknowledged = len([one for one in outcomes if one.acknowledged])
    [(kept,)] = rows(url, "SELECT count(*) FROM response")
    assert 1 <= acknowledged <= kept
