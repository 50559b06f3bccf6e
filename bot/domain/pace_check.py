"""HOW MUCH: the pace check, a colour that says whether a workspace asks its members too much.

Amber slows a workspace's asks down, red makes no new ones. What was asked leaves the window after
four weeks, so that even a red one turns green by itself; comms may let it go on sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from bot.domain.model import Colour
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS, PacingConstants

# Four whole weeks: every weekday weighs the same, and a member asked weekly counts four times.
WINDOW: Final = timedelta(days=28)

# From which part of all that was declined on skips (or lapses) are named as a cause. A third, so
# that one of the two is always named, and both where neither prevails.
NAMED_FROM: Final = 1 / 3

# How long comms can let red count as amber, and how long until they can again: a week has room for
# a better post, and whoever goes on has looked again.
ACKNOWLEDGED_FOR: Final = timedelta(days=7)

_BY_SEVERITY = (Colour.GREEN, Colour.AMBER, Colour.RED)


class Cause(StrEnum):
    """What the pace check is amber or red for."""

    SKIPS = "skips"
    LAPSES = "lapses"
    PAUSES = "pauses"
    LEAVES = "leaves"


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in a workspace within WINDOW.

    `settled` asks were answered or lapsed, among them the `skipped` and the `lapsed`. `members`
    had valid consent at some time in the window; some of them `paused` or `left` in it.
    """

    settled: int
    skipped: int
    lapsed: int
    members: int
    paused: int
    left: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The colour, and everything that alone would make it at least amber: what to change."""

    colour: Colour
    causes: frozenset[Cause]

    def __str__(self) -> str:
        return ":".join((self.colour, *sorted(self.causes)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """The inverse of `str`; raises ValueError."""
        colour, *causes = text.split(":")
        return cls(Colour(colour), frozenset(map(Cause, causes)))


@dataclass(frozen=True, slots=True)
class PaceCheck:
    """What comms see: a colour with its causes, and whether red can be let go on now.

    `goes_on_until` is set while a red one that they acknowledged counts as amber.
    """

    reading: Reading
    may_acknowledge: bool
    goes_on_until: datetime | None


def decide_reading(
    counts: Counts, constants: PacingConstants = DEFAULT_PACING_CONSTANTS
) -> Reading:
    """The pace check's colour: the worst of asks declined, pauses and leaves.

    A colour begins above its threshold, not at it. Too few members, asks or people are green.
    """
    if counts.members < constants.least_members:
        return Reading(Colour.GREEN, frozenset())
    declined = counts.skipped + counts.lapsed
    asks = paused = left = Colour.GREEN
    if counts.settled >= constants.least_settled:
        asks = _colour(declined / counts.settled, constants.amber_declined, constants.red_declined)
    if counts.paused >= constants.least_people:
        paused = _colour(
            counts.paused / counts.members, constants.amber_paused, constants.red_paused
        )
    if counts.left >= constants.least_people:
        left = _colour(counts.left / counts.members, constants.amber_left, constants.red_left)

    causes = set[Cause]()
    if asks is not Colour.GREEN:
        parts = {Cause.SKIPS: counts.skipped, Cause.LAPSES: counts.lapsed}
        causes |= {cause for cause, part in parts.items() if part / declined >= NAMED_FROM}
    if paused is not Colour.GREEN:
        causes.add(Cause.PAUSES)
    if left is not Colour.GREEN:
        causes.add(Cause.LEAVES)
    return Reading(max(asks, paused, left, key=_BY_SEVERITY.index), frozenset(causes))


def effective_colour(colour: Colour, acknowledged_at: datetime | None, now: datetime) -> Colour:
    """The colour that counts at `now`: red that comms acknowledged lately counts as amber.

    Args:
        colour: what was read last.
        acknowledged_at: when comms let the asks go on; None if they never did. Aware.
        now: aware.
    """
    if colour is Colour.RED and not may_acknowledge(acknowledged_at, now):
        return Colour.AMBER
    return colour


def may_acknowledge(acknowledged_at: datetime | None, now: datetime) -> bool:
    """Whether comms may acknowledge red now: once in ACKNOWLEDGED_FOR. Moments are aware."""
    return acknowledged_at is None or acknowledged_at + ACKNOWLEDGED_FOR <= now


def _colour(rate: float, amber: float, red: float) -> Colour:
    if rate > red:
        return Colour.RED
    return Colour.AMBER if rate > amber else Colour.GREEN
