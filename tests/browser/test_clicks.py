"""How many clicks a member's paths take, by clicking and typing alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.slack.views import announcements, asks, membership, share_dialog
from slack_sandbox import Sandbox
from tests.browser.test_direct import asked_directly, field, go, messages_with
from tests.browser.visit import Clicks, Visitor, live_post

if TYPE_CHECKING:
    pass

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER = "article.private"


async def test_joining_and_setting_up_direct_messages_take_three_clicks_and_a_form(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    clicks = Clicks()
    await visitor.become("amara")
    await visitor.says("/advocacy")
    await expect(visitor.page.locator(ANSWER).last).to_contain_text("Hi, I'm Advocacy.")
    await clicks.on(visitor.button(membership.JOIN))
    await clicks.on(visitor.button(membership.BY_DIRECT))
    await field(visitor, "topics").get_by_label("Releases").check()
    await field(visitor, "networks").get_by_label("LinkedIn").check()
    await clicks.on(visitor.dialog.locator(".submit"))
    await expect(visitor.dialog).to_contain_text("Saved.")
    await expect(visitor.dialog).to_contain_text("if a post fits")
    assert clicks.count == 3


@pytest.mark.parametrize(
    ("button", "said"), [(asks.SKIP, "Skipped, thank you."), (asks.OPT_OUT, "You've left")]
)
async def test_skipping_and_opting_out_take_one_click(
    visitor: Visitor, sandbox: Sandbox, button: str, said: str
) -> None:
    from playwright.async_api import expect

    clicks = Clicks()
    await asked_directly(sandbox)
    await visitor.become("amara")
    await go(visitor, messages_with(sandbox, "amara"))
    await clicks.on(visitor.button(button))
    await expect(visitor.page.locator(ANSWER).last).to_contain_text(said)
    assert clicks.count == 1
    if button == asks.OPT_OUT:
        await expect(visitor.button(asks.SHARE)).to_have_count(0)
        await clicks.on(visitor.button(membership.UNDO_LEAVE))
        await expect(visitor.page.locator(ANSWER).last).to_contain_text("Undone. You're in until")


async def test_a_slower_pace_takes_two_clicks(visitor: Visitor, sandbox: Sandbox) -> None:
    from playwright.async_api import expect

    clicks = Clicks()
    await asked_directly(sandbox)
    await visitor.become("amara")
    await go(visitor, messages_with(sandbox, "amara"))
    await clicks.on(visitor.button(asks.MENU))
    await clicks.on(visitor.page.get_by_role("button", name="Less often"))
    await expect(visitor.page.locator(ANSWER).last).to_contain_text("at most once every 2 weeks")
    assert clicks.count == 2


async def test_sharing_takes_two_clicks_and_a_first_share_three(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    await live_post(sandbox)
    await visitor.become("amara")
    clicks = Clicks()
    await clicks.on(visitor.button(announcements.SHARE))
    await clicks.on(visitor.dialog.get_by_role("button", name="Join and continue"))
    await _opens_a_composer(visitor, clicks)
    assert clicks.count == 3
    await visitor.page.keyboard.press("Escape")
    clicks = Clicks()
    await clicks.on(visitor.button(announcements.SHARE))
    await _opens_a_composer(visitor, clicks)
    assert clicks.count == 2


async def _opens_a_composer(visitor: Visitor, clicks: Clicks) -> None:
    async with visitor.page.expect_popup() as opened:
        await clicks.on(visitor.button(share_dialog.OPEN))
    popup = await opened.value
    assert "linkedin.com" in popup.url
    await popup.close()


async def test_news_are_suggested_from_a_message_or_from_everywhere(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    amara = next(one for one in sandbox.persons if one.name == "amara")
    said = amara.say(sandbox.channel("share-our-news"), "Look: https://news.example.org/one")
    await visitor.become("amara")
    message = visitor.page.locator(f'article[data-key="{said.ts}"]')
    await message.get_by_role("button", name="Suggest to comms").click()
    await expect(visitor.dialog).to_contain_text("From the message I take only this link.")
    await expect(visitor.dialog.get_by_label("The link")).to_have_value(
        "https://news.example.org/one"
    )
    await visitor.dialog.locator(".submit").click()
    await expect(visitor.dialog).to_contain_text("Thank you.")
    await visitor.page.keyboard.press("Escape")
    await visitor.page.get_by_role("button", name="Suggest news").click()
    await expect(visitor.dialog.get_by_label("The link")).to_have_value("")
