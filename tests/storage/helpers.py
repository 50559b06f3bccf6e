"""Calls that hold the writer until the test lets them go, and what others can see meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select, text

from bot.domain.ids import WorkspaceId
from bot.domain.model import ChannelPolicy, Hours, Workspace
from bot.storage import workspaces
from bot.storage.database import Database, create_engine_for
from bot.storage.tables import WorkspaceRow
from bot.storage.tx import Tx

R = TypeVar("R")

LONG = 20.0  # seconds; nothing here takes so long unless it is broken
SOON = 0.3  # a deadline short enough to be missed on purpose


def add_workspace(connection: Connection, name: str) -> None:
    """A workspace that may announce at any time."""
    policy = ChannelPolicy(timedelta(0), 10_000, Hours(0, 24 * 60), frozenset(range(7)), "UTC")
    usual = Workspace(WorkspaceId(name), "C_NEWS", "G_COMMS", policy, "#Acme", 2)
    workspaces.save(Tx(connection, usual.id, datetime.now(UTC)), usual)


def note(connection: Connection, name: str) -> str:
    """Something to store: a workspace of that name."""
    add_workspace(connection, name)
    return name


def noted(connection: Connection) -> set[str]:
    return set(connection.execute(select(WorkspaceRow.id)).scalars())


def count_noted(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(WorkspaceRow)).scalar_one()


class Onlooker:
    """Looks through a connection of its own: it sees what is committed and nothing else."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine_for(url, read_only=True)

    def sees(self) -> set[str]:
        with self.engine.connect() as connection:
            return noted(connection)


class Gate:
    """A service that holds the writer's thread until the test opens it."""

    def __init__(self) -> None:
        self._entered = threading.Event()
        self._opened = threading.Event()

    def hold(self, connection: Connection, name: str | None = None) -> None:
        if name is not None:
            note(connection, name)
        self._entered.set()
        assert self._opened.wait(LONG), "nobody opened the gate"

    async def entered(self) -> None:
        """The writer is inside."""
        assert await asyncio.to_thread(self._entered.wait, LONG), "the writer never came"

    def open(self) -> None:
        self._opened.set()


async def begin(*calls: Coroutine[Any, Any, R]) -> list[asyncio.Task[R]]:
    """Start the calls and let each get as far as it can without waiting."""
    tasks = [asyncio.create_task(call) for call in calls]
    await asyncio.sleep(0)
    return tasks


async def gathered(database: Database, *calls: Coroutine[Any, Any, Any]) -> list[asyncio.Task[Any]]:
    """Start the calls so that one batch takes all of them."""
    gate = Gate()
    [held] = await begin(database.write(gate.hold))
    await gate.entered()
    tasks = await begin(*calls)
    gate.open()
    await held
    return tasks


def until_blocked(url: str, how_many: int = 1) -> None:
    """Return when so many connections to this PostgreSQL database wait for a lock."""
    engine = create_engine_for(url)
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    give_up = threading.Event()
    timer = threading.Timer(LONG, give_up.set)
    timer.start()
    try:
        while not give_up.is_set():
            with engine.connect() as connection:
                if connection.execute(waiting).scalar_one() >= how_many:
                    return
        raise AssertionError("nobody waits for a lock")
    finally:
        timer.cancel()
        engine.dispose()


def terminate(url: str, pid: int) -> None:
    """Let PostgreSQL close a connection, as it does when it is restarted."""
    engine = create_engine_for(url)
    with engine.connect() as connection:
        killed = text("SELECT pg_terminate_backend(:pid, 5000)")
        assert connection.execute(killed, {"pid": pid}).scalar_one()
    engine.dispose()


def backend(connection: Connection) -> int:
    """PostgreSQL's number for this connection."""
    pid: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return pid
