"""How it looks: dark and light, on a narrow screen, and to whoever has only a keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.slack.views import announcements
from slack_sandbox import Page as SandboxPage
from slack_sandbox import Sandbox
from tests.browser.visit import COMMS, NEWS, Visitor, live_post, opened, queued_post

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="session")

_BRIGHTNESS = """() => getComputedStyle(document.body).backgroundColor
  .match(/\\d+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0)"""
_STICKS_OUT = """() => [...document.querySelectorAll("#top *, #main *, aside *, dialog[open] *")]
  .filter((node) => !node.closest(".unseen, .table, svg") && node.checkVisibility())
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
  .map((node) => node.outerHTML.slice(0, 120))"""
_SCROLLS = """(part) => {
  const { scrollHeight, clientHeight } = document.querySelector(part);
  return scrollHeight > clientHeight;
}"""

# WCAG 2.2, contrast (minimum): the ratio of relative luminances.
_FAINTEST_AVATAR = """() => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0.05);
  const avatar = document.querySelector(".avatar");
  const style = getComputedStyle(avatar);
  return Math.min(...Array.from({ length: 360 }, (_, hue) => {
    avatar.style.setProperty("--hue", hue);
    return light(style.color) / light(style.backgroundColor);
  }));
}"""


async def test_dark_as_the_machine_wants_it_and_by_the_switch(
    browser: Browser, sandbox: Sandbox, demo: SandboxPage
) -> None:
    async with opened(browser, demo, color_scheme="dark") as visitor:
        assert await visitor.page.evaluate(_BRIGHTNESS) < 200
        await visitor.page.locator("#tool-theme").click()
        assert await visitor.page.evaluate(_BRIGHTNESS) > 600
        await visitor.page.reload()
        await visitor.page.locator("#side a").first.wait_for()
        assert await visitor.page.evaluate(_BRIGHTNESS) > 600


async def test_the_letters_on_every_avatar_can_be_read(visitor: Visitor) -> None:
    # People who join later get other colours, so all of them are measured.
    assert await visitor.page.evaluate(_FAINTEST_AVATAR) >= 4.5


async def test_a_long_channel_scrolls_alone(
    browser: Browser, sandbox: Sandbox, demo: SandboxPage
) -> None:
    for number in range(3):
        link = f"https://flink.example.org/{number}"
        card = await queued_post(sandbox, title=f"News {number}", link=link)
        await sandbox.person("dev").press(card, "approve")
    async with opened(browser, demo, viewport={"width": 1280, "height": 500}) as visitor:
        await visitor.become("cleo", COMMS)
        # What only screen readers are told stands in the messages, below what is in sight.
        await visitor.page.locator("#stream .unseen").first.wait_for(state="attached")
        assert await visitor.page.evaluate(_SCROLLS, "#stream")
        assert not await visitor.page.evaluate(_SCROLLS, "html")


async def test_the_tour_makes_room_when_the_window_narrows(visitor: Visitor) -> None:
    tour = visitor.page.locator("#tour")
    await tour.wait_for()
    await visitor.page.set_viewport_size({"width": 390, "height": 844})
    await tour.wait_for(state="hidden")
    assert await visitor.page.locator("#tool-tour").get_attribute("aria-pressed") == "false"


async def test_nothing_sticks_out_of_a_narrow_screen(
    browser: Browser, sandbox: Sandbox, demo: SandboxPage
) -> None:
    await queued_post(sandbox, link="https://flink.example.org/another")
    await live_post(sandbox)
    narrow = {"width": 390, "height": 844}
    async with opened(browser, demo, viewport=narrow, has_touch=True) as visitor:
        page = visitor.page
        for name, place in (("dev", COMMS), ("amara", NEWS)):
            await visitor.become(name, place)
            await visitor.messages.first.wait_for()
            assert await page.evaluate(_STICKS_OUT) == []
        await visitor.button(announcements.SHARE).click()
        await visitor.dialog.wait_for()
        assert await page.evaluate(_STICKS_OUT) == []
        await page.keyboard.press("Escape")
        await visitor.dialog.wait_for(state="hidden")
        for tool in ("tour", "inspector"):
            await page.locator(f"#tool-{tool}").click()
            assert await page.evaluate(_STICKS_OUT) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_path_by_keyboard_alone(visitor: Visitor, sandbox: Sandbox) -> None:
    from playwright.async_api import expect

    await live_post(sandbox)
    page = visitor.page
    await _tab_to(visitor, f'[data-key="side-{sandbox.person("amara").id}"]')
    await page.keyboard.press("Enter")
    await page.locator(f'[data-key="side-{sandbox.person("amara").id}"][aria-current]').wait_for()
    await _tab_to(visitor, "#line")
    await page.keyboard.type("/advocacy j")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(visitor.line).to_have_value("/advocacy join")
    await page.keyboard.press("Enter")
    await page.locator("article.private").wait_for()
    await _tab_to(visitor, f'[data-action="{announcements.SHARE}"]')
    await page.keyboard.press("Enter")
    await visitor.dialog.wait_for()
    for _ in range(30):
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    await page.keyboard.press("Escape")
    await visitor.dialog.wait_for(state="hidden")
    # The focus is back where it came from.
    assert await page.evaluate("document.activeElement.dataset.action") == announcements.SHARE


async def _tab_to(visitor: Visitor, selector: str) -> None:
    for _ in range(80):
        await visitor.page.keyboard.press("Tab")
        if await visitor.page.evaluate("(s) => document.activeElement.matches(s)", selector):
            outline = await visitor.page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle"
            )
            assert outline != "none", f"{selector} does not show that it has the focus"
            return
    raise AssertionError(f"no way to {selector} by the Tab key")


async def test_new_messages_are_said_aloud(visitor: Visitor) -> None:
    from playwright.async_api import expect

    await visitor.become("amara")
    await visitor.says("/advocacy help")
    await visitor.messages.first.wait_for()
    await visitor.says("/advocacy status")
    await expect(visitor.page.locator("#news")).to_contain_text("Only visible to you")
