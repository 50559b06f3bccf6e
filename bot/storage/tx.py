"""What a service is given: one transaction of one workspace at one moment."""

from __future__ import annotations

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
    """Runs services for one workspace at one moment: the only place that makes a `Tx`."""

    database: Database
    workspace_id: WorkspaceId
    now: datetime

    async def write(
        self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `service` and return its result once that is committed; raises Busy or Unknown."""
        return await self.database.write(self._call(service, *args, **kwargs))

    async def read(
        self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run `service` on a read-only connection; raises Busy."""
        return await self.database.read(self._call(service, *args, **kwargs))

    def _call(
        self, service: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Callable[[Connection], R]:
        def call(connection: Connection) -> R:
            return service(Tx(connection, self.workspace_id, self.now), *args, **kwargs)

        return call
