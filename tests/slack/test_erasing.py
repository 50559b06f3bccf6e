"""What goes from Slack a month after a post ended, and a month after somebody left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.runtime import Runtime
from slack_sandbox import Fault, Message
from tests.slack.direct_asks import DAY, HOUR, direct_messages, receive_ask
from tests.support import SlackWorld, all_rows, rows, run_command, withdraw

pytestmark = pytest.mark.usefixtures("polite")

MONTH_LATER = 31 * DAY


async def ticks(world: SlackWorld, runtime: Runtime, after: timedelta, count: int = 4) -> None:
    """Some heartbeats after so long."""
    world.sandbox.clock.advance(after)
    for _ in range(count):
        await runtime.tick()


async def ended(world: SlackWorld, runtime: Runtime) -> Message:
    """Amara was asked about a post, which was withdrawn then; the message."""
    message = await receive_ask(world, runtime, world.amara)
    await withdraw(world.carl, 1)
    await runtime.tick()
    assert direct_messages(world, world.amara) == [message]
    return message


async def test_messages_about_a_post_go_a_month_after_its_end(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await ended(world, runtime)
    await ticks(world, runtime, 29 * DAY)
    assert len(direct_messages(world, world.amara)) == 1
    await ticks(world, runtime, 2 * DAY)
    assert direct_messages(world, world.amara) == []
    assert rows(url, "SELECT id FROM ask") == rows(url, "SELECT id FROM removal") == []
    assert rows(url, "SELECT folded FROM post") == [(1,)]


async def test_what_slack_cannot_delete_now_is_deleted_later(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await ended(world, runtime)
    world.sandbox.faults.add(Fault("chat.delete", status=503))
    await ticks(world, runtime, MONTH_LATER)
    assert rows(url, "SELECT id FROM ask") == [], "here it is gone whatever Slack does"
    assert len(direct_messages(world, world.amara)) == 1
    world.sandbox.faults.clear()
    await ticks(world, runtime, HOUR)
    assert direct_messages(world, world.amara) == []


async def test_what_slack_refuses_to_delete_is_emptied(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await ended(world, runtime)
    world.sandbox.faults.add(Fault("chat.delete", error="cant_delete_message"))
    await ticks(world, runtime, MONTH_LATER)
    [message] = direct_messages(world, world.amara)
    assert message.plain == "This message was removed."
    assert rows(url, "SELECT id FROM removal") == []


async def test_a_month_after_leaving_nothing_of_a_person_is_left(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await receive_ask(world, runtime, world.amara)
    await run_command(world.amara, "/advocacy leave")
    await ticks(world, runtime, 29 * DAY)
    assert world.amara.id in str(all_rows(url))
    assert len(direct_messages(world, world.amara)) == 1
    await ticks(world, runtime, 2 * DAY)
    assert world.amara.id not in str(all_rows(url))
    assert direct_messages(world, world.amara) == []
