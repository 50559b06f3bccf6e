"""Feeds in the page: one is added and removed by clicking, and read in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot.pages import feeds as pages
from bot.runtime import running
from bot.slack.views import feeds
from slack_sandbox import Clock, Sandbox, attach_page
from tests.browser.test_desk import to_home
from tests.browser.visit import opened
from tests.pages.hostile import reach, serving
from tests.pages.wrong_feeds import RSS, entry, rss
from tests.support import START, settings, slack_world

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_feed_is_added_read_and_removed_by_clicking(
    browser: Browser, new_sqlite: Callable[[], str]
) -> None:
    from playwright.async_api import expect

    sandbox = Sandbox(clock=Clock(start=START, frozen=True))
    page = attach_page(sandbox)
    async with serving() as server, slack_world(sandbox=sandbox) as world:
        chosen = settings(world, new_sqlite(), PREVIEWS="on")
        fetch = partial(pages.fetch_feed, reach=reach(server))
        start = running(chosen, sandbox.clock, ticking=False, fetch_feed=fetch, limits=None)
        async with start as runtime, opened(browser, page) as visitor:
            address = server.page("/feed", rss(), kind=RSS)
            await to_home(visitor, "cleo")
            await visitor.button(feeds.OPEN).click()
            await visitor.dialog.locator('[data-block="address"] input').fill(address)
            await visitor.dialog.get_by_role("button", name="Add", exact=True).click()
            await expect(visitor.dialog).to_contain_text("I read “Our blog” from now on.")
            await visitor.page.keyboard.press("Escape")

            server.page("/feed", rss(entry("What is new")), kind=RSS)
            sandbox.clock.advance(timedelta(hours=1))
            await runtime.tick()
            await to_home(visitor, "carl")
            home = visitor.page.locator("main")
            await expect(home).to_contain_text("From the feed “Our blog”.")

            await visitor.button(feeds.OPEN).click()
            await visitor.dialog.get_by_role("button", name="Remove feed 1: Our blog").click()
            await visitor.page.get_by_role("button", name="Remove", exact=True).last.click()
            await expect(visitor.dialog).to_contain_text("I don't read “Our blog” any more.")
            await visitor.page.keyboard.press("Escape")
            await expect(home).to_contain_text("From the feed “Our blog”.")
