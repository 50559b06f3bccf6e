"""The measurement itself: what it counts is right; how fast it was is not judged here."""

from __future__ import annotations

import pytest

from bench import clicks
from bench.clicks import Plan

pytestmark = pytest.mark.alone


async def test_every_acknowledged_click_is_stored_with_its_history(database_url: str) -> None:
    pairs, conditions = await clicks.measure(database_url, Plan(pairs=1, seconds=5.0, most=200))
    (rounds,) = pairs
    assert {one.variant for one in rounds} == set(clicks.VARIANTS)
    for one in rounds:
        assert one.whole, one
        assert one.acknowledged == 200
        assert (one.locked, one.complaints) == (0, 0)
    assert sum(one.ticks for one in rounds) > 0
    assert "synchronous=2" in conditions or "fsync=on" in conditions


def test_the_quick_report_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert clicks.main(["--quick", "--databases", "sqlite"]) == 0
    said = capsys.readouterr().out
    assert "stored  1000 of 1000 acknowledged, 1000 history rows; 0 of 5 rounds" in said
    assert "| 32 | Skip |" in said
