"""The database of the page's demo: made, emptied and left behind as was asked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.domain.ids import WorkspaceId
from bot.storage import record, schema
from bot.storage.database import create_engine_for
from bot.storage.tables import metadata
from bot.storage.tx import Tx

# Columns that tell of what has happened, not of what is to come.
_PAST = (
    "at",
    "created_at",
    "written_at",
    "claimed_at",
    "sent_at",
    "asked_at",
    "ended_at",
    "fetched_at",
)
# The same, kept as the day on which it happened.
_PAST_DAYS = ("consented_at", "left_at", "paused_at")
_AFTER_ALL = datetime(9999, 1, 1, tzinfo=UTC)


class NotOurs(Exception):
    """The database holds a real workspace, which the demo leaves alone; says so in one line."""


@contextmanager
def prepared(url: str | None, *, keep: bool) -> Iterator[str]:
    """The address of a database with tables: a fresh file that vanishes, or the one that is given.

    With `keep` nothing is ever deleted, neither the file nor what stands in the tables.
    """
    if url is not None:
        schema.upgrade(url)
        yield url
    elif keep:
        folder = Path(tempfile.mkdtemp(prefix="advocacy-demo-"))
        address = f"sqlite:///{folder / 'demo.db'}"
        schema.upgrade(address)
        yield address
        print(f"The data is kept: {address}")
    else:
        with tempfile.TemporaryDirectory(prefix="advocacy-demo-") as folder_name:
            address = f"sqlite:///{Path(folder_name) / 'demo.db'}"
            schema.upgrade(address)
            yield address


def latest(url: str) -> datetime | None:
    """When all that happened in kept data surely had; the clock goes on from there."""
    engine = create_engine_for(url, read_only=True)
    try:
        with engine.connect() as connection:
            columns = [column for table in metadata.sorted_tables for column in table.columns]
            newest = [
                (column.name, connection.scalar(select(func.max(column))))
                for column in columns
                if column.name in (*_PAST, *_PAST_DAYS)
            ]
    finally:
        engine.dispose()
    found = [moment + timedelta(days=name in _PAST_DAYS) for name, moment in newest if moment]
    return max(found, default=None)


def empty(url: str, team: str) -> None:
    """Delete every row, if nothing but the demo's own workspace stands in the database.

    Raises:
        NotOurs: if another workspace has its data there; nothing is deleted then.
    """
    engine = create_engine_for(url)
    try:
        with engine.begin() as connection:
            found = set(connection.scalars(select(metadata.tables["workspace"].c.id)))
            if not found <= {team}:
                raise NotOurs(
                    "DATABASE_URL: this database holds another workspace, so the demo changed "
                    "nothing. Give the demo a database of its own."
                )
            # The database itself keeps what comms did for years, unless it is released.
            record.erase_before(Tx(connection, WorkspaceId(team), _AFTER_ALL), _AFTER_ALL)
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
    finally:
        engine.dispose()
