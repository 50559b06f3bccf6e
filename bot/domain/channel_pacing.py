"""WHEN the opt-in channel gets a post: whether it may now, and if not, why and from when on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc, next_open
from bot.domain.model import Allowed, ChannelPolicy, Reason, Withheld

WEEK = timedelta(days=7)


def decide(sent: Sequence[datetime], policy: ChannelPolicy, now: datetime) -> Allowed | Withheld:
    """Whether the opt-in channel may get a post now.

    The rules are the product's for a channel post (gap, cap, hours, freeze). A gap or a week is
    counted in real time and is over at its last instant: what is exactly seven days old no longer
    counts, what is exactly `min_gap` old no longer blocks. Where several rules block, the reason
    is the first of freeze, cap, gap, day off, hours.

    An announcement later than `now` (the clock was set back) is simply the most recent one: it
    blocks until its own gap and week are over. That may be long, but never sends too much.

    Args:
        sent: when earlier announcements went out, in any order; at least those of the last seven
            days, and the last one.
        policy: the workspace's limits; hours and workdays are read in its zone.
        now: aware, in any zone.

    Returns:
        Allowed, or Withheld with the reason and the first UTC instant at which this would be
        Allowed if nothing else happens; None under a freeze or a cap of none, which only a person
        can lift.

    Raises:
        ValueError: a moment is naive, or the hours and workdays could never open.
    """
    now = as_utc(now)
    latest_first = sorted(map(as_utc, sent), reverse=True)
    if policy.frozen:
        return Withheld(Reason.FROZEN, None)
    if policy.weekly_cap < 1:
        return Withheld(Reason.CAP, None)

    cap_over = gap_over = now
    if latest_first:
        gap_over = latest_first[0] + policy.min_gap
    if len(latest_first) >= policy.weekly_cap:
        cap_over = latest_first[policy.weekly_cap - 1] + WEEK
    zone = ZoneInfo(policy.zone)
    # Cap and gap, once over, stay over; only the hours come and go. So they are asked last.
    until = next_open(policy.hours, policy.workdays, zone, max(now, cap_over, gap_over))

    if until == now:
        return Allowed()
    if now < cap_over:
        return Withheld(Reason.CAP, until)
    if now < gap_over:
        return Withheld(Reason.GAP, until)
    if now.astimezone(zone).weekday() not in policy.workdays:
        return Withheld(Reason.DAY_OFF, until)
    return Withheld(Reason.HOURS, until)
