"""The measurement itself: what it counts is right; how fast it was is not judged here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench import clicks, report
from bench.clicks import Plan


async def test_every_acknowledged_click_is_stored_with_its_history(
    new_postgresql: Callable[[], str],
) -> None:
    pairs, conditions = await clicks.measure(new_postgresql(), Plan(1, seconds=5.0, most=100))
    (rounds,) = pairs
    assert {one.variant for one in rounds} == set(clicks.VARIANTS)
    for one in rounds:
        assert one.whole, one
        assert one.acknowledged == 100
        assert (one.locked, one.complaints) == (0, 0)
    assert sum(one.ticks for one in rounds) > 0
    assert "synchronous=2" in conditions or "fsync=" in conditions
    said = report.render("postgresql", pairs, conditions)
    assert "stored  500 of 500 acknowledged, 500 history rows; 0 of 5 rounds" in said
    assert "| 32 | Skip |" in said


def test_the_quick_report_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert clicks.main(["--quick", "--databases", "sqlite"]) == 0
    said = capsys.readouterr().out
    assert "stored  500 of 500 acknowledged, 500 history rows; 0 of 5 rounds" in said
    assert "synchronous=2" in said
