"""Pausing for a while and going on, as a person types it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.runtime import Runtime
from tests.support import SlackWorld, all_rows, assert_polite, at, member, run_command, slack_world


@pytest.fixture
async def world() -> AsyncIterator[SlackWorld]:
    async with slack_world() as world:
        yield world
        assert_polite(world)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("2 weeks", "2026-09-15T00:00"),
        ("Two  Weeks", "2026-09-15T00:00"),
        ("10d", "2026-09-11T00:00"),
        ("for a month", "2026-10-01T00:00"),
        ("until 2026-12-01", "2026-12-01T00:00-05:00"),
        ("UNTIL 1 December", "2026-12-01T00:00-05:00"),
        ("tomorrow", "2026-09-02T00:00"),
        ("until Monday", "2026-09-07T00:00"),
        ("a year", "2027-09-01T00:00"),
    ],
)
async def test_a_pause_ends_in_the_persons_own_zone(
    world: SlackWorld, runtime: Runtime, url: str, typed: str, until: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    words = await run_command(world.amara, f"/advocacy pause {typed}")
    assert words.startswith("Paused until ")
    local = until if until.endswith("-05:00") else f"{until}-04:00"
    assert at(member(url, "paused_until")[0]) == datetime.fromisoformat(local)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "For how long?"),
        ("until 2020-01-01", "Please choose a day after today"),
        ("until 2026-09-01", "Please choose a day after today"),
        ("0 days", "Please choose a day after today"),
        ("2 years", "A pause can last up to a year"),
        ("until 2028-01-01", "A pause can last up to a year"),
        ("999999 weeks", "A pause can last up to a year"),
        ("until 2026-02-30", "I can pause for"),
        ("for ever", "I can pause for"),
        ("-2 weeks", "I can pause for"),
        ("<!channel> & *bold*", "I can pause for"),
    ],
)
async def test_a_pause_that_cannot_be_is_refused_with_the_reason(
    world: SlackWorld, runtime: Runtime, url: str, typed: str, words: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    before = all_rows(url)
    assert (await run_command(world.amara, f"/advocacy pause {typed}")).startswith(words)
    assert all_rows(url) == before


async def test_the_pause_it_suggests_is_one_that_it_takes(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    world.sandbox.clock.advance(timedelta(days=200))
    await run_command(world.amara, "/advocacy join")
    for line in ("/advocacy pause nonsense", "/advocacy help"):
        words = await run_command(world.amara, line)
        suggested = re.findall(r"until (\d[\d-]+|[A-Z]\w+day)", words)
        assert suggested
        for day in suggested:
            assert (await run_command(world.amara, f"/advocacy pause until {day}")).startswith(
                "Paused"
            )
            await run_command(world.amara, "/advocacy resume")


async def test_resuming_ends_a_pause(world: SlackWorld, runtime: Runtime, url: str) -> None:
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, "/advocacy pause 2 weeks")
    assert "You're paused until" in await run_command(world.amara, "/advocacy status")
    assert "Welcome back." in await run_command(world.amara, "/advocacy resume")
    assert member(url, "paused_until") == (None,)
