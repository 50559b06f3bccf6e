"""Lengths of time as settings write them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import regex

_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION: Final = regex.compile(r"([0-9]{1,15})\s*([wdhms])|0")


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
