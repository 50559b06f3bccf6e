"""The change signal: wakes whoever waits until something in the sandbox has changed."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Final

# Seconds; what comes takes milliseconds, but a busy machine may stand still for a while.
PATIENCE: Final = 30.0


def described(predicate: Callable[[], object]) -> str:
    """Say in words what a predicate waits for: its own source, or its name."""
    try:
        return " ".join(inspect.getsource(predicate).split())
    except (OSError, TypeError):
        return repr(predicate)


class ChangeSignal:
    """Wakes waiters at every change of state, without polling.

    Attributes:
        count: How many changes there have been.
    """

    def __init__(self) -> None:
        self.count = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        """Wake everybody who waits."""
        self.count += 1
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def changed_since(self, count: int) -> None:
        """Wait until there have been more changes than that."""
        while self.count == count:
            await self._next()

    async def _next(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    async def until(
        self, predicate: Callable[[], object], wait: float = PATIENCE, what: str | None = None
    ) -> None:
        """Wait until the predicate is true; it is asked again at every change.

        Args:
            predicate: What must become true.
            wait: Seconds to wait at most.
            what: What is awaited, in words, for the error.

        Raises:
            TimeoutError: If it did not become true in time.
        """
        try:
            async with asyncio.timeout(wait):
                while not predicate():
                    await self._next()
        except TimeoutError:
            raise TimeoutError(
                f"after {wait} s still waiting for {what or described(predicate)}"
            ) from None
