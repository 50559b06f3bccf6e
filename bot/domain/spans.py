"""When figures are published: of a post after it ended, and of spans of whole months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc
from bot.domain.ids import PostId
from bot.domain.reports import Figure

# Late answers have come by then, and nothing of a person is erased yet.
CLOSED_AFTER: Final = timedelta(days=7)
# A span that is still too small then tells nothing: exact numbers are not kept for ever.
MOST_MONTHS: Final = 12
FEWEST_LEAST: Final = 6
MOST_LEAST: Final = 50


@dataclass(frozen=True, slots=True)
class Span:
    """A span of whole months with figures: posts that ended in it, and what is published of them.

    `first` and `last` are the first days of its months. `members` were counted once in the quarter
    in which it closed, rounded; None where they were not.
    """

    first: date
    last: date
    posts: int
    members: int | None
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class PostFigures:
    """What is published of one post; no figures where it was too small for any."""

    post_id: PostId
    figures: Sequence[Figure]


def month_of(moment: datetime, zone: str) -> date:
    """The first day of the month of a moment (aware), on the clock of an IANA zone."""
    return as_utc(moment).astimezone(ZoneInfo(zone)).date().replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def months_between(first: date, last: date) -> int:
    """How many months there are from one to the other, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def closes_at(month: date, zone: str) -> datetime:
    """When the figures of a month are computed: a week after it ended, as UTC."""
    after = datetime.combine(next_month(month), time.min, ZoneInfo(zone))
    return as_utc(after) + CLOSED_AFTER


def last_closed(now: datetime, zone: str) -> date:
    """The newest month whose figures can be computed at `now` (aware)."""
    return (month_of(now - CLOSED_AFTER, zone) - timedelta(days=1)).replace(day=1)


def quarter_of(day: date) -> date:
    """The first day of the quarter of a day."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)
