"""Until when a pause lasts, as people type it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import regex

from bot.domain.typed_days import MOST_DAYS, AmbiguousDay, find_day, find_span_end
from bot.domain.typed_text import plain

MAX_PAUSE_DAYS: Final = MOST_DAYS

_TWO_DAYS: Final = (
    "That could be more than one day. Please choose the day on which your pause ends."
)


def parse_pause(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a pause typed by a person ends.

    "2 weeks", "10d", "a month" are counted in local calendar days from `now` and keep the local
    time of day; a month ends on its last day if it is too short. "until 2026-12-01", "1 Dec 2026",
    "tomorrow", "Monday" mean the start of that day in `zone`, and "next week" that of the next
    Monday; a date without a year is the next such date. What could be two days is refused:
    "1/12/2026", "next Friday" while this week's is still to come, a weekday that is not that of
    its date. So is a date in numbers alone without a year, since 24/7 is none.

    Args:
        text: What was typed after the command.
        now: An aware datetime.
        zone: The person's time zone.

    Raises:
        ValueError: With one sentence for people, if it is not understood, could be two days, is
            not in the future or more than 366 calendar days ahead.
    """
    today = now.astimezone(zone)
    words = regex.sub(r"[\"']|(?:,? (?:please|pls|thanks|thank you))+$", "", plain(text))
    span = find_span_end(words, today.date())
    try:
        day = span or find_day(words, today.date())
    except AmbiguousDay:
        raise ValueError(_TWO_DAYS) from None
    if day is None:
        raise ValueError(
            "I can pause for days, weeks or months, or until a date, for example"
            f" “2 weeks” or “until {today.date() + timedelta(days=30)}”."
        )
    if day <= today.date():
        raise ValueError("Please choose a day after today for the end of your pause.")
    if (day - today.date()).days > MAX_PAUSE_DAYS:
        raise ValueError("A pause can last up to a year. Please choose an earlier end.")
    # In a gap of local time fold=0 gives the first instant after it, in a repeated hour the first.
    wall = today.time().replace(fold=0) if span else time.min
    return datetime.combine(day, wall, zone).astimezone(UTC)
