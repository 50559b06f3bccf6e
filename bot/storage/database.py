"""Engines, the single writer with its group commit, and the readers."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from bot.storage import backups
from bot.storage.urls import normal_url

P = ParamSpec("P")
R = TypeVar("R")

DEADLINE = 2.0  # seconds; a click must be acknowledged within 3
MOST_WAITING = 2_000
MOST_IN_A_BATCH = 512
READERS = 3
_TRIES_ALONE = 4
# PostgreSQL's sqlstates of a deadlock and of lock_timeout, and of statement_timeout.
_IN_THE_WAY = ("40P01", "55P03")
_TOO_SLOW = "57014"


class Busy(Exception):
    """The database could not take it in time; surely nothing was stored."""


class Again(Exception):
    """A service met a state that another process was just changing; it is run again."""


class Unknown(Exception):
    """The database did not answer in time; it may or may not have been stored."""


def create_engine_for(url: str, *, read_only: bool = False, size: int = 1) -> Engine:
    """An engine with what each database needs to be durable, strict and quick.

    Raises ValueError for an address that cannot be used.
    """
    address = normal_url(url)
    if address.startswith("sqlite"):
        return _sqlite(address, read_only=read_only, size=size)
    # Each process waits its own time for a lock: two that gave up together would meet again.
    patience = random.randint(150, 500)  # milliseconds
    options = f"-c jit=off -c statement_timeout=2000 -c lock_timeout={patience} -c timezone=UTC"
    if read_only:
        options += " -c default_transaction_read_only=on"
    connect_args = {"options": options, "connect_timeout": 5}
    return _engine(address, size, connect_args)


def _engine(address: str, size: int, connect_args: dict[str, Any]) -> Engine:
    return create_engine(
        address,
        pool_size=size,
        max_overflow=0,
        connect_args=connect_args,
        hide_parameters=True,  # an error in the log must not say who chose what
    )


def _sqlite(address: str, *, read_only: bool, size: int) -> Engine:
    # Connections move between the threads of one executor, never used by two at once.
    connect_args = {"check_same_thread": False, "timeout": 5.0}
    engine = _engine(address, size, connect_args)
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver would begin by itself, and too late
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


_WRITER, _CALLER = "writer", "caller"


@dataclass(slots=True, eq=False)
class _Item:
    """One service call that waits for the writer."""

    call: Callable[[Connection], Any]
    done: asyncio.Future[Any]
    context: Context  # its caller's, so that the lines of its log are known as the caller's
    taken: bool = field(default=False)
    _owner: dict[str, str] = field(default_factory=dict)

    def claim(self, side: str) -> bool:
        """Decide once whether the writer runs it or its caller has given it up.

        Of the writer's thread and the loop the first one decides: `setdefault` is atomic.
        """
        return self._owner.setdefault("side", side) == side


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any = None
    error: Exception | None = None


class Database:
    """One writer that commits in groups, and a few read-only connections.

    Several writers would lock each other out on SQLite, and each click would pay for its own sync.
    Callers gather while a batch is being committed; the next batch takes all that gathered. A
    call returns only after its commit, and one that fails is rolled back alone.
    """

    def __init__(self, url: str, *, deadline: float = DEADLINE) -> None:
        self._url = url
        self._writing = create_engine_for(url)
        self._reading = create_engine_for(url, read_only=True, size=READERS)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._deadline = deadline
        self._waiting: deque[_Item] = deque()
        self._flush: asyncio.Task[None] | None = None
        self._closed = False

    async def write(
        self, service: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `service` in a transaction and return its result once that is committed.

        Raises Busy where it surely was not stored, Unknown where nobody can tell; both after
        the deadline (2 s). What the service raises is raised here, with nothing stored.
        """
        return await self.write_within(
            self._deadline, lambda connection: service(connection, *args, **kwargs)
        )

    async def write_within(self, seconds: float, call: Callable[[Connection], R]) -> R:
        """The same with a deadline in so many seconds, if that is the earlier one."""
        if self._closed or len(self._waiting) >= MOST_WAITING or seconds <= 0:
            raise Busy
        loop = asyncio.get_running_loop()
        item = _Item(call, loop.create_future(), copy_context())
        self._waiting.append(item)
        if self._flush is None:  # it works for others as well, so it is nobody's
            self._flush = loop.create_task(self._flush_all(), context=Context())
        timer = loop.call_later(min(seconds, self._deadline), self._give_up, item)
        try:
            result: R = await item.done
        finally:
            timer.cancel()
            if not item.taken and item in self._waiting:  # its caller was cancelled
                self._waiting.remove(item)
        return result

    async def read(
        self, query: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `query` on a read-only connection; raises Busy after the deadline (2 s)."""
        return await self.read_within(
            self._deadline, lambda connection: query(connection, *args, **kwargs)
        )

    async def read_within(self, seconds: float, call: Callable[[Connection], R]) -> R:
        """The same with a deadline in so many seconds, if that is the earlier one."""

        def run() -> R:
            with self._reading.connect() as connection:
                return call(connection)

        def run_again_if_closed() -> R:
            try:
                return run()
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return run()  # the server had closed it; the pool has replaced them all

        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(min(seconds, self._deadline)):
                run_as_caller = partial(copy_context().run, run_again_if_closed)
                return await loop.run_in_executor(self._readers, run_as_caller)
        except (TimeoutError, OperationalError) as error:
            raise Busy from error

    async def empty_log(self) -> bool:
        """Empty SQLite's write-ahead log, in which erased rows still stand; whether it is empty.

        It is not where a reader is just using it. PostgreSQL's log is the server's own business.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._empty_log)

    async def delete_old_backups(self, now: datetime) -> None:
        """Delete the snapshots beside the SQLite file that are older than 30 days."""
        # Not in the writer's thread: clicks would wait behind it.
        await asyncio.to_thread(backups.delete_old_snapshots, self._url, now)

    def _empty_log(self) -> bool:
        if self._writing.dialect.name != "sqlite":
            return True
        connection = self._writing.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=50")  # clicks wait behind it
            try:
                busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                cursor.execute("PRAGMA busy_timeout=5000")
        finally:
            connection.close()
        return not busy

    async def close(self) -> None:
        """Take nothing more, finish what waits, and close every connection."""
        self._closed = True
        if self._flush is not None:
            await self._flush
        await asyncio.to_thread(self._shut)

    def _shut(self) -> None:
        for executor in (self._writer, self._readers):
            executor.shutdown()
        for engine in (self._writing, self._reading):
            engine.dispose()

    def _give_up(self, item: _Item) -> None:
        if item.done.done():
            return
        item.done.set_exception(Busy() if item.claim(_CALLER) else Unknown())
        if not item.taken:
            self._waiting.remove(item)

    async def _flush_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch = [
                self._waiting.popleft() for _ in range(min(MOST_IN_A_BATCH, len(self._waiting)))
            ]
            for item in batch:
                item.taken = True
            try:
                outcomes = await loop.run_in_executor(self._writer, self._commit, batch)
            except Exception as error:  # noqa: BLE001 - the writer must outlive whatever happens
                outcomes = [_Outcome(error=_because(Unknown(), error))] * len(batch)
            for item, outcome in zip(batch, outcomes, strict=True):
                if item.done.done():
                    continue
                if outcome.error is None:
                    item.done.set_result(outcome.value)
                else:
                    item.done.set_exception(outcome.error)
        self._flush = None

    def _commit(self, batch: Sequence[_Item]) -> list[_Outcome]:
        """Run the calls of one batch in one transaction; if one fails, each half in its own.

        That keeps a failure to its caller at the price of a few more commits. After a deadlock
        each call goes alone at once: only a transaction that holds several members' rows can wait
        in a circle. Runs in the writer's thread.
        """
        if len(batch) == 1:
            return [self._commit_alone(batch[0])]
        try:
            return self._commit_together(batch)
        except Busy as busy:
            return [_Outcome(error=busy)] * len(batch)
        except Exception as error:  # noqa: BLE001 - it comes again, to whoever it belongs to
            if _passes(error):
                return [self._commit_alone(item) for item in batch]
            middle = len(batch) // 2
            return [*self._commit(batch[:middle]), *self._commit(batch[middle:])]

    def _commit_together(self, batch: Sequence[_Item]) -> list[_Outcome]:
        """One transaction. Raises Busy where it could not begin; nothing raised is stored."""
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(self._writing.connect())
                transaction = stack.enter_context(connection.begin())
            except SQLAlchemyError as error:
                raise Busy from error
            # The lock may have been long in coming: what its caller gave up is not run.
            outcomes = [
                _Outcome(item.context.run(item.call, connection))
                if item.claim(_WRITER)
                else _Outcome(error=Busy())
                for item in batch
            ]
            try:
                transaction.commit()
            except Exception as error:  # noqa: BLE001 - it may have happened before that
                return [_Outcome(error=_because(Unknown(), error))] * len(batch)
            return outcomes

    def _commit_alone(self, item: _Item) -> _Outcome:
        met: Exception = Busy()
        for _ in range(_TRIES_ALONE):
            try:
                return self._commit_together([item])[0]
            except Exception as error:  # noqa: BLE001 - it goes to the caller
                if not _passes(error):
                    slow = _sqlstate(error) == _TOO_SLOW
                    return _Outcome(error=_because(Busy(), error) if slow else error)
                met = error
        return _Outcome(error=_because(Busy(), met))


def _because(outcome: Busy | Unknown, cause: Exception) -> Busy | Unknown:
    outcome.__cause__ = cause
    return outcome


def _passes(error: Exception) -> bool:
    """Whether a second try may succeed: another process was in the way, or a closed connection."""
    if isinstance(error, Again | IntegrityError):
        return True
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or _sqlstate(error) in _IN_THE_WAY


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
