"""When the database cannot take it in time: people are told, and nothing is half stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.runtime import Runtime
from bot.sandbox import Fault, Message
from bot.slack.views import announcement, dialog, words
from tests.support import (
    Office,
    announced,
    approved_post,
    asked,
    fields,
    live_post,
    locked,
    office,
    press_in_dialog,
    pressed,
    rows,
    stored,
    the_card,
)

STAGES = "SELECT stage FROM response"


@pytest.fixture
async def place() -> AsyncIterator[Office]:
    async with office() as place:
        for name in ("dele", "eve", "fay"):
            place.news.members.append(place.sandbox.add_person(name))
        yield place


@pytest.fixture
async def message(place: Office, runtime: Runtime) -> Message:
    """A live post; Amara, Bo and Fay have joined."""
    post = await live_post(place, runtime)
    for name in ("amara", "bo", "fay"):
        await asked(place.sandbox.person(name), "/advocacy join")
    return post


async def test_a_click_is_not_acknowledged_before_it_is_stored(
    place: Office, url: str, message: Message
) -> None:
    with locked(url):
        clicking = asyncio.create_task(place.amara.press(message, announcement.SKIP))
        await asyncio.wait({clicking}, timeout=0.3)
        assert not clicking.done()
    outcome = await clicking
    assert outcome.acknowledged
    assert rows(url, STAGES) == [("skipped",)]


async def test_everybody_is_told_honestly_and_all_of_it_works_afterwards(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    dele, eve, fay = (place.sandbox.person(name) for name in ("dele", "eve", "fay"))
    await place.cleo.command("/advocacy queue", channel=place.comms)
    place.cleo.fill(fields(title="Another"))
    await eve.press(message, announcement.SHARE)  # who has yet to consent
    await fay.press(message, announcement.SHARE)
    before = stored(url)
    with locked(url):
        # The first one may be with the database already, the others never get that far.
        said = await pressed(runtime, place.amara, message, announcement.SKIP)
        assert said in (words.BUSY, words.UNKNOWN)
        shared, joined, submitted, consented, opened = await asyncio.gather(
            place.bo.press(message, announcement.SHARE),
            dele.command("/advocacy join"),
            place.cleo.submit(),
            eve.submit(),
            press_in_dialog(runtime, fay, dialog.OPEN),
        )
        for outcome in (shared, joined, submitted, consented, opened):
            assert outcome.acknowledged
            assert outcome.error is None
        await runtime.kit.afterwards.drain()
        assert stored(url) == before
    assert place.bo.private[-1].plain == words.BUSY
    assert dele.private[-1].plain == words.BUSY
    [form] = place.cleo.views
    assert form.errors == {"title": words.BUSY}
    assert form.values["why"]["value"]["value"] == fields()["why"]
    for person in (eve, fay):
        assert person.view is not None
        assert words.BUSY in person.view.plain

    # Doing it once more is safe, and enough.
    said = await pressed(runtime, place.amara, message, announcement.SKIP)
    assert said.startswith("Skipped, thank you.")
    await place.bo.press(message, announcement.SHARE)
    assert "You've joined." in await asked(dele, "/advocacy join")
    await place.cleo.submit()
    assert place.cleo.views == []
    await eve.press(message, announcement.SHARE)
    await eve.submit()
    await fay.close()
    await press_in_dialog(runtime, fay, dialog.OPEN)
    stages = [stage for (stage,) in rows(url, f"{STAGES} ORDER BY stage")]
    assert stages == ["interested", "interested", "opened", "skipped"]
    assert rows(url, "SELECT count(*) FROM post") == [(2,)]
    assert rows(url, "SELECT count(*) FROM response_event") == [(5,)]
    assert rows(url, "SELECT count(*) FROM member") == [(5,)]


async def test_a_heartbeat_that_cannot_write_sends_nothing_and_the_next_one_does(
    place: Office, runtime: Runtime, url: str
) -> None:
    await approved_post(place, runtime)
    with locked(url):
        await runtime.tick()
        assert announced(place) == []
    await runtime.tick()
    await runtime.tick()
    assert len(announced(place)) == 1


async def test_a_message_that_is_sent_while_nothing_can_be_stored_is_not_sent_again(
    place: Office, runtime: Runtime, url: str
) -> None:
    held = asyncio.Event()
    await approved_post(place, runtime)
    place.sandbox.faults.add(Fault("chat.postMessage", hold=held))
    beating = asyncio.create_task(runtime.tick())
    await place.sandbox.until(lambda: place.sandbox.faults.held, what="the call is held")
    with locked(url):
        held.set()
        await asyncio.wait({beating}, timeout=2.3)
        assert rows(url, "SELECT state FROM announcement") == [("sending",)]
    await beating
    await runtime.tick()
    await runtime.tick()
    assert len(announced(place)) == 1
    assert the_card(place, 1).plain.splitlines()[2] == "Live."
