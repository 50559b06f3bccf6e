"""WHO at first: a new post goes to a small part of its members, and their answers say how on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

from bot.domain.draws import draw
from bot.domain.hours import as_utc
from bot.domain.ids import PostId
from bot.domain.model import Reach
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS, PacingConstants
from bot.domain.snapshot import speaks

STEPS = 20  # shares go by steps, so that one member more or less seldom moves one


@dataclass(frozen=True, slots=True)
class FirstGroup:
    """The part of members to whom a post may be proposed now, drawn anew for each approved text."""

    post_id: PostId
    revision: int
    share: float

    def includes(self, seed: int) -> bool:
        """Whether a member is among them, whatever the others do."""
        about = f"post {self.post_id} text {self.revision}"
        return draw(seed, about) < self.share


@dataclass(frozen=True, slots=True)
class Trial:
    """How a post does: how many different people were asked, answered at all, and skipped."""

    asked: int
    answers: int
    skips: int


def base_share(
    fits: int, askable: int, constants: PacingConstants = DEFAULT_PACING_CONSTANTS
) -> float:
    """The part of members who are asked first about a post that fits so many of those askable.

    It is `first_group_share`, or what makes `first_group_least` of those it fits, if that is more;
    rounded up to STEPS. Where too few people are behind `fits` or behind the rest, all who are
    `askable` count instead.
    """
    people = fits if speaks(fits, askable) else askable
    share = max(constants.first_group_share, constants.first_group_least / max(1, people))
    return min(1.0, ceil(STEPS * share) / STEPS)


def grown_share(
    base: float,
    since: datetime,
    workdays: frozenset[int],
    zone: str,
    now: datetime,
    constants: PacingConstants = DEFAULT_PACING_CONSTANTS,
) -> float:
    """The part of members to whom a post without a verdict may be proposed now.

    It doubles after each two working days, by time alone. They are the workspace's, counted in its
    local dates, so that a day is a day however many hours daylight saving gives it. The first day
    does not count: what went out on Monday grows as Wednesday begins, on Friday as Tuesday does.

    Args:
        base: `base_share`.
        since: when the approved text went live.
        workdays: the workspace's, Monday is 0.
        zone: the workspace's IANA name.
        now: aware, in any zone. Before `since` (the clock was set back) nothing has grown.
        constants: the numbers behind the rule.

    Raises:
        ValueError: a moment is naive.
    """
    local = ZoneInfo(zone)
    first, today = (as_utc(moment).astimezone(local).date() for moment in (since, now))
    doubled = _working_days(first, today, workdays) // constants.grows_after_days
    # Beyond 2 ** 10 every share is 1; a clock that is far ahead must not overflow.
    return min(1.0, base * (1 << min(doubled, 10)))


def judge(trial: Trial, constants: PacingConstants = DEFAULT_PACING_CONSTANTS) -> Reach:
    """What the answers say: the post stops, goes to everybody, or there is no verdict yet.

    It stops where more than `too_many_skips` of the answers are skips, and goes to everybody
    otherwise. It is judged with the daily snapshot, and only where at least `enough_people` are
    behind what a verdict tells of (the skips, or the welcome) and behind the rest of those asked:
    six besides any one person. And it must hold if any one of them had answered otherwise, so no
    single answer turns one verdict into the other. No answers alone never stop a post.
    """
    welcome = trial.answers - trial.skips
    limit = constants.too_many_skips * trial.answers
    if trial.skips - 1 > limit and _enough(trial.skips, trial.asked, constants):
        return Reach.STOPPED
    if trial.skips + 1 <= limit and _enough(welcome, trial.asked, constants):
        return Reach.EVERYBODY
    return Reach.FIRST_GROUP


def _enough(people: int, asked: int, constants: PacingConstants) -> bool:
    return min(people, asked - people) >= constants.enough_people


def _working_days(after: date, until: date, workdays: frozenset[int]) -> int:
    """How many workdays come after one date and until another, this one included."""
    weeks, rest = divmod(max(0, (until - after).days), 7)
    rest_days = ((after.weekday() + step) % 7 for step in range(1, rest + 1))
    return weeks * len(workdays) + sum(day in workdays for day in rest_days)
