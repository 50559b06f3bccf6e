"""Commands that use the database: each prints what was done, or in one line why it was not."""

from __future__ import annotations

import argparse
import io
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from bot import backup_commands, exports, secret_files
from bot.domain.exports import Form
from bot.domain.ids import UserId
from bot.services import retention
from bot.storage import schema
from bot.storage.backups import BackupError
from bot.storage.offline import run_for_each_workspace
from bot.storage.schema import WrongTables
from bot.storage.urls import DEFAULT_URL

_FAILURES = (ValueError, ImportError, CommandError, SQLAlchemyError, sqlite3.Error)


def migrate(given: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> int:
    """Update the tables, or only say whether they are; returns the exit status, as all of these."""
    if given.check:
        return _with_database(environ, backup_commands.check)
    return migrate_tables(environ, now)


def migrate_tables(environ: Mapping[str, str], now: datetime) -> int:
    """Update the tables."""
    return _with_database(environ, lambda url: backup_commands.migrate(url, now))


def backup(given: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> int:
    """Copy everything into a file."""
    return _with_database(environ, lambda url: backup_commands.backup(url, given.file, now))


def restore(given: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> int:
    """Put such a file in the place of the database."""

    def work(url: str) -> str:
        return backup_commands.restore(url, given.file, now, nothing_lost=given.nothing_lost)

    return _with_database(environ, work)


def forget(given: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> int:
    """Delete what is stored of a person."""
    if not re.fullmatch(r"[UW][A-Z0-9]{2,}", given.user):
        print("USER must be a person's id in Slack, such as U0123456789.", file=sys.stderr)
        return 2

    def work(url: str) -> str:
        schema.require(url)
        run_for_each_workspace(url, now, retention.forget, UserId(given.user))
        return "done"

    return _with_database(environ, work)


def export(given: argparse.Namespace, environ: Mapping[str, str], now: datetime) -> int:
    """Write a file for an archive to the standard output."""
    what, form = exports.What(given.what), Form(given.form)
    if (given.since is None) is not (what is exports.What.REPORT):
        print("--since DATE goes with audit and posts, and with nothing else.", file=sys.stderr)
        return 2

    def work(url: str) -> str:
        schema.require(url)
        if isinstance(sys.stdout, io.TextIOWrapper):  # a file is read elsewhere, and later
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        try:
            if what is exports.What.REPORT:
                exports.write_report(url, now, form, sys.stdout)
            else:
                exports.write(url, what, given.since, form, sys.stdout)
        except BrokenPipeError:  # whoever reads has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ""

    return _with_database(environ, work)


def _with_database(environ: Mapping[str, str], work: Callable[[str], str]) -> int:
    """Do something with the database that `environ` names; of its secrets only this is read."""
    filled = secret_files.with_secrets(environ, {"DATABASE_URL"})
    try:
        done = work(filled.get("DATABASE_URL", "").strip() or DEFAULT_URL)
    except (WrongTables, BackupError) as reason:  # it says of what it speaks
        print(reason, file=sys.stderr)
        return 1
    except OSError as error:
        about = "DATABASE_URL" if error.filename is None else error.filename
        print(f"{about}: {error.strerror or error}", file=sys.stderr)
        return 1
    except _FAILURES as error:
        print(f"DATABASE_URL: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    if done:
        print(done, flush=True)
    return 0


COMMANDS: Final = MappingProxyType(
    {
        "migrate": migrate,
        "backup": backup,
        "restore": restore,
        "forget": forget,
        "export": export,
    }
)
