"""HOW MUCH: the pace check, a colour that says whether a workspace asks its members too much.

Amber slows a workspace's asks down, red makes no new ones. It is read once a day, with the
snapshot. What was asked leaves the window after four weeks, so that even a red one turns green by
itself; comms may let it go on sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.model import Colour
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS, PacingConstants
from bot.domain.snapshot import LEAST_PEOPLE, speaks

# Four whole weeks: every weekday weighs the same, and a member asked weekly counts four times.
WINDOW: Final = timedelta(days=28)

# How long comms can let red count as amber, and how long until they can again: a week has room for
# a better post, and whoever goes on has looked again.
ACKNOWLEDGED_FOR: Final = timedelta(days=7)

_BY_SEVERITY = (Colour.GREEN, Colour.AMBER, Colour.RED)


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened in a workspace within WINDOW, apart from people in comms.

    `settled` asks were answered or lapsed, `declined` of them were skipped or lapsed. `decliners`
    and `takers` are how many different people are behind the declined ones and behind the others.
    `members` had valid consent at some time in the window; some of them `paused` or `left` in it.
    """

    settled: int
    declined: int
    decliners: int
    takers: int
    members: int
    paused: int
    left: int


@dataclass(frozen=True, slots=True)
class PaceCheck:
    """What comms see: the colour of today's snapshot, and whether red can be let go on now.

    Without `active` there are too few members for a pace check. `goes_on_until` is set while a red
    one that they acknowledged counts as amber. `rests_until` is set while Slack takes no direct
    messages.
    """

    colour: Colour
    may_acknowledge: bool = False
    goes_on_until: datetime | None = None
    active: bool = True
    rests_until: datetime | None = None


def decide_colour(counts: Counts, constants: PacingConstants = DEFAULT_PACING_CONSTANTS) -> Colour:
    """The pace check's colour: the worst of asks declined, pauses and leaves.

    A colour begins above its threshold, not at it. Each of the three counts only where enough
    people are behind it and behind the rest, so that a colour says nothing about one person.
    """
    asks = paused = left = Colour.GREEN
    if (
        counts.settled >= constants.least_settled
        and min(counts.decliners, counts.takers) >= LEAST_PEOPLE
    ):
        declined = counts.declined / counts.settled
        asks = _colour(declined, constants.amber_declined, constants.red_declined)
    if speaks(counts.paused, counts.members):
        part = counts.paused / counts.members
        paused = _colour(part, constants.amber_paused, constants.red_paused)
    if speaks(counts.left, counts.members):
        part = counts.left / counts.members
        left = _colour(part, constants.amber_left, constants.red_left)
    return max(asks, paused, left, key=_BY_SEVERITY.index)


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
