"""When posts reach the opt-in channel: the pacing, the forecast, and what holds them back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.runtime import Runtime
from bot.sandbox import Person
from bot.slack.views import notices
from tests.support import (
    START,
    Office,
    announced,
    approved_post,
    asked,
    bot_running,
    forecast_of,
    office,
    the_card,
)

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def berlin(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def stamp(moment: datetime) -> int:
    """A moment as the form's picker gives it."""
    return int(moment.timestamp())


async def beat_until(
    place: Office, runtime: Runtime, end: datetime, every: timedelta = 2 * HOUR
) -> None:
    """Let the heartbeat go on, day and night."""
    while place.sandbox.clock() < end:
        await runtime.tick()
        place.sandbox.clock.advance(every)


async def beat_at(place: Office, runtime: Runtime, moment: datetime) -> None:
    place.sandbox.clock.move_to(moment)
    await runtime.tick()


def moments(place: Office) -> list[datetime]:
    """When each post went out."""
    return [message.at for message in announced(place)]


def titles(place: Office) -> list[str]:
    return [message.plain.splitlines()[0] for message in announced(place)]


async def confirmed(place: Office, runtime: Runtime, person: Person, what: str) -> None:
    """Freeze or unfreeze, with the confirmation."""
    await asked(person, f"/advocacy {what}")
    await person.press(person.private[-1], what)
    await runtime.kit.afterwards.drain()


def standing(place: Office, number: int) -> str:
    """What a post's card says of where it stands."""
    return the_card(place, number).plain.splitlines()[2]


# Pacing.


async def test_two_weeks_of_heartbeats_keep_gap_cap_hours_and_workdays_across_restarts(
    place: Office, url: str
) -> None:
    async with bot_running(place, url) as runtime:
        for number in range(5):
            await approved_post(place, runtime, title=f"News {number}", topics="")
        await beat_until(place, runtime, START + 2 * HOUR)
    for days in (1, 3, 8, 15):
        async with bot_running(place, url) as runtime:
            await beat_until(place, runtime, START + days * DAY)
    async with bot_running(place, url) as runtime:
        await runtime.tick()
    assert titles(place) == [f"News {number}" for number in range(5)]
    assert moments(place) == [
        berlin(9, 1, 10),
        berlin(9, 3, 10),  # two days' rest
        berlin(9, 8, 10),  # two in seven days were out
        berlin(9, 10, 10),
        berlin(9, 15, 10),
    ]


async def test_nights_and_weekends_stay_quiet(url: str) -> None:
    async with (
        office(berlin(9, 3, 16).astimezone(UTC)) as place,
        bot_running(place, url, CHANNEL_MIN_GAP="20h", CHANNEL_WEEKLY_CAP="5") as runtime,
    ):
        for number in range(4):
            await approved_post(place, runtime, title=f"News {number}", topics="")
        await beat_until(place, runtime, berlin(9, 8, 12), every=HOUR / 2)
        assert moments(place) == [
            berlin(9, 3, 16),  # Thursday
            berlin(9, 4, 12),
            berlin(9, 7, 9, 30),  # 8:00 on Saturday is neither a workday nor open
            berlin(9, 8, 9, 30),
        ]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        pytest.param(
            berlin(10, 24, 9, 30),
            [berlin(10, 24, 9, 30), berlin(10, 25, 9, 30), berlin(10, 26, 9, 30)],
            id="an autumn day of 25 hours",
        ),
        pytest.param(
            berlin(3, 27, 9, 30, 2027),
            [
                berlin(3, 27, 9, 30, 2027),
                berlin(3, 28, 10, 30, 2027),
                berlin(3, 29, 10, 30, 2027),
            ],
            id="a spring day of 23 hours",
        ),
    ],
)
async def test_a_change_of_clocks_shortens_no_gap_and_opens_no_closed_hour(
    url: str, start: datetime, expected: list[datetime]
) -> None:
    week = {"CHANNEL_MIN_GAP": "24h", "CHANNEL_WEEKLY_CAP": "7", "WORKDAYS": "Mon-Sun"}
    async with (
        office(start.astimezone(UTC)) as place,
        bot_running(place, url, **week) as runtime,
    ):
        for number in range(3):
            await approved_post(place, runtime, title=f"News {number}", topics="")
        foretold = [forecast_of(place, number) for number in (2, 3)]
        await beat_until(place, runtime, start + 3 * DAY, every=HOUR)
        assert moments(place) == expected
        assert foretold == expected[1:]


async def test_an_embargo_is_kept_to_the_minute_and_holds_up_nobody_else(
    place: Office, runtime: Runtime
) -> None:
    free = berlin(9, 4, 11)
    await approved_post(place, runtime, title="Under embargo", not_before=stamp(free))
    await approved_post(place, runtime, title="Free")
    await runtime.tick()
    assert titles(place) == ["Free"]
    assert forecast_of(place, 1) == free
    await beat_at(place, runtime, free - MINUTE)
    assert titles(place) == ["Free"]
    await beat_at(place, runtime, free)
    assert titles(place) == ["Free", "Under embargo"]


async def test_topics_take_turns(place: Office, runtime: Runtime) -> None:
    for title, topics in (
        ("Release 1", "releases"),
        ("Release 2", "releases"),
        ("Release 3", "releases, open source"),
        ("We are hiring", "hiring"),
    ):
        await approved_post(place, runtime, title=title, topics=topics)
    await beat_until(place, runtime, START + 11 * DAY)
    assert titles(place) == ["Release 1", "We are hiring", "Release 2", "Release 3"]


async def test_a_post_that_expires_before_its_turn_is_told_in_time_and_never_goes_out(
    place: Office, runtime: Runtime
) -> None:
    end = berlin(9, 2, 12)
    await approved_post(place, runtime, title="First")
    await approved_post(place, runtime, title="Short-lived", expires_at=stamp(end))
    await approved_post(place, runtime, title="Third")
    assert "expire before its turn" in standing(place, 2)
    assert forecast_of(place, 2) is None
    third = forecast_of(place, 3)
    assert third == START + 2 * DAY
    await beat_at(place, runtime, end - MINUTE)
    assert standing(place, 2).startswith("Approved.")
    await beat_at(place, runtime, end)
    assert standing(place, 2) == "Expired."
    await beat_until(place, runtime, START + 9 * DAY)
    assert titles(place) == ["First", "Third"]


async def test_a_freeze_works_within_one_heartbeat_and_outlives_a_restart(
    place: Office, url: str
) -> None:
    async with bot_running(place, url) as runtime:
        await approved_post(place, runtime, title="First")
        await approved_post(place, runtime, title="Second")
        await runtime.tick()
        due = forecast_of(place, 2)
        assert due is not None
        place.sandbox.clock.move_to(due)
        await confirmed(place, runtime, place.carl, notices.FREEZE)
        await runtime.tick()
        assert titles(place) == ["First"]
        assert forecast_of(place, 2) is None
        assert "unfreeze" in standing(place, 2)
    async with bot_running(place, url) as runtime:
        await beat_until(place, runtime, due + DAY)
        assert titles(place) == ["First"]
        place.sandbox.clock.move_to(due + 4 * DAY)  # a Monday
        await confirmed(place, runtime, place.cleo, notices.UNFREEZE)
        assert titles(place) == ["First"], "a button sends nothing, the heartbeat does"
        await runtime.tick()
        assert titles(place) == ["First", "Second"]


# The forecast.


async def test_a_post_goes_out_at_the_very_moment_that_its_card_foretold(
    place: Office, runtime: Runtime
) -> None:
    embargo = stamp(berlin(9, 24, 7))
    for number, more in enumerate(({}, {}, {}, {}, {"not_before": embargo}), start=1):
        await approved_post(place, runtime, title=f"News {number}", topics="", **more)
    assert standing(place, 1) == "Approved. It goes out now."
    foretold = {number: forecast_of(place, number) for number in range(2, 6)}
    await runtime.tick()
    for number in range(2, 6):
        moment = forecast_of(place, number)
        assert moment is not None
        assert moment == foretold[number], "what went out as foretold moves no other forecast"
        await beat_at(place, runtime, moment - MINUTE)
        assert len(announced(place)) == number - 1
        await beat_at(place, runtime, moment)
        assert moments(place)[number - 1] == moment
    assert titles(place) == [f"News {number}" for number in range(1, 6)]
    assert moments(place)[-1] == berlin(9, 24, 9, 30)


async def test_when_a_post_is_withdrawn_the_others_move_up(place: Office, runtime: Runtime) -> None:
    for number in range(1, 5):
        await approved_post(place, runtime, title=f"News {number}", topics="")
    await runtime.tick()
    second, third = forecast_of(place, 2), forecast_of(place, 3)
    assert second is not None
    await place.carl.command("/advocacy withdraw 2")
    await runtime.kit.afterwards.drain()
    assert forecast_of(place, 3) == second
    assert forecast_of(place, 4) == third
    assert forecast_of(place, 2) is None
    await beat_at(place, runtime, second)
    assert titles(place) == ["News 1", "News 3"]


async def test_the_cards_follow_when_the_operator_changes_the_pace(place: Office, url: str) -> None:
    async with bot_running(place, url) as runtime:
        for number in (1, 2):
            await approved_post(place, runtime, title=f"News {number}", topics="")
        await runtime.tick()
        assert forecast_of(place, 2) == START + 2 * DAY
    async with bot_running(place, url, CHANNEL_MIN_GAP="1d") as runtime:
        await runtime.tick()
        assert forecast_of(place, 2) == START + DAY


async def test_a_bot_that_slept_through_the_foretold_moment_sends_one_post_and_not_all(
    place: Office, url: str
) -> None:
    async with bot_running(place, url) as runtime:
        for number in (1, 2, 3):
            await approved_post(place, runtime, title=f"News {number}", topics="")
        await runtime.tick()
    place.sandbox.clock.move_to(START + 14 * DAY)
    async with bot_running(place, url) as runtime:
        await runtime.tick()
        await runtime.tick()
        assert len(announced(place)) == 2
        assert forecast_of(place, 3) == START + 16 * DAY
