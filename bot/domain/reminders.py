"""When comms are reminded, once, of a post that waits for their approval."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc, is_open, next_open
from bot.domain.model import ChannelPolicy

WORKING_DAYS: Final = 2


def reminds_at(since: datetime, policy: ChannelPolicy) -> datetime:
    """When a post that waits since then has waited for two of the company's working days, as UTC.

    What is sent outside the channel's hours begins to wait when they open next. The moment has the
    same time of day, on the second working day after that one.

    Args:
        since: aware.
        policy: whose hours and workdays are the company's, read in its zone.
    """
    zone = ZoneInfo(policy.zone)
    begins = next_open(policy.hours, policy.workdays, zone, since).astimezone(zone)
    day, left = begins.date(), WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() in policy.workdays
    return as_utc(datetime.combine(day, begins.time(), zone))


def reminds_now(since: datetime, policy: ChannelPolicy, now: datetime) -> bool:
    """Whether comms are reminded now (aware): it has waited, and they are at work."""
    zone = ZoneInfo(policy.zone)
    return reminds_at(since, policy) <= now and is_open(policy.hours, policy.workdays, zone, now)
