"""Asks against a strict Slack: hardly one is refused, and how much of what is permitted was used.

Its minute lasts a second, so that a process that is held up for some milliseconds sends two in the
time of one. In a real minute that is nothing: see `tests/slack/test_throttle.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench import crowd, throttling
from bench.throttling import Throttled

ASKS = 250


@pytest.mark.alone
async def test_of_many_asks_slack_refuses_hardly_one(
    new_sqlite: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = new_sqlite()
    crowd.fill(url, round(ASKS * throttling.SPARE))
    shown = await throttling.measure(url, ASKS, throttling.PERMITTED)
    with capsys.disabled():
        print("\n" + throttling.render("sqlite", throttling.PERMITTED, shown))  # noqa: T201
    assert shown.sent >= ASKS
    assert shown.refused <= ASKS / 100


def test_the_line_says_whether_it_is_enough() -> None:
    line = throttling.render("sqlite", 50, Throttled(500, 0, 0.96))
    assert line.startswith("met")
    assert "96.0%" in line
    assert throttling.render("sqlite", 50, Throttled(500, 1, 0.96)).startswith("MISSED")
