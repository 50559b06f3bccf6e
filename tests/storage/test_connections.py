"""What each connection is set to, and how the writer gets over losing one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import IntegrityError

from bot.storage.database import Busy, Database, Unknown
from tests.storage.helpers import LONG, backend, gathered, note, noted, terminate


@pytest.fixture
def database_url(url: str) -> str:
    """PostgreSQL's alone: SQLite has a fixture of its own here."""
    return url


@pytest.fixture
async def file_database(new_sqlite: Callable[[], str]) -> AsyncIterator[Database]:
    database = Database(new_sqlite(), deadline=LONG)
    yield database
    await database.close()


def pragmas(connection: Connection) -> dict[str, object]:
    names = ("journal_mode", "synchronous", "foreign_keys", "query_only", "busy_timeout")
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}


def settings(connection: Connection) -> dict[str, object]:
    names = ("TimeZone", "jit", "statement_timeout", "default_transaction_read_only")
    return {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in names}


async def test_sqlite_is_durable_and_strict_in_the_writer_and_in_the_readers(
    file_database: Database,
) -> None:
    durable = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    assert await file_database.write(pragmas) == {**durable, "query_only": 0}
    # Several at once, so that each reader answers.
    found = await asyncio.gather(*(file_database.read(pragmas) for _ in range(6)))
    assert found == [{**durable, "query_only": 1}] * 6


async def test_sqlite_refuses_what_points_nowhere(file_database: Database) -> None:
    def orphan(connection: Connection) -> None:
        connection.execute(
            text(
                "INSERT INTO notice (workspace_id, kind, created_at)"
                " VALUES ('T_NOBODY', 'frozen', '2026-09-01')"
            )
        )

    with pytest.raises((IntegrityError, Busy)):
        await file_database.write(orphan)


async def test_sqlite_takes_the_write_lock_before_a_service_reads(
    new_sqlite: Callable[[], str],
) -> None:
    # A transaction that began by reading could not write after another process has.
    url = new_sqlite()
    first, second = Database(url, deadline=LONG), Database(url, deadline=LONG)

    def grow(connection: Connection) -> None:
        note(connection, f"w{len(noted(connection))}")

    calls = [database.write(grow) for _ in range(25) for database in (first, second)]
    await asyncio.gather(*calls)
    assert len(await first.read(noted)) == 50
    await first.close()
    await second.close()


async def test_postgresql_counts_in_utc_and_bounds_every_statement(database: Database) -> None:
    usual = {"TimeZone": "UTC", "jit": "off", "statement_timeout": "2s"}
    writer = await database.write(settings)
    assert writer == {**usual, "default_transaction_read_only": "off"}
    reader = await database.read(settings)
    assert reader == {**usual, "default_transaction_read_only": "on"}


async def test_a_writer_whose_connection_was_closed_in_the_meantime_writes_on(
    database: Database, url: str
) -> None:
    await database.write(note, "before")
    for name in ("first", "second"):
        terminate(url, await database.write(backend))
        assert await database.write(note, name) == name
    assert await database.read(noted) == {"before", "first", "second"}


async def test_a_batch_that_loses_its_connection_runs_once_more_as_a_whole(
    database: Database, url: str
) -> None:
    runs: list[int] = []

    def lose_it_once(connection: Connection) -> str:
        runs.append(backend(connection))
        note(connection, f"lost {len(runs)}")
        if len(runs) == 1:
            terminate(url, runs[0])
        return note(connection, f"kept {len(runs)}")

    tasks = await gathered(
        database,
        database.write(note, "before"),
        database.write(lose_it_once),
        database.write(note, "after"),
    )
    assert await asyncio.gather(*tasks) == ["before", "kept 2", "after"]
    assert await database.read(noted) == {"before", "lost 2", "kept 2", "after"}
    assert len(set(runs)) == 2


async def test_a_call_that_loses_every_connection_was_surely_not_stored(
    database: Database, url: str
) -> None:
    def lose_it(connection: Connection) -> None:
        note(connection, "lost")
        terminate(url, backend(connection))
        note(connection, "lost, too")

    tasks = await gathered(database, database.write(note, "before"), database.write(lose_it))
    before, lost = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(lost, Busy)
    stored = await database.read(noted)
    # Its neighbour may be tried alone; what it is told is true either way.
    assert (before, stored) == ("before", {"before"}) or (isinstance(before, Busy) and not stored)
    assert await database.write(note, "next") == "next"


@contextmanager
def before_each_commit(service: Callable[[Connection], None]) -> Iterator[None]:
    """Do something just before a COMMIT reaches the server."""
    event.listen(Engine, "commit", service)
    try:
        yield
    finally:
        event.remove(Engine, "commit", service)


async def test_when_the_commit_gets_no_answer_nobody_claims_to_know(
    database: Database, url: str
) -> None:
    def lose(connection: Connection) -> None:
        terminate(url, backend(connection))

    await database.write(note, "before")
    with before_each_commit(lose), pytest.raises(Unknown):
        await database.write(note, "perhaps")
    assert await database.write(note, "next") == "next"
    assert await database.read(noted) >= {"before", "next"}


async def test_the_writer_survives_whatever_goes_wrong_around_a_commit(
    hasty: Database,
) -> None:
    def fail(_connection: Connection) -> None:
        raise RuntimeError

    with before_each_commit(fail), pytest.raises((Busy, Unknown, RuntimeError)):
        await hasty.write(note, "perhaps")
    assert await hasty.write(note, "next") == "next"


async def test_readers_get_over_closed_connections(database: Database, url: str) -> None:
    await database.write(note, "before")
    pids = set(await asyncio.gather(*(database.read(backend) for _ in range(6))))
    for pid in pids:
        terminate(url, pid)
    assert await database.read(noted) == {"before"}


async def test_a_server_that_cannot_be_reached_is_busy(url: str) -> None:
    # Nothing listens there.
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing", deadline=LONG)
    with pytest.raises(Busy):
        await nowhere.write(note, "lost")
    with pytest.raises(Busy):
        await nowhere.read(noted)
    await nowhere.close()
