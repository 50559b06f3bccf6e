"""Whose Home tab is being published, and on whose it shows the desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.domain.ids import UserId


class HomeTabs:
    """The Home tabs of one process: each person's are published one after the other."""

    def __init__(self) -> None:
        self._locks: dict[UserId, asyncio.Lock] = {}
        self._waiting: set[UserId] = set()
        self._desks: set[UserId] = set()

    @asynccontextmanager
    async def turn(self, user_id: UserId) -> AsyncIterator[bool]:
        """Wait until the person's tab may be read and published; False where another waits."""
        if user_id in self._waiting:
            yield False
            return
        self._waiting.add(user_id)
        lock = self._locks.setdefault(user_id, asyncio.Lock())
        try:
            await lock.acquire()
        finally:
            self._waiting.discard(user_id)
        try:
            yield True
        finally:
            lock.release()
            if not lock.locked() and user_id not in self._waiting:
                self._locks.pop(user_id, None)

    def record_desk(self, user_id: UserId, *, shown: bool) -> None:
        """Remember whether the tab that is published now shows the desk."""
        if shown:
            self._desks.add(user_id)
        else:
            self._desks.discard(user_id)

    def with_desk(self) -> frozenset[UserId]:
        """Whose tab shows the desk, as far as this process has published it."""
        return frozenset(self._desks)
