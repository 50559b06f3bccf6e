"""When a window on the wall clock is open, and when it opens next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.hours import (
    as_utc,
    is_open,
    is_open_on,
    next_open,
    next_open_on,
    parse_hours,
    parse_workdays,
    show_hours,
    show_workdays,
)
from bot.domain.model import Hours

WEEKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(9 * 60 + 30, 16 * 60 + 30)
MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)

# A place, and a moment near which its clocks did something.
TURNS = [
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("America/St_Johns", datetime(2006, 4, 2, 3, 31, tzinfo=UTC)),
    ("America/St_Johns", datetime(2006, 10, 29, 2, 31, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 2, 15, 2, tzinfo=UTC)),
    ("Africa/Casablanca", datetime(2026, 3, 22, 2, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ("Pacific/Kwajalein", datetime(1993, 8, 21, 12, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
    ("Africa/Monrovia", datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)),
    ("Antarctica/Troll", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Africa/Freetown", datetime(1939, 9, 3, 1, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(1985, 12, 31, 18, 30, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 6, 1, tzinfo=UTC)),
    ("UTC", datetime(2026, 6, 1, tzinfo=UTC)),
]

any_hours = st.tuples(st.integers(0, 1440), st.integers(0, 1440)).filter(
    lambda pair: pair[0] < pair[1]
)
any_workdays = st.frozensets(st.integers(0, 6), min_size=1)
near_a_turn = st.tuples(
    st.sampled_from(TURNS),
    st.timedeltas(min_value=timedelta(days=-8), max_value=timedelta(days=1)),
)


def opening(hours: str, days: str, zone: str, moment: datetime) -> datetime:
    return next_open(parse_hours(hours), parse_workdays(days), ZoneInfo(zone), moment)


def test_the_window_is_open_from_its_first_minute_until_just_before_its_end() -> None:
    start = datetime(2026, 6, 1, 9, 30, tzinfo=BERLIN)
    end = datetime(2026, 6, 1, 16, 30, tzinfo=BERLIN)

    assert not is_open(OFFICE, WEEKDAYS, BERLIN, start - INSTANT)
    assert is_open(OFFICE, WEEKDAYS, BERLIN, start)
    assert is_open(OFFICE, WEEKDAYS, BERLIN, end.astimezone(UTC) - INSTANT)
    assert not is_open(OFFICE, WEEKDAYS, BERLIN, end)


def test_an_open_window_opens_now_and_the_answer_is_in_utc() -> None:
    moment = datetime(2026, 6, 1, 12, 0, 30, 5, tzinfo=BERLIN)

    answer = next_open(OFFICE, WEEKDAYS, BERLIN, moment)

    assert answer == moment
    assert answer.tzinfo is UTC


def test_friday_evening_opens_on_monday_morning() -> None:
    friday = datetime(2026, 6, 5, 16, 30, tzinfo=BERLIN)
    monday = datetime(2026, 6, 8, 9, 30, tzinfo=BERLIN)

    assert next_open(OFFICE, WEEKDAYS, BERLIN, friday) == monday


def test_the_weekday_is_the_one_in_the_zone() -> None:
    sunday_in_utc = datetime(2026, 6, 7, 20, tzinfo=UTC)

    assert is_open(Hours(0, 1440), frozenset({0}), ZoneInfo("Pacific/Auckland"), sunday_in_utc)


def test_a_start_that_spring_skips_opens_when_the_clocks_change() -> None:
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert opening("02:30-05:00", "Sun", "Europe/Berlin", saturday) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


def test_a_window_that_spring_skips_altogether_opens_a_week_later() -> None:
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)

    assert opening("02:10-02:50", "Sun", "Europe/Berlin", saturday) == datetime(
        2026, 4, 5, 0, 10, tzinfo=UTC
    )


def test_a_window_in_the_repeated_hour_opens_twice() -> None:
    first = datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
    second = first + timedelta(hours=1)

    assert opening("02:10-02:20", "Sun", "Europe/Berlin", first - timedelta(hours=3)) == first
    assert opening("02:10-02:20", "Sun", "Europe/Berlin", first + 10 * MINUTE) == second


def test_clocks_turned_back_into_the_window_open_it_at_once() -> None:
    closed_at_three = datetime(2026, 10, 25, 1, tzinfo=UTC) - INSTANT

    assert not is_open(Hours(60, 150), EVERY_DAY, BERLIN, closed_at_three)
    assert opening("01:00-02:30", "Sun", "Europe/Berlin", closed_at_three) == datetime(
        2026, 10, 25, 1, tzinfo=UTC
    )


def test_lord_howe_moves_by_half_an_hour() -> None:
    before = datetime(2026, 10, 3, 12, tzinfo=UTC)

    assert opening("02:15-03:00", "Sun", "Australia/Lord_Howe", before) == datetime(
        2026, 10, 3, 15, 30, tzinfo=UTC
    )


def test_apia_had_no_friday_in_the_last_week_of_2011() -> None:
    thursday = datetime(2011, 12, 29, 22, tzinfo=ZoneInfo("Pacific/Apia"))
    a_week_later = datetime(2012, 1, 6, 9, tzinfo=ZoneInfo("Pacific/Apia"))

    assert opening("09:00-17:00", "Fri", "Pacific/Apia", thursday) == a_week_later


def test_monrovia_gave_up_an_offset_with_seconds() -> None:
    before = datetime(1972, 1, 6, 23, tzinfo=UTC)

    assert opening("00:30-00:50", "Fri", "Africa/Monrovia", before) == datetime(
        1972, 1, 7, 0, 44, 30, tzinfo=UTC
    )


@given(near_a_turn, any_hours, any_workdays)
@example((TURNS[0], timedelta(days=-1)), (150, 160), EVERY_DAY)
@example((TURNS[10], timedelta(days=-2)), (0, 1440), frozenset({4}))
def test_it_is_the_first_open_instant_of_all(
    place: tuple[tuple[str, datetime], timedelta], window: tuple[int, int], days: frozenset[int]
) -> None:
    (name, change), distance = place
    zone, hours, moment = ZoneInfo(name), Hours(*window), change + distance

    answer = next_open(hours, days, zone, moment)

    assert answer >= moment
    assert is_open(hours, days, zone, answer)
    if answer > moment:
        assert not is_open(hours, days, zone, answer - INSTANT)
    # No window is shorter than what these steps see, except where a change cut it short.
    step = max(MINUTE, min(timedelta(minutes=hours.end - hours.start) / 2, answer - moment) / 8)
    for count in range((answer - moment) // step):
        assert not is_open(hours, days, zone, moment + count * step)


@given(near_a_turn, any_hours, any_workdays)
def test_asking_again_from_any_moment_before_gives_the_same_opening(
    place: tuple[tuple[str, datetime], timedelta], window: tuple[int, int], days: frozenset[int]
) -> None:
    (name, change), distance = place
    zone, hours, moment = ZoneInfo(name), Hours(*window), change + distance

    answer = next_open(hours, days, zone, moment)

    for part in range(1, 8):
        assert next_open(hours, days, zone, moment + (answer - moment) * part / 8) == answer


@given(near_a_turn, st.lists(st.none() | any_hours, min_size=1, max_size=5).filter(any))
@example((TURNS[10], timedelta(days=-1)), [None, (0, 1440), None, (0, 1)])
@example((TURNS[5], timedelta(hours=-9)), [(120, 150), (0, 1), (1439, 1440)])
def test_windows_may_differ_from_date_to_date(
    place: tuple[tuple[str, datetime], timedelta], windows: list[tuple[int, int] | None]
) -> None:
    (name, change), distance = place
    zone, moment = ZoneInfo(name), change + distance

    def window(day: date) -> Hours | None:
        found = windows[day.toordinal() % len(windows)]
        return None if found is None else Hours(*found)

    def shown(instant: datetime) -> bool:
        wall = instant.astimezone(zone)
        hours = window(wall.date())
        return hours is not None and wall.hour * 60 + wall.minute in range(hours.start, hours.end)

    answer = next_open_on(window, zone, moment)

    assert answer >= moment
    assert is_open_on(window, zone, answer)
    assert shown(answer)
    if answer > moment:
        assert not is_open_on(window, zone, answer - INSTANT)
    for count in range(min(3000, -((moment - answer) // MINUTE))):
        assert not shown(moment + count * MINUTE)
        assert not shown(answer - INSTANT - count * MINUTE) or answer - count * MINUTE <= moment


def test_a_single_date_is_found_after_months_and_none_is_said_to_be_none() -> None:
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    birthday = date(2027, 5, 4)

    answer = next_open_on(lambda day: OFFICE if day == birthday else None, BERLIN, moment)

    assert answer == datetime(2027, 5, 4, 9, 30, tzinfo=BERLIN)
    with pytest.raises(ValueError, match="400 days"):
        next_open_on(lambda _: None, BERLIN, moment)


@pytest.mark.parametrize("hours", [Hours(600, 600), Hours(700, 600), Hours(-1, 5), Hours(0, 1441)])
def test_hours_that_never_open_are_refused(hours: Hours) -> None:
    moment = datetime(2026, 6, 1, tzinfo=UTC)

    with pytest.raises(ValueError, match="end after they start"):
        next_open(hours, WEEKDAYS, BERLIN, moment)
    with pytest.raises(ValueError, match="end after they start"):
        is_open(hours, WEEKDAYS, BERLIN, moment)


@pytest.mark.parametrize("days", [frozenset[int](), frozenset({7}), frozenset({0, -1})])
def test_workdays_that_never_come_are_refused(days: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        next_open(OFFICE, days, BERLIN, datetime(2026, 6, 1, tzinfo=UTC))


def test_a_naive_moment_is_refused() -> None:
    naive = datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(ValueError, match="time zone"):
        as_utc(naive)
    with pytest.raises(ValueError, match="time zone"):
        is_open(OFFICE, WEEKDAYS, BERLIN, naive)
    with pytest.raises(ValueError, match="time zone"):
        next_open(OFFICE, WEEKDAYS, BERLIN, naive)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("09:30-16:30", Hours(570, 990)),
        (" 9:30 - 16:30 ", Hours(570, 990)),
        ("9:30\u201316:30", Hours(570, 990)),
        ("00:00-24:00", Hours(0, 1440)),
    ],
)
def test_hours_are_read(text: str, hours: Hours) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9-17",
        "09:30",
        "22:00-06:00",
        "10:00-10:00",
        "10:60-11:00",
        "10:00-24:01",
        "x09:30-16:30",
    ],
)
def test_other_hours_are_refused_with_a_sentence_that_helps(text: str) -> None:
    with pytest.raises(ValueError, match=r"^Write hours like 09:30-16:30, .*\.$"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("Mon,Tue,Thu", {0, 1, 3}),
        ("Sun-Thu", {6, 0, 1, 2, 3}),
        ("mon - wed, SAT", {0, 1, 2, 5}),
        ("Tue-Tue", {1}),
        ("Tue-Mon", {0, 1, 2, 3, 4, 5, 6}),
    ],
)
def test_workdays_are_read(text: str, days: set[int]) -> None:
    assert parse_workdays(text) == days


@pytest.mark.parametrize("text", ["", "Mon,", "Monday", "Mon-", "Mon-Tue-Wed", "0-4", "Mon Tue"])
def test_other_workdays_are_refused_with_a_sentence_that_helps(text: str) -> None:
    with pytest.raises(ValueError, match=r"^Write days like Mon-Fri or Mon,Tue,Thu, .*\.$"):
        parse_workdays(text)


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ({0, 1, 2, 3, 4}, "Mon-Fri"),
        ({6, 0, 1, 2, 3}, "Sun-Thu"),
        ({0, 1, 3}, "Mon,Tue,Thu"),
        ({5, 6}, "Sat,Sun"),
        ({0, 1, 2, 3, 4, 5, 6}, "Mon-Sun"),
    ],
)
def test_workdays_are_written_as_people_write_them(days: set[int], text: str) -> None:
    assert show_workdays(frozenset(days)) == text


def test_no_workdays_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        show_workdays(frozenset())


@given(any_hours)
def test_written_hours_read_back(window: tuple[int, int]) -> None:
    assert parse_hours(show_hours(Hours(*window))) == Hours(*window)


@given(any_workdays)
def test_written_workdays_read_back(days: frozenset[int]) -> None:
    assert parse_workdays(show_workdays(days)) == days
