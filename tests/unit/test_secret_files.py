"""Secrets are read from files that are named by `…_FILE`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.secret_files import with_secrets
from bot.setting_values import SECRETS, SettingsError


@pytest.mark.parametrize("variable", sorted(SECRETS))
def test_each_secret_may_stand_in_a_file(variable: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret\n", encoding="utf-8")
    assert with_secrets({f"{variable}_FILE": str(file), variable: ""})[variable] == "a secret"


def test_a_file_that_is_not_there_is_named_by_its_variable_only(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^SLACK_BOT_TOKEN_FILE ") as raised:
        with_secrets({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "xoxb-secret")})
    assert "xoxb" not in str(raised.value)


def test_a_secret_is_not_set_twice(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("one", encoding="utf-8")
    with pytest.raises(SettingsError, match="Leave one of DATABASE_URL and DATABASE_URL_FILE"):
        with_secrets({"DATABASE_URL_FILE": str(file), "DATABASE_URL": "another"})
