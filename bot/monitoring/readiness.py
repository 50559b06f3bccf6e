"""Whether the bot can do its work now, and which part is missing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from bot.slack.context import AppContext
from bot.slack.messenger import FAULTS
from bot.storage import schema
from bot.storage.database import Busy

ASK_AFTER: Final = timedelta(minutes=2)
SEEN_WITHIN: Final = timedelta(minutes=10)  # a few lost answers in a row are no outage
_CONNECTS_WITHIN: Final = 1.0  # seconds, on this machine

IsReached = Callable[[], Awaitable[bool]]


@dataclass(slots=True)
class SlackWatch:
    """Since when Slack has not said that it knows the bot; `seen_at` is when it last did."""

    context: AppContext
    seen_at: datetime

    async def look(self) -> None:
        """Ask Slack, unless it has answered lately: a job of the heartbeat."""
        if self._ago() < ASK_AFTER:
            return
        # What Slack refuses is logged by the client; what is lost is seen in `/readyz`.
        with contextlib.suppress(*FAULTS):
            await self.context.client.auth_test()
            self.seen_at = self.context.clock()

    def is_recent(self) -> bool:
        """Whether it did so lately."""
        return self._ago() <= SEEN_WITHIN

    def _ago(self) -> timedelta:
        return abs(self.context.clock() - self.seen_at)  # clocks are set back, too


@dataclass(frozen=True, slots=True)
class Readiness:
    """What has to be there: the database with its tables, Slack, and the way on which Slack comes.

    `door` is "sockets" or "server", and `is_reached` says whether it is open. `head` is the
    revision of the tables of this version.
    """

    context: AppContext
    slack: SlackWatch
    door: str
    is_reached: IsReached
    head: str

    async def check(self) -> dict[str, bool]:
        """Each part, and whether it is there."""
        revision, reached = await asyncio.gather(self._revision(), self.is_reached())
        return {
            "database": revision is not None,
            "migrations": revision == self.head,
            self.door: reached,
            "slack": self.slack.is_recent(),
        }

    async def _revision(self) -> str | None:
        try:
            return await self.context.database.read(schema.load_revision)
        except (Busy, SQLAlchemyError):
            return None


async def listens(port: int) -> bool:
    """Whether something takes connections on a port of this machine."""
    try:
        async with asyncio.timeout(_CONNECTS_WITHIN):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
