"""The machine's clock is set an hour forth or back while the bot runs: nothing goes out twice,
nothing that was acknowledged is lost, and all comes to rest."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.runtime import Runtime
from bot.slack.views import asks
from slack_sandbox import Fault
from tests.slack.direct_asks import ASKS, WIDE, direct_messages, move_to_late, staff
from tests.support import (
    SlackWorld,
    announced,
    approve,
    live_post,
    rows,
    waiting_post,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PEOPLE = 9
MOVING = "SELECT count(*) FROM {} WHERE state IN ('planned', 'sending')"

STEPS = pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["forth", "back"])


@pytest.fixture
def variables() -> dict[str, str]:
    return {**WIDE, "CHANNEL_HOURS": "00:00-24:00", "WORKDAYS": "Mon-Sun"}


async def at_rest(world: SlackWorld, runtime: Runtime, url: str) -> None:
    """Let an hour and some minutes pass; then nothing is on its way."""
    for _ in range(3):
        world.sandbox.clock.advance(HOUR / 2)
        await runtime.tick()
    for table in ("ask", "announcement"):
        assert rows(url, MOVING.format(table)) == [(0,)]


@STEPS
async def test_a_step_while_messages_are_on_their_way(
    world: SlackWorld, runtime: Runtime, url: str, step: timedelta
) -> None:
    await live_post(world, runtime, topics="releases")
    people = await staff(world, PEOPLE)
    await waiting_post(world, runtime, title="Another", topics="")
    await approve(world.carl, 2)
    await move_to_late(world, runtime)
    arrives = asyncio.Event()
    held = Fault("chat.postMessage", hold=arrives, times=None)
    world.sandbox.faults.add(held)
    await runtime.timer.start_jobs()
    await world.sandbox.until(lambda: world.sandbox.faults.held == 3, what="three held messages")
    world.sandbox.clock.advance(step)
    await runtime.heartbeat.jobs["announcing"]()  # which gives up what seems abandoned
    world.sandbox.faults.remove(held)
    await runtime.tick()
    await at_rest(world, runtime, url)
    assert len(announced(world)) == 2
    assert all(len(direct_messages(world, person)) <= 1 for person in people)
    states = [state for state, _ in rows(url, ASKS)]
    assert "uncertain" not in states, "each reply came, if late"


@STEPS
async def test_clicks_around_a_step_are_all_stored(
    world: SlackWorld, runtime: Runtime, url: str, step: timedelta
) -> None:
    await live_post(world, runtime, topics="releases")
    people = await staff(world, PEOPLE)
    await move_to_late(world, runtime)
    await runtime.tick()
    asked = [person for person in people if direct_messages(world, person)]
    assert len(asked) > 2
    for number, person in enumerate(asked):
        if number == len(asked) // 2:
            world.sandbox.clock.advance(step)
        outcome = await person.press(direct_messages(world, person)[0], asks.SKIP)
        assert outcome.acknowledged, outcome.error
    assert rows(url, "SELECT count(*) FROM response") == [(len(asked),)]
    await at_rest(world, runtime, url)
    assert all(len(direct_messages(world, person)) <= 1 for person in people)
