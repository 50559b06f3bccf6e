"""When the database cannot take it in time: people are told, and nothing is half stored."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection

from bot.runtime import Runtime
from bot.slack.views import announcements, replies, share_dialog
from bot.storage.database import READERS
from slack_sandbox import Fault, Message
from tests.support import (
    SlackWorld,
    all_rows,
    announced,
    approved_post,
    click,
    click_in_dialog,
    fields,
    fill_in,
    live_post,
    locked,
    rows,
    run_command,
    send,
    slack_world,
    the_card,
)

STAGES = "SELECT stage FROM response"


@pytest.fixture
async def world() -> AsyncIterator[SlackWorld]:
    async with slack_world() as world:
        for name in ("dele", "eve", "fay"):
            world.news.members.append(world.sandbox.add_person(name))
        yield world


@pytest.fixture
async def message(world: SlackWorld, runtime: Runtime) -> Message:
    """A live post; Amara, Bo and Fay have joined."""
    post = await live_post(world, runtime)
    for name in ("amara", "bo", "fay"):
        await run_command(world.sandbox.person(name), "/advocacy join")
    return post


async def test_a_click_is_not_acknowledged_before_it_is_stored(
    world: SlackWorld, url: str, message: Message
) -> None:
    with locked(url):
        clicking = asyncio.create_task(world.amara.press(message, announcements.SKIP))
        await asyncio.wait({clicking}, timeout=0.3)
        assert not clicking.done()
    outcome = await clicking
    assert outcome.acknowledged
    assert rows(url, STAGES) == [("skipped",)]


@pytest.mark.parametrize(
    "fault", [Fault("response_url", status=500), Fault("response_url", cut=True)]
)
async def test_what_was_neither_stored_nor_told_is_not_acknowledged(
    world: SlackWorld, url: str, message: Message, fault: Fault
) -> None:
    before = all_rows(url)
    world.sandbox.faults.add(fault)
    with locked(url):
        outcome = await world.amara.press(message, announcements.SKIP)
        assert not outcome.acknowledged, "so Slack says by itself that it did not work"
    assert all_rows(url) == before


async def test_everybody_is_told_honestly_and_all_of_it_works_afterwards(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    dele, eve, fay = (world.sandbox.person(name) for name in ("dele", "eve", "fay"))
    await world.cleo.command("/advocacy queue", channel=world.comms)
    await fill_in(world.cleo, fields(title="Another", link="https://flink.example.org/another/"))
    await eve.press(message, announcements.SHARE)  # who has yet to consent
    await fay.press(message, announcements.SHARE)
    before = all_rows(url)
    with locked(url):
        # The first one may be with the database already, the others never get that far.
        said = await click(runtime, world.amara, message, announcements.SKIP)
        assert said in (replies.BUSY, replies.UNKNOWN)
        shared, joined, submitted, consented, opened = await asyncio.gather(
            world.bo.press(message, announcements.SHARE),
            dele.command("/advocacy join"),
            world.cleo.submit(),
            eve.submit(),
            click_in_dialog(runtime, fay, share_dialog.OPEN),
        )
        for outcome in (shared, joined, submitted, consented, opened):
            assert outcome.acknowledged
            assert outcome.error is None
        await runtime.context.background_tasks.drain()
        assert all_rows(url) == before
    assert world.bo.private[-1].plain == replies.BUSY
    assert dele.private[-1].plain == replies.BUSY
    [form] = world.cleo.views
    assert form.errors == {"title": replies.BUSY}
    assert form.values["why"]["value"]["value"] == fields()["why"]
    for person in (eve, fay):
        assert person.view is not None
        assert replies.BUSY in person.view.plain

    # Doing it once more is safe, and enough.
    said = await click(runtime, world.amara, message, announcements.SKIP)
    assert said.startswith("Skipped, thank you.")
    await world.bo.press(message, announcements.SHARE)
    assert "You're in until" in await run_command(dele, "/advocacy join")
    await send(world.cleo)
    assert world.cleo.views == []
    await eve.press(message, announcements.SHARE)
    await eve.submit()
    await fay.close()
    await click_in_dialog(runtime, fay, share_dialog.OPEN)
    stages = [stage for (stage,) in rows(url, f"{STAGES} ORDER BY stage")]
    assert stages == ["interested", "interested", "opened", "skipped"]
    assert rows(url, "SELECT count(*) FROM post") == [(2,)]
    assert rows(url, "SELECT count(*) FROM response_event") == [(5,)]
    assert rows(url, "SELECT count(*) FROM member") == [(5,)]


async def test_a_heartbeat_that_cannot_write_sends_nothing_and_the_next_one_does(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await approved_post(world, runtime)
    with locked(url):
        await runtime.tick()
        assert announced(world) == []
    await runtime.tick()
    await runtime.tick()
    assert len(announced(world)) == 1


async def test_a_message_that_is_sent_while_nothing_can_be_stored_is_not_sent_again(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    held = asyncio.Event()
    await approved_post(world, runtime)
    world.sandbox.faults.add(Fault("chat.postMessage", hold=held))
    beating = asyncio.create_task(runtime.tick())
    await world.sandbox.until(lambda: world.sandbox.faults.held, what="the call is held")
    with locked(url):
        held.set()
        await asyncio.wait({beating}, timeout=2.3)
        assert rows(url, "SELECT state FROM announcement") == [("sending",)]
    await beating
    await runtime.tick()
    await runtime.tick()
    assert len(announced(world)) == 1
    assert the_card(world, 1).plain.splitlines()[2].startswith("Live")


async def test_share_is_answered_within_three_seconds_though_reading_and_writing_are_slow(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    """Slack gives a click, and the dialog that it opens, three seconds in all."""
    loop, slow = asyncio.get_running_loop(), threading.Event()

    def hold(_connection: Connection) -> None:
        slow.wait()

    database = runtime.context.database
    readers = [asyncio.create_task(database.read(hold)) for _ in range(READERS)]
    loop.call_later(1.5, slow.set)
    with locked(url):
        began = loop.time()
        outcome = await world.amara.press(message, announcements.SHARE)
        assert loop.time() - began < 3.0
    await asyncio.gather(*readers)
    await runtime.context.background_tasks.drain()
    assert outcome.acknowledged
    assert world.amara.view is not None, "it opened in time"
    assert world.amara.private[-1].plain in (replies.BUSY, replies.UNKNOWN)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert rows(url, STAGES) == [("opened",)], "going on is enough"
