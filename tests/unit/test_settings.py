"""What the settings take, what they refuse, and that a secret is never repeated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot import first_settings, settings
from bot.domain.ids import WorkspaceId
from bot.domain.model import Hours
from bot.domain.workspace_settings import show_settings
from bot.first_settings import FirstSettings
from bot.setting_values import SECRETS, Problem, SettingsError, shown, variables
from bot.settings import Settings
from bot.storage.urls import normal_url

EXAMPLE = Path(__file__).parents[2] / ".env.example"

NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_APP_TOKEN": "xapp-1-secret",
    "ADVOCACY_CHANNEL": "news",
    "COMMS_CHANNEL": "comms",
    "DISCLOSURE": "#AcmeEmployee",
}
ALL = (*variables(Settings), *variables(FirstSettings))


def problems(**changes: str) -> dict[str, Problem]:
    """The problems of otherwise good settings, by variable."""
    found: list[Problem] = []
    for kind in (Settings, FirstSettings):
        try:
            kind.read(NEEDED | changes)
        except SettingsError as error:
            found += error.problems
    assert found
    return {problem.variable: problem for problem in found}


def values(environ: Mapping[str, str]) -> dict[str, object]:
    """What can be read, for the process and for a new workspace."""
    return settings.read_each(environ)[0] | first_settings.read_each(environ)[0]


def test_defaults_fill_in_what_is_not_needed() -> None:
    settings, first = Settings.read(NEEDED), FirstSettings.read(NEEDED)
    assert settings.port == 3000
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == "sqlite:///advocacy.db"
    assert settings.tick_seconds == 30
    assert settings.log_level == "INFO"
    assert settings.lessons_dir is None
    assert first.channel_min_gap == timedelta(days=2)
    assert first.channel_weekly_cap == 2
    assert first.channel_hours == Hours(9 * 60 + 30, 16 * 60 + 30)
    assert first.workdays == frozenset(range(5))
    assert first.time_zone is None
    assert first.approvals == 2
    assert first.previews


def test_tokens_are_all_that_is_needed() -> None:
    tokens = {name: value for name, value in NEEDED.items() if name.startswith("SLACK_")}
    first = Settings.read(tokens).read_first()
    assert (first.advocacy_channel, first.comms_channel, first.disclosure) == (None, None, None)


def test_the_settings_of_a_workspace_are_written_as_they_are_read() -> None:
    given = NEEDED | {
        "CHANNEL_MIN_GAP": "36h",
        "CHANNEL_HOURS": "08:00-20:30",
        "WORKDAYS": "Sun-Thu",
        "DISCLOSURE_PHRASES": "Ich arbeite bei Acme; #AcmeTeam",
        "AVOID_TERMS": "world's first, Project Falcon",
        "LINK_TAGS": "off",
        "TOPICS": "releases, open source",
        "ASKS_PER_WEEK": "0.5",
        "NETWORKS": "x,email",
        "PREVIEWS": "off",
        "FIGURES": "on",
        "LEAST_PEOPLE": "9",
        "ANALYTICS_URL": "https://stats.example.com/{campaign}?days=30",
    }
    first = FirstSettings.read(given)
    made = first.workspace(WorkspaceId("T1"), "C1", "G1", "#AcmeEmployee", "Asia/Kolkata")
    written = show_settings(made)
    assert set(written) == {each.name.upper() for each in variables(FirstSettings)}
    again = FirstSettings.read(written)
    assert again.workspace(WorkspaceId("T1"), "C1", "G1", "#AcmeEmployee", "Asia/Kolkata") == made


def test_what_is_secret_is_what_no_repr_shows() -> None:
    assert {each.name.upper() for each in variables(Settings) if not each.repr} == SECRETS


def test_the_folder_of_lessons_has_to_exist(tmp_path: Path) -> None:
    assert Settings.read(NEEDED | {"LESSONS_DIR": str(tmp_path)}).lessons_dir == tmp_path
    file = tmp_path / "a.md"
    file.touch()
    for wrong in (file, tmp_path / "gone"):
        assert "has to exist" in problems(LESSONS_DIR=str(wrong))["LESSONS_DIR"].takes


@pytest.mark.parametrize(("text", "on"), [("on", True), ("OFF", False), ("Off", False), ("", True)])
def test_previews_are_switched_on_and_off(text: str, on: bool) -> None:
    assert FirstSettings.read(NEEDED | {"PREVIEWS": text}).previews is on


@pytest.mark.parametrize("text", ["yes", "0", "true", "on off"])
def test_a_switch_takes_on_or_off_alone(text: str) -> None:
    assert problems(PREVIEWS=text)["PREVIEWS"].takes == "It takes on or off."


@pytest.mark.parametrize("text", ["5", "0", "1001", "six"])
def test_no_figure_may_stand_for_fewer_than_six(text: str) -> None:
    takes = problems(LEAST_PEOPLE=text)["LEAST_PEOPLE"].takes
    assert takes == "It takes a whole number from 6 to 1000."


@pytest.mark.parametrize(
    "text",
    [
        "http://stats.example.com/{campaign}",
        "https://stats.example.com/visits",
        "https://{campaign}.example.com/visits",
        "https://stats.example.com/{campaign}/{person}",
        "https://me:secret@stats.example.com/{campaign}",
        "https://stats.example.com/a b?{campaign}",
        "javascript:alert('{campaign}')",
        "https://stats.example.com/{campaign}?" + 500 * "x",
    ],
)
def test_analytics_take_an_address_with_a_campaign(text: str) -> None:
    takes = problems(ANALYTICS_URL=text)["ANALYTICS_URL"].takes
    assert takes.startswith("It takes an address beginning with https://")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings.read(NEEDED).port = 1  # type: ignore[misc]


def test_an_app_token_selects_socket_mode() -> None:
    assert Settings.read(NEEDED).socket_mode
    over_http = NEEDED | {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "abc"}
    assert not Settings.read(over_http).socket_mode


def test_without_an_app_token_the_signing_secret_is_needed() -> None:
    found = problems(SLACK_APP_TOKEN="")
    assert list(found) == ["SLACK_SIGNING_SECRET"]
    assert found["SLACK_SIGNING_SECRET"].got is None


def test_a_wrong_app_token_does_not_ask_for_the_signing_secret() -> None:
    assert list(problems(SLACK_APP_TOKEN="xoxb-1-secret")) == ["SLACK_APP_TOKEN"]


def test_empty_and_blank_values_count_as_not_set() -> None:
    given = NEEDED | {"PORT": "", "WORKDAYS": "  ", "TIME_ZONE": " ", "DISCLOSURE": " "}
    assert Settings.read(given).port == 3000
    first = FirstSettings.read(given)
    assert (first.workdays, first.time_zone, first.disclosure) == (frozenset(range(5)), None, None)


def test_all_problems_are_told_at_once_a_line_each() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read({"PORT": "many\nlines", "LOG_LEVEL": "loud"})
    names = [problem.variable for problem in caught.value.problems]
    assert names == [
        "SLACK_BOT_TOKEN",
        "PORT",
        "LOG_LEVEL",
        "SLACK_SIGNING_SECRET",
    ]
    lines = str(caught.value).splitlines()
    assert [line.split()[0] for line in lines] == names
    assert 'PORT is "many lines". It takes a whole number from 0 to 65535.' in lines


def test_what_can_be_read_is_kept_beside_the_problems() -> None:
    values, found = settings.read_each({"PORT": "4000", "SLACK_BOT_TOKEN": "nonsense"})
    assert values["port"] == 4000
    assert "slack_bot_token" not in values
    assert "SLACK_BOT_TOKEN" in {problem.variable for problem in found}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1-hunter2"),
        ("SLACK_BOT_TOKEN", "hunter2hunter2"),
        ("SLACK_BOT_TOKEN", "xoxb-1 hunter2"),
        ("SLACK_APP_TOKEN", "xoxp-hunter2"),
        ("SLACK_SIGNING_SECRET", "xoxb-hunter2"),
        ("SLACK_SIGNING_SECRET", "hunter2 hunter2"),
        ("SLACK_API_URL", "https://slack.com@hunter2 example"),
        ("ADVOCACY_CHANNEL", "xoxb-1-hunter2"),
        ("DATABASE_URL", "postgres://bot:hunter2@host/advocacy"),
        ("DATABASE_URL", "postgresql+asyncpg://bot:hunter2@host/advocacy"),
        ("DATABASE_URL", "postgresql://bot:right@host:hunter2/advocacy"),
        ("DATABASE_URL", "hunter2"),
    ],
)
def test_a_secret_is_never_repeated(variable: str, value: str) -> None:
    problem = problems(**{variable: value})[variable]
    if variable != "SLACK_API_URL":
        assert "hunter2" not in str(problem)
    assert problem.got
    assert problem.takes.endswith((".", ")"))


def test_a_secret_shows_its_kind_and_its_length() -> None:
    assert (
        problems(SLACK_APP_TOKEN="xoxb-1234567")["SLACK_APP_TOKEN"].got == "xoxb-… (12 characters)"
    )
    assert shown("SLACK_SIGNING_SECRET", "abcdef") == "… (6 characters)"
    assert shown("DATABASE_URL", "postgresql://a:b@c/d") == "postgresql://… (20 characters)"
    assert shown("DATABASE_URL", "sqlite:///a.db") == '"sqlite:///a.db"'


def test_the_repr_holds_no_secret() -> None:
    settings = Settings.read(
        NEEDED
        | {"SLACK_SIGNING_SECRET": "hunter2", "DATABASE_URL": "postgresql://bot:hunter2@host/db"}
    )
    assert "secret" not in repr(settings)
    assert "hunter2" not in repr(settings)
    assert "port=3000" in repr(settings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "3000.0"),
        ("PORT", "٣"),
        ("CHANNEL_WEEKLY_CAP", "0"),
        ("CHANNEL_WEEKLY_CAP", "51"),
        ("TICK_SECONDS", "0"),
        ("TICK_SECONDS", "301"),
        ("APPROVALS", "0"),
        ("APPROVALS", "3"),
        ("LOG_LEVEL", "VERBOSE"),
        ("SLACK_API_URL", "ftp://slack.com/api/"),
        ("SLACK_API_URL", "slack.com/api"),
        ("SLACK_API_URL", "https://"),
        ("SLACK_API_URL", "https://slack.com:port/api"),
        ("SLACK_API_URL", "https://[slack.com/api"),
        ("SLACK_API_URL", "http://slack.com/api/"),
        ("SLACK_API_URL", "http://10.0.0.7/api/"),
        ("SLACK_API_URL", "http://localhost.example.org/api/"),
        ("SLACK_API_URL", "http://127.0.0.1.example.org/api/"),
        ("SLACK_API_URL", "http://0.0.0.0/api/"),
        ("SLACK_API_URL", "ftp://127.0.0.1/api/"),
        ("ADVOCACY_CHANNEL", "#"),
        ("ADVOCACY_CHANNEL", "news and more"),
        ("ADVOCACY_CHANNEL", "<#C123|news>"),
        ("ADVOCACY_CHANNEL", "https://acme.slack.com/archives/C123"),
        ("CHANNEL_MIN_GAP", "soon"),
        ("CHANNEL_MIN_GAP", "367d"),
        ("CHANNEL_MIN_GAP", "999999999d"),
        ("CHANNEL_HOURS", "9 to 5"),
        ("CHANNEL_HOURS", "16:30-09:30"),
        ("WORKDAYS", "weekdays"),
        ("TIME_ZONE", "Berlin"),
        ("TIME_ZONE", "Europe"),
        ("TIME_ZONE", "../etc/passwd"),
        ("DISCLOSURE", "#employee"),
        ("DATABASE_URL", "mysql://host/db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///file:x?mode=memory&uri=true"),
        ("DATABASE_URL", "sqlite://relative.db"),
        ("DATABASE_URL", "sqlite+aiosqlite:///a.db"),
        ("DATABASE_URL", "postgresql+psycopg_async://host/db"),
        ("DATABASE_URL", "postgresql+psycopg2://host/db"),
    ],
)
def test_an_unusable_value_is_refused_with_a_sentence(variable: str, value: str) -> None:
    found = problems(**{variable: value})
    assert list(found) == [variable]
    assert found[variable].takes.endswith((".", ")"))
    assert str(found[variable]).startswith(f"{variable} is ")


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("PORT", "0", 0),
        ("PORT", "65535", 65_535),
        ("TICK_SECONDS", "300", 300),
        ("SLACK_API_URL", "http://127.0.0.1:8000/api", "http://127.0.0.1:8000/api/"),
        ("SLACK_API_URL", "http://[::1]:8000/api", "http://[::1]:8000/api/"),
        ("SLACK_API_URL", "http://localhost/api", "http://localhost/api/"),
        ("SLACK_API_URL", "HTTPS://slack-gov.com/api/", "HTTPS://slack-gov.com/api/"),
        ("ADVOCACY_CHANNEL", "#news", "news"),
        ("ADVOCACY_CHANNEL", "C0123456789", "C0123456789"),
        ("ADVOCACY_CHANNEL", "neuigkeiten-für-alle", "neuigkeiten-für-alle"),
        ("CHANNEL_MIN_GAP", "0", timedelta(0)),
        ("CHANNEL_MIN_GAP", "12h", timedelta(hours=12)),
        ("WORKDAYS", "Sun–Thu", frozenset({6, 0, 1, 2, 3})),  # noqa: RUF001 - what editors make of a hyphen
        ("TIME_ZONE", "Europe/Berlin", "Europe/Berlin"),
        ("APPROVALS", "1", 1),
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("DISCLOSURE", "I work at Acme", "I work at Acme"),
        ("DATABASE_URL", "sqlite:////var/lib/a%20b.db", "sqlite:////var/lib/a%20b.db"),
    ],
)
def test_a_usable_value_is_read(variable: str, value: str, read: object) -> None:
    assert values(NEEDED | {variable: value})[variable.lower()] == read


def test_the_two_channels_must_differ() -> None:
    assert list(problems(COMMS_CHANNEL="#News")) == ["COMMS_CHANNEL"]


def test_postgresql_uses_the_driver_that_the_bot_brings_and_keeps_the_rest() -> None:
    rest = "bot:p%40ss%2Fword@db.example/advocacy?sslmode=require"
    assert normal_url(f"postgresql://{rest}") == f"postgresql+psycopg://{rest}"
    assert normal_url(f"postgresql+psycopg://{rest}") == f"postgresql+psycopg://{rest}"


def test_postgres_is_refused_with_the_mend() -> None:
    with pytest.raises(ValueError, match="Write postgresql://"):
        normal_url("postgres://host/db")


def test_the_example_names_every_setting_and_nothing_else() -> None:
    names = [line.partition("=")[0] for line in _example_lines() if not line.startswith("#")]
    assert sorted(names) == sorted(each.name.upper() for each in ALL)


def test_the_example_explains_every_setting() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        if line and not line.startswith("#"):
            assert lines[number - 2].startswith("# "), line


def test_the_example_shows_the_defaults() -> None:
    values = _example()
    for each in ALL:
        assert (values[each.name.upper()] or None) == each.metadata["default"], each.name


def test_the_example_reads_once_the_needed_ones_are_filled_in() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for name, value in NEEDED.items():
        text = text.replace(f"\n{name}=\n", f'\n{name}="{value}"\n')
    filled = {name: value or "" for name, value in dotenv_values(stream=StringIO(text)).items()}
    assert Settings.read(filled) == Settings.read(NEEDED)
    assert FirstSettings.read(filled) == FirstSettings.read(NEEDED)


def test_the_example_is_not_enough_by_itself() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.read(_example())
    names = {problem.variable for problem in caught.value.problems}
    assert names == {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}


def _example_lines() -> list[str]:
    return [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line]


def _example() -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(EXAMPLE).items()}
