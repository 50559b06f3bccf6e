"""The heartbeat's look at pages: claim a few, look at them side by side, record, show."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.pages.fetching import Look
from bot.services import previewing
from bot.slack.kit import Kit
from bot.storage.database import Busy, Unknown
from bot.storage.previews import Wanted

_log = logging.getLogger(__name__)


class Previews:
    """Looks at the pages of one workspace's posts; `show` then brings their cards up to date."""

    def __init__(self, kit: Kit, look: Look, show: Callable[[], Awaitable[None]]) -> None:
        self._kit = kit
        self._look = look
        self._show = show
        self._looking = False

    async def fetch(self) -> None:
        """Look at a few pages, if any wait. While a slow one is being looked at, none is begun.

        What cannot be recorded, or dies with its process, is found abandoned and done again.
        """
        if self._looking:
            return
        self._looking = True
        try:
            kit = self._kit
            now = kit.clock()
            if not await kit.database.read(previewing.waits, kit.workspace, now):
                return
            pages = await kit.database.write(previewing.claim, kit.workspace, now)
            if pages:
                done = await asyncio.gather(*map(self._one, pages), return_exceptions=True)
                for fault in filter(None, done):
                    _log.warning("what a page provides was not recorded: %s", type(fault).__name__)
                await self._show()
        except (Busy, Unknown):
            _log.warning("the database was busy; a later heartbeat looks at the pages")
        finally:
            self._looking = False

    async def _one(self, page: Wanted) -> None:
        found = await self._look(page.link)
        if found.problem is not None:
            _log.info("the page of post %s: %s", page.post, found.problem)
        await self._kit.database.write(previewing.record, page, found, self._kit.clock())
