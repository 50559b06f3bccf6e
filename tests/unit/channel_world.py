"""What the tests of the opt-in channel share: its usual policy, and a Monday at noon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.model import ChannelPolicy, Hours

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
GRID = timedelta(minutes=15)
POLICY = ChannelPolicy(
    min_gap=4 * HOUR,
    weekly_cap=3,
    hours=Hours(9 * 60, 17 * 60),
    workdays=frozenset(range(5)),
    zone="Europe/Berlin",
)
MONDAY_NOON = datetime(2026, 6, 8, 12, tzinfo=BERLIN).astimezone(UTC)

_quarters = st.integers(0, 95)
windows = st.tuples(_quarters, _quarters).map(
    lambda pair: Hours(min(pair) * 15, (max(pair) + 1) * 15)
)
