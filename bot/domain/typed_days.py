"""Days as people type them: a small grammar that never names a wrong day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

import regex

MOST_DAYS: Final = 366  # ahead, that anything here is ever set for

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


class AmbiguousDay(ValueError):
    """What was typed could name two days."""


def find_span_end(words: str, today: date) -> date | None:
    """The local day on which a span such as "two weeks" ends; None where it is none.

    A month ends on its last day if it is too short. `words` are `typed_text.plain`.
    """
    span = _SPAN.fullmatch(words)
    return _after(span, today) if span else None


def _after(span: regex.Match[str], today: date) -> date:
    """The local day on which a span such as "two weeks" ends."""
    typed = span["count"]
    count = int(typed) if typed.isdecimal() else _NUMBERS[typed]
    months = count * 12 if span["years"] else count if span["months"] else 0
    if months:
        # More than this is refused in any case, and years past 9999 do not exist.
        return _add_months(today, min(months, 24))
    days = count * (7 if span["weeks"] else 14 if span["fortnights"] else 1)
    return today + timedelta(days=min(days, MOST_DAYS + 1))


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def find_day(words: str, today: date) -> date | None:
    """The day that a date, a weekday or "tomorrow" names; None if it names none.

    "next week" is its Monday, a date without a year the next such date. `words` are
    `typed_text.plain`.

    Raises:
        AmbiguousDay: It could be two days: "1/12/2026", "next Friday" while this week's is still
            to come, a weekday that is not that of its date.
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
    """The next such weekday. Raises AmbiguousDay for "next Friday" while this week has one."""
    name = words.removeprefix("next ").removeprefix("coming ")
    weekday = _weekday_number(name)
    if weekday is None:
        return None
    day = today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    # Weeks begin on Monday for some and on Sunday for others: it has to be next week for both.
    begun_on_monday = today - timedelta(days=today.weekday())
    begun_on_sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    if words.startswith("next ") and day < max(begun_on_monday, begun_on_sunday) + timedelta(7):
        raise AmbiguousDay
    return day


def _weekday_number(name: str) -> int | None:
    if name in _WEEKDAYS:
        return _WEEKDAYS.index(name)
    return _SHORT_DAYS.get(name)


def _date_of_weekday(words: str, today: date) -> date | None:
    """The day of "Friday, 4 September". Raises AmbiguousDay where that is no Friday."""
    match = _WEEKDAY.fullmatch(words)
    weekday = _weekday_number(match["weekday"]) if match else None
    day = _date(match["rest"], today) if match and weekday is not None else None
    if day is not None and day.weekday() != weekday:
        raise AmbiguousDay
    return day


def _date(words: str, today: date) -> date | None:
    """The day of a date in numbers or with its month's name. Raises AmbiguousDay as `_numbers`."""
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

    Raises AmbiguousDay where both can be and differ.
    """
    if one != two and one <= len(_MONTHS) and two <= len(_MONTHS):
        raise AmbiguousDay
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
