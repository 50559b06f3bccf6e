"""`migrate`, `backup` and `restore`: what the command line does with a whole database."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.services import restoring
from bot.storage import backups, replacing, schema
from bot.storage.backups import BackupError
from bot.storage.offline import run_for_each_workspace, run_within
from bot.storage.urls import sqlite_file

# The bot deletes only what it keeps beside a SQLite file; the rest is left to whoever runs it.
_MADE: Final = (
    "The backup is in {file}. Please delete it within 30 days, as the privacy page promises. The "
    "next backup in its folder deletes older ones."
)


def migrate(url: str, now: datetime) -> str:
    """Bring the tables to this version, after a snapshot of what SQLite holds; what was done.

    Raises:
        BackupError: if the tables belong to a newer version, or no snapshot can be made.
    """
    state = schema.state(url)
    if state.current is not None and not state.known:
        raise BackupError(schema.NEWER.format(revision=state.current))
    said = []
    if state.current is not None and not state.in_step:
        kept = backups.snapshot(url, now, state.head)
        said += [] if kept is None else [f"The database as it was is in {kept} for 30 days."]
    schema.upgrade(url)
    backups.delete_old_snapshots(url, now)
    return "\n".join([*said, f"The tables are up to date ({state.head})."])


def check(url: str) -> str:
    """Say that the database answers and has the tables of this version.

    Raises:
        WrongTables: if it has other tables.
    """
    return f"The tables are up to date ({schema.require(url).head})."


def backup(url: str, file: Path, now: datetime) -> str:
    """Write a backup, and delete those in its folder that are older than 30 days; what was done."""
    backups.make(url, file)
    old = backups.delete_old(file.parent, now)
    gone = [f"{each.name} was older than 30 days and is deleted." for each in old]
    backups.delete_old_snapshots(url, now)
    return "\n".join([_MADE.format(file=file), *gone])


def restore(url: str, file: Path, now: datetime, *, nothing_lost: bool) -> str:
    """Put a backup in the place of the database, and suspend everybody; what was done.

    A backup of SQLite may be put into PostgreSQL, too. Whatever fails, the database is as it was.
    `nothing_lost` leaves consent as it is: the backup is the last state, so nobody left after it.
    """
    backups.check(url, file)
    database = sqlite_file(url)
    if database is not None:
        _restore_sqlite(database, file, now, nothing_lost)
    else:
        _restore_postgresql(url, file, now, nothing_lost)
    backups.delete_old_snapshots(url, now)
    if nothing_lost:
        return "The backup is restored as it was."
    return (
        "The backup is restored. Posting is frozen, and everybody has to join again before they "
        "get anything.\nLook at the posts in the comms channel, then type /advocacy unfreeze.\n"
        "Whoever asked to be forgotten since the backup: run forget for them again."
    )


def _restore_sqlite(target: Path, file: Path, now: datetime, nothing_lost: bool) -> None:
    """Prepare a copy beside the database, so that it never stands there unprepared."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="restore-") as folder:
        copy, ready = Path(folder) / "copy.db", Path(folder) / f"ready{backups.ENDING}"
        shutil.copyfile(file, copy)
        _prepare(f"sqlite:///{copy}", now, nothing_lost)
        backups.make(f"sqlite:///{copy}", ready)  # without a log, and private
        backups.put_into_sqlite(target, ready)


def _restore_postgresql(url: str, file: Path, now: datetime, nothing_lost: bool) -> None:
    """Load and prepare in one transaction, so that nobody ever sees it unprepared."""
    if backups.is_of_sqlite(file):
        with tempfile.TemporaryDirectory(dir=file.parent, prefix="restore-") as folder:
            copy = Path(folder) / "copy.db"
            shutil.copyfile(file, copy)
            _prepare(f"sqlite:///{copy}", now, nothing_lost)
            with replacing.emptied(url) as connection:
                schema.upgrade_within(connection)
                replacing.load_sqlite(connection, copy)
        return
    with replacing.emptied(url) as connection:
        replacing.load_archive(connection, file)
        schema.upgrade_within(connection)
        if not nothing_lost:
            run_within(connection, now, restoring.suspend)


def _prepare(url: str, now: datetime, nothing_lost: bool) -> None:
    schema.upgrade(url)
    if not nothing_lost:
        run_for_each_workspace(url, now, restoring.suspend)
