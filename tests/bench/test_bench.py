"""The measurement itself: what it counts is right; how fast it was is not judged here."""

from __future__ import annotations

import pytest

from bench import clicks


def test_every_acknowledged_click_is_stored_with_its_history_and_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert clicks.main(["--quick", "--databases", "sqlite"]) == 0
    said = capsys.readouterr().out
    assert "stored  800 of 800 acknowledged, 800 history rows; 0 of 8 rounds" in said
    assert "synchronous=2" in said
    assert "| 32 | Skip |" in said
