"""A company with a past, opened in the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from advocacy_demo.page import demo_page
from advocacy_demo.past import Past
from tests.browser.visit import COMMS, opened

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_young_company_has_posts_and_no_figures(
    browser: Browser, new_sqlite: Callable[[], str]
) -> None:
    from playwright.async_api import expect

    async with (
        demo_page(new_sqlite(), past=Past(members=8, weeks=2)) as demo,
        opened(browser, demo) as visitor,
    ):
        page = visitor.page
        await expect(page.locator("#top")).to_contain_text("All invented")
        await expect(page.locator("#tour li.done")).to_have_count(0)
        await visitor.become("ada.lindt")
        await expect(visitor.messages.last.get_by_role("button", name="Share")).to_be_visible()
        await visitor.become("cleo", COMMS)
        await visitor.says("/advocacy report")
        await expect(visitor.messages.last).to_contain_text("What went out")
        await expect(visitor.messages.last).to_contain_text("Figures begin at about 20 members.")
        await visitor.says("/advocacy feed")
        await expect(visitor.messages.last).to_contain_text("Apache Flink blog")
