"""The guided tour, from start to end, by clicking and typing only."""

from __future__ import annotations

import pytest

from advocacy_demo import posts
from bot.slack.views import announcements, cards, share_dialog
from slack_sandbox import Page as SandboxPage
from slack_sandbox import Sandbox
from tests.browser.visit import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _take(visitor: Visitor, step: int) -> None:
    await visitor.page.locator(f'[data-key="tour-{step - 1}"]').click()


async def _ticked(visitor: Visitor, steps: int) -> None:
    """Wait until so many steps are done, and the next one is not."""
    await visitor.page.locator(f"#tour li:nth-child({steps}).done").wait_for()
    assert await visitor.page.locator("#tour li.done").count() == steps


async def test_the_tour_ticks_itself_off_as_things_happen(visitor: Visitor) -> None:
    from playwright.async_api import expect

    page = visitor.page
    assert await page.locator("#tour li.done").count() == 0

    await _take(visitor, 1)
    await expect(visitor.line).to_have_value("/advocacy join")
    await page.keyboard.press("Enter")
    await _ticked(visitor, 1)

    await _take(visitor, 2)
    await expect(visitor.line).to_have_value("/advocacy queue")
    await page.keyboard.press("Enter")
    await visitor.dialog.wait_for()
    for block in ("title", "link", "why", "topics", "linkedin:0"):
        field = visitor.dialog.locator(f'[data-block="{block}"] :is(input, textarea)')
        await field.fill(posts.RELEASE[block])
    await visitor.dialog.get_by_label("Useful to readers").check()
    await visitor.dialog.locator(".submit").click()
    await visitor.dialog.get_by_role("button", name="Send for approval").click()
    await visitor.dialog.wait_for(state="hidden")
    await _ticked(visitor, 2)

    await _take(visitor, 3)
    await visitor.button(cards.APPROVE).click()
    await _ticked(visitor, 3)

    await _take(visitor, 4)
    await page.locator(".warp:visible").first.click()
    await _ticked(visitor, 4)

    await _take(visitor, 5)
    await visitor.button(announcements.SHARE).click()
    async with page.context.expect_page() as opening:
        await visitor.button(share_dialog.OPEN).click()
    elsewhere = await opening.value
    assert elsewhere.url.startswith("https://www.linkedin.com/")
    await elsewhere.close()
    await _ticked(visitor, 5)
    await page.keyboard.press("Escape")
    await visitor.dialog.wait_for(state="hidden")

    await _take(visitor, 6)
    await visitor.button(announcements.SKIP).click()
    await _ticked(visitor, 6)

    await _take(visitor, 7)
    await expect(visitor.line).to_have_value("/advocacy leave")
    await page.keyboard.press("Enter")
    await _ticked(visitor, 7)

    await _take(visitor, 8)
    await page.locator("#stream").get_by_role("button", name="Schedule").click()
    await visitor.dialog.wait_for()
    await page.keyboard.press("Escape")
    await visitor.dialog.wait_for(state="hidden")
    await _ticked(visitor, 8)

    await _take(visitor, 9)
    await expect(visitor.line).to_have_value("/advocacy report")
    await page.keyboard.press("Enter")
    await _ticked(visitor, 9)

    await _take(visitor, 10)
    await expect(visitor.line).to_have_value("/advocacy suggest")
    await page.keyboard.press("Enter")
    await visitor.dialog.get_by_role("button", name="Fill in an example").click()
    await visitor.dialog.locator(".submit").click()
    await _ticked(visitor, 10)
    await page.keyboard.press("Escape")
    await visitor.dialog.wait_for(state="hidden")

    await _take(visitor, 11)
    await expect(visitor.line).to_have_value("/advocacy feed")
    await page.keyboard.press("Enter")
    await _ticked(visitor, 11)
    await expect(page.locator("#tour")).to_contain_text("That was all.")


async def test_practising_is_no_step_of_the_tour(
    visitor: Visitor, sandbox: Sandbox, demo: SandboxPage
) -> None:
    await visitor.become("amara")
    await visitor.says("/advocacy practice")
    async with visitor.page.context.expect_page() as opening:
        await visitor.button(share_dialog.OPEN).click()
    await (await opening.value).close()
    await sandbox.until(
        lambda: any(share_dialog.OPEN in one.actions for one in sandbox.state.traffic)
    )
    # Everybody who looks is told the same, so this is what the page shows now or in a moment.
    assert not any(step["done"] for step in demo.tour.snapshot(sandbox))


async def test_reset_makes_everything_fresh(visitor: Visitor) -> None:
    from playwright.async_api import expect

    start = await visitor.page.locator("#clock time").text_content()
    await visitor.become("amara")
    await visitor.says("/advocacy join")
    await _ticked(visitor, 1)
    # A whole week is under way still while everything begins anew.
    await visitor.page.locator('[data-key="to Monday 09:30"]').click()
    await expect(visitor.page.locator("#clock time")).not_to_have_text(start or "")
    await visitor.page.locator("#tool-reset").click()
    await visitor.page.locator("#confirm .primary").click()
    await expect(visitor.page.locator("#tour li.done")).to_have_count(0)
    await expect(visitor.messages).to_have_count(0)
    await expect(visitor.page.locator("#clock time")).to_contain_text("Sep 7, 2026")
    # The bot of before is gone and a fresh one answers; its database knows nobody.
    await visitor.become("amara")
    await visitor.says("/advocacy join")
    await _ticked(visitor, 1)


async def test_time_moves_over_a_week_and_the_bot_lives_through_it(visitor: Visitor) -> None:
    from playwright.async_api import expect

    for shown in ("Mon, Sep 7, 2026, 9:30", "Mon, Sep 14, 2026, 9:30"):
        await visitor.page.locator('[data-key="to Monday 09:30"]').click()
        clock = visitor.page.locator("#clock time")
        await expect(clock).to_contain_text(shown, timeout=60_000)
