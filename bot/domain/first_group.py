"""HOW MANY at first: a new post goes to a small first group, and its answers say how on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc
from bot.domain.model import Reach
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS, PacingConstants


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
    capacity: int | None


def size(fits: int, constants: PacingConstants = DEFAULT_PACING_CONSTANTS) -> int:
    """How many are asked first of the `fits` members whom a post fits; possibly more than those."""
    return max(constants.first_group_least, ceil(fits * constants.first_group_share))


def judge(
    trial: Trial,
    workdays: frozenset[int],
    zone: str,
    now: datetime,
    constants: PacingConstants = DEFAULT_PACING_CONSTANTS,
) -> Judgement:
    """Whom a post in its first group may be proposed to now.

    With `enough_answers` the group has spoken: the post stops if more than `too_many_skips` of them
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
        constants: the numbers behind the rule.

    Raises:
        ValueError: a moment is naive.
    """
    if trial.answers >= constants.enough_answers:
        if trial.skips / trial.answers > constants.too_many_skips:
            return Judgement(Reach.STOPPED, 0)
        return Judgement(Reach.EVERYBODY, None)
    passed = 0
    if trial.since is not None:
        local = ZoneInfo(zone)
        first, today = (as_utc(moment).astimezone(local).date() for moment in (trial.since, now))
        passed = _working_days(first, today, workdays)
    group = trial.size * (1 + passed // constants.grows_after_days)
    return Judgement(Reach.FIRST_GROUP, max(0, group - trial.asked))


def _working_days(after: date, until: date, workdays: frozenset[int]) -> int:
    """How many workdays come after one date and until another, this one included."""
    weeks, rest = divmod(max(0, (until - after).days), 7)
    rest_days = ((after.weekday() + step) % 7 for step in range(1, rest + 1))
    return weeks * len(workdays) + sum(day in workdays for day in rest_days)
