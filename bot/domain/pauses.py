"""Until when a pause lasts, as people type it: a small grammar that never names a wrong day."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import regex

from bot.domain.typed_text import plain

MAX_PAUSE_DAYS: Final = 366

_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_SPAN: Final = regex.compile(
    r"(?:for |in |within |until |till |til )*(?:the next )?"
    rf"(?P<count>[0-9]{{1,6}}|(?:{'|'.join(_NUMBERS)})(?= ))[ -]*"
    r"(?:(?P<days>d|days?)|(?P<weeks>w|wks?|weeks?)|(?P<fortnights>fortnights?)"
    r"|(?P<months>mo|mos|months?)|(?P<years>y|yrs?|years?))"
    r"(?: from (?:now|today))?"
)
_UNTIL: Final = regex.compile(r"(?:(?:til|until|untill|till|to|on|the|up to) )+")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WEEKDAYS: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_SHORT_DAYS: Final = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4,
    "sat": 5, "sun": 6,
}  # fmt: skip
_YEAR_FIRST: Final = regex.compile(
    r"(?P<year>[0-9]{4})([-/.])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})"
)
_YEAR_LAST: Final = regex.compile(
    r"(?P<one>[0-9]{1,2})([-/.]) ?(?P<two>[0-9]{1,2})(?:\2 ?(?P<year>[0-9]{4}))?"
)
_WEEKDAY: Final = regex.compile(r"(?P<weekday>[a-z]+)\.?,? (?:the )?(?P<rest>.*[0-9].*)")
_ORDINAL: Final = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
_WORD_DATES: Final = (
    regex.compile(
        rf"{_ORDINAL}(?: of)?[ -]?(?P<month>[a-z]{{3,}})\.?(?:,?[ -](?P<year>[0-9]{{4}}))?"
    ),
    regex.compile(rf"(?P<month>[a-z]{{3,}})\.?[ -](?:the )?{_ORDINAL}(?:,? (?P<year>[0-9]{{4}}))?"),
)
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
    span = _SPAN.fullmatch(words)
    day = _after(span, today.date()) if span else _named_day(words, today.date())
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


def _after(span: regex.Match[str], today: date) -> date:
    """The local day on which a span such as "two weeks" ends."""
    typed = span["count"]
    count = int(typed) if typed.isdecimal() else _NUMBERS[typed]
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
    """The day that a date, a weekday or "tomorrow" names; None if it names none.

    Raises ValueError where it could be two days.
    """
    if begins := _UNTIL.match(words):
        words = words[begins.end() :]
    match words:
        case "tomorrow":
            return today + timedelta(days=1)
        case "day after tomorrow":
            return today + timedelta(days=2)
        case "next week":
            return today + timedelta(days=7 - today.weekday())
    return _weekday(words, today) or _date_of_weekday(words, today) or _date(words, today)


def _weekday(words: str, today: date) -> date | None:
    """The next such weekday. Raises ValueError for "next Friday" while this week has one."""
    name = words.removeprefix("next ").removeprefix("coming ")
    weekday = _weekday_number(name)
    if weekday is None:
        return None
    day = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    # Weeks begin on Monday for some and on Sunday for others: it has to be next week for both.
    begun_on_monday = today - timedelta(days=today.weekday())
    begun_on_sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    if words.startswith("next ") and day < max(begun_on_monday, begun_on_sunday) + timedelta(7):
        raise ValueError(_TWO_DAYS)
    return day


def _weekday_number(name: str) -> int | None:
    if name in _WEEKDAYS:
        return _WEEKDAYS.index(name)
    return _SHORT_DAYS.get(name)


def _date_of_weekday(words: str, today: date) -> date | None:
    """The day of "Friday, 4 September". Raises ValueError where that is no Friday."""
    match = _WEEKDAY.fullmatch(words)
    weekday = _weekday_number(match["weekday"]) if match else None
    day = _date(match["rest"], today) if match and weekday is not None else None
    if day is not None and day.weekday() != weekday:
        raise ValueError(_TWO_DAYS)
    return day


def _date(words: str, today: date) -> date | None:
    """The day of a date in numbers or with its month's name. Raises ValueError as `_numbers`."""
    if match := _YEAR_FIRST.fullmatch(words):
        return _day(int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _YEAR_LAST.fullmatch(words):
        return _numbers(int(match["one"]), int(match["two"]), match["year"])
    for pattern in _WORD_DATES:
        if match := pattern.fullmatch(words):
            month = _month(match["month"])
            return _in_year(match["year"], month, int(match["day"]), today)
    return None


def _numbers(one: int, two: int, year: str | None) -> date | None:
    """The day of "31.12.2026": only one of the numbers can be the month. None without a year.

    Raises ValueError where both can be and differ.
    """
    if one != two and one <= len(_MONTHS) and two <= len(_MONTHS):
        raise ValueError(_TWO_DAYS)
    return None if year is None else _day(int(year), min(one, two), max(one, two))


def _month(word: str) -> int:
    """The number of a month written out or shortened to three letters or more; 0 if it is none."""
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)


def _in_year(year: str | None, month: int, day: int, today: date) -> date | None:
    """The day in that year; without one, the next such day, and today where it is today."""
    if year is not None:
        return _day(int(year), month, day)
    found = (_day(year, month, day) for year in (today.year, today.year + 1))
    return next((one for one in found if one is not None and one >= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
