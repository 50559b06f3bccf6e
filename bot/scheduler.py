"""APScheduler as a timer that calls one function, nothing more; all state is in tables."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.storage.database import Busy, Unknown

_log = logging.getLogger(__name__)


class HeartbeatTimer:
    """Calls `beat` every so many seconds, never twice at once; all that is due is in tables."""

    def __init__(self, beat: Callable[[], Awaitable[None]], seconds: int) -> None:
        self._beat = beat
        self._beating = asyncio.Lock()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_job(self.run_once, "interval", seconds=seconds)

    def start(self) -> None:
        """Begin; needs the running loop."""
        self._scheduler.start()

    async def run_once(self) -> None:
        """One tick now; waits for one that is under way. A failed one is logged, the next comes."""
        async with self._beating:
            try:
                await self._beat()
            except (Busy, Unknown):
                _log.warning("the database was busy; the next heartbeat tries again")
            except Exception:  # noqa: BLE001 - the next beat tries again from what is stored
                _log.exception("a heartbeat failed; the next one tries again")

    async def stop(self) -> None:
        """Start no tick any more and wait for the one under way."""
        if self._scheduler.running:
            self._scheduler.pause()  # shutdown alone would cancel a tick in the middle
            async with self._beating:
                self._scheduler.shutdown(wait=False)
