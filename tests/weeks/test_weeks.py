"""Four weeks of a programme over Slack's own client library, read by a curious manager.

`make weeks` plays it with sixty staff who type everything, and `make soak` with several seeds.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.model import Stage
from tests.weeks import reading
from tests.weeks.run import four_weeks


async def test_four_weeks_give_nobody_away(new_sqlite: Callable[[], str]) -> None:
    lines: list[str] = []
    async with four_weeks(new_sqlite(), staff=34, seed=3, tell=lines.append) as told:
        pass
    assert told.findings == ()
    assert [week.out for week in told.weeks] == [3, 3, 3, 3]
    assert all(week.asks and week.done[Stage.SKIPPED] for week in told.weeks)
    names = {name for scope, name in told.manager.said if scope.post or scope.first}
    assert {reading.OPENED, reading.SKIPPED, reading.ASKED} <= names
    assert any(scope.topic for scope, _ in told.manager.said)
    assert told.played.sandbox.calls, "by Slack's client"
