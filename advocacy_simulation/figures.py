"""What a run comes to: totals, and what they were week by week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

from advocacy_simulation.posts import START, WEAK
from advocacy_simulation.run import Run
from advocacy_simulation.world import Ask, World, fits
from bot.domain.model import Colour, Outcome, Reach

WEEK: Final = timedelta(days=7)
# Gaps in days, from the first to before the next.
GAPS: Final = (0, 2, 7, 14, 28)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two worlds in numbers; lists are by week, rates from 0 to 1.

    `fitting` are asks about a topic and for a network of the person.
    """

    asks: int
    fitting: int
    shares: int
    joined: int
    left: int
    stopped: int
    shortest: timedelta
    typical: timedelta
    gaps: list[float]
    a_week: float
    asks_a_week: list[float]
    share_rate: list[float | None]
    left_by_then: list[float]
    strain: list[float]
    colours: list[Colour]


@dataclass(frozen=True, slots=True)
class Reached:
    """Of those a post fits when it goes live, how many were asked; and how it ended."""

    post: int
    weak: bool
    rate: float
    stopped: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Both worlds, and what became of each post in the paced one."""

    paced: Side
    everything: Side
    reached: list[Reached]


def figures(run: Run, everything: World) -> Figures:
    """The figures of a paced run and of the world in which every post goes to everybody."""
    return Figures(side(run.world), side(everything), reached(run))


def side(world: World) -> Side:
    """One world in numbers."""
    asks = [ask for member in world.members for ask in member.asks]
    gaps = [
        later.at - earlier.at
        for member in world.members
        for earlier, later in zip(member.asks, member.asks[1:], strict=False)
    ]
    weeks = len(world.days) // 7
    by_week = [[ask for ask in asks if (ask.at - START) // WEEK == week] for week in range(weeks)]
    days = [world.days[week * 7 : week * 7 + 7] for week in range(weeks)]
    ends = [world.days[min(week * 7 + 7, len(world.days) - 1)] for week in range(weeks)]
    joined = len(world.members)
    return Side(
        asks=len(asks),
        fitting=sum(ask.fits for ask in asks),
        shares=_shares(asks),
        joined=joined,
        left=sum(member.left_at is not None for member in world.members),
        stopped=world.days[-1].stopped,
        shortest=min(gaps, default=timedelta(0)),
        typical=timedelta(seconds=median(gap.total_seconds() for gap in gaps) if gaps else 0),
        gaps=_binned(gaps),
        a_week=len(asks) * 7 / max(1, sum(day.members for day in world.days)),
        asks_a_week=[
            len(made) * 7 / max(1, sum(day.members for day in week))
            for made, week in zip(by_week, days, strict=True)
        ],
        share_rate=[_shares(made) / len(made) if made else None for made in by_week],
        left_by_then=[day.left / max(1, joined) for day in ends],
        strain=[day.strain for day in ends],
        colours=[day.colour for day in world.days],
    )


def reached(run: Run) -> list[Reached]:
    """The posts of the paced world, in the order in which they went live."""
    asked: dict[int, set[int]] = {post.id: set() for post in run.posts}
    for member in run.world.members:
        for ask in member.asks:
            asked[ask.post.id].add(member.person.id)
    found = []
    for post in run.posts:
        meant = {
            member.person.id
            for member in run.world.members
            if fits(member.person, post)
            and member.joined_at <= post.live_at
            and (member.left_at is None or member.left_at > post.live_at)
        }
        rate = len(asked[post.id] & meant) / max(1, len(meant))
        stopped = run.planner.reach.get(post.id) is Reach.STOPPED
        found.append(Reached(post.id, post.quality < WEAK, rate, stopped))
    return found


def _shares(asks: list[Ask]) -> int:
    return sum(ask.outcome is Outcome.SHARED for ask in asks)


def _binned(gaps: list[timedelta]) -> list[float]:
    """Which part of the gaps lies in each of GAPS."""
    binned = Counter(sum(gap >= timedelta(days=first) for first in GAPS) for gap in gaps)
    return [binned[number + 1] / max(1, len(gaps)) for number in range(len(GAPS))]
