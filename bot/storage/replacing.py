"""Putting a backup in the place of a PostgreSQL database: all of it in one transaction, or nothing.

Whoever reads the database meanwhile sees what was there before.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from bot.storage.backups import BackupError, find_program
from bot.storage.own_tables import NotOurs, holds_our_tables
from bot.storage.tables import metadata
from bot.storage.urls import normal_url

# What migrations make beside tables, on PostgreSQL: the functions of triggers.
_FUNCTIONS: Final = ("act_never_changes", "act_stays_its_time")
_AT_ONCE: Final = 1_000  # rows
_END_OF_ROWS: Final = b"\\.\n"
_OF_PSQL: Final = (b"\\restrict ", b"\\unrestrict ")
_IN_USE: Final = (
    "The database is in use: the bot still runs, or another program uses it. Stop it first. "
    "Nothing was changed."
)
_WAIT: Final = "3s"  # for the locks of another user's sessions
_LOCKED: Final = "55P03"
_LOOKS: Final = 10
_BETWEEN_LOOKS: Final = 0.1  # seconds
_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND usename = current_user AND pid <> pg_backend_pid()"
)
_GIVEN_LAST: Final = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_GO_ON_AFTER: Final = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")


def holds_anything(url: str) -> bool:
    """Whether a PostgreSQL database that nobody uses holds the bot's tables; False if it is empty.

    Raises:
        BackupError: if the bot still runs, or if the tables are of another program.
    """
    engine = _engine(url)
    with engine.connect() as connection:
        _check_is_unused(connection)
        try:
            return holds_our_tables(connection)
        except NotOurs as tables:
            raise BackupError(
                f"The database “{engine.url.database}” holds tables of another program ({tables}) "
                "and is left as it is. DATABASE_URL has to name a database of the bot's own."
            ) from None


@contextmanager
def emptied(url: str) -> Iterator[Connection]:
    """A connection to the bot's PostgreSQL database, from which all tables are gone.

    At the end of the block all is stored; where it raises, the database is as it was.

    Raises:
        BackupError: if the bot runs, or another program keeps a table locked.
    """
    with _engine(url).begin() as connection:
        _check_is_unused(connection)
        stored = MetaData()
        stored.reflect(connection)
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT}'")
        try:
            stored.drop_all(connection)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCKED:
                raise
            raise BackupError(_IN_USE) from None
        for name in _FUNCTIONS:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")
        yield connection


def _engine(url: str) -> Engine:
    return create_engine(make_url(normal_url(url)), poolclass=NullPool, hide_parameters=True)


def _check_is_unused(connection: Connection) -> None:
    """Refuse while the bot's user has another session; one that is just ending has a moment."""
    for _ in range(_LOOKS):
        connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
        if not connection.execute(_OTHERS).scalar_one():
            return
        time.sleep(_BETWEEN_LOOKS)
    raise BackupError(_IN_USE)


def load_archive(connection: Connection, file: Path) -> None:
    """Load an archive of pg_dump; raises BackupError."""
    import psycopg

    command = [find_program("pg_restore"), "--no-owner", "--file=-", str(file)]
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as process:
            assert process.stdout is not None
            try:
                cursor = connection.connection.cursor()
                _run_script(cursor, process.stdout)
                cursor.execute("RESET ALL")  # the script has settings of its own
            except psycopg.Error as error:
                raise BackupError(
                    f"{file}: PostgreSQL refuses it: {_first_line(str(error))}"
                ) from None
        if process.returncode != 0:
            errors.seek(0)
            said = errors.read().decode(errors="replace")
            raise BackupError(f"pg_restore failed: {_first_line(said)}")


def load_sqlite(connection: Connection, source: Connection) -> None:
    """Copy every row of a SQLite database; both have the tables of this version."""
    for table in metadata.sorted_tables:
        _copy(source, connection, table)


def _run_script(cursor: Any, lines: IO[bytes]) -> None:
    """Do what `psql` does with what `pg_restore` writes: statements, and the rows of tables."""
    statements: list[bytes] = []
    for line in lines:
        if line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            cursor.execute(b"".join(statements))
            statements.clear()
            with cursor.copy(line.removesuffix(b";\n")) as copy:
                for row in takewhile(_END_OF_ROWS.__ne__, lines):
                    copy.write(row)
        elif not line.startswith(_OF_PSQL):
            statements.append(line)
    cursor.execute(b"".join(statements))


def _copy(source: Connection, target: Connection, table: Table) -> None:
    found = source.execute(select(table), execution_options={"yield_per": _AT_ONCE})
    for rows in found.mappings().partitions():
        target.execute(insert(table), [dict(row) for row in rows])
    column = table.autoincrement_column
    if column is None:
        return
    # SQLite gives no number again in some tables, also where its row is gone.
    last = source.execute(_GIVEN_LAST, {"table": table.name}).scalar()
    last = last or source.execute(select(func.max(column))).scalar()
    if last is not None:
        values = {"table": table.name, "column": column.name, "last": last}
        target.execute(_GO_ON_AFTER, values)


def _first_line(said: str) -> str:
    return next(iter(said.splitlines()), "it gave no reason")
