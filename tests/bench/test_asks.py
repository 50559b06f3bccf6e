"""The measurement of asking: everybody gets one message; how fast that was is not judged here."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import asks


@pytest.mark.parametrize("one_by_one", [True, False])
async def test_everybody_is_asked_once(tmp_path: Path, one_by_one: bool) -> None:
    assert await asks.measure(tmp_path, 1, 5, one_by_one=one_by_one) > 0


def test_the_ratio_is_how_many_times_as_many_as_before() -> None:
    assert "| 300 | 6.0 | 200 | 1,200 |" in asks.render([(300, 200.0, 1200.0)])
