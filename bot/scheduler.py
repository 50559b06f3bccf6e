"""APScheduler as a timer that starts the heartbeat's jobs, nothing more; all state is in tables."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.logs import get_logger, new_run
from bot.storage.database import Busy, Unknown

Job = Callable[[], Awaitable[None]]
OnEnd = Callable[[str, bool], None]

ENDS_WITHIN = 2.0  # seconds, for a job that is under way when the program ends
_log = get_logger(__name__)


class HeartbeatTimer:
    """Starts each job every so many seconds, beside the others and never twice at once.

    A job that hangs holds up nothing but itself. What is due is in tables, so a beat that is left
    out costs nothing.
    """

    def __init__(self, jobs: Mapping[str, Job], seconds: int, on_end: OnEnd) -> None:
        """`on_end` hears of each job that came to its end, and whether it went well."""
        self._jobs = {name: _Job(name, job, on_end) for name, job in jobs.items()}
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_job(self.start_jobs, "interval", seconds=seconds)

    def start(self) -> None:
        """Begin; needs the running loop."""
        self._scheduler.start()

    async def start_jobs(self) -> None:
        """Start every job that is not under way, and wait for none."""
        with new_run():
            for each in self._jobs.values():
                each.start()

    async def run_once(self) -> None:
        """Every job once now, one after the other; waits for one that is under way."""
        with new_run():
            for each in self._jobs.values():
                await each.run()

    async def stop(self) -> None:
        """Start no job any more; wait for those under way, at most `ENDS_WITHIN`, and cancel them.

        What a cancelled job was sending is found abandoned later, and never sent twice.
        """
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        await asyncio.gather(*(each.stop() for each in self._jobs.values()))


class _Job:
    """One job, which runs at most once at a time."""

    def __init__(self, name: str, job: Job, on_end: OnEnd) -> None:
        self._name = name
        self._on_end = on_end
        self._job = job
        self._running = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start it, unless it is still under way."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self.run())

    async def run(self) -> None:
        """Run it now. A failed one is logged, and the next one tries again from what is stored."""
        async with self._running:
            well = False
            try:
                await self._job()
                well = True
            except (Busy, Unknown):
                _log.warning(
                    "the database was busy; the next heartbeat tries again", job=self._name
                )
            except Exception:  # noqa: BLE001 - the next beat tries again from what is stored
                _log.exception("a job failed; the next heartbeat tries again", job=self._name)
            self._on_end(self._name, well)

    async def stop(self) -> None:
        if self._task is None or self._task.done():
            return
        _, late = await asyncio.wait([self._task], timeout=ENDS_WITHIN)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
