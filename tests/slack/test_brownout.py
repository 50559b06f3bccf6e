"""Slack hangs on one thing: everything else goes on, and few people are counted for nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from slack_sandbox import Fault, Person
from tests.slack.direct_asks import (
    ASKS,
    WIDE,
    advance_to_heartbeat,
    direct_messages,
    move_to_late,
    staff,
)
from tests.support import SlackWorld, announced, approve, live_post, rows, run_command, waiting_post

MINUTE = timedelta(minutes=1)


@pytest.fixture
def variables() -> dict[str, str]:
    return {**WIDE, "CHANNEL_HOURS": "00:00-24:00", "WORKDAYS": "Mon-Sun"}


def to_people(**how: Any) -> Fault:
    """What goes wrong with every direct message."""
    return Fault(
        "chat.postMessage", when=lambda payload: payload["channel"][0] in "UWD", times=None, **how
    )


async def people_waiting(world: SlackWorld, runtime: Runtime) -> list[Person]:
    """A post is live that a dozen people would be asked about at the next heartbeat."""
    await live_post(world, runtime, topics="releases")
    return await staff(world, 12)


async def test_after_two_lost_replies_direct_messages_rest_and_then_go_on(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    people = await people_waiting(world, runtime)
    world.sandbox.faults.add(to_people(cut=True))
    await advance_to_heartbeat(world, runtime)
    states = [state for state, _ in rows(url, ASKS)]
    assert states.count("uncertain") == 2
    waiting = states.count("planned")
    assert waiting >= 4
    said = await run_command(world.cleo, "/advocacy health")
    assert "Slack isn't accepting direct messages just now" in said
    await runtime.tick()
    assert [state for state, _ in rows(url, ASKS)].count("uncertain") == 2, "they rest"
    world.sandbox.faults.clear()
    world.sandbox.clock.advance(2 * MINUTE)
    await runtime.tick()
    assert sum(len(direct_messages(world, person)) for person in people) == waiting
    assert "Slack doesn't" not in await run_command(world.cleo, "/advocacy health")


async def test_an_announcement_goes_out_and_clicks_are_answered_meanwhile(
    world: SlackWorld, runtime: Runtime
) -> None:
    people = await people_waiting(world, runtime)
    await waiting_post(world, runtime, title="Meanwhile")
    await approve(world.carl, 2)
    go = asyncio.Event()
    world.sandbox.faults.add(to_people(hold=go))
    await move_to_late(world, runtime)
    await runtime.timer.start_jobs()
    await world.sandbox.until(lambda: world.sandbox.faults.held == 2, what="two held sends")
    await world.sandbox.until(lambda: len(announced(world)) == 2, what="the announcement")
    said = await run_command(people[0], "/advocacy")
    assert said
    go.set()
    await runtime.tick()
