"""Lengths of time as settings write them and pauses as people type them."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import regex

MAX_PAUSE_DAYS: Final = 366

_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION: Final = regex.compile(r"([0-9]{1,15})\s*([wdhms])|0")

_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_SPAN: Final = regex.compile(
    r"(?P<count>[0-9]{1,6}|[a-z]+(?=\s))\s*"
    r"(?:(?P<days>d|days?)|(?P<weeks>w|wks?|weeks?)|(?P<fortnights>fortnights?)"
    r"|(?P<months>mo|months?)|(?P<years>y|years?))"
)
_PREFIX: Final = regex.compile(r"^(?:(?:for|until|till|til|to)\s+)+(?:on\s+)?")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_ISO_DATE: Final = regex.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_ORDINAL: Final = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_WORD_DATES: Final = (
    regex.compile(
        rf"{_ORDINAL}(?:\s+of)?[\s-]+(?P<month>[a-z]{{3,}})\.?(?:,?[\s-]+(?P<year>[0-9]{{4}}))?"
    ),
    regex.compile(rf"(?P<month>[a-z]{{3,}})\.?\s+{_ORDINAL}(?:,?\s+(?P<year>[0-9]{{4}}))?"),
)


def parse_duration(text: str) -> timedelta:
    """The length of time that a setting such as "90s", "15m", "2h", "2d", "1w" or "0" means.

    A day is 24 hours and a week 7 days. Zero is allowed, with or without a unit.

    Raises:
        ValueError: For anything else; the sentence names what is taken.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    try:
        if match is not None:
            number, unit = match[1] or "0", match[2] or "s"
            return timedelta(seconds=int(number) * _UNITS[unit])
    except OverflowError:
        pass
    raise ValueError(
        "A length of time is a whole number followed by s, m, h, d or w, such as 90s, 15m, 2h, 2d"
        " or 1w, or simply 0."
    )


def show_duration(duration: timedelta) -> str:
    """The shortest text that `parse_duration` reads as `duration`: "2h", not "120m".

    Raises:
        ValueError: If it is negative or has a part smaller than a second.
    """
    if duration < timedelta(0) or duration.microseconds:
        raise ValueError("Only zero or whole seconds can be written as a length of time.")
    seconds = duration.days * 86_400 + duration.seconds
    if seconds == 0:
        return "0"
    unit = next(unit for unit, size in _UNITS.items() if seconds % size == 0)
    return f"{seconds // _UNITS[unit]}{unit}"


def parse_pause(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which a pause typed by a person ends.

    "2 weeks", "10d", "a month" are counted in local calendar days from `now` and keep the local
    time of day; a month ends on its last day if it is too short. "until 2026-12-01", "1 Dec 2026",
    "tomorrow", "Monday" mean the start of that day in `zone`; a date without a year is the next
    such date.

    Args:
        text: What was typed after the command.
        now: An aware datetime.
        zone: The person's time zone.

    Raises:
        ValueError: With one sentence for people, if it is not understood, not in the future or
            more than 366 calendar days ahead.
    """
    today = now.astimezone(zone)
    words = " ".join(text.casefold().split()).rstrip(".!")
    words = _PREFIX.sub("", words)
    span = _SPAN.fullmatch(words)
    day = _after(span, today.date()) if span else _named_day(words, today.date())
    if day is None:
        raise ValueError(
            "I can pause for some days, weeks or months, or until a date, for example"
            f" “2 weeks” or “until {today.date() + timedelta(days=30)}”."
        )
    if day <= today.date():
        raise ValueError("Please choose a day after today for the end of your pause.")
    if (day - today.date()).days > MAX_PAUSE_DAYS:
        raise ValueError("A pause can last up to a year; please choose an earlier end.")
    # In a gap of local time fold=0 gives the first instant after it, in a repeated hour the first.
    wall = today.time().replace(fold=0) if span else time.min
    return datetime.combine(day, wall, zone).astimezone(UTC)


def _after(span: regex.Match[str], today: date) -> date | None:
    """The local day on which a span such as "two weeks" ends; None if its number is no number."""
    typed = span["count"]
    count = int(typed) if typed.isdecimal() else _NUMBERS.get(typed)
    if count is None:
        return None
    months = count * 12 if span["years"] else count if span["months"] else 0
    if months:
        # More than this is refused in any case, and years past 9999 do not exist.
        return _add_months(today, min(months, 24))
    days = count * (7 if span["weeks"] else 14 if span["fortnights"] else 1)
    return today + timedelta(days=min(days, MAX_PAUSE_DAYS + 1))


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _named_day(words: str, today: date) -> date | None:
    """The day that a date, a weekday or "tomorrow" names; None if it names none."""
    if words == "tomorrow":
        return today + timedelta(days=1)
    weekday = words.removeprefix("next ")
    if weekday in _WEEKDAYS:
        return today + timedelta(days=(_WEEKDAYS.index(weekday) - today.weekday() - 1) % 7 + 1)
    if match := _ISO_DATE.fullmatch(words):
        return _date(int(match["year"]), int(match["month"]), int(match["day"]))
    for pattern in _WORD_DATES:
        if match := pattern.fullmatch(words):
            month = _month(match["month"])
            if match["year"]:
                return _date(int(match["year"]), month, int(match["day"]))
            return _next_date(month, int(match["day"]), today)
    return None


def _month(word: str) -> int:
    """The number of a month written out or shortened to three letters or more; 0 if it is none."""
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)


def _next_date(month: int, day: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        found = _date(year, month, day)
        if found is not None and found > today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
