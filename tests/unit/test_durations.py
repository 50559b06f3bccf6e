"""Settings' lengths of time, and pauses as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.durations import parse_duration, parse_pause, show_duration

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(key)
    for key in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Cairo",
                "Australia/Lord_Howe", "Pacific/Kiritimati", "America/Santiago")
]  # fmt: skip
# A Thursday, 15:30 in Berlin.
NOW = datetime(2026, 10, 15, 13, 30, tzinfo=UTC)


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 weeks", "2026-10-29 15:30"),
        ("two weeks", "2026-10-29 15:30"),
        ("for 2 weeks", "2026-10-29 15:30"),
        ("2w", "2026-10-29 15:30"),
        ("a fortnight", "2026-10-29 15:30"),
        ("a week", "2026-10-22 15:30"),
        (" 1  Week. ", "2026-10-22 15:30"),
        ("3 days", "2026-10-18 15:30"),
        ("10d", "2026-10-25 15:30"),
        ("1 month", "2026-11-15 15:30"),
        ("a month", "2026-11-15 15:30"),
        ("3mo", "2027-01-15 15:30"),
        ("12 months", "2027-10-15 15:30"),
        ("1 year", "2027-10-15 15:30"),
        ("until 2026-12-01", "2026-12-01 00:00"),
        ("2026-12-01", "2026-12-01 00:00"),
        ("till 1 Dec 2026", "2026-12-01 00:00"),
        ("until 1st of December, 2026", "2026-12-01 00:00"),
        ("until December 1, 2026", "2026-12-01 00:00"),
        ("Dec 1", "2026-12-01 00:00"),
        ("until 1 Feb", "2027-02-01 00:00"),
        ("until sept. 3", "2027-09-03 00:00"),
        ("tomorrow", "2026-10-16 00:00"),
        ("until Monday", "2026-10-19 00:00"),
        ("until Thursday", "2026-10-22 00:00"),
        ("366 days", "2027-10-16 15:30"),
    ],
)
def test_a_pause_ends_when_it_was_said_to(text: str, expected: str) -> None:
    end = parse_pause(text, NOW, BERLIN)
    assert end.tzinfo is UTC
    assert end.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M") == expected


def test_a_pause_over_the_end_of_summer_time_keeps_the_time_of_day() -> None:
    assert parse_pause("2 weeks", NOW, BERLIN) - NOW == timedelta(days=14, hours=1)


def test_a_month_ends_on_its_last_day() -> None:
    now = datetime(2027, 1, 31, 9, tzinfo=UTC)
    assert parse_pause("1 month", now, ZoneInfo("UTC")) == datetime(2027, 2, 28, 9, tzinfo=UTC)


def test_a_day_that_skips_midnight_starts_at_its_first_instant() -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    end = parse_pause("2026-09-06", now, ZoneInfo("America/Santiago"))
    assert end == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert end.astimezone(ZoneInfo("America/Santiago")).hour == 1


def test_today_is_the_persons_day_not_ours() -> None:
    late = datetime(2026, 10, 15, 23, tzinfo=UTC)
    assert parse_pause("tomorrow", late, BERLIN) == datetime(2026, 10, 16, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "forever", "soon", "2", "weeks", "2 minutes", "-3 days", "some days", "12/01/2026",
     "2026-02-30", "31 Nov 2026", "1 De 2026", "1 foo 2026", "until", "30 Feb"],
)  # fmt: skip
def test_what_is_not_understood_gets_examples_that_work(text: str) -> None:
    with pytest.raises(ValueError, match="“2 weeks” or “until 2026-11-14”"):
        parse_pause(text, NOW, BERLIN)


@pytest.mark.parametrize("text", ["2026-10-15", "until 2020-01-01", "0 days", "0 months", "0w"])
def test_a_pause_ends_after_today(text: str) -> None:
    with pytest.raises(ValueError, match="a day after today"):
        parse_pause(text, NOW, BERLIN)


@pytest.mark.parametrize(
    "text", ["367 days", "53 weeks", "13 months", "2 years", "2027-10-17", "9999-12-31", "999999w"]
)
def test_a_pause_lasts_a_year_at_most(text: str) -> None:
    with pytest.raises(ValueError, match="up to a year"):
        parse_pause(text, NOW, BERLIN)


moments = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001
    max_value=datetime(2036, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
spans = st.builds(
    "{}{} {}".format,
    st.sampled_from(["", "for "]),
    st.integers(0, 500),
    st.sampled_from(["days", "weeks", "months", "year"]),
)
dates = st.dates(datetime(2023, 1, 1).date(), datetime(2038, 1, 1).date()).map(  # noqa: DTZ001
    "until {}".format
)


@given(spans | dates | st.text(max_size=20), moments, st.sampled_from(ZONES))
def test_a_pause_ends_after_now_and_within_a_year(text: str, now: datetime, zone: ZoneInfo) -> None:
    try:
        end = parse_pause(text, now, zone)
    except ValueError:
        return
    assert end > now
    assert (end.astimezone(zone).date() - now.astimezone(zone).date()).days <= 366
