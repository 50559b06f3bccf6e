"""The clock of the stand-in."""

from datetime import UTC, datetime, timedelta

import pytest

from slack_sandbox import Clock

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def test_a_frozen_clock_stands_still_until_it_is_moved() -> None:
    clock = Clock(start=NOON, frozen=True)
    assert clock() == clock() == NOON
    clock.advance(timedelta(hours=2))
    assert clock() == NOON + timedelta(hours=2)


def test_a_running_clock_goes_on_from_where_it_was_moved_to() -> None:
    clock = Clock()
    clock.move_to(NOON)
    assert NOON <= clock() < NOON + timedelta(minutes=1)
    clock.advance(timedelta(days=1))
    assert clock() - NOON >= timedelta(days=1)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(start=datetime(2026, 7, 1))  # noqa: DTZ001
