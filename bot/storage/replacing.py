"""Putting a backup in the place of a PostgreSQL database: all of it in one transaction, or nothing.

Whoever reads the database meanwhile sees what was there before.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, MetaData, Table, create_engine, func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot.storage.backups import BackupError, find_program
from bot.storage.database import create_engine_for
from bot.storage.tables import metadata
from bot.storage.urls import normal_url

# What migrations make beside tables, on PostgreSQL: the functions of triggers.
_FUNCTIONS: Final = ("act_never_changes", "act_stays_its_time")
_AT_ONCE: Final = 1_000  # rows
_END_OF_ROWS: Final = b"\\.\n"
_OF_PSQL: Final = (b"\\restrict ", b"\\unrestrict ")
_GIVEN_LAST: Final = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_GO_ON_AFTER: Final = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")


@contextmanager
def emptied(url: str) -> Iterator[Connection]:
    """A connection to a PostgreSQL database from which all tables are gone.

    At the end of the block all is stored; where it raises, the database is as it was.
    """
    engine = create_engine(make_url(normal_url(url)), poolclass=NullPool, hide_parameters=True)
    with engine.begin() as connection:
        stored = MetaData()
        stored.reflect(connection)
        stored.drop_all(connection)
        for name in _FUNCTIONS:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")
        yield connection


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


def load_sqlite(connection: Connection, file: Path) -> None:
    """Copy every row of a SQLite database; both have the tables of this version."""
    engine = create_engine_for(f"sqlite:///{file}", read_only=True)
    try:
        with engine.connect() as source:
            for table in metadata.sorted_tables:
                _copy(source, connection, table)
    finally:
        engine.dispose()


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
