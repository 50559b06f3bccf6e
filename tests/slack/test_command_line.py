"""`python -m bot …` as an operator types it: clear lines, the right status, never a traceback."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from bot.domain.model import Stage
from bot.storage.database import create_engine_for
from bot.storage.tables import ResponseRow
from slack_sandbox import Fault
from tests.services.helpers import ServiceWorld
from tests.services.test_retention import everything_stored
from tests.slack.process import BotProcess
from tests.slack.program import Program, program
from tests.support import execute_sql

MEMBER = "U0AMARA01"
PATIENCE = 15.0  # seconds; a command takes one


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said on each stream."""

    status: int
    out: str
    err: str


@pytest.fixture
async def made(new_sqlite: Callable[[], str], tmp_path: Path) -> AsyncIterator[Program]:
    async with program(new_sqlite(), "http", tmp_path) as made:
        yield made


async def typed(made: Program, *arguments: str, **changed: str) -> Ran:
    """Run one command."""
    return await _run(made, arguments, changed, anew=False)


async def typed_anew(made: Program, *arguments: str) -> Ran:
    """The same with a Python of its own, as for whoever types it; that takes ten times as long."""
    return await _run(made, arguments, {}, anew=True)


async def _run(
    made: Program, arguments: Sequence[str], changed: Mapping[str, str], *, anew: bool
) -> Ran:
    errors = made.errors.with_name(f"{uuid4().hex}.txt")
    environment = made.environment(**changed)
    process = BotProcess.start(environment, errors, arguments=arguments, typed=anew)
    try:
        out = await asyncio.wait_for(process.all_said(), PATIENCE)
        status = await process.ended(PATIENCE)
    finally:
        process.close()
    assert status is not None
    ran = Ran(status, out.decode(), errors.read_text())
    assert "Traceback" not in ran.out + ran.err
    return ran


def forget_workspace(made: Program) -> None:
    """The program has met no workspace yet."""
    execute_sql(made.url, "DELETE FROM workspace")


@pytest.mark.parametrize(
    ("variable", "value", "takes"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-of-a-person", "SLACK_BOT_TOKEN is xoxp-… (16 characters)."),
        ("SLACK_SIGNING_SECRET", "", "SLACK_SIGNING_SECRET is not set."),
        ("DATABASE_URL", "mysql://bot:hunter2@db/x", "DATABASE_URL is mysql://… (24 characters)."),
    ],
)
async def test_run_names_a_bad_setting_and_what_it_takes(
    made: Program, variable: str, value: str, takes: str
) -> None:
    ran = await typed(made, "run", **{variable: value})
    assert ran.status == 1
    assert ran.err.startswith(takes)
    assert len(ran.err.splitlines()) == 1
    assert ran.out == ""


async def test_run_names_every_bad_setting_at_once(made: Program) -> None:
    ran = await typed(made, "run", PORT="http", TICK_SECONDS="0")
    assert ran.status == 1
    assert [line.split()[0] for line in ran.err.splitlines()] == ["PORT", "TICK_SECONDS"]


async def test_run_names_each_bad_setting_of_a_workspace_that_it_meets_first(made: Program) -> None:
    bad = {"CHANNEL_HOURS": "25:00-26:00", "DISCLOSURE": "#ad", "APPROVALS": "3"}
    forget_workspace(made)
    ran = await typed(made, "run", **bad)
    assert ran.status == 1
    assert [line.split()[0] for line in ran.err.splitlines()] == list(bad)
    assert ran.err.startswith('CHANNEL_HOURS is "25:00-26:00".')


async def test_run_says_that_slack_cannot_be_reached(made: Program) -> None:
    ran = await typed(made, "run", SLACK_API_URL="http://127.0.0.1:9/api/")
    assert ran.status == 1
    assert ran.err.startswith("SLACK_API_URL: 127.0.0.1 takes no connection.")
    assert len(ran.err.splitlines()) == 1


async def test_run_says_that_a_token_was_refused(made: Program) -> None:
    ran = await typed(made, "run", SLACK_BOT_TOKEN="xoxb-of-another-app")
    assert ran.status == 1
    assert "SLACK_BOT_TOKEN" in ran.err
    assert "invalid_auth" in ran.err
    assert "another-app" not in ran.err


async def test_run_says_that_an_app_token_was_refused(made: Program) -> None:
    ran = await typed(made, "run", SLACK_APP_TOKEN="xapp-of-another-app")
    assert ran.status == 1
    assert ran.err.splitlines()[-1].startswith("SLACK_APP_TOKEN")


@pytest.mark.parametrize("variable", ["ADVOCACY_CHANNEL", "COMMS_CHANNEL"])
async def test_run_names_a_channel_that_nobody_knows(made: Program, variable: str) -> None:
    forget_workspace(made)
    ran = await typed(made, "run", **{variable: "advocasy"})
    assert ran.status == 1
    assert ran.err.startswith(f"{variable}: the bot can't find “advocasy”")


async def test_run_names_a_channel_that_slack_did_not_tell_of(made: Program) -> None:
    forget_workspace(made)
    made.sandbox.faults.add(Fault("conversations.list", error="internal_error", times=None))
    ran = await typed(made, "run")
    assert ran.status == 1
    assert ran.err.startswith("ADVOCACY_CHANNEL: ")


async def test_run_asks_for_a_migration_first(made: Program, tmp_path: Path) -> None:
    ran = await typed(made, "run", DATABASE_URL=f"sqlite:///{tmp_path / 'new.db'}")
    assert ran.status == 1
    assert ran.err.startswith("DATABASE_URL: ")
    assert "python -m bot migrate" in ran.err
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize(
    "url", ["postgresql://bot:hunter2@127.0.0.1:1/advocacy", "sqlite:///nowhere/at/all/a.db"]
)
@pytest.mark.parametrize("command", ["run", "migrate"])
async def test_a_database_out_of_reach_is_one_line(made: Program, command: str, url: str) -> None:
    ran = await typed(made, command, DATABASE_URL=url)
    assert ran.status == 1
    assert ran.err.startswith("DATABASE_URL: ")
    assert len(ran.err.splitlines()) == 1
    assert "hunter2" not in ran.err


@pytest.mark.parametrize("variable", ["PORT", "HEALTH_PORT"])
async def test_run_says_that_a_port_is_taken_before_it_does_anything(
    made: Program, variable: str
) -> None:
    forget_workspace(made)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = await typed(made, "run", **{variable: port})
    assert ran.status == 1
    assert ran.err == (
        f"{variable}: another program has the port {port}. "
        "Choose another port, or end that program.\n"
    )
    assert not made.sandbox.calls, "Slack was not asked"


async def test_a_port_that_is_taken_is_found_before_a_migration(
    made: Program, tmp_path: Path
) -> None:
    new = tmp_path / "new.db"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        changed = {"PORT": str(taken.getsockname()[1]), "DATABASE_URL": f"sqlite:///{new}"}
        ran = await typed(made, "run", "--migrate", **changed)
    assert ran.err.startswith("PORT: another program has the port ")
    assert not new.exists()


async def test_run_says_that_one_port_is_chosen_twice(made: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = str(chosen.getsockname()[1])
    ran = await typed(made, "run", PORT=port, HEALTH_PORT=port)
    assert ran.err.startswith(f"HEALTH_PORT: another program has the port {port}.")


async def test_run_says_that_an_address_is_of_another_machine(made: Program) -> None:
    ran = await typed(made, "run", HEALTH_HOST="192.0.2.1", HEALTH_PORT="0")
    assert ran.err.startswith("HEALTH_HOST: this machine doesn't have the address 192.0.2.1.")


@pytest.mark.parametrize(
    ("mode", "how"), [("http", signal.SIGTERM), ("socket", signal.SIGINT)], ids=["http", "socket"]
)
async def test_run_ends_with_status_0_when_asked_to(
    made: Program, mode: str, how: signal.Signals
) -> None:
    made.mode, made.typed = mode, True
    await made.start()
    assert await made.end(how) == 0
    assert "Traceback" not in made.errors.read_text()


@pytest.mark.parametrize("arguments", [(), ("--help",)])
async def test_help_lists_the_commands(made: Program, arguments: tuple[str, ...]) -> None:
    ran = await typed_anew(made, *arguments)
    assert (ran.status, ran.err) == (0, "")
    for command in ("run", "demo", "migrate", "manifest", "doctor"):
        assert f"  {command} " in ran.out


async def test_an_unknown_command_shows_how_to_use_it(made: Program) -> None:
    ran = await typed_anew(made, "dance")
    assert ran.status == 2
    assert "usage: python -m bot" in ran.err


async def test_migrate_makes_tables_and_may_be_repeated(made: Program, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    for _ in range(2):
        ran = await typed(made, "migrate", DATABASE_URL=url)
        assert (ran.status, ran.err) == (0, "")
        assert ran.out.startswith("The tables are up to date (")
    made.url = url
    await made.start()
    assert await made.end(signal.SIGTERM) == 0


async def test_migrate_refuses_an_address_it_cannot_use(made: Program) -> None:
    ran = await typed(made, "migrate", DATABASE_URL="postgres://bot:hunter2@db/x")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "DATABASE_URL: Write postgresql:// where it has postgres://.\n"


@pytest.mark.parametrize(
    ("revision", "advice"),
    [
        ("later", "Install that version again, or restore a backup from before the update."),
        ("0001", "Run: python -m bot migrate"),
    ],
)
async def test_every_command_says_the_same_of_tables_of_another_version(
    made: Program, revision: str, advice: str
) -> None:
    execute_sql(made.url, f"UPDATE alembic_version SET version_num = '{revision}'")
    commands = ["run", "migrate --check", "forget U0123456789", "export report"]
    for command in [*commands, "migrate"] if revision == "later" else commands:
        ran = await typed(made, *command.split())
        assert (ran.status, ran.out) == (1, ""), command
        assert ran.err.endswith(f" (revision {revision}). {advice}\n"), command
        assert len(ran.err.splitlines()) == 1
    told = await typed(made, "doctor")
    assert f"-> {advice}" in told.out


async def test_a_database_that_is_not_there_is_named_with_its_folder(
    made: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("migrate --check", "export report", "forget U0123456789"):
        ran = await typed(made, *command.split(), DATABASE_URL="sqlite:///new.db")
        assert ran.err.startswith(f"DATABASE_URL: there is no database {tmp_path / 'new.db'}. ")
        assert "change the folder or DATABASE_URL" in ran.err
    assert not (tmp_path / "new.db").exists()


async def test_what_needs_no_token_reads_no_file_of_one(made: Program) -> None:
    gone = {"SLACK_BOT_TOKEN_FILE": "/nowhere/token", "SLACK_BOT_TOKEN": ""}
    assert (await typed(made, "migrate", "--check", **gone)).status == 0
    ran = await typed(made, "run", **gone)
    assert ran.err.startswith("SLACK_BOT_TOKEN_FILE is a path at which there is no file.")


async def test_manifest_prints_json_for_either_mode(made: Program) -> None:
    sockets = await typed(made, "manifest")
    assert (sockets.status, sockets.err) == (0, "")
    assert json.loads(sockets.out)["settings"]["socket_mode_enabled"] is True
    over_http = await typed(made, "manifest", "--http", "https://bot.example.org")
    assert over_http.status == 0
    shown = json.loads(over_http.out)["settings"]
    assert shown["socket_mode_enabled"] is False
    assert shown["interactivity"]["request_url"].startswith("https://bot.example.org")
    linked = (await typed(made, "manifest", "--link", "--http", "https://bot.example.org")).out
    address = urlsplit(linked.strip())
    assert (address.hostname, address.path) == ("api.slack.com", "/apps")
    given = parse_qs(address.query, strict_parsing=True)
    assert given["new_app"] == ["1"]
    assert json.loads(given["manifest_json"][0]) == json.loads(over_http.out)
    assert (await typed(made, "manifest", "--check")).status == 0
    refused = await typed(made, "manifest", "--http", "bot.example.org")
    assert refused.status == 1
    assert len(refused.err.splitlines()) == 1


async def test_doctor_reports_and_its_status_says_whether_the_bot_could_run(made: Program) -> None:
    well = await typed(made, "doctor")
    assert (well.status, well.err) == (0, "")
    assert "The bot can run" in well.out
    ill = await typed(made, "doctor", PORT="http", SLACK_API_URL="http://127.0.0.1:9/api/")
    assert ill.status == 1
    assert "wrong  PORT" in ill.out
    assert "The bot cannot run yet" in ill.out
    assert made.sandbox.bot_token not in well.out + ill.out


@pytest.fixture
def stored(made: Program) -> Iterator[ServiceWorld]:
    """A workspace that the bot has stored, with a member and comms, while it does not run."""
    world = ServiceWorld(create_engine_for(made.url))
    world.save_workspace()
    world.respond(world.join(MEMBER).user_id, world.live(), Stage.OPENED)
    yield world
    world.engine.dispose()


async def test_forget_deletes_everything_and_says_done(made: Program, stored: ServiceWorld) -> None:
    assert MEMBER in everything_stored(stored)
    ran = await typed(made, "forget", MEMBER)
    assert (ran.status, ran.out, ran.err) == (0, "done\n", "")
    assert MEMBER not in everything_stored(stored)
    assert stored.rows(ResponseRow) == []


async def test_forget_says_the_same_of_whom_nothing_is_stored(
    made: Program, stored: ServiceWorld
) -> None:
    ran = await typed(made, "forget", "U0NOBODY1")
    assert (ran.status, ran.out, ran.err) == (0, "done\n", "")
    assert MEMBER in everything_stored(stored)


@pytest.mark.parametrize("user", ["", "amara", "@amara", "U1' OR '1'='1", "C0123456789"])
async def test_forget_takes_a_persons_id(made: Program, user: str) -> None:
    ran = await typed(made, "forget", user)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "USER must be a person's id in Slack, such as U0123456789.\n"


async def test_forget_says_in_one_line_that_the_database_cannot_be_read(
    made: Program, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_text("This is no database. " * 100)
    urls = ("sqlite:////nowhere/a.db", f"sqlite:///{tmp_path}/new.db", f"sqlite:///{broken}")
    for url in urls:
        ran = await typed(made, "forget", "U0123456789", DATABASE_URL=url)
        assert (ran.status, ran.out) == (1, "")
        assert ran.err.startswith("DATABASE_URL: ")
        assert len(ran.err.splitlines()) == 1


async def test_export_writes_what_comms_did_and_no_member(
    made: Program, stored: ServiceWorld
) -> None:
    post = stored.in_review(title="=HYPERLINK(A1)")
    stored.send_back(post, "+1 if shorter")
    since = ("--since", "2026-09-01")
    ran = await typed(made, "export", "audit", *since)
    assert (ran.status, ran.err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(ran.out.removeprefix("\ufeff"), newline="")))
    assert [row["act"] for row in rows] == ["submit", "approve", "submit", "send_back"]
    assert (rows[-1]["title"], rows[-1]["reason"]) == ("'=HYPERLINK(A1)", "'+1 if shorter")
    ran = await typed(made, "export", "posts", *since, "--as", "json")
    assert {row["title"] for row in json.loads(ran.out)} >= {"=HYPERLINK(A1)"}
    assert MEMBER not in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("audit", "--since", "yesterday"), "'yesterday' is no day such as 2026-09-01"),
        (("posts", "--since", "2999-01-01"), "2999-01-01 has not come yet"),
        (("posts",), "--since"),
        (("members", "--since", "2026-09-01"), "'audit', 'posts'"),
        (("posts", "--since", "2026-09-01", "--as", "pdf"), "'csv', 'json'"),
    ],
)
async def test_export_says_what_it_takes(
    made: Program, arguments: tuple[str, ...], says: str
) -> None:
    ran = await typed(made, "export", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err


async def test_privacy_prints_the_page(made: Program) -> None:
    ran = await typed(made, "privacy")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("# Privacy\n")
