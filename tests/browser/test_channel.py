"""Life in the channel: skipping with a reason, ending a post in an open page, private answers."""

from __future__ import annotations

import pytest

from bot.domain.model import SkipReason
from bot.slack.views import announcements, cards, responses, share_dialog
from slack_sandbox import Page as SandboxPage
from slack_sandbox import Sandbox
from tests.browser.visit import COMMS, NEWS, Visitor, live_post

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_skip_with_a_reason(visitor: Visitor, sandbox: Sandbox) -> None:
    from playwright.async_api import expect

    await sandbox.person("bruno").command("/advocacy join")
    await live_post(sandbox)
    await visitor.become("bruno")
    await visitor.button(announcements.SKIP).click()
    answer = visitor.page.locator("article.private")
    await expect(answer).to_contain_text("Only visible to you")
    reason = SkipReason.NOT_MY_AUDIENCE
    await visitor.button(responses.reason_action(reason)).click()
    await expect(answer).to_contain_text(responses.REASON_LABELS[reason], ignore_case=True)
    await expect(visitor.button(responses.reason_action(reason))).to_have_count(0)
    # Nobody else sees it.
    await visitor.become("cleo")
    await expect(visitor.page.locator("article")).to_have_count(1)
    await expect(visitor.page.locator("article.private")).to_have_count(0)


async def test_a_withdrawn_post_loses_its_buttons_in_an_open_page(
    visitor: Visitor, sandbox: Sandbox, demo: SandboxPage
) -> None:
    from playwright.async_api import expect

    await live_post(sandbox)
    await visitor.become("amara")
    await expect(visitor.button(announcements.SHARE)).to_be_visible()
    other = await visitor.page.context.new_page()
    await other.goto(demo.link + f"#/{sandbox.channel(COMMS).id}/{sandbox.person('dev').id}")
    await other.locator(f'[data-action="{cards.WITHDRAW}"]').click()
    await other.locator("#confirm[open] footer button").last.click()
    await expect(visitor.button(announcements.SHARE)).to_have_count(0)
    await expect(visitor.button(announcements.SKIP)).to_have_count(0)
    await expect(visitor.messages.first).to_contain_text("withdrawn")


async def test_a_link_button_opens_a_new_tab_and_tells_the_bot(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    await sandbox.person("amara").command("/advocacy join")
    await live_post(sandbox)
    await visitor.become("amara")
    await visitor.button(announcements.SHARE).click()
    link = visitor.button(share_dialog.OPEN)
    assert await link.get_attribute("target") == "_blank"
    assert "noopener" in (await link.get_attribute("rel") or "")
    async with visitor.page.context.expect_page() as opening:
        await link.click()
    assert await (await opening.value).evaluate("window.opener") is None
    await visitor.button(share_dialog.SHARED).wait_for()
    assert any(share_dialog.OPEN in one.actions for one in sandbox.state.traffic)


async def test_a_private_channel_is_not_even_named_to_others(visitor: Visitor) -> None:
    from playwright.async_api import expect

    await visitor.become("amara")
    await expect(visitor.page.locator("#side")).not_to_contain_text(COMMS)


async def test_joining_and_leaving_a_channel(visitor: Visitor, sandbox: Sandbox) -> None:
    from playwright.async_api import expect

    await visitor.become("dev", NEWS)
    await expect(visitor.line).to_be_hidden()
    await visitor.page.get_by_role("button", name="Join channel").click()
    await expect(visitor.line).to_be_visible()
    assert sandbox.person("dev") in sandbox.channel(NEWS).members
    await visitor.page.get_by_role("button", name="Leave channel").click()
    await expect(visitor.line).to_be_hidden()


async def test_a_line_that_is_no_command_is_explained(visitor: Visitor) -> None:
    from playwright.async_api import expect

    await visitor.says("hello there")
    await expect(visitor.page.locator("#notice")).to_contain_text("reads no conversation")
    await visitor.says("/weather")
    await expect(visitor.page.locator("#notice")).to_contain_text("not a command")


async def test_the_inspector_tells_both_directions(visitor: Visitor) -> None:
    from playwright.async_api import expect

    await visitor.page.locator("#tool-inspector").click()
    await visitor.says("/advocacy help")
    entry = visitor.page.locator(".log details").filter(has_text="/advocacy help")
    await expect(entry).to_contain_text("to the bot")
    await entry.locator("summary").click()
    await expect(entry.locator("pre").first).to_contain_text('"command": "/advocacy"')
    await expect(entry.locator("pre").last).to_contain_text("response_type")


async def test_an_unreachable_bot_is_told_as_slack_would(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    sandbox.dispatcher.acknowledge_within = 0.3
    await visitor.page.locator("#tool-inspector").click()
    await visitor.page.get_by_label("New connections refused").check()
    await visitor.page.locator('[data-key="drop"]').click()
    await expect(visitor.page.locator('[data-key="drop"]')).to_contain_text("0 open")
    await visitor.says("/advocacy help")
    await expect(visitor.page.locator("#notice")).to_contain_text("dispatch_failed")
