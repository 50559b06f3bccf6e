"""A programme that is played, read by a curious manager, and told week by week."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from slack_sandbox import Clock, Sandbox
from tests.slack.test_reports import said
from tests.support import bot_running, slack_world
from tests.weeks.manager import Manager
from tests.weeks.programme import NEWS, SETTINGS, START, WEEKS, Programme, Week
from tests.weeks.screens import collect


@dataclass(slots=True)
class Told:
    """What was played, what happened in each week, and what the figures give away."""

    played: Programme
    manager: Manager
    weeks: list[Week] = field(default_factory=list)
    findings: Sequence[str] = ()


@asynccontextmanager
async def four_weeks(
    url: str,
    *,
    staff: int,
    seed: int = 1,
    typed: bool = False,
    sandbox: Sandbox | None = None,
    tell: Callable[[str], None] = print,
) -> AsyncIterator[Told]:
    """Play them; the company stays as it is at their end while the block runs."""
    sandbox = sandbox or Sandbox(clock=Clock(start=START, frozen=True))
    async with (
        slack_world(sandbox=sandbox) as world,
        bot_running(world, url, **SETTINGS) as runtime,
    ):
        played = Programme(world, runtime, url, staff=staff, seed=seed, typed=typed)
        manager = Manager(played.titles, [one["summary"][:200] for one in NEWS])
        told = Told(played, manager)
        await played.begin()
        for number in range(WEEKS):
            if number:
                await played.leave(7)  # one of the staff, each week
                await played.to_monday()
            told.weeks.append(await played.play_week())
            manager.look(played.name, [screen async for screen in collect(played)])
            report = await said(runtime, world.carl, "/advocacy report")
            told.weeks[-1].said = report.partition("\nWhat ")[0]
            tell(str(told.weeks[-1]))
        truth = played.truth
        found = manager.findings(truth.posts(), truth.members, truth.follow)
        told.findings = tuple(sorted(set(found)))
        tell(
            f"{manager.screens} screens, {len(manager.said)} figures; "
            f"what they give away: {'; '.join(told.findings) or 'nothing about a few'}."
        )
        yield told
