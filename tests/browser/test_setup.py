"""From tokens alone to the first announced post, by clicking and typing; clicks are counted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from advocacy_demo.page import demo_page
from bot.slack.views import announcements, cards, setup
from tests.browser.visit import COMMS, NEWS, Clicks, Visitor, opened

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST_CLICKS = 25


@pytest_asyncio.fixture(loop_scope="session")
async def new(browser: Browser, new_sqlite: Callable[[], str]) -> AsyncIterator[Visitor]:
    """Somebody at the page of a company whose bot has tokens, and nothing else."""
    async with demo_page(new_sqlite(), new=True) as demo, opened(browser, demo) as visitor:
        yield visitor


def side(visitor: Visitor, name: str) -> Locator:
    """A person, a channel or Home, on the left."""
    return visitor.page.locator("#side").get_by_role("link", name=name)


def field(visitor: Visitor, block: str) -> Locator:
    """What holds a value in a block of the dialog."""
    return visitor.dialog.locator(f'[data-block="{block}"] :is(input, textarea, select)')


async def choose(visitor: Visitor, clicks: Clicks, block: str, channel: str) -> None:
    """Open a menu of channels and click one."""
    await field(visitor, block).select_option(label=f"#{channel}")
    clicks.count += 2


async def test_from_tokens_alone_to_the_first_announced_post(new: Visitor) -> None:
    from playwright.async_api import expect

    visitor, clicks = new, Clicks()
    await clicks.on(side(visitor, "Home"))
    await expect(visitor.page.locator("body")).to_contain_text("You're an admin here")
    await clicks.on(visitor.button(setup.OPEN))
    await choose(visitor, clicks, "setup_news", NEWS)
    await expect(visitor.dialog).to_contain_text("Type /invite @advocacy in it")
    await visitor.page.keyboard.press("Escape")
    for channel in (NEWS, COMMS):
        await clicks.on(side(visitor, channel))
        await visitor.says("/invite @advocacy")
        await expect(visitor.line).to_have_value("")
    await clicks.on(side(visitor, "Home"))
    await clicks.on(visitor.button(setup.OPEN))
    await choose(visitor, clicks, "setup_news", NEWS)
    await choose(visitor, clicks, "setup_comms", COMMS)
    await field(visitor, "disclosure").fill("#AcmeEmployee")
    await clicks.on(visitor.dialog.get_by_role("button", name="Save"))
    await expect(visitor.dialog).to_contain_text(f"Saved. Posts go to #{NEWS}.")
    await expect(visitor.dialog).not_to_contain_text("Still missing")
    await clicks.on(visitor.dialog.get_by_role("button", name="Done"))
    # The first post is written, and a colleague approves it.
    await clicks.on(side(visitor, COMMS))
    await visitor.says("/advocacy queue https://flink.example.org/2026/08/31/a-release/")
    await field(visitor, "title").fill("Our new release")
    await field(visitor, "why").fill("Backups take half the time.")
    await field(visitor, "linkedin:0").fill("Backups in half the time.")
    await clicks.on(visitor.dialog.get_by_label("Useful to readers"))
    await clicks.on(visitor.dialog.get_by_role("button", name="Preview"))
    await clicks.on(visitor.dialog.get_by_role("button", name="Send for approval"))
    await visitor.button(cards.APPROVE).wait_for()
    await clicks.on(side(visitor, "Dev Patel"))
    await clicks.on(visitor.button(cards.APPROVE))
    await expect(visitor.page.locator("#stream")).to_contain_text("Planned for")
    # It goes out in the channel's hours.
    await clicks.on(visitor.page.get_by_role("button", name="+1 day"))
    await clicks.on(side(visitor, NEWS))
    await visitor.button(announcements.SHARE).wait_for()
    await expect(visitor.page.locator("#stream")).to_contain_text("Our new release")
    print(f"from tokens alone to the first announced post: {clicks.count} clicks")
    assert clicks.count <= MOST_CLICKS
