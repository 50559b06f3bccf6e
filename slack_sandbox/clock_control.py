"""Moves the clock in steps that are small enough for an app's own timer to act in between."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from slack_sandbox.clock import Clock

STEP = timedelta(minutes=30)
FARTHEST = timedelta(days=62)


def next_monday(local: datetime) -> datetime:
    """The next Monday 09:30 after a moment, in that moment's own time zone."""
    monday = local + timedelta(days=-local.weekday() % 7)
    found = monday.replace(hour=9, minute=30, second=0, microsecond=0)
    return found if found > local else found + timedelta(days=7)


class ClockControl:
    """Moves the clock ahead and lets the app's heart beat after each step.

    Attributes:
        beat: What happens after each step; the sandbox does not know the app, so whoever runs
            both sets it.
        moving: Whether time is being moved at this moment.
    """

    def __init__(self, clock: Clock) -> None:
        self.beat: Callable[[], Awaitable[None]] | None = None
        self.moving = False
        self._clock = clock
        self._stopping = False
        self._one_at_a_time = asyncio.Lock()

    async def move_to(self, moment: datetime) -> None:
        """Move ahead to an aware moment, half an hour at a time.

        Raises:
            ValueError: If the moment lies behind, or more than two months ahead.
        """
        async with self._one_at_a_time:
            now = self._clock()
            if moment <= now:
                raise ValueError("That moment has passed, and time runs one way here too.")
            if moment - now > FARTHEST:
                raise ValueError(f"At most {FARTHEST.days} days at once.")
            self.moving = True
            try:
                while not self._stopping and (left := moment - self._clock()) > timedelta():
                    self._clock.advance(min(left, STEP))
                    await self._beat()
            finally:
                self.moving = False
                self._clock.on_move()

    async def move_by(self, span: timedelta) -> None:
        """Move ahead by a span; raises ValueError as `move_to` does."""
        await self.move_to(self._clock() + span)

    async def stop(self) -> None:
        """End a move that is under way after its present step, and wait for that."""
        self._stopping = True
        try:
            async with self._one_at_a_time:
                self._clock.on_move()
        finally:
            self._stopping = False

    async def _beat(self) -> None:
        if self.beat is None:
            await asyncio.sleep(0)
        else:
            await self.beat()
