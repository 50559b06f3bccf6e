"""The heartbeat's look at pages: claim a few, look at them side by side, record, show."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.logs import get_logger
from bot.pages.fetching import FetchPreview
from bot.services import previews
from bot.slack.context import AppContext
from bot.storage.database import Busy, Unknown
from bot.storage.previews import PendingPage

_log = get_logger(__name__)


class PreviewFetcher:
    """Looks at the pages of one workspace's posts; `show` then brings their cards up to date."""

    def __init__(self, context: AppContext, show: Callable[[], Awaitable[None]]) -> None:
        self._context = context
        self._show = show
        self._looking = False

    async def fetch(self) -> None:
        """Look at a few pages, if any wait. While a slow one is being looked at, none is begun.

        What cannot be recorded, or dies with its process, is found abandoned and done again.
        """
        look = self._context.fetch
        if self._looking or look is None:
            return
        self._looking = True
        try:
            context = self._context
            now = context.clock()
            if not await context.at(now).read(previews.is_any_pending):
                return
            pages = await context.at(now).write(previews.claim)
            if pages:
                done = await asyncio.gather(
                    *(self._one(page, look) for page in pages), return_exceptions=True
                )
                for fault in filter(None, done):
                    why = type(fault).__name__
                    _log.warning("what a page provides was not recorded", why=why)
                await self._show()
        except (Busy, Unknown):
            _log.warning("the database was busy; a later heartbeat looks at the pages")
        finally:
            self._looking = False

    async def _one(self, page: PendingPage, look: FetchPreview) -> None:
        found = await look(page.link)
        if found.problem is not None:
            _log.info("the page of a post has a problem", post=page.post_id, problem=found.problem)
        await self._context.at(self._context.clock()).write(previews.record, page, found)
