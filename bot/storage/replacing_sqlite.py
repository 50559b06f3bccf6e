"""Putting a backup in the place of what a SQLite database holds: all at once, or nothing.

The file stays, with its owner and its mode. Only what it holds is replaced.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from bot.storage import schema
from bot.storage.backups import BackupError, give_to_owner, read_sqlite
from bot.storage.own_tables import NotOurs, holds_our_tables

_WAIT = 1.0  # seconds, for a program that is just closing the database


def load(file: Path) -> sqlite3.Connection:
    """A copy of a backup; SQLite keeps it where nobody finds it, and where nothing of it stays."""
    copy = sqlite3.connect("", isolation_level=None)
    with read_sqlite(file) as source:
        source.backup(copy)
    return copy


def prepare(copy: sqlite3.Connection, work: Callable[[Connection], object] | None) -> None:
    """Bring a copy to the tables of this version, then do some work in it."""
    engine = engine_on(copy)
    with engine.begin() as connection:
        schema.upgrade_within(connection)
    copy.execute("PRAGMA foreign_keys=ON")  # not before: migrations make tables anew
    if work is not None:
        with engine.begin() as connection:
            work(connection)
    copy.execute("VACUUM")  # what was erased stands in no free page


@contextmanager
def held(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the bot's database, which nobody else can use until the block ends.

    All that was stored is in the file by then, and not in its log. A new file is made where there
    is none, and gone again if the block raises.

    Raises:
        BackupError: if the database is not the bot's own, or if somebody has it open.
    """
    if not file.parent.is_dir():
        raise BackupError(f"{file.parent}: there is no such folder. Look at DATABASE_URL.")
    is_new = not file.exists()
    if is_new:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
        give_to_owner(file, file.parent)
    else:
        _check_is_ours(file)
    connection = sqlite3.connect(file, timeout=_WAIT, isolation_level=None)
    try:
        _close_to_others(connection, file)
        yield connection
    except BaseException:
        connection.close()
        if is_new:
            file.unlink()
        raise
    finally:
        connection.close()


def holds_anything(connection: sqlite3.Connection) -> bool:
    """Whether there is a table."""
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None


def engine_on(connection: sqlite3.Connection) -> Engine:
    """An engine that uses this one connection, whose transactions it begins itself."""
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def _begin(begun: Connection) -> None:
        begun.exec_driver_sql("BEGIN")

    return engine


def _close_to_others(connection: sqlite3.Connection, file: Path) -> None:
    """Empty the log and take the only lock there is; SQLite refuses while somebody is connected."""
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        raise BackupError(
            f"{file} is in use: the bot still runs, or another program has it open. "
            "Stop it first. Nothing was changed."
        ) from None


def _check_is_ours(file: Path) -> None:
    """Look before anything is touched, the log of another program's database too."""
    try:
        with read_sqlite(file) as connection, engine_on(connection).connect() as looked_at:
            holds_our_tables(looked_at)
    except NotOurs as tables:
        raise BackupError(
            f"{file} holds tables of another program ({tables}) and is left as it is. "
            "DATABASE_URL has to name a database of the bot's own."
        ) from None
    except (sqlite3.DatabaseError, DatabaseError):
        raise BackupError(
            f"{file} is no database of the bot, or it is damaged. It is left as it is. "
            "To put a backup in its place nevertheless, move it away first."
        ) from None
