"""The single writer: committed before it answers, in groups, each call for itself, in time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from structlog.contextvars import get_contextvars

from bot.domain.ids import WorkspaceId
from bot.logs import new_run
from bot.storage.database import (
    DEADLINE,
    MOST_IN_A_BATCH,
    MOST_WAITING,
    Again,
    Busy,
    Database,
    Unknown,
)
from bot.storage.tables import WorkspaceRow
from bot.storage.tx import Transactions
from tests.storage.helpers import (
    LONG,
    SOON,
    Gate,
    Onlooker,
    begin,
    count_noted,
    gathered,
    note,
    noted,
)


@pytest.fixture
def onlooker(database_url: str) -> Iterator[Onlooker]:
    onlooker = Onlooker(database_url)
    yield onlooker
    onlooker.engine.dispose()


@pytest.fixture
def commits() -> Iterator[list[str]]:
    """Grows with every commit of any engine."""
    counted: list[str] = []

    def count(connection: Connection) -> None:
        counted.append(threading.current_thread().name)

    event.listen(Engine, "commit", count)
    yield counted
    event.remove(Engine, "commit", count)


def nothing(_connection: Connection) -> None:
    """A call that stores nothing."""


def note_and_fail(connection: Connection, name: str) -> None:
    note(connection, name)
    raise ValueError(name)


async def test_a_result_comes_after_the_commit_and_not_before(
    database: Database, onlooker: Onlooker
) -> None:
    gate = Gate()
    [writing] = await begin(database.write(gate.hold, "a"))
    await gate.entered()
    assert onlooker.sees() == set()
    assert not writing.done()
    gate.open()
    await writing
    assert onlooker.sees() == {"a"}


async def test_a_call_gets_its_own_result_and_a_reader_sees_it(database: Database) -> None:
    results = await asyncio.gather(*(database.write(note, f"w{n}") for n in range(20)))
    assert results == [f"w{n}" for n in range(20)]
    assert await database.read(noted) == set(results)


async def test_a_failing_call_is_rolled_back_alone(database: Database, onlooker: Onlooker) -> None:
    tasks = await gathered(
        database,
        database.write(note, "before"),
        database.write(note_and_fail, "failed"),
        database.write(note, "after"),
    )
    before, failed, after = await asyncio.gather(*tasks, return_exceptions=True)
    assert (before, after) == ("before", "after")
    assert isinstance(failed, ValueError)
    assert onlooker.sees() == {"before", "after"}


async def test_what_the_database_refuses_is_rolled_back_alone(
    database: Database, onlooker: Onlooker
) -> None:
    def refused(connection: Connection) -> None:
        note(connection, "refused")
        connection.execute(text("SELECT no_such_column FROM workspace"))

    tasks = await gathered(
        database, database.write(refused), database.write(note, "after"), database.write(refused)
    )
    first, after, second = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(first, DBAPIError)
    assert isinstance(second, DBAPIError)
    assert after == "after"
    assert onlooker.sees() == {"after"}


async def test_calls_that_gather_behind_a_commit_share_the_next_one(
    database: Database, onlooker: Onlooker, commits: list[str]
) -> None:
    tasks = await gathered(database, *(database.write(note, f"w{n}") for n in range(100)))
    await asyncio.gather(*tasks)
    assert len(commits) == 2
    assert len(onlooker.sees()) == 100


async def test_a_batch_is_bounded(database: Database, commits: list[str]) -> None:
    calls = (database.write(nothing) for _ in range(MOST_IN_A_BATCH + 1))
    await asyncio.gather(*await gathered(database, *calls))
    assert len(commits) == 3


async def test_calls_one_after_the_other_each_have_their_commit(
    database: Database, commits: list[str]
) -> None:
    for name in "abc":
        await database.write(note, name)
    assert len(commits) == 3
    assert len(set(commits)) == 1, "one thread writes"


async def test_who_still_waits_at_the_deadline_is_told_that_nothing_was_stored(
    hasty: Database, onlooker: Onlooker
) -> None:
    gate = Gate()
    [running] = await begin(hasty.write(gate.hold, "running"))
    await gate.entered()
    with pytest.raises(Busy):
        await hasty.write(note, "waiting")
    with pytest.raises(Unknown):
        await running
    gate.open()
    await hasty.close()
    assert onlooker.sees() == {"running"}


async def test_after_a_missed_deadline_the_writer_goes_on(hasty: Database) -> None:
    gate = Gate()
    [running] = await begin(hasty.write(gate.hold))
    with pytest.raises(Unknown):
        await running
    gate.open()
    assert await hasty.write(note, "next") == "next"
    assert await hasty.read(noted) == {"next"}


async def test_the_queue_is_bounded_and_who_finds_it_full_is_told_at_once(
    database: Database, onlooker: Onlooker
) -> None:
    gate = Gate()
    [running] = await begin(database.write(gate.hold))
    await gate.entered()
    waiting = await begin(*(database.write(nothing) for _ in range(MOST_WAITING)))
    with pytest.raises(Busy):
        await asyncio.wait_for(database.write(note, "one too many"), SOON)
    gate.open()
    await asyncio.gather(running, *waiting)
    assert await database.write(note, "later") == "later"
    assert onlooker.sees() == {"later"}


async def test_a_caller_cancelled_while_waiting_stores_nothing(
    database: Database, onlooker: Onlooker
) -> None:
    gate = Gate()
    [running] = await begin(database.write(gate.hold))
    await gate.entered()
    cancelled, other = await begin(database.write(note, "cancelled"), database.write(note, "b"))
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    gate.open()
    await asyncio.gather(running, other)
    assert onlooker.sees() == {"b"}


async def test_a_caller_cancelled_while_its_call_runs_disturbs_nobody(
    database: Database, onlooker: Onlooker
) -> None:
    gate = Gate()
    [running] = await begin(database.write(gate.hold, "running"))
    await gate.entered()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    [other] = await begin(database.write(note, "other"))
    gate.open()
    assert await other == "other"
    assert onlooker.sees() == {"running", "other"}


async def test_closing_finishes_what_waits_and_takes_nothing_more(
    database_url: str, onlooker: Onlooker
) -> None:
    database, gate = Database(database_url, deadline=LONG), Gate()
    [running] = await begin(database.write(gate.hold, "running"))
    await gate.entered()
    waiting = await begin(*(database.write(note, f"w{n}") for n in range(3)))
    [closing] = await begin(database.close())
    with pytest.raises(Busy):
        await database.write(note, "late")
    assert not closing.done()
    gate.open()
    await closing
    assert [task.result() for task in waiting] == ["w0", "w1", "w2"]
    assert running.done()
    assert onlooker.sees() == {"running", "w0", "w1", "w2"}


async def test_a_database_that_was_never_used_can_be_closed(database_url: str) -> None:
    await Database(database_url).close()


def fails(times: int, error: Exception) -> Any:
    """A service that stores something and then fails, the first times it is run."""
    runs = 0

    def service(connection: Connection) -> int:
        nonlocal runs
        runs += 1
        note(connection, f"run {runs}")
        if runs <= times:
            raise error
        return runs

    return service


ALWAYS = 1_000


async def test_who_met_another_process_is_run_once_more(
    database: Database, onlooker: Onlooker
) -> None:
    assert await database.write(fails(1, Again())) == 2
    assert onlooker.sees() == {"run 2"}


async def test_who_meets_another_process_again_and_again_is_told(
    database: Database, onlooker: Onlooker
) -> None:
    with pytest.raises((Again, Busy)):
        await database.write(fails(ALWAYS, Again()))
    assert onlooker.sees() == set()


async def test_what_a_service_raises_is_raised_to_its_caller_with_nothing_stored(
    database: Database, onlooker: Onlooker
) -> None:
    with pytest.raises(LookupError):
        await database.write(fails(ALWAYS, LookupError()))
    assert onlooker.sees() == set()


def insert_twin(connection: Connection) -> None:
    """Breaks a unique constraint where the name is taken."""
    columns = ["advocacy_channel", "comms_channel", "zone", "disclosure", "workdays"]
    numbers = ["min_gap_seconds", "weekly_cap", "hours_start", "hours_end", "approvals"]
    values = dict.fromkeys(columns, "") | dict.fromkeys(numbers, 0)
    connection.execute(insert(WorkspaceRow).values(id="twin", **values))


async def test_a_broken_constraint_is_met_once_more_and_then_told(
    database: Database, onlooker: Onlooker
) -> None:
    runs: list[int] = []

    def insert_it(connection: Connection) -> None:
        runs.append(count_noted(connection))
        insert_twin(connection)

    await database.write(note, "twin")
    with pytest.raises((IntegrityError, Busy)):
        await database.write(insert_it)
    assert len(runs) >= 2
    assert onlooker.sees() == {"twin"}


async def test_a_second_try_finds_what_was_in_the_way(database: Database) -> None:
    seen: list[int] = []

    def insert_or_find(connection: Connection) -> str:
        seen.append(count_noted(connection))
        if len(seen) == 1 or "twin" not in noted(connection):
            insert_twin(connection)
            return "inserted"
        return "found"

    await database.write(note, "twin")
    assert await database.write(insert_or_find) == "found"


async def test_a_reader_cannot_write(database: Database, onlooker: Onlooker) -> None:
    with pytest.raises((Busy, DBAPIError)):
        await database.read(note, "written by a reader")
    assert onlooker.sees() == set()
    assert await database.write(note, "written") == "written"
    assert await database.read(noted) == {"written"}


async def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    gate = Gate()
    await database.write(note, "before")
    [running] = await begin(database.write(gate.hold, "running"))
    await gate.entered()
    assert await database.read(noted) == {"before"}
    gate.open()
    await running


async def test_a_read_that_takes_too_long_is_given_up(hasty: Database) -> None:
    gate = Gate()
    with pytest.raises(Busy):
        await hasty.read(gate.hold)
    gate.open()
    assert await hasty.read(noted) == set()


async def test_what_a_query_raises_is_raised_to_its_caller(database: Database) -> None:
    def query(_connection: Connection) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await database.read(query)


async def test_the_calls_of_one_request_share_one_deadline(
    database: Database, onlooker: Onlooker
) -> None:
    loop = asyncio.get_running_loop()
    now, began = datetime(2026, 9, 1, 8, tzinfo=UTC), loop.time()
    patient = Transactions(database, WorkspaceId("T"), now)
    hurried = Transactions(database, WorkspaceId("T"), now, until=began + SOON)
    gate = Gate()
    [held] = await begin(database.write(gate.hold))
    await gate.entered()
    with pytest.raises(Busy):
        await hurried.write(lambda tx: note(tx.connection, "late"))
    assert loop.time() - began < DEADLINE
    for call in (hurried.read, hurried.write):
        with pytest.raises(Busy):  # nothing is left for another
            await call(lambda tx: noted(tx.connection))
    gate.open()
    await held
    assert await patient.write(lambda tx: note(tx.connection, "in time")) == "in time"
    assert onlooker.sees() == {"in time"}


def say_where(_connection: Connection) -> str | None:
    """A call that says in which run it finds itself, as each line of the log would."""
    return get_contextvars().get("run")


async def test_whatever_a_call_logs_is_known_as_its_callers(database: Database) -> None:
    async def ask() -> tuple[str | None, ...]:
        with new_run():
            own = get_contextvars()["run"]
            return own, await database.write(say_where), await database.read(say_where)

    asked = await asyncio.gather(*(ask() for _ in range(5)))  # in one batch, and three readers
    assert all(own == written == read for own, written, read in asked)
    assert len({own for own, _, _ in asked}) == 5
