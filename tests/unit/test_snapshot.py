"""When a snapshot is taken, when figures act, and what they may speak of."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.draws import draw
from bot.domain.snapshot import (
    GATE_OFF_BELOW,
    GATE_ON,
    LEAST_PEOPLE,
    NO_SNAPSHOT,
    Snapshot,
    day_of,
    decide_gate,
    decide_note_gate,
    reads_gate,
    speaks,
)

MONDAY = date(2026, 9, 7)
ON, OFF = Snapshot(MONDAY, gate=True, note_gate=True), Snapshot(MONDAY)


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        (datetime(2026, 9, 7, 3, 59, tzinfo=UTC), "Europe/Berlin", date(2026, 9, 6)),
        (datetime(2026, 9, 7, 4, 0, tzinfo=UTC), "Europe/Berlin", date(2026, 9, 7)),
        (datetime(2026, 9, 7, 4, 0, tzinfo=UTC), "America/New_York", date(2026, 9, 6)),
        (datetime(2026, 9, 7, 4, 0, tzinfo=UTC), "Asia/Tokyo", date(2026, 9, 7)),
    ],
)
def test_a_day_begins_at_six_in_the_workspaces_zone(now: datetime, zone: str, day: date) -> None:
    assert day_of(now, zone) == day


@pytest.mark.parametrize(
    ("before", "day", "reads"),
    [
        (None, MONDAY + timedelta(days=2), True),
        (MONDAY, MONDAY + timedelta(days=1), False),
        (MONDAY - timedelta(days=1), MONDAY, True),
        (MONDAY, MONDAY + timedelta(days=6), False),
        (MONDAY, MONDAY + timedelta(days=7), True),
        (MONDAY, MONDAY + timedelta(days=9), True),
    ],
)
def test_gates_are_read_on_mondays_or_as_soon_as_can_be(
    before: date | None, day: date, reads: bool
) -> None:
    assert reads_gate(Snapshot(before), day) is reads


@given(st.integers(0, 60), st.sampled_from(GATE_ON))
def test_figures_act_from_about_twenty_members_and_stop_below_fifteen(
    members: int, threshold: int
) -> None:
    assert decide_gate(OFF, members, threshold) is (members >= threshold)
    assert decide_gate(ON, members, threshold) is (members >= GATE_OFF_BELOW)
    assert 20 <= threshold <= 24


@given(st.integers(0, 20))
def test_notes_may_come_unsigned_from_ten_members_and_not_below_seven(members: int) -> None:
    assert decide_note_gate(OFF, members) is (members >= 10)
    assert decide_note_gate(ON, members) is (members >= 7)


def test_without_a_snapshot_nothing_acts() -> None:
    assert not NO_SNAPSHOT.gate
    assert not NO_SNAPSHOT.note_gate


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_figure_speaks_only_with_enough_people_on_both_sides(figure: int, rest: int) -> None:
    assert speaks(figure, figure + rest) is (min(figure, rest) >= LEAST_PEOPLE)


def test_what_is_drawn_is_even_and_a_members_own() -> None:
    drawn = [draw(number, "post:1") for number in range(2_000)]
    tenths = Counter(int(10 * one) for one in drawn)
    assert set(tenths) == set(range(10))
    assert min(tenths.values()) > 150
    assert draw(1, "post:1") != draw(1, "post:2")
    assert draw(1, "post:1") == draw(1, "post:1")
