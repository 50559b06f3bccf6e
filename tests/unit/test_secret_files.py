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


def told(file: object) -> str:
    with pytest.raises(SettingsError) as raised:
        with_secrets({"DATABASE_URL_FILE": str(file)})
    return str(raised.value)


@pytest.mark.parametrize(
    "mistaken", ["xoxb-1-hunter2", "postgresql://a:hunter2@b/c", "hunter2" * 99]
)
def test_what_is_no_file_is_not_repeated(mistaken: str) -> None:
    said = told(mistaken)
    assert said.startswith("DATABASE_URL_FILE is a path at which there is no file. A path that ")
    assert str(Path.cwd()) in said, "where a relative path begins"
    assert "hunter2" not in said


@pytest.mark.parametrize("content", [b"", b" \n", "\ufeff\n".encode()])
def test_an_empty_file_is_a_mistake(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    assert told(file) == (
        f"DATABASE_URL_FILE is {file}, which is empty. Write the secret into that file."
    )


def test_a_file_says_why_it_is_of_no_use(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a secret", encoding="utf-16")
    assert f"is {file}, which is not UTF-8 text. " in told(file)
    assert f"is {tmp_path}, which can't be read (Is a directory). " in told(tmp_path)


def test_only_what_is_needed_is_read() -> None:
    environ = {"SLACK_BOT_TOKEN_FILE": "/nowhere/token", "DATABASE_URL": "sqlite:///a.db"}
    assert with_secrets(environ, {"DATABASE_URL"}) == environ


def test_a_secret_is_not_set_twice(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("one", encoding="utf-8")
    with pytest.raises(SettingsError, match="Leave one of DATABASE_URL and DATABASE_URL_FILE"):
        with_secrets({"DATABASE_URL_FILE": str(file), "DATABASE_URL": "another"})
