"""When figures are published: of a post after it ended, and of spans of whole months."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc
from bot.domain.reports import ASKED, Figure, Group, Question, find_people

# Late answers have come by then, and nothing of a person is erased yet.
CLOSED_AFTER: Final = timedelta(days=7)
# A span that is still too small then tells nothing: exact numbers are not kept for ever.
MOST_MONTHS: Final = 12
_NAMES: Final = tuple(name.casefold() for name in month_name[1:])


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

    @property
    def asks_per_member(self) -> float | None:
        """How many asks there were for each member, from what is published of both."""
        asked = find_people(self.figures, Question.ASKED, Group({ASKED}))
        return asked / self.members if asked is not None and self.members else None


def today(now: datetime, zone: str) -> date:
    """The date of a moment (aware) on the clock of an IANA zone."""
    return as_utc(now).astimezone(ZoneInfo(zone)).date()


def month_of(moment: datetime, zone: str) -> date:
    """The first day of the month of a moment (aware), on the clock of an IANA zone."""
    return today(moment, zone).replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def months_before(month: date, months: int) -> date:
    """The first day of an earlier month."""
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """How many months there are from one to the other, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def bounds(month: date, zone: str) -> tuple[datetime, datetime]:
    """The first moment of a month on the clock of an IANA zone, and of the next one, as UTC."""
    first, after = (
        as_utc(datetime.combine(each, time.min, ZoneInfo(zone)))
        for each in (month, next_month(month))
    )
    return first, after


def closes_at(month: date, zone: str) -> datetime:
    """When the figures of a month are computed: a week after it ended, as UTC."""
    return bounds(month, zone)[1] + CLOSED_AFTER


def last_closed(now: datetime, zone: str) -> date:
    """The newest month whose figures can be computed at `now` (aware)."""
    return (month_of(now - CLOSED_AFTER, zone) - timedelta(days=1)).replace(day=1)


def quarter_of(day: date) -> date:
    """The first day of the quarter of a day."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def parse_month(text: str, day: date) -> date | None:
    """The month that somebody typed, "September", "Sep 2025" or "2025-09"; None where it is none.

    Without a year it is the last one that has begun by `day`.
    """
    numbers = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", text.strip())
    if numbers:
        return month_named(int(numbers[1]), int(numbers[2]))
    words = re.fullmatch(r"([a-z]{3,9})\.?(?: ([0-9]{4}))?", " ".join(text.casefold().split()))
    named = [number for number, name in enumerate(_NAMES, 1) if words and name.startswith(words[1])]
    if not words or len(named) != 1:
        return None
    if words[2]:
        return month_named(int(words[2]), named[0])
    return month_named(day.year if named[0] <= day.month else day.year - 1, named[0])


def month_named(year: int, number: int) -> date | None:
    """The first day of a month by its numbers; None where there is none, or it is far away."""
    return date(year, number, 1) if 2000 <= year < 3000 and 1 <= number <= 12 else None
