"""The command that sentences name is the one that was typed."""

from __future__ import annotations

import sys

import pytest

from bot import shipped


@pytest.mark.parametrize(
    ("started_as", "command"),
    [
        ("/opt/advocacy/bin/advocacy", "advocacy"),
        ("venv/Scripts/advocacy.exe", "advocacy"),
        ("/home/cleo/advocacy/bot/__main__.py", "python -m bot"),
    ],
)
def test_it_is_the_installed_command_or_the_module(
    started_as: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [started_as])
    assert shipped.command() == command
