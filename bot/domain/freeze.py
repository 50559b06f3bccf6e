"""A freeze: nothing goes out until its end, or until a person ends it; and how comms type one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import regex

from bot.domain.emoji_codes import with_emoji
from bot.domain.typed_days import MOST_DAYS, AmbiguousDay, find_day, find_span_end
from bot.domain.typed_text import clean, plain

LONGEST_REASON: Final = 200

# What a date takes at most: "until Wednesday, the 6th of January 2027".
_MOST_WORDS: Final = 8
_BEFORE_REASON: Final = ",.;:\u2013\u2014-"
# What begins so is meant as an end, and no reason.
_END: Final = regex.compile(r"(?:until|untill|till?|up to)\b|(?:\S+ )?\S*[0-9]")


@dataclass(frozen=True, slots=True)
class Freeze:
    """Nothing goes out until `until` (aware); where that is None, until a person ends it.

    `reason` is why, in the words of comms, empty where they gave none.
    """

    until: datetime | None = None
    reason: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether nothing goes out at `now` (aware)."""
        return self.until is None or now < self.until


ENDLESS: Final = Freeze()


def as_detail(freeze: Freeze) -> str | None:
    """A freeze as a notice carries it; None for one without an end and a reason."""
    if freeze == ENDLESS:
        return None
    until = int(freeze.until.timestamp()) if freeze.until is not None else ""
    return f"{until}:{freeze.reason}"


def from_detail(detail: str | None) -> Freeze:
    """The inverse of `as_detail`."""
    until, _, reason = (detail or "").partition(":")
    return Freeze(datetime.fromtimestamp(int(until), UTC) if until else None, reason)


def parse_freeze(typed: str, now: datetime, zone: str, opens: int) -> Freeze:
    """What comms typed after the command: until when, and why; each of them can be missing.

    "until 6 January", "until Monday", "2 weeks" end in the morning of that day. What follows, or
    all of it where it begins with no date, is the reason.

    Args:
        typed: Such as "until 6 January The office is closed".
        now: Aware.
        zone: The workspace's IANA zone.
        opens: When its channel's day begins, in minutes since midnight: the company's morning.

    Raises:
        ValueError: With one sentence for people, if the date is none, could be two days, is not in
            the future or more than 366 days ahead, or the reason is too long.
    """
    words = typed.split()
    today = now.astimezone(ZoneInfo(zone)).date()
    day, used = _leading_day(words, today)
    if day is None and _END.match(plain(typed)):
        raise ValueError(
            "I couldn't read until when. Please give a day, for example “until "
            f"{today + timedelta(days=14)}” or “2 weeks”."
        )
    if used < len(words) and not words[used].strip(_BEFORE_REASON):
        used += 1
    reason = with_emoji(clean(" ".join(words[used:])))
    if len(reason) > LONGEST_REASON:
        raise ValueError(
            f"A reason can have {LONGEST_REASON} characters. This one has {len(reason)}."
        )
    if day is None:
        return Freeze(None, reason)
    if day <= today:
        raise ValueError("Please choose a day after today for the end of the freeze.")
    if (day - today).days > MOST_DAYS:
        raise ValueError("A freeze can last up to a year. Please choose an earlier end.")
    return Freeze(_morning(day, ZoneInfo(zone), opens), reason)


def _leading_day(words: list[str], today: date) -> tuple[date | None, int]:
    """The day that the first words name, and how many they are; the longest date counts."""
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        begun = plain(" ".join(words[:count]))
        try:
            day = find_span_end(begun, today) or find_day(begun, today)
        except AmbiguousDay:
            raise ValueError(
                "That could be more than one day. Please write the date with its month in words, "
                "for example “until 6 January”."
            ) from None
        if day is not None:
            return day, count
    return None, 0


def _morning(day: date, zone: ZoneInfo, opens: int) -> datetime:
    """The moment (UTC) at which the channel's hours begin on a day."""
    # In a gap of local time fold=0 gives the first instant after it, in a repeated hour the first.
    return datetime.combine(day, time(opens // 60, opens % 60), zone).astimezone(UTC)
