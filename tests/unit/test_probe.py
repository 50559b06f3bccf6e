"""The container's health check says what it needs; `tests/slack/test_monitoring.py` has it ask."""

from __future__ import annotations

import runpy

import pytest

from bot import probe


@pytest.mark.parametrize("port", ["", "0", "http", "65536"])
def test_it_says_which_port_it_needs(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEALTH_PORT", port)
    with pytest.raises(SystemExit, match=r"^HEALTH_PORT: it takes the port that the bot serves, "):
        runpy.run_path(probe.__file__, run_name="__main__")
