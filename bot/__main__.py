"""The command line; the only place that reads the environment and the time."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from bot import arguments, env_file, logs, shipped, stopping
from bot.secret_files import with_secrets
from bot.setting_values import SettingsError
from bot.settings import Settings


def main(typed: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = arguments.make_parser(_now().date())
    given = parser.parse_args(typed)
    if given.version:
        print(_version())
        return 0
    if given.command is None:
        parser.print_help()
        return 0
    try:
        return _COMMANDS[given.command](given)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1


def _now() -> datetime:
    return datetime.now(UTC)


def _environment() -> dict[str, str]:
    """The environment, and what .env in the working directory adds to it; raises SettingsError."""
    return {**env_file.read(), **os.environ}


def _version() -> str:
    from bot.storage import schema

    return f"advocacy {shipped.version()}, tables {schema.head()}"


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
    environ = {**in_file, **os.environ}
    settings = Settings.read(with_secrets(environ))
    if given.migrate and (status := _migrate_first(settings, environ)):
        return status
    logs.set_up(settings.log_level)
    return _loop(_serve(settings))


def _migrate_first(settings: Settings, environ: Mapping[str, str]) -> int:
    from bot import database_commands, ports
    from bot.first_workspace import CannotStart

    try:
        ports.check(settings)  # whoever could not run changes nothing
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    return database_commands.migrate_tables(environ, _now())


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


def _with_database(given: argparse.Namespace) -> int:
    from bot import database_commands

    return database_commands.COMMANDS[given.command](given, _environment(), _now())


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
            os.environ,
            _now,
            given.manifest,
            settings_file=env_file.ENV_FILE,
            validate=given.views,
        )
    )
    print(doctor.report(findings))
    return doctor.exit_status(findings)


_COMMANDS: Final[Mapping[str, Callable[[argparse.Namespace], int]]] = MappingProxyType(
    {
        "run": _run,
        "demo": _demo,
        "simulate": _simulate,
        "manifest": _manifest,
        "privacy": _privacy,
        "papers": _papers,
        "doctor": _doctor,
        **dict.fromkeys(("migrate", "backup", "restore", "forget", "export"), _with_database),
    }
)


if __name__ == "__main__":
    sys.exit(main())
