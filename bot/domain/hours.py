"""Opening windows on the wall clock of an IANA zone, exact across daylight saving."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.model import Hours

# The window of a local date, or None where that day has none.
OpenOn = Callable[[date], Hours | None]

DAY_MINUTES = 24 * 60
HORIZON = timedelta(days=400)

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = re.compile(r"([0-9]{1,2}):([0-5][0-9]) ?- ?([0-9]{1,2}):([0-5][0-9])")
_HOURS_TAKE = "Write hours like 09:30-16:30, within one day and ending at 24:00 at the latest."
_WORKDAYS_TAKE = "Write days like Mon-Fri or Mon,Tue,Thu, from Mon, Tue, Wed, Thu, Fri, Sat, Sun."


def as_utc(moment: datetime) -> datetime:
    """The same instant in UTC, so that arithmetic on it counts real time.

    Raises:
        ValueError: the moment is naive.
    """
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)


def start_of_day(moment: datetime, zone: str) -> datetime:
    """When the day of `moment` (aware) began on the clock of an IANA zone, as UTC."""
    day = as_utc(moment).astimezone(ZoneInfo(zone)).date()
    return as_utc(datetime.combine(day, time.min, ZoneInfo(zone)))


def end_of_day(moment: datetime, zone: str) -> datetime:
    """When the day of `moment` (aware) ends on the clock of an IANA zone, as UTC."""
    day = as_utc(moment).astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return as_utc(datetime.combine(day, time.min, ZoneInfo(zone)))


def every(hours: Hours, workdays: frozenset[int]) -> OpenOn:
    """The same window on each of these weekdays (Monday is 0), and none on the others.

    Raises:
        ValueError: the window could never open.
    """
    _check(hours, workdays)
    return lambda day: hours if day.weekday() in workdays else None


def is_open(hours: Hours, workdays: frozenset[int], zone: ZoneInfo, moment: datetime) -> bool:
    """`is_open_on` for the same window on each of these weekdays (Monday is 0)."""
    return is_open_on(every(hours, workdays), zone, moment)


def next_open(hours: Hours, workdays: frozenset[int], zone: ZoneInfo, moment: datetime) -> datetime:
    """`next_open_on` for the same window on each of these weekdays (Monday is 0)."""
    return next_open_on(every(hours, workdays), zone, moment)


def is_open_on(windows: OpenOn, zone: ZoneInfo, moment: datetime) -> bool:
    """Whether a window is open at `moment`, by nothing but the wall clock in `zone`.

    Where clocks are turned back the wall clock shows an hour twice, and so the window may be open
    twice; where they are turned forward a part of the window may not exist.

    Args:
        windows: the window of a local date, in minutes since midnight, the end outside; or None.
        zone: whose wall clock counts.
        moment: aware, in any zone.

    Raises:
        ValueError: the moment is naive.
    """
    local = as_utc(moment).astimezone(zone)
    window = windows(local.date())
    # The limits are whole minutes, so dropping the seconds changes no comparison.
    return window is not None and (window.start <= local.hour * 60 + local.minute < window.end)


def next_open_on(windows: OpenOn, zone: ZoneInfo, moment: datetime) -> datetime:
    """The first instant, from `moment` on, at which `is_open_on` is true.

    Between two changes of the offset, a closed window opens only where the wall clock reaches its
    start; so the walk goes to the day's start or to the next midnight, and stops at every change
    on the way.

    Args:
        windows: the window of a local date, in minutes since midnight, the end outside; or None.
        zone: whose wall clock counts.
        moment: aware, in any zone.

    Returns:
        An aware UTC datetime, `moment` itself if the window is open then.

    Raises:
        ValueError: the moment is naive, or no window opens within 400 days.
    """
    instant = as_utc(moment)
    limit = instant + HORIZON
    while not is_open_on(windows, zone, instant):
        wall = _wall(zone, instant)
        midnight = datetime.combine(wall, time.min)
        window = windows(wall.date())
        start = None if window is None else midnight + timedelta(minutes=window.start)
        following = start if start is not None and start > wall else midnight + timedelta(days=1)
        instant = _first_change(zone, instant, instant + (following - wall))
        if instant > limit:
            raise ValueError("The hours do not open within 400 days.")
    return instant


def parse_hours(text: str) -> Hours:
    """Read a daily window like `09:30-16:30`; `24:00` may end it.

    Raises:
        ValueError: with a sentence that says what is taken; windows over midnight are not.
    """
    match = _HOURS.fullmatch(_plain(text))
    if match is None:
        raise ValueError(_HOURS_TAKE)
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    hours = Hours(from_hour * 60 + from_minute, to_hour * 60 + to_minute)
    if not _lies_in_a_day(hours):
        raise ValueError(_HOURS_TAKE)
    return hours


def show_hours(hours: Hours) -> str:
    """Write a daily window so that `parse_hours` reads it back."""
    return "-".join(f"{m // 60:02}:{m % 60:02}" for m in (hours.start, hours.end))


def parse_workdays(text: str) -> frozenset[int]:
    """Read weekdays like `Mon-Fri`, `Mon,Tue,Thu` or `Sun-Thu`, in any case; Monday is 0.

    Raises:
        ValueError: with a sentence that says what is taken.
    """
    days: set[int] = set()
    for part in _plain(text).split(","):
        names = [name.strip().capitalize() for name in part.split("-")]
        if len(names) > 2 or any(name not in _DAYS for name in names):
            raise ValueError(_WORKDAYS_TAKE)
        first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
        days |= _run(first, (last - first) % 7 + 1)
    return frozenset(days)


def show_workdays(workdays: frozenset[int]) -> str:
    """Write weekdays so that `parse_workdays` reads them back: a run from three days on, or a list.

    Raises:
        ValueError: there is no day, or something that is none.
    """
    _check_workdays(workdays)
    size = len(workdays)
    for first in range(7):
        if size > 2 and _run(first, size) == workdays:
            return f"{_DAYS[first]}-{_DAYS[(first + size - 1) % 7]}"
    return ",".join(_DAYS[day] for day in sorted(workdays))


def _check(hours: Hours, workdays: frozenset[int]) -> None:
    if not _lies_in_a_day(hours):
        raise ValueError("Hours must end after they start, on the same day.")
    _check_workdays(workdays)


def _check_workdays(workdays: frozenset[int]) -> None:
    if not workdays or not workdays <= _run(0, 7):
        raise ValueError("Workdays need at least one day, from Monday 0 to Sunday 6.")


def _lies_in_a_day(hours: Hours) -> bool:
    return 0 <= hours.start < hours.end <= DAY_MINUTES


def _run(first: int, size: int) -> frozenset[int]:
    """`size` days in a row, going on with Monday after Sunday."""
    return frozenset((first + step) % 7 for step in range(size))


def _plain(text: str) -> str:
    """The text without what editors do to it: blanks around, and an en dash for a hyphen."""
    return text.strip().replace("\u2013", "-")


def _wall(zone: ZoneInfo, instant: datetime) -> datetime:
    """What the wall clock shows, as a naive datetime."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _first_change(zone: ZoneInfo, after: datetime, until: datetime) -> datetime:
    """The first instant after `after` at which the offset is another one, at most `until`.

    Offsets change on whole seconds of UTC. A zone that went and came back within the same day
    would be missed; the IANA database has none.
    """

    def changed(seconds: int) -> bool:
        instant = whole + timedelta(seconds=seconds)
        return _wall(zone, instant) - instant.replace(tzinfo=None) != offset

    whole = after.replace(microsecond=0)
    offset = _wall(zone, whole) - whole.replace(tzinfo=None)
    span = (until - whole) // timedelta(seconds=1)
    if not changed(span):
        return until
    return whole + timedelta(seconds=bisect_left(range(span), True, key=changed))
