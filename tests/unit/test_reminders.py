"""Two working days of the company, by its own clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.reminders import reminds_at, reminds_now
from tests.services.helpers import POLICY, ZONE

WEEKEND_WORKERS = frozenset({5, 6})


def at(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(ZONE))


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (at("2026-09-01", "10:30"), at("2026-09-03", "10:30")),  # Tuesday to Thursday
        (at("2026-09-03", "16:59"), at("2026-09-07", "16:59")),  # over a weekend
        (at("2026-09-04", "18:00"), at("2026-09-09", "09:00")),  # after hours: from Monday on
        (at("2026-09-05", "12:00"), at("2026-09-09", "09:00")),  # on a Saturday
        (at("2026-09-01", "03:00"), at("2026-09-03", "09:00")),  # before hours
        (at("2026-10-23", "10:00"), at("2026-10-27", "10:00")),  # the clocks go back between them
    ],
)
def test_the_time_of_day_stays_and_only_working_days_count(since: datetime, due: datetime) -> None:
    assert reminds_at(since, POLICY) == due
    assert not reminds_now(since, POLICY, due - timedelta(microseconds=1))
    assert reminds_now(since, POLICY, due)


def test_nobody_is_reminded_outside_the_hours() -> None:
    since = at("2026-09-01", "10:30")
    assert not reminds_now(since, POLICY, at("2026-09-03", "20:00"))
    assert not reminds_now(since, POLICY, at("2026-09-05", "11:00"))
    assert reminds_now(since, POLICY, at("2026-09-07", "09:00"))


def test_other_workdays_are_kept() -> None:
    policy = replace(POLICY, workdays=WEEKEND_WORKERS)
    assert reminds_at(at("2026-09-05", "10:00"), policy) == at("2026-09-12", "10:00")
