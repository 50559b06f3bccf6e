"""HOW MANY at first: a new post goes to a small first group, and its answers say how on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc
from bot.domain.model import Reach

# The smallest first group: as many as must answer, so that a quick one can be judged as it is.
LEAST: Final = 5
# The share of those a post fits who are asked first. If the post is a bad one, nine of ten never
# hear of it. (As a float 0.1 times a round number is exact; another share may not be.)
SHARE: Final = 0.10
# With fewer answers nothing is judged: below five, one person's taste would be more than a fifth.
ENOUGH_ANSWERS: Final = 5
# Above this share of skips among the answers a post is stopped. Three of five may be chance; with
# four of five, most of those still to be asked would skip as well.
TOO_MANY_SKIPS: Final = 0.6
# How many working days the group has to answer before it grows: an ask stays open for three, and
# most who answer do so on the same day or the next.
GROWS_AFTER_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Trial:
    """How a post does in its first group.

    `size` is the group's size at first, `asked` how many were asked so far, the first of them at
    `since` (None: nobody yet). `answers` counts who answered at all, `skips` those who skipped.
    """

    size: int
    asked: int
    answers: int
    skips: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whom a post may be proposed to now, and how many more of them: None is no limit."""

    reach: Reach
    room: int | None


def size(fits: int) -> int:
    """How many are asked first of the `fits` members whom a post fits; possibly more than those."""
    return max(LEAST, ceil(fits * SHARE))


def judge(trial: Trial, workdays: frozenset[int], zone: str, now: datetime) -> Judgement:
    """Whom a post in its first group may be proposed to now.

    With ENOUGH_ANSWERS the group has spoken: the post stops if more than TOO_MANY_SKIPS of them
    are skips, and goes to everybody otherwise. Until then the group stays; after two working days
    it grows by as many again, and again after each further two. Silence alone never stops a post.

    Working days are the workspace's, counted in its local dates, so that a day is a day however
    many hours daylight saving gives it. The day of the first ask does not count: a group first
    asked on Monday grows as Wednesday begins, one asked on Friday as Tuesday does.

    Args:
        trial: what is known so far.
        workdays: the workspace's, Monday is 0.
        zone: the workspace's IANA name.
        now: aware, in any zone. Before `trial.since` (the clock was set back) nothing has grown.

    Raises:
        ValueError: a moment is naive.
    """
    if trial.answers >= ENOUGH_ANSWERS:
        if trial.skips / trial.answers > TOO_MANY_SKIPS:
            return Judgement(Reach.STOPPED, 0)
        return Judgement(Reach.EVERYBODY, None)
    passed = 0
    if trial.since is not None:
        local = ZoneInfo(zone)
        first, today = (as_utc(moment).astimezone(local).date() for moment in (trial.since, now))
        passed = _working_days(first, today, workdays)
    group = trial.size * (1 + passed // GROWS_AFTER_DAYS)
    return Judgement(Reach.FIRST_GROUP, max(0, group - trial.asked))


def _working_days(after: date, until: date, workdays: frozenset[int]) -> int:
    """How many workdays come after one date and until another, this one included."""
    weeks, rest = divmod(max(0, (until - after).days), 7)
    rest_days = ((after.weekday() + step) % 7 for step in range(1, rest + 1))
    return weeks * len(workdays) + sum(day in workdays for day in rest_days)
