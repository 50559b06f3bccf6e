"""The measurement of planning: it plans for whom it says; how fast it was is not judged here."""

from __future__ import annotations

from collections.abc import Callable

from bench import crowd, planning
from bot.slack.asks import AT_ONCE


async def test_a_tick_asks_as_many_as_may_be_sent_and_the_plain_loop_agrees(
    database_url: str,
) -> None:
    crowd.fill(database_url, 600)
    shown = await planning.measure(database_url, 600, rounds=1)
    assert shown.asked == AT_ONCE
    assert min(shown.tick, shown.plain, shown.idle) > 0


async def test_clicks_are_stored_while_planning_goes_on(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    crowd.fill(url, 1_000)
    clicks = await planning.click_beside(url, seconds=1.0)
    assert clicks.stored > 32
    assert clicks.ticks > 0
    report = planning.render("sqlite", [planning.Crowd(1_000, 1, 5, 0, 0, 1, 100)], clicks)
    assert "1,000 members cost 1.00 times 1,000" in report
