"""Notes from members to comms: when one without a name is passed on."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc

# When all notes without a name are passed on together: the moment says nothing about who was
# looking at a post just before.
PASSED_ON_AT: Final = time(10)
MOST_A_WEEK: Final = 3  # of one person: enough to be heard, too few to flood a channel


def passed_on_at(now: datetime, zone: str, workdays: frozenset[int]) -> datetime:
    """Ten o'clock of the workspace's next working day, as UTC.

    Args:
        now: aware, in any zone.
        zone: the workspace's IANA name.
        workdays: the workspace's, Monday is 0; at least one.
    """
    local = ZoneInfo(zone)
    day = as_utc(now).astimezone(local).date() + timedelta(days=1)
    while day.weekday() not in workdays:
        day += timedelta(days=1)
    return as_utc(datetime.combine(day, PASSED_ON_AT, local))
