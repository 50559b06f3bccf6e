"""`.env`: read where the command is typed, never misread silently, and empty it makes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.env_file import KNOWN, Unknown, find_unknown, read
from bot.setting_values import SettingsError

ROOT = Path(__file__).parents[2]
NEEDED = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")


def typed(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command, typed in this folder by somebody whose environment has no settings."""
    clean = {name: value for name, value in os.environ.items() if name not in KNOWN}
    clean["PYTHONPATH"] = str(ROOT)
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CHANEL_HOURS", "CHANNEL_HOURS"),
        ("slack_bot_token", "SLACK_BOT_TOKEN"),
        ("SLACK_BOT_TOKEN_FILES", "SLACK_BOT_TOKEN_FILE"),
        ("COMPOSE_PROJECT_NAME", None),
    ],
)
def test_a_variable_that_is_no_setting_is_named_with_the_nearest(
    written: str, meant: str | None
) -> None:
    assert find_unknown(["PORT", written, "DATABASE_URL_FILE"]) == [Unknown(written, meant)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_values_are_read_with_their_letters(tmp_path: Path, encoding: str) -> None:
    (tmp_path / ".env").write_text('DISCLOSURE="Büro Acme"\n', encoding=encoding)
    assert read(tmp_path / ".env") == {"DISCLOSURE": "Büro Acme"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCLOSURE=Büro Acme\n", encoding=encoding)
    with pytest.raises(SettingsError) as raised:
        read(file)
    assert str(raised.value) == f"{file} is not UTF-8 text. Save it anew with the encoding UTF-8."


def test_each_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=3000\nTIME ZONE=UTC\n# fine\nDISCLOSURE='Acme\n")
    with pytest.raises(SettingsError) as raised:
        read(file)
    said = str(raised.value).splitlines()
    assert [line.partition(". ")[0] for line in said] == [
        f"{file}, line {number} is no setting" for number in (2, 4)
    ]


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"is not readable \(Is a directory\)"):
        read(tmp_path)


def test_it_is_read_from_the_working_directory_and_a_misspelt_name_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHANEL_HOURS=09:00-17:00\nTICK_SECONDS=often\n")
    ran = typed(tmp_path, "env", "WORKDAY=Mon-Fri", sys.executable, "-m", "bot", "run")
    assert ran.returncode == 1
    assert ran.stderr.startswith(
        ".env: CHANEL_HOURS is no setting of the bot and has no effect. "
        "Did you mean CHANNEL_HOURS?\n"
        "environment: WORKDAY is no setting of the bot and has no effect. Did you mean WORKDAYS?\n"
    )
    assert 'TICK_SECONDS is "often".' in ran.stderr


def test_make_run_with_an_empty_file_says_what_is_missing_and_creates_nothing(
    tmp_path: Path,
) -> None:
    """In a folder that looks like the checkout."""
    for each in ROOT.iterdir():
        if each.name not in (".env", ".git") and not each.name.endswith((".db", ".db-wal")):
            (tmp_path / each.name).symlink_to(each)
    (tmp_path / ".env").write_text("")
    before = sorted(tmp_path.iterdir())
    # What make would build is there, since these tests run.
    ran = typed(tmp_path, "make", "run", f"BIN={Path(sys.executable).parent}", "-o", ".venv/run")
    assert ran.returncode != 0
    for variable in NEEDED:
        assert f"{variable} is not set." in ran.stderr
    assert "Traceback" not in ran.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_tables_are_made_before_it_runs_once_the_settings_are_good(tmp_path: Path) -> None:
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": "a" * 32,
        "SLACK_API_URL": "http://127.0.0.1:9/api/",  # nothing listens there
        "ADVOCACY_CHANNEL": "news",
        "COMMS_CHANNEL": "comms",
        "DISCLOSURE": "'#AcmeEmployee'",
    }
    lines = (f"{name}={value}\n" for name, value in settings.items())
    (tmp_path / ".env").write_text("".join(lines))
    ran = typed(tmp_path, sys.executable, "-m", "bot", "run", "--migrate")
    assert ran.returncode == 1
    assert "SLACK_API_URL: 127.0.0.1 takes no connection." in ran.stderr
    assert (tmp_path / "advocacy.db").exists()
