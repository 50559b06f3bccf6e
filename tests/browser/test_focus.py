"""What somebody without a mouse or a screen is left with after a press: the focus, and the news."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.model import SkipReason
from bot.slack.views import announcements, asks, membership, responses
from slack_sandbox import Sandbox
from tests.browser.test_direct import HOME, asked_directly, field, go, messages_with
from tests.browser.visit import COMMS, Visitor, live_post, queued_post

if TYPE_CHECKING:
    from playwright.async_api import Locator

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def enter(button: Locator) -> None:
    """Press a button by keyboard."""
    await button.focus()
    await button.press("Enter")


async def test_after_skip_the_focus_stays_on_it(visitor: Visitor, sandbox: Sandbox) -> None:
    from playwright.async_api import expect

    await live_post(sandbox)
    await visitor.become("bruno")
    await enter(visitor.button(announcements.SKIP))
    await visitor.page.locator("article.private").wait_for()
    await expect(visitor.button(announcements.SKIP)).to_be_focused()


async def test_after_a_reason_the_focus_stays_in_the_answer_and_the_new_one_is_said_aloud(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    await sandbox.person("bruno").command("/advocacy join")
    await live_post(sandbox)
    await visitor.become("bruno")
    await enter(visitor.button(announcements.SKIP))
    said, answer = visitor.page.locator("#news"), visitor.page.locator("article.private").last
    await expect(said).to_contain_text("Skipped, thank you.")
    for reason in (SkipReason.NOT_MY_VOICE, SkipReason.NOT_MY_AUDIENCE):
        await enter(visitor.button(responses.reason_action(reason)))
        await expect(answer).to_contain_text(f"“{responses.REASON_LABELS[reason]}”")
        await expect(answer).to_be_focused()
        await expect(said).to_contain_text(f"“{responses.REASON_LABELS[reason]}”")
    # The next key leads to the answer's first button, not to the top of the page.
    await visitor.page.keyboard.press("Tab")
    await expect(answer.locator("button").first).to_be_focused()


async def test_after_a_skip_in_a_direct_message_the_focus_stays_on_the_message(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    await asked_directly(sandbox)
    await visitor.become("amara")
    await go(visitor, messages_with(sandbox, "amara"))
    await enter(visitor.button(asks.SKIP))
    await expect(visitor.messages.last).to_contain_text("Skipped, thank you.")
    message = visitor.page.locator("article:not(.private)")
    await expect(message).to_contain_text("Answered. See it on Home.")
    await expect(message).to_be_focused()


async def test_on_the_home_tab_the_focus_stays_on_the_tab(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    amara = sandbox.person("amara")
    await amara.command("/advocacy join")
    await visitor.become("amara")
    await go(visitor, HOME)
    await amara.command("/advocacy pause 2 weeks")
    await enter(visitor.button(membership.RESUME))
    await visitor.button(membership.PAUSE).wait_for()
    await expect(visitor.page.locator("#stream")).to_be_focused()


async def test_after_moving_the_clock_the_focus_stays_at_the_card(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    card = await queued_post(sandbox)
    await sandbox.person("dev").press(card, "approve")
    await visitor.become("dev", COMMS)
    await enter(visitor.page.locator(".warp:visible").first)
    await expect(visitor.page.locator(".warp:visible")).to_have_count(0)
    await expect(visitor.page.locator(f'[data-key="{card.ts}"]')).to_be_focused()


async def test_a_form_opens_at_its_first_box_and_an_error_at_boxes_gets_the_focus(
    visitor: Visitor,
) -> None:
    from playwright.async_api import expect

    await visitor.become("amara")
    await visitor.says("/advocacy join")
    await visitor.messages.last.wait_for()
    await visitor.says("/advocacy settings")
    await expect(field(visitor, "delivery").locator("input").first).to_be_focused()
    await field(visitor, "delivery").get_by_label("As a direct message").check()
    boxes = field(visitor, "days").locator("input")
    for box in await boxes.all():
        await box.uncheck()
    await enter(visitor.dialog.locator(".submit"))
    await expect(field(visitor, "days").locator(".error")).not_to_be_empty()
    await expect(boxes.first).to_be_focused()
    await expect(boxes.first).to_be_in_viewport()
