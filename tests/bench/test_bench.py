"""The measurement itself: what it counts is right; how fast it was is not judged here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bench import clicks, report
from bench.clicks import QUICK, VARIANTS, Round


async def test_every_click_of_every_kind_is_stored_once_and_reported(
    new_sqlite: Callable[[], str],
) -> None:
    pairs, conditions = await clicks.measure(new_sqlite(), QUICK)
    storing = [one for one in pairs[0] if not one.variant.noop]
    assert [one.acknowledged + one.refused for one in pairs[0]] == [QUICK.most] * len(VARIANTS)
    assert all(one.whole for one in storing)
    assert all(one.history for one in storing)
    said = report.render("sqlite", pairs, conditions)
    assert f"0 of {len(storing)} rounds do not agree" in said
    assert f"of {QUICK.most * len(storing)} clicks" in said
    assert "synchronous=2" in said
    assert "| 32 | Skip |" in said


def test_a_round_agrees_where_what_was_acknowledged_is_stored_once_or_its_person_was_told() -> None:
    good = Round(
        variant=VARIANTS[1],
        acknowledged=2,
        refused=1,
        per_second=1.0,
        p50=1.0,
        p99=1.0,
        most=1.0,
        cpu=1.0,
        history=(1, 1),
        told=0,
        ticks=0,
        complaints=0,
        locked=0,
        late=0,
    )
    assert good.whole
    assert replace(good, history=(1,), told=1).whole
    assert not replace(good, history=(1,)).whole
    assert not replace(good, history=(1, 2)).whole
    assert not replace(good, history=(1, 0)).whole
