"""A company with a past: what the simulation's people did can be read as comms would read it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime

from advocacy_demo.page import demo_page
from advocacy_demo.past import Past
from bot import exports
from bot.domain.exports import Form
from bot.domain.reports import rounded
from bot.slack.views import suggestions
from tests.support import actions, rows

# The first posts end in April, which closes on the last day. By the third Monday there are members
# enough for figures, wherever in its range the gate was drawn.
SHORT = Past(members=36, weeks=7, ends=datetime(2026, 5, 8, 6, tzinfo=UTC), seed=7)
LEAST = 6


async def test_a_past_has_figures_of_its_own(new_sqlite: Callable[[], str]) -> None:
    url, months = new_sqlite(), list[date]()
    async with demo_page(url, past=SHORT, on_month=months.append) as demo:
        sandbox = demo.sandbox
        assert [month.month for month in months] == [3, 4, 5]
        assert not sandbox.clock.frozen
        printed = io.StringIO(newline="")
        exports.write_report(url, sandbox.clock(), Form.CSV, printed)
        comms = sandbox.person("cleo").messages(sandbox.channel("comms-desk"))
        assert any(suggestions.USE in actions(message) for message in comms)
    figures = list(csv.DictReader(io.StringIO(printed.getvalue().removeprefix("\ufeff"))))
    told = {(row["post"], row["figure"]): int(row["people"]) for row in figures if row["people"]}
    assert {row["first_month"] for row in figures} == {"2026-04"}
    # One post ended in that month; what people did with it is not deleted yet.
    stages: dict[str, int] = dict(
        rows(url, "SELECT stage, count(*) FROM response WHERE post_id = 1 GROUP BY 1")
    )
    opened = stages["opened"] + stages["shared"]
    assert opened >= LEAST
    assert told["1", "Opened"] == told["", "Opened"] == rounded(opened)
    assert 0 < stages["skipped"] < LEAST
    assert ("1", "Skipped") not in told
    assert rows(url, "SELECT count(*) FROM ask WHERE state = 'sent'")[0][0] > 20
    assert rows(url, "SELECT count(*) FROM post WHERE from_feed <> ''")[0][0] > 3
