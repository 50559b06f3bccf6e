"""The bot as it is measured, in a process of its own: `python -m bench.bot URL PORT`."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import aiohttp
import uvloop

from bench import ground
from bench.children import Json, obey
from bench.noop import AUTHORIZED, cpu_seconds
from bench.payload import SECRET
from bot.domain.admission import Company
from bot.domain.ids import WorkspaceId
from bot.metrics import Failure
from bot.services import announcements, heartbeat
from bot.slack import serving
from bot.slack.app import build_app
from bot.slack.background_tasks import BackgroundTasks
from bot.slack.comms_channel import CommsChannel
from bot.slack.context import AppContext
from bot.slack.current_workspace import CurrentWorkspace
from bot.slack.directory import Directory
from bot.slack.reconciler import Reconciler
from bot.slack.throttle import Throttle
from bot.slack.web_client import SlackClient
from bot.storage.database import Busy, Database, Unknown
from bot.storage.tx import Transactions

_log = logging.getLogger(__name__)


class _Slack(SlackClient):
    """Knows everybody as a colleague, at once."""

    async def api_call(self, api_method: str, **how: Any) -> Any:
        """Who pressed is asked once in some minutes, and is not what is measured."""
        if api_method == "users.info":
            return {"ok": True, "user": {"team_id": ground.TEAM, "tz": "UTC"}}
        return await super().api_call(api_method, **how)


class _Complaints(logging.Handler):
    """Counts what the bot complains of; a click that failed is among it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0
        self.locked = 0
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1
        self.last = self.format(record)[-300:]
        self.locked += "database is locked" in self.last


async def _bot(url: str, sink: str) -> None:
    """The real app with all its listeners, and the tick when it is asked for.

    `sink` is the port at which something takes its calls to Slack, and is quick.
    """
    complaints = _Complaints()
    logging.getLogger().addHandler(complaints)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        database = Database(url)
        stack.push_async_callback(database.close)
        background_tasks, current = BackgroundTasks(), CurrentWorkspace(ground.workspace())

        def at() -> Transactions:
            return Transactions(database, WorkspaceId(ground.TEAM), datetime.now(UTC))

        client = _Slack(
            "xoxb-bench",
            f"http://127.0.0.1:{sink}/api/",
            session,
            throttle=Throttle(None),  # one person's dialog waits behind nobody's anyway
            at=at,
            channels=dict,
            background_tasks=background_tasks,
        )
        app_context = AppContext(
            database=database,
            client=client,
            directory=Directory(client, Company(ground.TEAM), current, lambda: datetime.now(UTC)),
            comms=CommsChannel(client, current, at),
            background_tasks=background_tasks,
            session=session,
            clock=lambda: datetime.now(UTC),
            workspace_id=WorkspaceId(ground.TEAM),
            current=current,
        )
        app = build_app(app_context, Reconciler(app_context), AUTHORIZED)
        port = await stack.enter_async_context(serving.http(app, SECRET, 0, host="127.0.0.1"))
        planner = _Planner(app_context)

        async def answer(order: Json) -> Json:
            if order["what"] == "plan":
                planner.begin()
            elif order["what"] == "settle":
                await planner.end()
                await app_context.background_tasks.drain(60)
            return {
                "port": port,
                "cpu": cpu_seconds(),
                "pid": os.getpid(),
                "ticks": planner.ticks,
                "complaints": complaints.count,
                "locked": complaints.locked + planner.locked,
                "last": complaints.last,
                "told": sum(
                    app_context.metrics.failures[why] for why in (Failure.BUSY, Failure.UNKNOWN)
                ),
            }

        await obey(answer)


class _Planner:
    """The tick's decision over and over; what it claims goes back, as when Slack refuses it."""

    def __init__(self, app_context: AppContext) -> None:
        self.ticks = 0
        self.locked = 0
        self._context = app_context
        self._goes_on = False
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._goes_on = True
        self._task = asyncio.create_task(self._run())

    async def end(self) -> None:
        self._goes_on = False
        if self._task is not None:
            await self._task
            self._task = None

    async def _run(self) -> None:
        while self._goes_on:
            try:
                await self._tick()
            except (Busy, Unknown) as error:
                self.locked += "database is locked" in str(error.__cause__)
                _log.warning("a tick failed: %r", error.__cause__ or error)
            self.ticks += 1

    async def _tick(self) -> None:
        now = self._context.clock()
        database = self._context.at(now)
        claimed = await database.write(heartbeat.run_heartbeat)
        if claimed is not None:
            await database.write(announcements.record_not_sent, claimed, "throttled", now)


if __name__ == "__main__":
    uvloop.run(_bot(*sys.argv[1:]))
