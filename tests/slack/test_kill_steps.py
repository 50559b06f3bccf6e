"""The whole program, dying at the steps that it has: it comes to rest by itself, nothing that was
acknowledged is lost, and nobody gets anything twice. `SOAK_KILLS`: how often, for a longer run."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.services import closing, snapshots
from slack_sandbox import Fault
from tests.slack.at_rest import let_time_pass
from tests.slack.desk_work import DeskWorkload
from tests.slack.process import BotProcess, Step
from tests.slack.program import Program, program
from tests.slack.report import Record
from tests.slack.steps import FEWER_STEPS, STEPS
from tests.slack.workload import Tally

SEED = 20261130
DAILY = (snapshots.take, closing.begin, closing.end)
SOAK = int(os.environ.get("SOAK_KILLS", "0"))
CALLS = ("chat.postMessage", "chat.update", "chat.delete", "views.publish", "dnd.teamInfo")
# What Slack does, how often of ten times, while the program is killed.
MOODS: dict[str, tuple[int, dict[str, Any]]] = {
    "slow": (10, {"delay": 0.3}),
    "429": (4, {"status": 429, "retry_after": 1}),
    "503": (4, {"status": 503}),
    "resets after accepting": (4, {"lose_reply": True}),
    "away": (10, {"cut": True}),
}
WAYS = [("http", "sqlite", 1), ("socket", "postgresql", 4 if SOAK else 2)]
MORE_WAYS = [("socket", "sqlite", 4), ("http", "postgresql", 1)]
BESIDE = 6  # workspaces at once: most of the time a program waits for its next heartbeat
STARTS = 3  # tries on a busy machine
REACHED_WITHIN = 20.0  # seconds, on a busy machine; it takes two to four


Job = Callable[[Program], Awaitable[tuple[Tally, float]]]


async def start_dying(made: Program, step: Step) -> BotProcess:
    """Start it, again where the machine was too busy for a start: whatever runs it does so."""
    started = await made.start(step)
    for _ in range(STARTS):
        if started.status != 1:
            break
        started = await made.start(step)
    return started


async def die(workload: DeskWorkload, step: Step) -> None:
    """Start a process, and let it die at that step; again with new work where a reply was late."""
    for _ in range(STARTS):
        workload.add(snapshot=step.function in DAILY)
        started = await start_dying(workload.made, step)
        workload.act()
        status = await started.ended(REACHED_WITHIN)
        await workload.made.end(signal.SIGKILL)
        let_time_pass(workload.made)
        if status == -signal.SIGKILL:
            return
    raise AssertionError(f"{step} was never reached")


async def come_to_rest(workload: DeskWorkload) -> tuple[Tally, float]:
    """Start it once more, and let it do what is left; what came of it, and how long that took."""
    made = workload.made
    await made.start()
    await workload.settle()
    seconds = await workload.rest()
    assert await made.end(signal.SIGTERM) == 0
    tally = workload.check()
    assert (tally.lost, tally.twice) == (0, 0), made.errors.read_text()[-3000:]
    return tally, seconds


async def dying_at(made: Program, steps: tuple[Step, ...]) -> tuple[Tally, float]:
    workload = DeskWorkload(made)
    for step in steps:
        await die(workload, step)
    return await come_to_rest(workload)


# Each on one of the databases; a longer run takes all steps on both.
ON_SQLITE = STEPS if SOAK else tuple(one for n, one in enumerate(FEWER_STEPS) if n // 2 % 2)
ON_POSTGRESQL = STEPS if SOAK else tuple(one for one in FEWER_STEPS if one not in ON_SQLITE)


@pytest.mark.parametrize(
    ("mode", "database_url", "steps"),
    [
        ("http", "sqlite", ON_SQLITE),
        ("socket", "postgresql", ON_POSTGRESQL),
    ],
    ids=["http-sqlite", "socket-postgresql"],
    indirect=["database_url"],
)
async def test_after_dying_at_each_step_it_comes_to_rest(
    database_url: str,
    mode: str,
    steps: tuple[Step, ...],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record: Record,
) -> None:
    each = [
        partial(dying_at, steps=steps[number::BESIDE]) for number in range(min(BESIDE, len(steps)))
    ]
    ended = await beside_each_other(request, database_url, mode, tmp_path, each)
    record.sum(f"killed at each step, {kind_of(database_url)}", ended)


def kind_of(url: str) -> str:
    return url.partition(":")[0].partition("+")[0]


async def beside_each_other(
    request: pytest.FixtureRequest, url: str, mode: str, folder: Path, each: Sequence[Job]
) -> list[tuple[Tally, float]]:
    """Do all of these at once, each in a workspace of its own."""
    another: Callable[[], str] = request.getfixturevalue(f"new_{kind_of(url)}")
    async with AsyncExitStack() as stack:
        begun = []
        for number, job in enumerate(each):
            mine = folder / str(number)
            mine.mkdir()
            made = await stack.enter_async_context(
                program(another() if number else url, mode, mine)
            )
            begun.append(job(made))
        return await asyncio.gather(*begun)


def spoil(made: Program, mood: str, chance: random.Random) -> None:
    """Let Slack misbehave in one way; it starts the program and takes clicks all the same."""
    of_ten, how = MOODS[mood]
    for method in CALLS:
        now_and_then = Fault(
            method, times=None, when=lambda _: chance.random() * 10 < of_ten, **how
        )
        made.sandbox.faults.add(now_and_then)


async def killed_while(
    workload: DeskWorkload, mood: str, processes: int, chance: random.Random
) -> None:
    """Let processes die at steps of theirs, or whenever it is, while Slack misbehaves."""
    made = workload.made
    workload.add()
    spoil(made, mood, chance)
    workload.replies_lost = True
    started = [await made.start(chance.choice(STEPS)) for _ in range(processes)]
    workload.act()
    within = chance.uniform(0.5, 2.5)
    await asyncio.gather(*(each.ended(within) for each in started))
    await made.end(signal.SIGKILL)
    made.sandbox.faults.clear()
    let_time_pass(made)


async def killed_often(
    made: Program, mood: str, processes: int, chance: random.Random
) -> tuple[Tally, float]:
    workload = DeskWorkload(made)
    for _ in range(SOAK // len(MOODS) or 1):
        await killed_while(workload, mood, processes, chance)
    return await come_to_rest(workload)


@pytest.mark.parametrize(
    ("mode", "database_url", "processes"),
    [*WAYS, *MORE_WAYS] if SOAK else WAYS,
    indirect=["database_url"],
)
async def test_whatever_slack_does_meanwhile_it_comes_to_rest(
    database_url: str,
    mode: str,
    processes: int,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    record: Record,
) -> None:
    each = [
        partial(killed_often, mood=mood, processes=processes, chance=random.Random(SEED + number))
        for number, mood in enumerate(MOODS)
    ]
    ended = await beside_each_other(request, database_url, mode, tmp_path, each)
    beside = f"{kind_of(database_url)}, {processes} process{'es' * (processes > 1)}"
    for mood, (tally, seconds) in zip(MOODS, ended, strict=True):
        record.row(f"killed, Slack {mood}, {beside}", tally, seconds)
