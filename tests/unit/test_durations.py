"""Settings' lengths of time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import parse_duration, show_duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        (" 2H ", timedelta(hours=2)),
        ("2 d", timedelta(days=2)),
        ("1w", timedelta(days=7)),
        ("0", timedelta(0)),
        ("0d", timedelta(0)),
    ],
)
def test_it_reads_a_length_of_time(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "junk",
    ["", "5", "-1d", "1.5h", "2 days", "1h30m", "d", "1y", "\u0662d", "9" * 15 + "w", "9" * 5000],
)
def test_it_refuses_other_lengths_and_names_what_it_takes(junk: str) -> None:
    with pytest.raises(ValueError, match="followed by s, m, h, d or w, such as 90s"):
        parse_duration(junk)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0"), (90, "90s"), (7200, "2h"), (86_400, "1d"), (1_209_600, "2w"), (691_200, "8d")],
)
def test_it_shows_the_largest_whole_unit(seconds: int, expected: str) -> None:
    assert show_duration(timedelta(seconds=seconds)) == expected


@pytest.mark.parametrize("wrong", [timedelta(seconds=-1), timedelta(milliseconds=1)])
def test_it_shows_no_part_of_a_second_and_nothing_negative(wrong: timedelta) -> None:
    with pytest.raises(ValueError, match="whole seconds"):
        show_duration(wrong)


@given(st.timedeltas(min_value=timedelta(0)).map(lambda d: d - timedelta(0, 0, d.microseconds)))
def test_what_is_shown_reads_back(duration: timedelta) -> None:
    assert parse_duration(show_duration(duration)) == duration
