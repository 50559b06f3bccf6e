"""Comms at work by clicking and typing only, with the clicks counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.slack.views import cards
from slack_sandbox import Sandbox
from tests.browser.visit import COMMS, Clicks, Visitor, queued_post

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def to_home(visitor: Visitor, name: str) -> None:
    """Become somebody, and open the app's Home tab: where each of these paths begins."""
    await visitor.become(name, COMMS)
    if await visitor.page.locator("#menu").is_visible():
        await visitor.page.locator("#menu").click()
    await visitor.page.locator('[data-key="side-home"]').click()
    await visitor.page.get_by_role("heading", name="Comms desk").wait_for()


async def test_from_a_link_to_sent_for_approval_takes_three_clicks_and_the_fields(
    visitor: Visitor,
) -> None:
    from playwright.async_api import expect

    await visitor.become("cleo", COMMS)
    await visitor.says("/advocacy queue https://flink.example.org/2026/08/31/a-release/")
    for block, text in (("title", "Our new release"), ("why", "Backups take half the time.")):
        await visitor.dialog.locator(f'[data-block="{block}"] :is(input, textarea)').fill(text)
    await visitor.dialog.locator('[data-block="linkedin:0"] textarea').fill(
        "Backups in half the time."
    )
    clicks = Clicks()
    await clicks.on(visitor.dialog.get_by_label("Useful to readers"))
    await clicks.on(visitor.dialog.get_by_role("button", name="Preview"))
    await expect(visitor.dialog).to_contain_text("Nobody is asked to approve it until you send it")
    await clicks.on(visitor.dialog.get_by_role("button", name="Send for approval"))
    await visitor.dialog.wait_for(state="hidden")
    await visitor.button(cards.APPROVE).wait_for()
    assert clicks.count == 3


async def test_what_needs_me_is_one_click_away_and_approved_with_two_more(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    await queued_post(sandbox)
    await visitor.become("dev", COMMS)
    clicks = Clicks()
    await clicks.on(visitor.page.locator('[data-key="side-home"]'))
    await expect(visitor.page.locator("body")).to_contain_text("It's waiting for your approval.")
    assert clicks.count == 1
    clicks = Clicks()
    await clicks.on(visitor.button(cards.REVIEW))
    await expect(visitor.dialog).to_contain_text("You can approve it below.")
    await clicks.on(visitor.dialog.get_by_role("button", name="Approve", exact=True))
    await expect(visitor.dialog).to_contain_text("Approved: “")
    assert clicks.count == 2
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator("body")).to_contain_text("Nothing needs you.")


async def test_the_schedule_is_moved_by_clicking(visitor: Visitor, sandbox: Sandbox) -> None:
    from playwright.async_api import expect

    for place, title in enumerate(("First", "Second"), 1):
        link = f"https://flink.example.org/{place}"
        card = await queued_post(sandbox, title=title, topics="", link=link)
        await sandbox.person("dev").press(card, cards.APPROVE)
    await to_home(visitor, "dev")
    await visitor.page.get_by_role("button", name="Schedule").click()
    await expect(visitor.dialog).to_contain_text("after post 1")
    await visitor.dialog.get_by_role("button", name="Move up").click()
    await expect(visitor.dialog).to_contain_text("after post 2")
