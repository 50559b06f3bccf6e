"""`migrate`, `backup` and `restore`: what the command line does with a whole database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.services import restoring
from bot.storage import backups, replacing, replacing_sqlite, schema
from bot.storage.backups import BackupError
from bot.storage.offline import run_within
from bot.storage.urls import sqlite_file

# The bot deletes only what is in its own folder of backups; the rest is left to whoever runs it.
_MADE: Final = "The backup is in {file}."
_TO_DELETE: Final = (
    "Please delete it within 30 days, as the privacy page promises. The next backup in its folder "
    "deletes older ones."
)
_RESTORED: Final = (
    "The backup is restored. Posting is frozen, and everybody has to join again before they "
    "get anything.\nLook at the posts in the comms channel, then type /advocacy unfreeze.\n"
    "Whoever asked to be forgotten since the backup: run forget for them again."
)
_KEPT: Final = "The database as it was is in {file}."
_DELETED: Final = "The bot deletes it after 30 days."
_DELETED_IF_THERE: Final = (
    "The bot deletes it after 30 days if it runs in {folder}. Otherwise please do it, as the "
    "privacy page promises."
)


def migrate(url: str, now: datetime) -> str:
    """Bring the tables to this version, after a snapshot of what SQLite holds; what was done.

    Raises:
        BackupError: if the tables belong to a newer version, or no snapshot can be made.
    """
    state = schema.state(url)
    if state.current is not None and not state.known:
        raise BackupError(schema.say_newer(state.current))
    said = []
    is_sqlite = sqlite_file(url) is not None
    if is_sqlite and state.current is not None and not state.in_step:
        said.append(_tell(_KEPT, url, backups.snapshot(url, now, state.head)))
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
    return "\n".join([_tell(_MADE, url, file), *gone])


def _tell(where: str, url: str, file: Path) -> str:
    """Where a backup is, and who deletes it."""
    if not backups.is_in_own_folder(url, file):
        until = _TO_DELETE
    elif sqlite_file(url) is not None:
        until = _DELETED
    else:
        until = _DELETED_IF_THERE.format(folder=file.parent.resolve().parent)
    return f"{where.format(file=file)} {until}"


def restore(url: str, file: Path, now: datetime, *, nothing_lost: bool) -> str:
    """Put a backup in the place of the database, and suspend everybody; what was done.

    A backup of SQLite may be put into PostgreSQL, too. Whatever fails, the database is as it was.
    What it held is kept as a backup before. `nothing_lost` leaves consent as it is: the backup is
    the last state, so nobody left after it.

    Raises:
        BackupError: if the bot runs, if the database is not its own, or if the backup can't be put
            into it.
    """
    backups.check(url, file)
    suspend = None if nothing_lost else partial(run_within, now=now, service=restoring.suspend)
    database = sqlite_file(url)
    if not backups.is_of_sqlite(file):
        kept = _put_archive_into_postgresql(url, file, now, suspend)
    else:
        with closing(replacing_sqlite.load(file)) as copy:
            replacing_sqlite.prepare(copy, suspend)
            if database is not None:
                kept = _put_into_sqlite(url, database, copy, now)
            else:
                kept = _put_into_postgresql(url, copy, now)
    backups.delete_old_snapshots(url, now)
    said = [] if kept is None else [_tell(_KEPT, url, kept)]
    if nothing_lost:
        return "\n".join(["The backup is restored as it was.", *said])
    return "\n".join([_RESTORED, *said])


def _put_into_sqlite(
    url: str, database: Path, copy: sqlite3.Connection, now: datetime
) -> Path | None:
    with replacing_sqlite.held(database) as target:
        there = replacing_sqlite.holds_anything(target)
        kept = backups.snapshot(url, now, "restore", target) if there else None
        copy.backup(target)
    return kept


def _put_into_postgresql(url: str, copy: sqlite3.Connection, now: datetime) -> Path | None:
    kept = _keep_postgresql(url, now)
    with (
        replacing.emptied(url) as connection,
        replacing_sqlite.engine_on(copy).connect() as source,
    ):
        schema.upgrade_within(connection)
        replacing.load_sqlite(connection, source)
    return kept


def _put_archive_into_postgresql(
    url: str, file: Path, now: datetime, suspend: Callable[[Connection], object] | None
) -> Path | None:
    """Load and prepare in one transaction, so that nobody ever sees it unprepared."""
    kept = _keep_postgresql(url, now)
    with replacing.emptied(url) as connection:
        replacing.load_archive(connection, file)
        schema.upgrade_within(connection)
        if suspend is not None:
            suspend(connection)
    return kept


def _keep_postgresql(url: str, now: datetime) -> Path | None:
    return backups.snapshot(url, now, "restore") if replacing.holds_anything(url) else None
