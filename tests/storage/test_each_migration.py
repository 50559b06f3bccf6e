"""A database of every revision, with data, comes to the tables of this version.

`tests/data/migrations` has one for each, as SQL for SQLite. After a new migration,
`UPDATE_FIXTURES=1` writes the missing one; those that are there stay as they were. What a new table
holds is then written into it by hand.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bot.storage import schema
from bot.storage.tables import metadata

FOLDER = Path(__file__).resolve().parents[1] / "data" / "migrations"
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
REVISIONS = sorted(each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions())
MEMBERS = {"U0AMARA", "U0BO"}


def loaded(file: Path, revision: str) -> str:
    """The database of a revision, as a file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))
    return f"sqlite:///{file}"


@pytest.mark.skipif("UPDATE_FIXTURES" not in os.environ, reason="only on request")
def test_the_missing_ones_are_written(tmp_path: Path) -> None:
    for before, revision in pairwise(REVISIONS):
        written = FOLDER / f"{revision}.sql"
        if written.exists():
            continue
        file = tmp_path / f"{revision}.db"
        command.upgrade(schema.config(loaded(file, before)), revision)
        with closing(sqlite3.connect(file)) as connection:
            written.write_text("\n".join(connection.iterdump()) + "\n", encoding="utf-8")


@pytest.mark.parametrize("revision", REVISIONS)
def test_it_comes_to_this_version_with_its_data(revision: str, tmp_path: Path) -> None:
    url = loaded(tmp_path / "old.db", revision)
    assert schema.state(url).current == revision
    schema.upgrade(url)
    assert schema.state(url).in_step
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert {
            row.user for row in connection.exec_driver_sql("SELECT user FROM member")
        } == MEMBERS
        posts = connection.exec_driver_sql("SELECT state FROM post ORDER BY id").all()
        assert [post.state for post in posts] == ["live", "withdrawn"]
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()


def test_the_newest_has_rows_in_every_table(tmp_path: Path) -> None:
    """Else the next migration would be tried on empty tables."""
    engine = create_engine(loaded(tmp_path / "new.db", REVISIONS[-1]), poolclass=NullPool)
    with engine.connect() as connection:
        empty = [
            table.name
            for table in metadata.sorted_tables
            if not connection.execute(table.select()).all()
        ]
    engine.dispose()
    assert empty == []
