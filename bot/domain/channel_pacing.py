"""WHEN the opt-in channel gets a post: whether it may now, and if not, why and from when on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.hours import as_utc, next_open
from bot.domain.model import Allowed, ChannelPolicy, Reason, Withheld

WEEK = timedelta(days=7)
FIRST_MONTH = timedelta(days=30)  # people get used to the channel before it speaks more often
FIRST_CAP = 1  # posts in seven days, meanwhile


def decide(sent: Sequence[datetime], policy: ChannelPolicy, now: datetime) -> Allowed | Withheld:
    """Whether the opt-in channel may get a post now.

    The rules are the product's for a channel post (gap, cap, hours, freeze), with a cap of
    `FIRST_CAP` in a workspace's first month. A gap or a week is
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
        Allowed if nothing else happens; None under a freeze without an end or a cap of none, which
        only a person can lift.

    Raises:
        ValueError: a moment is naive, or the hours and workdays could never open.
    """
    now = as_utc(now)
    latest_first = sorted(map(as_utc, sent), reverse=True)
    freeze_over = gap_over = now
    if policy.freeze is not None and policy.freeze.holds(now):
        if policy.freeze.until is None:
            return Withheld(Reason.FROZEN, None)
        freeze_over = as_utc(policy.freeze.until)
    if policy.weekly_cap < 1:
        return Withheld(Reason.CAP, None)

    if latest_first:
        gap_over = latest_first[0] + policy.min_gap
    cap_over = _cap_over(latest_first, policy, now)
    over = {Reason.FROZEN: freeze_over, Reason.CAP: cap_over, Reason.GAP: gap_over}
    zone = ZoneInfo(policy.zone)
    # These, once over, stay over; only the hours come and go. So they are asked last.
    until = next_open(policy.hours, policy.workdays, zone, max(now, *over.values()))

    if until == now:
        return Allowed()
    reason = next((reason for reason, end in over.items() if now < end), None)
    if reason is None:
        is_workday = now.astimezone(zone).weekday() in policy.workdays
        reason = Reason.HOURS if is_workday else Reason.DAY_OFF
    return Withheld(reason, until)


def _cap_over(latest_first: Sequence[datetime], policy: ChannelPolicy, now: datetime) -> datetime:
    """When fewer posts than the cap are in the seven days before; `now` where they are."""
    usual = _full_until(latest_first, policy.weekly_cap, now)
    if policy.first_month_ends is None or now >= policy.first_month_ends:
        return usual
    first = _full_until(latest_first, min(FIRST_CAP, policy.weekly_cap), now)
    return min(first, max(usual, as_utc(policy.first_month_ends)))


def _full_until(latest_first: Sequence[datetime], cap: int, now: datetime) -> datetime:
    return latest_first[cap - 1] + WEEK if len(latest_first) >= cap else now
