"""What the doctor looks at besides: sockets, files, `.env`, the heartbeat, Slack's own opinion."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.doctor import Finding, examine, exit_status
from bot.runtime import running
from bot.settings import Settings
from bot.slack import manifest
from slack_sandbox import Clock, Fault, Sandbox
from tests.support import execute_sql

Source = dict[str, str]
GOLDEN = Path(__file__).parents[1] / "golden"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        sandbox.scopes[:] = manifest.scopes()
        sandbox.add_channel("advocacy")
        sandbox.add_channel("comms", private=True, members=[sandbox.add_person("cleo")])
        yield sandbox


@pytest.fixture
def source(sandbox: Sandbox, new_sqlite: Callable[[], str]) -> Source:
    """Settings with which the bot could run."""
    url = new_sqlite()
    Path(url.removeprefix("sqlite:///")).chmod(0o600)
    return {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "ADVOCACY_CHANNEL": "advocacy",
        "COMMS_CHANNEL": "comms",
        "DISCLOSURE": "#AcmeEmployee",
        "DATABASE_URL": url,
    }


async def found(
    source: Source,
    subject: str,
    *,
    clock: Callable[[], datetime] = now,
    env_file: Path | None = None,
    validate: bool = False,
) -> list[Finding]:
    findings = await examine(
        source, clock, manifest.PATH, settings_file=env_file, validate=validate
    )
    return [each for each in findings if each.subject == subject]


async def test_a_socket_is_opened_and_closed_at_once(source: Source, sandbox: Sandbox) -> None:
    assert await found(source, "sockets") == [
        Finding(True, "sockets", "a connection can be opened")
    ]
    await sandbox.until(lambda: not sandbox.sockets.connections, what="it to be closed")
    sandbox.refuse_sockets = True
    [finding] = await found(source, "sockets")
    assert finding.fatal
    assert "proxy" in (finding.mend or "")


async def test_what_others_on_the_machine_can_read_is_named(source: Source, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    database = Path(source["DATABASE_URL"].removeprefix("sqlite:///"))
    env_file.write_text("")
    env_file.chmod(0o600)
    assert [each.ok for each in await found(source, "files", env_file=env_file)] == [True]
    secret, copy = tmp_path / "bot_token", database.parent / "backups" / "before.backup"
    copy.parent.mkdir()
    for file in (secret, copy):
        file.touch(0o600)
    source["SLACK_BOT_TOKEN_FILE"] = str(secret)
    for file in (env_file, secret, database, copy):
        [finding] = await found(source, "files", env_file=env_file)
        assert str(file) in finding.says
        file.chmod(0o640)
        [finding] = await found(source, str(file), env_file=env_file)
        assert (finding.ok, finding.mend) == (False, f"chmod 600 {file}")
        assert "640" in finding.says
        assert not finding.fatal
        file.chmod(0o600)


async def test_a_variable_that_is_no_setting_is_named_with_the_nearest(
    source: Source, tmp_path: Path
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("CHANEL_HOURS=09:00-17:00\nCOMPOSE_PROFILES=all\nPORT=3000\n")
    [misspelt] = await found(source, "CHANEL_HOURS", env_file=env_file)
    assert (misspelt.ok, misspelt.mend) == (False, "Did you mean CHANNEL_HOURS?")
    [other] = await found(source, "COMPOSE_PROFILES", env_file=env_file)
    assert (other.ok, other.mend) == (None, None)
    assert [each.ok for each in await found(source, "PORT", env_file=env_file)] == [True]


async def test_one_that_systemd_gives_the_process_is_named_too(source: Source) -> None:
    around = {"CHANEL_HOURS": "09:00-17:00", "INVOCATION_ID": "1", "HOME": "/", "LANG": "C"}
    [misspelt] = await found({**source, **around}, "CHANEL_HOURS")
    assert (misspelt.ok, misspelt.mend) == (None, "Did you mean CHANNEL_HOURS?")
    assert "environment" in misspelt.says
    for other in ("INVOCATION_ID", "HOME", "LANG"):
        assert await found({**source, **around}, other) == []


async def test_it_says_where_it_looked(source: Source, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    [finding] = await found(source, ".env", env_file=file)
    assert (finding.ok, finding.says) == (None, f"there is none in {tmp_path}")
    file.write_text("no setting\nPORT=4000\n")
    assert [each.ok for each in await found(source, f"{file}, line 1", env_file=file)] == [False]
    assert [each.says for each in await found(source, "PORT", env_file=file)] == ["4000"]
    file.write_text("PORT=4000\n")
    [finding] = await found(source, ".env", env_file=file)
    assert (finding.ok, finding.says) == (True, str(file))
    [database] = await found(source, "database")
    assert database.says.startswith(source["DATABASE_URL"].removeprefix("sqlite:///"))


async def test_files_that_cannot_be_read_are_findings_and_the_rest_is_looked_at(
    source: Source, tmp_path: Path
) -> None:
    file, empty = tmp_path / ".env", tmp_path / "empty"
    file.write_text("PORT=4000\n", encoding="utf-16")
    file.chmod(0o600)
    empty.touch(0o600)
    source |= {"SLACK_APP_TOKEN_FILE": "/nowhere/token", "DATABASE_URL_FILE": str(empty)}
    del source["SLACK_APP_TOKEN"], source["DATABASE_URL"]
    findings = await examine(source, now, manifest.PATH, settings_file=file)
    wrong = {each.subject: each.says for each in findings if each.ok is False}
    assert wrong == {
        str(file): "not UTF-8 text",
        "SLACK_APP_TOKEN_FILE": "a path at which there is no file",
        "DATABASE_URL_FILE": f"{empty}, which is empty",
    }
    told = {each.subject: each for each in findings}
    assert told["bot token"].ok
    assert told["database"].says == "not checked: DATABASE_URL is wrong"


async def test_the_last_heartbeat_is_told_by_the_running_bot(
    source: Source, sandbox: Sandbox
) -> None:
    clock = Clock(start=now())
    chosen = Settings.read({**source, "HEALTH_PORT": "0"})
    async with running(chosen, clock, ticking=False) as runtime:
        source["HEALTH_PORT"] = str(runtime.health_port)
        await runtime.tick()
        for seconds, ago in ((1, "1 second"), (19, "20 seconds")):
            clock.advance(timedelta(seconds=seconds))
            [beat] = await found(source, "heartbeat")
            assert (beat.ok, beat.says) == (True, f"the last one was {ago} ago")
        counted = runtime.context.metrics
        for job in counted.jobs:
            counted.record_job(job, clock() + timedelta(minutes=20), well=True)
        counted.record_job("asking", clock(), well=True)
        clock.advance(timedelta(minutes=30))
        [beat] = await found(source, "heartbeat")
        assert beat.ok, "many direct messages take their time"
        clock.advance(timedelta(minutes=10))
        [beat] = await found(source, "heartbeat")
        assert beat.ok is False
        assert "has not come to its end for 20 minutes" in beat.says
    [beat] = await found(source, "heartbeat")
    assert beat.ok is None
    assert "Start the bot" in (beat.mend or "")


async def test_without_monitoring_the_last_snapshot_tells_whether_it_runs(source: Source) -> None:
    [finding] = await found(source, "snapshot")
    assert finding.says == "none was taken yet"
    async with running(Settings.read(source), now, ticking=False) as runtime:
        await runtime.tick()
    assert await found(source, "heartbeat") == []
    assert [each.says for each in await found(source, "snapshot")] == ["today's was taken"]
    execute_sql(source["DATABASE_URL"], "UPDATE snapshot SET day = '2026-01-01'")
    [finding] = await found(source, "snapshot")
    assert finding.ok is None
    assert finding.says.endswith(" days ago")


async def test_slack_is_asked_about_every_view_and_the_manifest(
    source: Source, sandbox: Sandbox
) -> None:
    source["SLACK_CONFIG_TOKEN"] = sandbox.config_token
    findings = await examine(source, now, manifest.PATH, validate=True)
    told = {each.subject: each for each in findings if each.subject in ("views", "manifest")}
    files = sorted(GOLDEN.glob("*.json"))
    assert told["views"].says == f"Slack takes all {len(files)} messages and views"
    assert told["manifest"].says == "Slack takes manifest.json"
    sent = [call.payload for call in sandbox.calls if call.method == "blocks.validate"]
    asked = [json.loads(next(iter(payload.values()))) for payload in sent]
    assert asked == [json.loads(file.read_text()) for file in files]


async def test_what_slack_refuses_is_named_with_its_place(source: Source, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("blocks.validate", error="invalid_message", times=1))
    [wrong] = await found(source, "views", validate=True)
    first = min(GOLDEN.glob("*.json")).stem
    assert (wrong.ok, wrong.says) == (False, f"{first}: invalid_message")
    [manifests] = await found(source, "manifest", validate=True)
    assert manifests.says == "not checked: SLACK_CONFIG_TOKEN is not set"


@pytest.mark.parametrize(
    ("error", "ok"), [("unknown_method", False), ("internal_error", None), ("invalid_auth", False)]
)
async def test_a_slack_that_does_not_look_is_told_once(
    source: Source, sandbox: Sandbox, error: str, ok: bool | None
) -> None:
    sandbox.faults.add(Fault("blocks.validate", error=error, times=None))
    [finding] = await found(source, "views", validate=True)
    assert (finding.ok, finding.says) == (ok, f"Slack answers {error}")
    assert not exit_status([finding]), "the bot can run without it"
