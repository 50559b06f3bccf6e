"""The heartbeat's look at feeds: claim a few, look at them side by side, record, make drafts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.feeds import FailedFeed
from bot.logs import get_logger
from bot.pages.feeds import FetchFeed
from bot.services import feeds
from bot.slack.context import AppContext
from bot.storage.database import Busy, Unknown
from bot.storage.feeds import ClaimedFeed

_log = get_logger(__name__)


class FeedReader:
    """Looks at one workspace's feeds; `show` then brings the comms channel up to date."""

    def __init__(self, context: AppContext, show: Callable[[], Awaitable[None]]) -> None:
        self._context = context
        self._show = show
        self._looking = False

    async def read(self) -> None:
        """Look at a few feeds, if the time of any has come, and make drafts of what waits.

        While a slow one is being looked at, none is begun. What cannot be recorded, or dies with
        its process, is found abandoned and done again.
        """
        fetch = self._context.fetch_feed
        if self._looking or fetch is None:
            return
        self._looking = True
        try:
            if await self._work(fetch):
                await self._show()
        except (Busy, Unknown):
            _log.warning("the database was busy; a later heartbeat looks at the feeds")
        finally:
            self._looking = False

    async def _work(self, fetch: FetchFeed) -> bool:
        """Whether there was anything to do."""
        context = self._context
        work = await context.at(context.clock()).read(feeds.find_work)
        if work.feeds_due:
            claimed = await context.at(context.clock()).write(feeds.claim)
            looks = (self._one(each, fetch) for each in claimed)
            done = await asyncio.gather(*looks, return_exceptions=True)
            for fault in filter(None, done):
                _log.warning("what a feed says was not recorded", why=type(fault).__name__)
            work = await context.at(context.clock()).read(feeds.find_work)
        if work.entries_wait:
            policy = context.sharing_policy
            made = await context.at(context.clock()).write(feeds.make_drafts, policy)
            _log.info("feeds gave drafts", count=made)
            work = await context.at(context.clock()).read(feeds.find_work)
        if work.drafts_to_tell:
            await context.at(context.clock()).write(feeds.tell_of_drafts)
        return bool(work)

    async def _one(self, claimed: ClaimedFeed, fetch: FetchFeed) -> None:
        context = self._context
        look = await fetch(claimed.request, context.clock())
        if isinstance(look, FailedFeed):
            _log.info("a feed has a problem", feed=claimed.id, problem=look.problem)
        await context.at(context.clock()).write(feeds.record, claimed, look)
