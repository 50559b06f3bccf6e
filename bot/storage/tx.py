"""What a service is given: one transaction of one workspace at one moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.domain.ids import WorkspaceId
from bot.storage.database import Database

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Tx:
    """One open transaction; `now` is aware, and every statement is about this workspace."""

    connection: Connection
    workspace_id: WorkspaceId
    now: datetime


@dataclass(frozen=True, slots=True)
class Transactions:
    """Runs services for one workspace at one moment: the only place that makes a `Tx`.

    `until` is the loop's time at which whoever waits must have an answer; None where only the
    database's own deadline counts, for each call anew.
    """

    database: Database
    workspace_id: WorkspaceId
    now: datetime
    until: float | None = None

    async def write(
        self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `service` and return its result once that is committed; raises Busy or Unknown."""
        call = self._call(service, *args, **kwargs)
        if self.until is None:
            return await self.database.write(call)
        return await self.database.write_within(self._seconds_left(self.until), call)

    async def read(
        self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `service` on a read-only connection; raises Busy."""
        call = self._call(service, *args, **kwargs)
        if self.until is None:
            return await self.database.read(call)
        return await self.database.read_within(self._seconds_left(self.until), call)

    @staticmethod
    def _seconds_left(until: float) -> float:
        return max(0.0, until - asyncio.get_running_loop().time())

    def _call(
        self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Callable[[Connection], R]:
        def call(connection: Connection) -> R:
            return service(Tx(connection, self.workspace_id, self.now), *args, **kwargs)

        return call
