"""Telling comms that one shared, by clicking; what comms read in the morning, and their thanks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.slack.views import announcements, share_dialog, share_notes
from slack_sandbox import Clock, Sandbox, attach_page
from tests.browser.test_direct import go, messages_with
from tests.browser.visit import COMMS, opened
from tests.support import START, bot_running, live_post, run_command, slack_world

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_who_shared_tells_comms_and_is_thanked(
    browser: Browser, new_sqlite: Callable[[], str]
) -> None:
    from playwright.async_api import expect

    sandbox = Sandbox(clock=Clock(start=START, frozen=True))
    page = attach_page(sandbox)
    async with (
        slack_world(sandbox=sandbox) as world,
        bot_running(world, new_sqlite()) as runtime,
        opened(browser, page) as visitor,
    ):
        await live_post(world, runtime)
        await run_command(world.amara, "/advocacy join")
        await visitor.become("amara")
        await visitor.button(announcements.SHARE).click()
        async with visitor.page.expect_popup() as composer:
            await visitor.button(share_dialog.OPEN).click()
        # A page behind another one is drawn once a second, and each click waits for two drawings.
        await (await composer.value).close()
        await visitor.button(share_dialog.SHARED).click()
        await visitor.button(share_dialog.TELL_COMMS).click()
        await visitor.dialog.get_by_label("A few words for them").fill("Two people asked me.")
        await visitor.dialog.get_by_label("You may answer").check()
        await visitor.dialog.get_by_role("button", name="Send it").click()
        await expect(visitor.dialog).to_contain_text("at 10:00 on their next working day.")
        await visitor.page.keyboard.press("Escape")

        sandbox.clock.advance(timedelta(days=1))
        await runtime.tick()
        await visitor.become("cleo", COMMS)
        told = visitor.messages.last
        await expect(told).to_contain_text(share_notes.DONT_ASK)
        await expect(told).to_contain_text("“Two people asked me.”")
        await visitor.button(share_notes.THANK).click()
        await visitor.dialog.get_by_label("A few words from you").fill("We liked yours, too.")
        await visitor.dialog.get_by_role("button", name="Say thanks").click()
        await expect(visitor.dialog).to_contain_text("Done.")
        await visitor.page.keyboard.press("Escape")
        await visitor.button(share_notes.THANK).click()
        await expect(visitor.page.locator("article.private").last).to_contain_text(
            "Someone in comms has already said thanks"
        )

        sandbox.clock.advance(timedelta(hours=6))  # it was night in New York
        await runtime.tick()
        await visitor.become("amara")
        await go(visitor, messages_with(sandbox, "amara"))
        await expect(visitor.messages.last).to_contain_text("“We liked yours, too.”")
