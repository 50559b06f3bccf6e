"""Planning for up to 100,000 members, beside loading everybody: `python -m bench.planning`.

Both decide with the same rules on the same data, in the same run. A ratio is a time over another
one measured there.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
import tempfile
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy import Connection, select

from bench import crowd, ground
from bench.crowd import NOW
from bench.ground import TEAM
from bot.domain import matching, pacing
from bot.domain import planning as planning_rules
from bot.domain.ids import PostId
from bot.domain.matching import Candidate, History, Interests, SeenPost
from bot.domain.model import Allowed, Stage
from bot.domain.responses import Answer
from bot.services import asks as asks_service
from bot.services import pacing as pacing_service
from bot.services import planning, responses
from bot.slack.asks import AT_ONCE, ROUNDS
from bot.storage import askable_posts, asks, members
from bot.storage.asks import Ask, PlannedAsk
from bot.storage.database import Database
from bot.storage.tables import MemberRow
from bot.storage.tx import Transactions, Tx

SIZES = (1_000, 10_000, 100_000)
_GROWTH, _FASTER, _MEMORY, _CLICK, _IDLE = 2.0, 5.0, 20.0, 60.0, 5.0
_CONNECTIONS = 32
_TRACED = 10_000  # members, at most, for whom the plain loop's memory is traced


@dataclass(frozen=True, slots=True)
class Crowd:
    """What was measured with so many members: times in ms, memory in MiB."""

    count: int
    tick: float
    plain: float
    memory: float
    plain_memory: float | None
    idle: float
    asked: int


@dataclass(frozen=True, slots=True)
class Clicks:
    """Clicks stored while planning goes on without a pause: times in ms."""

    stored: int
    p50: float
    p99: float
    ticks: int


async def tick(database: Database) -> int:
    """What a heartbeat does before it sends: returns how many will be asked."""
    work = await Transactions(database, TEAM, NOW).read(asks_service.find_work, AT_ONCE)
    left = AT_ONCE
    candidates = await Transactions(database, TEAM, NOW).read(planning.load_candidates)
    for _ in range(ROUNDS if work.due else 0):
        planned = await Transactions(database, TEAM, NOW).write(planning.plan, candidates, left)
        left -= planned.asks
        if planned.looked_at < planning.AT_ONCE or left == 0:
            break
    return AT_ONCE - left


def plain(connection: Connection, most: int) -> int:
    """Load everybody, look at each, and plan for those who have waited longest."""
    everybody = members.find_due(Tx(connection, TEAM, NOW + timedelta(days=400)), 10**9)
    numbers = list(connection.execute(select(MemberRow.id)).scalars())
    asked: dict[int, list[Ask]] = defaultdict(list)
    answered: dict[int, dict[PostId, SeenPost]] = defaultdict(dict)
    for start in range(0, len(numbers), 10_000):  # a statement takes only so many parameters
        some = numbers[start : start + 10_000]
        for ask in asks.load_of_members(Tx(connection, TEAM, NOW), some):
            asked[ask.member_id].append(ask)
        for answer in asks.load_responses(Tx(connection, TEAM, NOW), some):
            answered[answer.member_id][answer.post_id] = SeenPost(None)
    posts = askable_posts.load_askable(
        Tx(connection, TEAM, NOW),
    )
    candidates = [
        Candidate(post.post_id, post.topics, post.networks, post.live_at, post.expires_at)
        for post in posts
    ]
    new = []
    for member in everybody:
        facts = pacing_service.pacing_facts(member, asked[member.id])
        if not isinstance(pacing.decide(facts, planning_rules.PERSONAL, NOW), Allowed):
            continue
        chosen = member.preferences
        taste = Interests(member.id, frozenset(chosen.topics), frozenset(chosen.networks))
        seen = answered[member.id] | {ask.post_id: SeenPost(None) for ask in asked[member.id]}
        choice = matching.choose(taste, candidates, History(seen, {}), NOW)
        if choice is not None:
            new.append((member, choice))
    planned = [PlannedAsk(member.id, choice.post_id, 0, 1) for member, choice in new[:most]]
    asks.insert_planned(Tx(connection, TEAM, NOW), planned)
    return len(planned)


async def measure(url: str, count: int, rounds: int) -> Crowd:
    """Ticks and plain rounds on one filled database; every round leaves asks behind, as in life."""
    database = Database(url, deadline=600)
    try:
        asked = await tick(database)  # what is first used is prepared once
        ticks = [await _timed(lambda: tick(database)) for _ in range(rounds)]
        memory = await _peak(lambda: tick(database))
        idle = median([await _timed(lambda: _idle(database)) for _ in range(20)])
        everybody = [
            await _timed(lambda: database.write(plain, AT_ONCE)) for _ in range(max(1, rounds // 3))
        ]
        traced = count <= _TRACED  # tracing what everybody takes makes it several times as slow
        plain_memory = await _peak(lambda: database.write(plain, AT_ONCE)) if traced else None
    finally:
        await database.close()
    return Crowd(count, median(ticks), median(everybody), memory, plain_memory, idle, asked)


async def click_beside(url: str, seconds: float) -> Clicks:
    """Store skips from many people at once while planning goes on without a pause."""
    database = Database(url, deadline=60)
    times: list[float] = []
    ticks = 0
    until = time.perf_counter() + seconds

    async def plan() -> None:
        nonlocal ticks
        while time.perf_counter() < until:
            await tick(database)
            ticks += 1

    async def click(first: int) -> None:
        number = first
        while time.perf_counter() < until:
            user, post = f"U{1 + number % 1_000:08d}", 1 + number // 1_000 % crowd.POSTS
            number += _CONNECTIONS
            took = await _timed(
                lambda user=user, post=post: Transactions(database, TEAM, NOW).write(  # type: ignore[misc]
                    responses.record_response, user, post, Answer(Stage.SKIPPED)
                )
            )
            times.append(took)

    try:
        await asyncio.gather(plan(), *(click(first) for first in range(_CONNECTIONS)))
    finally:
        await database.close()
    cuts = quantiles(times, n=100)
    return Clicks(len(times), cuts[49], cuts[98], ticks)


async def _idle(database: Database) -> None:
    await Transactions(database, TEAM, NOW - timedelta(days=30)).read(
        asks_service.find_work, AT_ONCE
    )


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return (time.perf_counter() - started) * 1000


async def _peak(work: Callable[[], Awaitable[object]]) -> float:
    """The most memory that was in use at once beyond what was there before, in MiB."""
    gc.collect()
    tracemalloc.start()
    try:
        await work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def render(kind: str, crowds: Sequence[Crowd], clicks: Clicks) -> str:
    """A table, and whether the aims were met."""
    first, last = crowds[0], crowds[-1]
    before = crowds[-2] if len(crowds) > 1 else first
    growth, faster = last.tick / before.tick, last.plain / last.tick
    memory = last.memory - first.memory
    return "\n".join(
        [
            f"\n## {kind}: a heartbeat's planning, everybody due, {crowd.POSTS} live posts, "
            f"{crowd.ASKS_EACH} past asks each",
            f"Load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores. The plain loop "
            "loads everybody and decides by the same rules.",
            "",
            "| members | ratio to the size before | plain loop over it | ms | plain ms | peak MiB "
            "| plain MiB | nobody due ms |",
            "|" + "---|" * 8,
            *(_row(one, crowds[place - 1] if place else one) for place, one in enumerate(crowds)),
            "",
            _verdict(
                growth <= _GROWTH,
                f"{last.count:,} members cost {growth:.2f} times {before.count:,}, "
                f"at most {_GROWTH:g}",
            ),
            _verdict(
                faster >= _FASTER,
                f"the plain loop takes {faster:.1f} times as long at {last.count:,}, "
                f"at least {_FASTER:g}",
            ),
            _verdict(
                memory < _MEMORY,
                f"memory grows by {memory:.1f} MiB from {first.count:,} members to "
                f"{last.count:,}, under {_MEMORY:g}",
            ),
            _verdict(
                clicks.p99 < _CLICK,
                f"{clicks.stored} clicks stored beside {clicks.ticks} ticks without a pause: "
                f"p50 {clicks.p50:.1f} ms, p99 {clicks.p99:.1f} ms, under {_CLICK:g}",
            ),
            _verdict(
                last.idle < _IDLE,
                f"a tick with nobody due takes {last.idle:.1f} ms at {last.count:,} members, "
                f"under {_IDLE:g}",
            ),
        ]
    )


def _row(one: Crowd, before: Crowd) -> str:
    cells = (
        f"{one.count:,}",
        f"{one.tick / before.tick:.2f}",
        f"{one.plain / one.tick:.1f}",
        f"{one.tick:.0f}",
        f"{one.plain:.0f}",
        f"{one.memory:.1f}",
        "-" if one.plain_memory is None else f"{one.plain_memory:.1f}",
        f"{one.idle:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _verdict(met: bool, words: str) -> str:
    return f"{'met   ' if met else 'MISSED'}  {words}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; the status is 0 whatever comes out."""
    parser = argparse.ArgumentParser(prog="python -m bench.planning", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="members")
    parser.add_argument("--rounds", type=int, default=9, help="ticks of each size (9)")
    parser.add_argument("--seconds", type=float, default=4.0, help="clicking beside planning (4)")
    parser.add_argument("--databases", nargs="+", choices=ground.KINDS, default=list(ground.KINDS))
    given = parser.parse_args(arguments)
    for kind in given.databases:
        crowds = []
        for count in given.sizes:
            with _filled(kind, count) as url:
                crowds.append(asyncio.run(measure(url, count, given.rounds)))
        with _filled(kind, sorted(given.sizes)[len(given.sizes) // 2]) as url:
            clicks = asyncio.run(click_beside(url, given.seconds))
        print(render(kind, crowds, clicks), flush=True)
    return 0


@contextmanager
def _filled(kind: str, count: int) -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="bench") as folder,
        ground.databases([kind], Path(folder)) as [(_, url)],
    ):
        crowd.fill(url, count)
        yield url


if __name__ == "__main__":
    sys.exit(main())
