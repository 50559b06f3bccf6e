"""The weekly budget as a share: who may be asked in a week is drawn, so that nobody queues.

A member has a turn in a week if their own number for it (`snapshot.draw`) is below the share. No
other member's ask, pause or leaving moves a turn; the share itself is read with the gate, on
Mondays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.draws import draw
from bot.domain.hours import as_utc
from bot.domain.model import Pace
from bot.domain.paces import PACE_RULES, WEEK
from bot.domain.snapshot import LEAST_PEOPLE, TAKEN_AT, day_of

# Shares go by steps, so that one member's pace seldom moves one, and a turn hardly ever.
STEPS: Final = 50
# How far ahead a turn is looked for: with a share of a quarter, one member in four million finds
# none in a year; consent ends before.
_MOST_WEEKS: Final = 53


@dataclass(frozen=True, slots=True)
class Budget:
    """The part of members who have a turn in a week; weeks begin in the workspace's IANA zone."""

    share: float
    zone: str

    def has_turn(self, seed: int, monday: date) -> bool:
        """Whether the member may be asked in the week that begins on this Monday."""
        return draw(seed, f"week {monday}") < self.share

    def free_at(self, seed: int, now: datetime) -> datetime | None:
        """When the member has their next turn, in UTC; None if they have one at `now` (aware).

        With the share as it is: it may be another one by then. Who finds no turn within a year is
        told of the Monday after it.
        """
        day = day_of(now, self.zone)
        monday = day - timedelta(days=day.weekday())
        if self.has_turn(seed, monday):
            return None
        weeks = range(1, _MOST_WEEKS + 1)
        first = next((n for n in weeks if self.has_turn(seed, monday + n * WEEK)), _MOST_WEEKS)
        return self._begins(monday + first * WEEK)

    def next_week(self, now: datetime) -> datetime:
        """When the next week begins, in UTC: turns and the share are new then."""
        day = day_of(now, self.zone)
        return self._begins(day + timedelta(days=7 - day.weekday()))

    def _begins(self, monday: date) -> datetime:
        return as_utc(datetime.combine(monday, TAKEN_AT, ZoneInfo(self.zone)))


def decide_share(asks_per_week: float, askable: Mapping[Pace, int]) -> float:
    """The share with which `askable` members get as many asks as the budget allows on average.

    The budget is `asks_per_week` times the members. Each counts with what they get at most at
    their pace if they have a turn in a part `share` of the weeks: who chose n a week gets n asks in
    each of these weeks, n x share. Who chose one in n weeks waits n - 1 weeks after an ask and then
    1 / share on average for a turn: one ask in n - 1 + 1 / share weeks. So one draw a week serves
    all paces, and who wants little loses little: at a half, twice a week becomes once a week, and
    once in four weeks once in five.

    The share is the greatest of STEPS steps that keeps the budget, and 1 where nobody has to be
    drawn. At least LEAST_PEOPLE members are with a turn and without one; where that is not so, all
    have one.
    """
    members = sum(askable.values())
    budget = asks_per_week * members
    shares = [step / STEPS for step in range(STEPS, 0, -1)]
    within = [share for share in shares if _demand(askable, share) <= budget]
    least = ceil(STEPS * LEAST_PEOPLE / max(1, members)) / STEPS
    share = max(within[0] if within else shares[-1], least)
    return share if members * (1 - share) >= LEAST_PEOPLE else 1.0


def _demand(askable: Mapping[Pace, int], share: float) -> float:
    """How many asks a week these members get at most, on average."""
    rules = ((PACE_RULES[pace], members) for pace, members in askable.items())
    return sum(members * rule.cap / (rule.window / WEEK - 1 + 1 / share) for rule, members in rules)
