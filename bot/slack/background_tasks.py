"""What follows an acknowledgement: private answers and other niceties, never anything durable."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.logs import get_logger

_log = get_logger(__name__)


class BackgroundTasks:
    """Runs coroutines beside the clicks; a failure is logged and fails nothing else."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def add(self, work: Coroutine[Any, Any, object]) -> None:
        """Start `work` and return at once."""
        task = asyncio.get_running_loop().create_task(self._guard(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def drain(self, within: float = 5.0) -> None:
        """Wait for what is still running, at most so many seconds, then cancel the rest."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=within)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _guard(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except Exception:  # noqa: BLE001 - nobody is left to raise it to
            _log.exception("something that follows an answer has failed")
