"""The command line; the only place that reads the environment and the time."""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import json
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bot import env_file, logs, stopping
from bot.secret_files import with_secrets
from bot.setting_values import SettingsError
from bot.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if given.version:
        print(_version())
        return 0
    if given.command is None:
        parser.print_help()
        return 0
    try:
        status: int = given.run(given)
    except SettingsError as error:  # a secret's file
        print(error, file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_program(), description=__import__("bot").__doc__)
    parser.add_argument(
        "--version", action="store_true", help="print this version and the tables it needs"
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    run = commands.add_parser("run", help="start the bot with the settings in .env")
    run.add_argument(
        "--migrate", action="store_true", help="first update the database's tables, as migrate does"
    )
    run.set_defaults(run=_run)
    demo = commands.add_parser("demo", help="try it all in a simulated Slack, in a browser")
    demo.add_argument("--once", action="store_true", help="tell the story, then end")
    demo.add_argument("--no-story", action="store_true", help="skip the story and open the page")
    demo.add_argument("--port", type=int, default=0, help="the page's port (default: any free one)")
    demo.add_argument("--database", metavar="URL", help="where to keep the page's data")
    demo.add_argument(
        "--keep", action="store_true", help="delete nothing, neither at the start nor at the end"
    )
    begins = demo.add_mutually_exclusive_group()
    begins.add_argument("--new", action="store_true", help="begin with tokens alone, and set it up")
    begins.add_argument("--past", action="store_true", help="begin with half a year of 60 people")
    demo.set_defaults(run=_demo)
    migrate = commands.add_parser("migrate", help="update the database's tables to this version")
    migrate.add_argument("--check", action="store_true", help="only say whether they are")
    migrate.set_defaults(run=_migrate)
    backup = commands.add_parser("backup", help="copy the whole database into one file")
    backup.add_argument("file", metavar="FILE", type=Path, help="a new file ending with .backup")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="put a backup in the place of the database")
    restore.add_argument("file", metavar="FILE", type=Path, help="what backup wrote")
    restore.add_argument(
        "--nothing-lost",
        action="store_true",
        help="nothing happened since: keep everybody's consent",
    )
    restore.set_defaults(run=_restore)
    simulate = commands.add_parser("simulate", help="try the rules on invented people, in memory")
    simulate.add_argument(
        "--members", type=_from_to(1, 10_000), default=500, help="how many people"
    )
    simulate.add_argument("--days", type=_from_to(7, 1_000), default=180, help="for how long")
    simulate.add_argument(
        "--seed", type=int, default=1, help="a different seed invents different people"
    )
    simulate.add_argument("--into", metavar="FOLDER", help="draw pacing.svg into this folder")
    simulate.add_argument(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="another value for a constant of the rules, such as STOPS_AFTER=6",
    )
    simulate.add_argument(
        "--compare", action="store_true", help="compare other defaults, one per line"
    )
    simulate.set_defaults(run=_simulate)
    manifest = commands.add_parser("manifest", help="print the manifest of the Slack app")
    manifest.add_argument("--http", metavar="URL", help="for HTTP instead of Socket Mode")
    shown = manifest.add_mutually_exclusive_group()
    shown.add_argument(
        "--link", action="store_true", help="print the address that opens it in Slack as a new app"
    )
    shown.add_argument("--check", action="store_true", help="check it against Slack's limits")
    manifest.set_defaults(run=_manifest)
    forget = commands.add_parser(
        "forget",
        help="delete what is stored of a person whose account is closed; the record of comms stays",
    )
    forget.add_argument("user", metavar="USER", help="their id in Slack, such as U0123456789")
    forget.set_defaults(run=_forget)
    export = commands.add_parser(
        "export", help="write what comms did, their posts, or figures, for the company's archive"
    )
    export.add_argument(
        "what",
        choices=("audit", "posts", "report"),
        help="who did what; texts and who approved them; or all published figures",
    )
    export.add_argument(
        "--since",
        metavar="DATE",
        type=_past_day,
        help="from the beginning of this day in UTC on, such as 2026-09-01; not for report",
    )
    export.add_argument(
        "--as",
        dest="form",
        choices=("csv", "json"),
        default="csv",
        help="for a spreadsheet, or word for word (default: csv); moments are UTC",
    )
    export.set_defaults(run=_export)
    privacy = commands.add_parser("privacy", help="print what is stored, what for and how long")
    privacy.set_defaults(run=_privacy)
    papers = commands.add_parser("papers", help="bring the pages for reviewers up to date")
    papers.add_argument("folder", metavar="FOLDER", type=Path, help="where they are, such as docs")
    papers.set_defaults(run=_papers)
    doctor = commands.add_parser("doctor", help="say what is set, missing or wrong")
    doctor.add_argument(
        "--manifest", metavar="FILE", type=Path, help="the app's manifest, saved from its settings"
    )
    doctor.add_argument(
        "--views",
        action="store_true",
        help="also ask Slack whether it takes every message and view",
    )
    doctor.set_defaults(run=_doctor)
    return parser


def _program() -> str:
    """How this was typed: by the installed name, or as a module."""
    name = Path(sys.argv[0]).stem
    return name if name == "advocacy" else "python -m bot"


def _from_to(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two limits."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most}, please")
        return int(text)

    return number


def _past_day(typed: str) -> date:
    from bot import exports

    try:
        return exports.read_day(typed, _now().date())
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _now() -> datetime:
    return datetime.now(UTC)


def _environment() -> dict[str, str]:
    """The environment, what .env in the working directory adds to it, and secrets from files."""
    return with_secrets({**env_file.read(), **os.environ})


def _version() -> str:
    from bot import shipped
    from bot.storage import schema

    return f"advocacy {shipped.version()}, tables {schema.head()}"


def _settings(environment: Mapping[str, str]) -> Settings | None:
    try:
        return Settings.read(environment)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return None


def _loop(work: Coroutine[Any, Any, int]) -> int:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.run(work)
    return uvloop.run(work)


def _run(given: argparse.Namespace) -> int:
    gc.disable()  # what a start loads stays, and looking through it takes a tenth of its time
    in_file = env_file.read()
    for unknown in env_file.find_unknown(in_file):
        print(f".env: {unknown}", file=sys.stderr)
    for unknown in env_file.find_misspelt(os.environ, in_file):
        print(f"environment: {unknown}", file=sys.stderr)
    settings = _settings(_environment())
    if settings is None:  # nothing has been created yet
        return 1
    if given.migrate and (status := _migrate_tables()):
        return status
    logs.set_up(settings.log_level)
    return _loop(_serve(settings))


async def _serve(settings: Settings) -> int:
    from bot.first_workspace import CannotStart
    from bot.runtime import running

    asked_to_stop = asyncio.Event()
    starting = asyncio.current_task()

    def stop() -> None:
        asked_to_stop.set()
        if starting is not None:  # it may be waiting for Slack
            starting.cancel()

    stopping.call_at_signals(stop)
    try:
        async with running(settings, _now) as runtime:
            starting = None
            how = f"HTTP on port {runtime.port}" if runtime.port else "Socket Mode"
            print(f"The bot is running ({how}). Ctrl-C stops it.", flush=True)
            if runtime.health_port is not None:
                address = f"{settings.health_host}:{runtime.health_port}"
                print(f"Monitoring: /healthz, /readyz and /metrics on {address}.", flush=True)
            await asked_to_stop.wait()
    except asyncio.CancelledError:
        if not asked_to_stop.is_set():
            raise
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"PORT: {error}", file=sys.stderr)
        return 1
    return 0


def _demo(given: argparse.Namespace) -> int:
    from advocacy_demo.command import run_demo

    return _loop(
        run_demo(
            once=given.once,
            story=not given.no_story,
            port=given.port,
            database=given.database,
            keep=given.keep,
            new=given.new,
            past=given.past,
        )
    )


def _migrate(given: argparse.Namespace) -> int:
    from bot import backup_commands

    return _with_database(backup_commands.check) if given.check else _migrate_tables()


def _migrate_tables() -> int:
    from bot import backup_commands

    return _with_database(lambda url: backup_commands.migrate(url, _now()))


def _backup(given: argparse.Namespace) -> int:
    from bot import backup_commands

    return _with_database(lambda url: backup_commands.backup(url, given.file, _now()))


def _restore(given: argparse.Namespace) -> int:
    from bot import backup_commands

    return _with_database(
        lambda url: backup_commands.restore(
            url, given.file, _now(), nothing_lost=given.nothing_lost
        )
    )


def _export(given: argparse.Namespace) -> int:
    from bot import backup_commands, exports
    from bot.domain.exports import Form

    if (given.since is None) is not (given.what == exports.What.REPORT):
        print("--since DATE goes with audit and posts, and with nothing else.", file=sys.stderr)
        return 2

    def work(url: str) -> str:
        backup_commands.check(url)
        if isinstance(sys.stdout, io.TextIOWrapper):  # a file is read elsewhere, and later
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        what, form = exports.What(given.what), Form(given.form)
        try:
            if what is exports.What.REPORT:
                exports.write_report(url, _now(), form, sys.stdout)
            else:
                exports.write(url, what, given.since, form, sys.stdout)
        except BrokenPipeError:  # whoever reads has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ""

    return _with_database(work)


def _with_database(work: Callable[[str], str]) -> int:
    """Do something with the database and print what was done, or in one line why not."""
    from alembic.util import CommandError
    from sqlalchemy.exc import SQLAlchemyError

    from bot.storage.backups import BackupError
    from bot.storage.urls import DEFAULT_URL

    failures = (BackupError, ValueError, OSError, ImportError, CommandError, SQLAlchemyError)
    try:
        done = work(_environment().get("DATABASE_URL") or DEFAULT_URL)
    except (*failures, sqlite3.Error) as error:
        print(f"DATABASE_URL: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    if done:
        print(done)
    return 0


def _simulate(given: argparse.Namespace) -> int:
    from advocacy_simulation import command

    try:
        setting = command.read_setting(given.members, given.days, given.seed, given.set)
        into = None if given.into is None else Path(given.into)
        for part in command.report(setting, into, compare=given.compare):
            print(part, flush=True)
    except ValueError as problem:
        print(f"--set: {problem}", file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"--into: {problem}", file=sys.stderr)
        return 1
    return 0


def _manifest(given: argparse.Namespace) -> int:
    from bot.slack import manifest

    try:
        shown = manifest.for_http(given.http) if given.http else manifest.read()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    problems = manifest.check(shown)
    for problem in problems:
        print(problem, file=sys.stderr)
    if given.check:
        print("manifest.json is within Slack's limits." if not problems else "")
    elif given.link:
        print(manifest.link(shown))
    else:
        print(json.dumps(shown, indent=2))
    return 1 if problems else 0


def _forget(given: argparse.Namespace) -> int:
    from sqlalchemy.exc import SQLAlchemyError

    from bot.domain.ids import UserId
    from bot.services import retention
    from bot.storage import schema
    from bot.storage.offline import run_for_each_workspace
    from bot.storage.urls import DEFAULT_URL

    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", given.user):
        print("USER must be a person's id in Slack, such as U0123456789.", file=sys.stderr)
        return 2
    url = _environment().get("DATABASE_URL") or DEFAULT_URL
    try:
        if not schema.state(url).in_step:
            problem = "its tables belong to another version of the bot. Run: python -m bot migrate"
            print(f"DATABASE_URL: {problem}", file=sys.stderr)
            return 1
        run_for_each_workspace(url, _now(), retention.forget, UserId(given.user))
    except (ValueError, OSError, ImportError, SQLAlchemyError) as error:
        print(f"DATABASE_URL: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    print("done")
    return 0


def _privacy(_given: argparse.Namespace) -> int:
    from bot import privacy

    print(privacy.page(), end="")
    return 0


def _papers(given: argparse.Namespace) -> int:
    from bot import papers

    for page in papers.refresh(given.folder):
        print(f"{page} is up to date now.")
    return 0


def _doctor(given: argparse.Namespace) -> int:
    from bot import doctor

    findings = asyncio.run(
        doctor.examine(
            _environment(),
            _now,
            given.manifest,
            env_file=env_file.ENV_FILE,
            validate=given.views,
        )
    )
    print(doctor.report(findings))
    return doctor.exit_status(findings)


if __name__ == "__main__":
    sys.exit(main())
