"""A stored Skip beside a click that does nothing: `python -m bench.clicks`.

Both servers are up at once, each in its own process, and are measured in turns, so that what else
the machine does meets both. A ratio is the no-op's clicks per second over the Skip's.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bench import ground, report
from bench.children import Child, child
from bench.ground import Ground

MANY, ONE = 32, 1
_MOST_PER_SECOND = 4_000  # clicks prepared for each second of a round


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: pairs of rounds, the seconds of one, and the clicks of one.

    There are so many live posts, and so many that wait for their turn.
    """

    pairs: int
    seconds: float
    most: int
    live: int = ground.POSTS
    waiting: int = ground.WAITING


# Only to see whether it works: each round ends with its clicks, however slow the machine is.
QUICK = Plan(pairs=1, seconds=60.0, most=MANY + 8, live=1, waiting=20)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way of clicking: what is clicked, over how many connections, and what goes on beside."""

    name: str
    connections: int
    answers: bool = True
    planning: bool = False
    server: str = "bot"
    button: str = "skip"

    @property
    def noop(self) -> bool:
        """Whether this is the measure for the others."""
        return self.server == "noop"


VARIANTS = (
    Variant("no-op", MANY, server="noop"),
    Variant("Skip", MANY),
    Variant("Skip, no answers", MANY, answers=False),
    Variant("Skip, planning", MANY, planning=True),
    Variant("Share", MANY, answers=False, button="share"),
    Variant("Skip, Flask and an ORM session", MANY, server="flask"),
    Variant("Skip, an asyncio session", MANY, server="asyncio"),
    Variant("no-op", ONE, server="noop"),
    Variant("Skip", ONE),
    Variant("Skip, no answers", ONE, answers=False),
)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round showed; times in ms, `late` answers were still to be sent at its end.

    `cpu` is what the server used of the processors for one click, with all that follows it.
    `history` are the lines of each click that was acknowledged and is stored. `told` is how many
    people were told that their click was perhaps not stored, since the database took too long.
    """

    variant: Variant
    acknowledged: int
    refused: int
    per_second: float
    p50: float
    p99: float
    most: float
    cpu: float
    history: tuple[int, ...]
    told: int
    ticks: int
    complaints: int
    locked: int
    late: int

    @property
    def whole(self) -> bool:
        """Whether each click that was acknowledged is stored once, or its person was told.

        One that was refused may be stored or not: Slack says that it did not work. Bolt refuses
        for a listener that has not acknowledged in three seconds, which goes on nevertheless.
        """
        missing = self.acknowledged - len(self.history)
        return missing <= self.told and all(lines == 1 for lines in self.history)


class Bench:
    """The processes of one database, and the clicks that have been used up."""

    def __init__(
        self, place: Ground, servers: Mapping[str, Child], sink: Child, load: Child
    ) -> None:
        self._ground = place
        self._servers, self._sink, self._load = servers, sink, load
        self._next = 0
        self.body = 0

    async def round(self, variant: Variant, plan: Plan) -> Round:
        """Click for a while, let what follows come to its end, and count what is stored."""
        sink = await self._sink.ask("where")
        server = self._servers[variant.server]
        before = await server.ask("state")
        if variant.planning:
            self._ground.queue(waiting=True)
            await server.ask("plan")
        first = 0 if variant.noop else self._next
        shown = await self._load.ask(
            "click",
            port=before["port"],
            connections=variant.connections,
            seconds=plan.seconds,
            button=variant.button,
            first=first,
            most=min(plan.most, ground.MEMBERS * plan.live - first),
            answers=f"http://127.0.0.1:{sink['port']}/answer" if variant.answers else None,
        )
        answered = (await self._sink.ask("state"))["taken"] - sink["taken"]
        after = await server.ask("settle")
        if variant.planning:
            self._ground.queue(waiting=False)
        history = {}
        if not variant.noop:
            self._next += shown["clicks"]
            history = self._ground.history(first, shown["clicks"])
        self.body = shown["body"]
        refused = set(shown["refused"])
        acknowledged = shown["clicks"] - len(refused)
        owing = acknowledged if variant.answers and not variant.noop else 0
        return Round(
            variant=variant,
            acknowledged=acknowledged,
            refused=len(refused),
            per_second=shown["per_second"],
            p50=shown["p50"],
            p99=shown["p99"],
            most=shown["max"],
            cpu=1_000 * (after["cpu"] - before["cpu"]) / max(1, acknowledged),
            history=tuple(lines for number, lines in history.items() if number not in refused),
            told=max(0, after.get("told", 0) - before.get("told", 0) - len(refused)),
            ticks=after.get("ticks", 0) - before.get("ticks", 0),
            complaints=after.get("complaints", 0) - before.get("complaints", 0),
            locked=after.get("locked", 0) - before.get("locked", 0),
            late=max(0, owing - answered),
        )


async def measure(url: str, plan: Plan) -> tuple[list[list[Round]], str]:
    """Every variant once for each pair, in turns; and how a commit is made durable."""
    async with AsyncExitStack() as stack:
        place = Ground(url, plan.live, plan.waiting)
        stack.callback(place.close)
        durability = place.fill()
        sink = await stack.enter_async_context(child("bench.sink"))
        port = (await sink.ask("where"))["port"]
        servers = {
            name: await stack.enter_async_context(child(*command))
            for name, command in {
                "noop": ("bench.noop",),
                "bot": ("bench.bot", url, str(port)),
                "flask": ("bench.peers.flask_bot", url),
                "asyncio": ("bench.peers.asyncio_bot", url),
            }.items()
        }
        load = await stack.enter_async_context(child("bench.load"))
        bench = Bench(place, servers, sink, load)
        warm_up = replace(plan, seconds=min(1.0, plan.seconds), most=plan.most // 4)
        for variant in {one.server: one for one in reversed(VARIANTS)}.values():
            await bench.round(variant, warm_up)
        pairs = []
        for number in range(plan.pairs):
            # Every other time backwards: what drifts meets both alike.
            order = VARIANTS if number % 2 == 0 else tuple(reversed(VARIANTS))
            pairs.append([await bench.round(variant, plan) for variant in order])
        bounds = f"rounds of {plan.seconds:g} s or {plan.most} clicks"
        return pairs, f"{bounds}; {bench.body} bytes a click; {durability}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; the status is 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.clicks", description=__doc__)
    parser.add_argument("--pairs", type=int, default=6, help="rounds of each kind (6)")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a round (2)")
    parser.add_argument("--databases", nargs="+", choices=ground.KINDS, default=list(ground.KINDS))
    given = parser.parse_args(arguments)
    plan = Plan(given.pairs, given.seconds, int(_MOST_PER_SECOND * given.seconds) + MANY)
    with (
        tempfile.TemporaryDirectory(prefix="bench") as folder,
        ground.databases(given.databases, Path(folder)) as found,
    ):
        for kind, url in found:
            pairs, conditions = asyncio.run(measure(url, plan))
            print(report.render(kind, pairs, conditions), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
