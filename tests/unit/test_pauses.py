"""Pauses as people type them: understood, or asked about on a calendar; never a wrong day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pauses import parse_pause

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


# What people type, and what it means on that Thursday; weeks begin on Monday (ISO 8601).
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2 weeks", "2026-10-29 15:30"),
        ("2 weeks from now", "2026-10-29 15:30"),
        ("for the next 10 days", "2026-10-25 15:30"),
        ("until mon", "2026-10-19 00:00"),
        ("until Tues.", "2026-10-20 00:00"),
        ("Friday, 4 December", "2026-12-04 00:00"),
        ("Fri 4th Dec 2026", "2026-12-04 00:00"),
        ("the 4th of December", "2026-12-04 00:00"),
        ("31.12.2026", "2026-12-31 00:00"),
        ("31/12/2026", "2026-12-31 00:00"),
        ("12/31/2026", "2026-12-31 00:00"),
        ("31-12-2026", "2026-12-31 00:00"),
        ("5.5.2027", "2027-05-05 00:00"),
        ("2026/12/01", "2026-12-01 00:00"),
        ("2026.12.1", "2026-12-01 00:00"),
        ("2026\u201312\u201301", "2026-12-01 00:00"),
        ("next week", "2026-10-19 00:00"),
        ("until next week", "2026-10-19 00:00"),
        ("next Monday", "2026-10-19 00:00"),
        ("the day after tomorrow", "2026-10-17 00:00"),
        ("\u201c2 weeks\u201d", "2026-10-29 15:30"),
        ("\u201cuntil 2026-11-14\u201d", "2026-11-14 00:00"),
        ("until \u20182026-11-14\u2019", "2026-11-14 00:00"),
        ("`until Monday`", "2026-10-19 00:00"),
        ("2\u00a0weeks, please", "2026-10-29 15:30"),
        ("\u200buntil\u3000Monday!", "2026-10-19 00:00"),
    ],
)
def test_what_people_type_is_understood(text: str, expected: str) -> None:
    end = parse_pause(text, NOW, BERLIN)
    assert end.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "text",
    ["12/1", "1/12", "12/1/2026", "12/01/2026", "1.12.2026", "01-12-2026", "next Friday",
     "next Sunday", "Monday, 4 December", "Sat 4 Dec 2026"],
)  # fmt: skip
def test_what_could_be_two_days_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="could be more than one day"):
        parse_pause(text, NOW, BERLIN)


@pytest.mark.parametrize(
    "text",
    ["24/7", "31.12.", "9-17", "1.5 weeks", "1\u00bd weeks", "a couple of weeks", "next month",
     "1 month and 2 weeks", "a week from Monday", "until Monday 9am", "for Monday", "for next week",
     "until 1 Dec 26", "20261201", "-2 weeks", "1 Dec - 3 Dec", "christmas", "31/12/26", "may"],
)  # fmt: skip
def test_what_is_no_day_for_sure_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="I can pause for"):
        parse_pause(text, NOW, BERLIN)


def test_next_sunday_is_plain_on_a_sunday_only() -> None:
    sunday = datetime(2026, 10, 18, 12, tzinfo=UTC)
    assert parse_pause("next Sunday", sunday, BERLIN).astimezone(BERLIN).day == 25
    with pytest.raises(ValueError, match="could be more than one day"):
        parse_pause("next Monday", sunday, BERLIN)


def test_a_weekday_has_to_be_that_of_its_date() -> None:
    september = datetime(2026, 9, 1, 12, tzinfo=UTC)
    end = parse_pause("Friday, 4 September", september, BERLIN)
    assert end.astimezone(BERLIN).date().isoformat() == "2026-09-04"
    with pytest.raises(ValueError, match="could be more than one day"):
        parse_pause("Friday, 4 September", NOW, BERLIN)  # next year's is a Saturday


def test_today_written_out_is_not_a_year_from_now() -> None:
    with pytest.raises(ValueError, match="a day after today"):
        parse_pause("15 October", NOW, BERLIN)


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
    ["", "forever", "soon", "2", "weeks", "2 minutes", "-3 days", "some days",
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


@given(
    st.dates(NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=366)),
    st.sampled_from(
        ["{d.year}-{d.month}-{d.day}", "{d.year}/{d.month:02}/{d.day:02}", "{d:%-d %B %Y}",
         "{d:%A, %-d %B %Y}", "{d:%b} {d.day}, {d.year}", "{d:%a %b %-d %Y}",
         "{d.day}/{d.month}/{d.year}", "{d.month}/{d.day}/{d.year}", "until {d:%-d %b}",
         "{d.day}.{d.month}.{d.year}"]
    ),
    st.sampled_from(ZONES),
)  # fmt: skip
def test_a_date_is_itself_or_asked_about(day: date, form: str, zone: ZoneInfo) -> None:
    try:
        end = parse_pause(form.format(d=day), NOW, zone)
    except ValueError as problem:
        unclear = "more than one day" in str(problem) and day.day <= 12
        far = "a day after today" in str(problem) or "up to a year" in str(problem)
        assert unclear or far
        return
    assert end.astimezone(zone).date() == day
