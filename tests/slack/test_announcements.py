"""When posts reach the opt-in channel: the pacing, the forecast, and what holds them back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.runtime import Runtime
from bot.slack.views import freeze
from slack_sandbox import Person
from tests.support import (
    START,
    SlackWorld,
    all_rows,
    announced,
    approved_post,
    bot_running,
    change_settings,
    forecast_of,
    rows,
    run_command,
    slack_world,
    the_card,
    withdraw,
)

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def berlin(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def stamp(moment: datetime) -> int:
    """A moment as the form's picker gives it."""
    return int(moment.timestamp())


async def beat_until(
    world: SlackWorld, runtime: Runtime, end: datetime, every: timedelta = 6 * HOUR
) -> None:
    """Let the heartbeat go on, day and night."""
    while world.sandbox.clock() < end:
        await runtime.tick()
        world.sandbox.clock.advance(every)


async def beat_at(world: SlackWorld, runtime: Runtime, moment: datetime) -> None:
    world.sandbox.clock.move_to(moment)
    await runtime.tick()


def moments(world: SlackWorld) -> list[datetime]:
    """When each post went out."""
    return [message.at for message in announced(world)]


def titles(world: SlackWorld) -> list[str]:
    return [message.plain.splitlines()[0] for message in announced(world)]


async def confirmed(world: SlackWorld, runtime: Runtime, person: Person, what: str) -> None:
    """Freeze or unfreeze, with the confirmation."""
    await run_command(person, f"/advocacy {what}")
    await person.press(person.private[-1], what)
    await runtime.context.background_tasks.drain()


def forecast_line(world: SlackWorld, number: int) -> str:
    """What a post's card says of where it stands."""
    return the_card(world, number).plain.splitlines()[2]


# Pacing.


async def test_two_weeks_of_heartbeats_keep_gap_cap_hours_and_workdays_across_restarts(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url) as runtime:
        for number in range(5):
            await approved_post(world, runtime, title=f"News {number}", topics="")
        await beat_until(world, runtime, START + 2 * HOUR)
    for days in (1, 3, 8, 15):
        async with bot_running(world, url) as runtime:
            await beat_until(world, runtime, START + days * DAY)
    async with bot_running(world, url) as runtime:
        await runtime.tick()
    assert titles(world) == [f"News {number}" for number in range(5)]
    assert moments(world) == [
        berlin(9, 1, 10),
        berlin(9, 3, 10),  # two days' rest
        berlin(9, 8, 10),  # two in seven days were out
        berlin(9, 10, 10),
        berlin(9, 15, 10),
    ]


async def test_nights_and_weekends_stay_quiet(url: str) -> None:
    async with (
        slack_world(berlin(9, 3, 16).astimezone(UTC)) as world,
        bot_running(world, url, CHANNEL_MIN_GAP="20h", CHANNEL_WEEKLY_CAP="5") as runtime,
    ):
        for number in range(4):
            await approved_post(world, runtime, title=f"News {number}", topics="")
        out = [
            berlin(9, 3, 16),  # Thursday
            berlin(9, 4, 12),
            berlin(9, 7, 9, 30),  # 8:00 on Saturday is neither a workday nor open
            berlin(9, 8, 9, 30),
        ]
        weekend = [berlin(9, day, hour) for day in (5, 6) for hour in (8, 12)]
        nights = [berlin(9, 3, 20), berlin(9, 4, 20), berlin(9, 7, 20)]
        just_before = [moment - timedelta.resolution for moment in out[1:]]
        for moment in sorted((*out, *weekend, *nights, *just_before)):
            await beat_at(world, runtime, moment)
        assert moments(world) == out


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
        slack_world(start.astimezone(UTC)) as world,
        bot_running(world, url, **week) as runtime,
    ):
        for number in range(3):
            await approved_post(world, runtime, title=f"News {number}", topics="")
        foretold = [forecast_of(world, number) for number in (2, 3)]
        for days, hour in product(range(4), (7, 8, 9, 10, 12)):
            moment = start.replace(hour=hour) + days * DAY  # on the clocks of Berlin
            if moment >= start:
                await beat_at(world, runtime, moment)
        assert moments(world) == expected
        assert foretold == expected[1:]


async def test_an_embargo_is_kept_to_the_minute_and_holds_up_nobody_else(
    world: SlackWorld, runtime: Runtime
) -> None:
    free = berlin(9, 4, 11)
    await approved_post(world, runtime, title="Under embargo", not_before=stamp(free))
    await approved_post(world, runtime, title="Free")
    await runtime.tick()
    assert titles(world) == ["Free"]
    assert forecast_of(world, 1) == free
    await beat_at(world, runtime, free - MINUTE)
    assert titles(world) == ["Free"]
    await beat_at(world, runtime, free)
    assert titles(world) == ["Free", "Under embargo"]


async def test_topics_take_turns(world: SlackWorld, runtime: Runtime) -> None:
    for title, topics in (
        ("Release 1", "releases"),
        ("Release 2", "releases"),
        ("Release 3", "releases, open source"),
        ("We are hiring", "hiring"),
    ):
        await approved_post(world, runtime, title=title, topics=topics)
    await beat_until(world, runtime, START + 11 * DAY)
    assert titles(world) == ["Release 1", "We are hiring", "Release 2", "Release 3"]


async def test_a_post_that_expires_before_its_turn_is_told_in_time_and_never_goes_out(
    world: SlackWorld, runtime: Runtime
) -> None:
    end = berlin(9, 2, 12)
    await approved_post(world, runtime, title="First")
    await approved_post(world, runtime, title="Short-lived", expires_at=stamp(end))
    await approved_post(world, runtime, title="Third")
    assert "after it ends. Please give it a later end" in forecast_line(world, 2)
    assert forecast_of(world, 2) is None
    third = forecast_of(world, 3)
    assert third == START + 2 * DAY
    await beat_at(world, runtime, end - MINUTE)
    assert forecast_line(world, 2).startswith("Approved.")
    await beat_at(world, runtime, end)
    assert forecast_line(world, 2) == "Ended."
    await beat_until(world, runtime, START + 9 * DAY)
    assert titles(world) == ["First", "Third"]


async def test_a_freeze_works_within_one_heartbeat_and_outlives_a_restart(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url) as runtime:
        await approved_post(world, runtime, title="First")
        await approved_post(world, runtime, title="Second")
        await runtime.tick()
        due = forecast_of(world, 2)
        assert due is not None
        world.sandbox.clock.move_to(due)
        await confirmed(world, runtime, world.carl, freeze.FREEZE)
        await runtime.tick()
        assert titles(world) == ["First"]
        assert forecast_of(world, 2) is None
        assert forecast_line(world, 2) == "Approved. Posting is frozen, so it waits."
    async with bot_running(world, url) as runtime:
        await beat_until(world, runtime, due + DAY)
        assert titles(world) == ["First"]
        world.sandbox.clock.move_to(due + 4 * DAY)  # a Monday
        await confirmed(world, runtime, world.cleo, freeze.UNFREEZE)
        assert titles(world) == ["First"], "a button sends nothing, the heartbeat does"
        await runtime.tick()
        assert titles(world) == ["First", "Second"]


async def test_a_freeze_until_a_day_ends_by_itself_in_the_morning(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await approved_post(world, runtime, title="First")
    before = all_rows(url)
    said = await run_command(world.carl, "/advocacy freeze until 1/12/2026")
    assert said.startswith("That could be more than one day.")
    assert all_rows(url) == before
    await run_command(world.carl, "/advocacy freeze until 10 September We move office & <more>")
    await world.carl.press(world.carl.private[-1], freeze.FREEZE)
    await runtime.tick()
    assert forecast_line(world, 1) == (
        "Approved. Planned for Thu 10 Sep, 9:30 Berlin: posting is frozen until then."
    )
    [_card, word] = [one for one in world.cleo.messages(world.comms) if not one.ephemeral_to]
    assert (
        "Carl Jensen froze posting. Nothing goes out until Thu 10 Sep, 9:30 Berlin." in word.plain
    )
    assert "Why: We move office & <more>" in word.plain
    await world.cleo.open_home()
    await runtime.context.background_tasks.drain()
    assert world.cleo.home is not None
    assert "Posting is frozen until Thu 10 Sep, 9:30 Berlin." in world.cleo.home.plain
    ends = berlin(9, 10, 9, 30)
    await beat_until(world, runtime, ends - timedelta.resolution)
    assert titles(world) == []
    world.sandbox.clock.move_to(ends)
    await runtime.tick()
    assert titles(world) == ["First"]
    words = [one.text for one in world.cleo.messages(world.comms) if not one.ephemeral_to]
    assert words.count("The freeze has ended. Posts go out again, at the usual pace.") == 1
    frozen = "SELECT frozen_at, frozen_by, frozen_until, frozen_reason FROM workspace"
    assert rows(url, frozen) == [(None, None, None, None)]


# The forecast.


async def test_a_post_goes_out_at_the_very_moment_that_its_card_foretold(
    world: SlackWorld, runtime: Runtime
) -> None:
    embargo = stamp(berlin(9, 24, 7))
    for number, more in enumerate(({}, {}, {}, {}, {"not_before": embargo}), start=1):
        await approved_post(world, runtime, title=f"News {number}", topics="", **more)
    assert forecast_line(world, 1) == "Approved. It's going out now."
    foretold = {number: forecast_of(world, number) for number in range(2, 6)}
    await runtime.tick()
    for number in range(2, 6):
        moment = forecast_of(world, number)
        assert moment is not None
        assert moment == foretold[number], "what went out as foretold moves no other forecast"
        await beat_at(world, runtime, moment - MINUTE)
        assert len(announced(world)) == number - 1
        await beat_at(world, runtime, moment)
        assert moments(world)[number - 1] == moment
    assert titles(world) == [f"News {number}" for number in range(1, 6)]
    assert moments(world)[-1] == berlin(9, 24, 9, 30)


async def test_when_a_post_is_withdrawn_the_others_move_up(
    world: SlackWorld, runtime: Runtime
) -> None:
    for number in range(1, 5):
        await approved_post(world, runtime, title=f"News {number}", topics="")
    await runtime.tick()
    second, third = forecast_of(world, 2), forecast_of(world, 3)
    assert second is not None
    await withdraw(world.carl, 2)
    await runtime.context.background_tasks.drain()
    assert forecast_of(world, 3) == second
    assert forecast_of(world, 4) == third
    assert forecast_of(world, 2) is None
    await beat_at(world, runtime, second)
    assert titles(world) == ["News 1", "News 3"]


async def test_the_cards_follow_when_an_admin_changes_the_pace(world: SlackWorld, url: str) -> None:
    async with bot_running(world, url) as runtime:
        for number in (1, 2):
            await approved_post(world, runtime, title=f"News {number}", topics="")
        await runtime.tick()
        assert forecast_of(world, 2) == START + 2 * DAY
        await change_settings(runtime, min_gap=DAY)
        await runtime.tick()
        assert forecast_of(world, 2) == START + DAY


async def test_a_bot_that_slept_through_the_foretold_moment_sends_one_post_and_not_all(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url) as runtime:
        for number in (1, 2, 3):
            await approved_post(world, runtime, title=f"News {number}", topics="")
        await runtime.tick()
    world.sandbox.clock.move_to(START + 14 * DAY)
    async with bot_running(world, url) as runtime:
        await runtime.tick()
        await runtime.tick()
        assert len(announced(world)) == 2
        assert forecast_of(world, 3) == START + 16 * DAY
