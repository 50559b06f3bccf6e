"""Direct messages and the Home tab: chosen in the settings, and answered from the message."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import pytest

from bot.domain.model import SkipReason
from bot.slack.views import announcements, asks, cards, membership, preferences, responses
from slack_sandbox import Page as SandboxPage
from slack_sandbox import Sandbox
from tests.browser.test_look import _STICKS_OUT, _tab_to
from tests.browser.visit import COMMS, NEWS, Visitor, live_post, opened, time_passes

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOME = '[data-key="side-home"]'


def messages_with(sandbox: Sandbox, name: str) -> str:
    """Where on the left the bot's direct messages to somebody are."""
    state, person = sandbox.state, sandbox.person(name)
    return f'[data-key="side-{state.direct_channel(state.users[person.id]).id}"]'


async def go(visitor: Visitor, entry: str) -> None:
    """Choose something on the left; on a narrow screen the list is behind a button."""
    if await visitor.page.locator("#menu").is_visible():
        await visitor.page.locator("#menu").click()
    await visitor.page.locator(entry).click()
    await visitor.page.locator(f"{entry}[aria-current]").wait_for(state="attached")


async def a_day_later(visitor: Visitor) -> None:
    """Move the clock by its button."""
    before = visitor.sandbox.clock()
    await visitor.page.get_by_role("button", name="+1 day").click()
    await visitor.sandbox.until(
        lambda: (
            visitor.sandbox.clock() >= before + timedelta(days=1)
            and not visitor.sandbox.mover.moving
        ),
        what="a day",
    )


async def asked_directly(sandbox: Sandbox, name: str = "amara") -> None:
    """Somebody who follows releases, and a post about one in a direct message to them."""
    person = sandbox.person(name)
    await person.command("/advocacy join")
    await person.command("/advocacy settings")
    person.fill({"delivery": ["direct"], "topics": ["releases"], "networks": ["linkedin", "x"]})
    await person.submit()
    await person.close()
    await live_post(sandbox)
    await time_passes(sandbox, lambda: any(not one.ephemeral_to for one in person.dm))


def field(visitor: Visitor, block: str) -> Locator:
    """A field of the form that is open."""
    return visitor.dialog.locator(f'[data-block="{block}"]')


async def test_from_joining_to_a_reason_for_a_skip(visitor: Visitor, sandbox: Sandbox) -> None:
    """The whole way, by clicking and typing alone."""
    from playwright.async_api import expect

    page = visitor.page
    await visitor.become("amara")
    await visitor.says("/advocacy join")
    await page.get_by_role("button", name="Send me a direct message").click()
    await visitor.dialog.locator('[data-key="modal-close"]').click()
    await visitor.dialog.wait_for(state="hidden")
    await visitor.says("/advocacy settings")
    await field(visitor, "delivery").get_by_label("As a direct message").check()
    await field(visitor, "pace").get_by_role("combobox").select_option("3 times a week")
    for topic in ("releases", "community"):
        await field(visitor, "topics").get_by_label(topic).check()
    await field(visitor, "networks").get_by_label("LinkedIn").check()
    await field(visitor, "networks").get_by_label("Bluesky").check()
    await field(visitor, "language").get_by_role("combobox").select_option("English")
    for block, typed in (("from", "0800AM"), ("until", "0830AM")):
        await field(visitor, block).locator("input").click(position={"x": 20, "y": 15})
        await page.keyboard.type(typed)
    await field(visitor, "days").get_by_label("Friday").uncheck()
    await field(visitor, "country").get_by_role("combobox").select_option("United Kingdom")
    await field(visitor, "region:GB").get_by_role("combobox").select_option("England")
    await visitor.dialog.locator(".submit").click()
    await expect(field(visitor, "until").locator(".error")).to_contain_text("an hour or more")
    await field(visitor, "until").locator("input").click(position={"x": 20, "y": 15})
    await page.keyboard.type("0515PM")
    await visitor.dialog.locator(".submit").click()
    await expect(visitor.dialog).to_contain_text("The earliest time for a direct message is")
    await visitor.dialog.get_by_role("button", name="Done").click()
    await visitor.dialog.wait_for(state="hidden")

    await visitor.become("cleo", COMMS)
    await visitor.says("/advocacy queue")
    await visitor.dialog.get_by_role("button", name="Fill in an example").click()
    await visitor.dialog.locator(".submit").click()
    await visitor.dialog.get_by_role("button", name="Send for approval").click()
    await visitor.dialog.wait_for(state="hidden")
    await visitor.become("dev", COMMS)
    await visitor.button(cards.APPROVE).click()
    await expect(visitor.button(cards.APPROVE)).to_have_count(0)

    await visitor.become("amara", NEWS)
    for _ in range(3):
        await a_day_later(visitor)
    entry = page.locator(messages_with(sandbox, "amara"))
    await expect(entry).to_contain_text("new: 1")
    await go(visitor, messages_with(sandbox, "amara"))
    await expect(visitor.messages).to_contain_text(
        "You follow releases. I message you at most 3 times a week, as you chose."
    )
    await visitor.button(asks.SKIP).click()
    answer = page.locator("article.private").last
    await expect(answer).to_contain_text("Skipped, thank you.")
    await visitor.button(responses.reason_action(SkipReason.NOT_MY_AUDIENCE)).click()
    await expect(answer).to_contain_text("“Not my audience”")
    message = page.locator("article:not(.private)")
    await expect(message).to_have_count(1)
    await expect(message).to_contain_text("Answered. See it on Home.")
    await expect(message.locator("button[data-action]")).to_have_count(0)

    await go(visitor, HOME)
    await expect(page.locator("#stream")).to_contain_text("You skipped it: “Not my audience”.")
    await visitor.button(preferences.OPEN).click()
    await expect(field(visitor, "from").locator("input")).to_have_value("08:00")
    await expect(field(visitor, "until").locator("input")).to_have_value("17:15")
    await expect(field(visitor, "days").get_by_label("Friday")).not_to_be_checked()
    await expect(field(visitor, "topics").get_by_label("Community")).to_be_checked()
    await expect(field(visitor, "language").get_by_role("combobox")).to_have_value("en")
    await expect(field(visitor, "country").get_by_role("combobox")).to_have_value("GB")
    await expect(field(visitor, "region:GB").get_by_role("combobox")).to_have_value("ENG")


async def test_the_menu_of_a_direct_message(visitor: Visitor, sandbox: Sandbox) -> None:
    from playwright.async_api import expect

    await asked_directly(sandbox)
    await visitor.become("amara")
    await go(visitor, messages_with(sandbox, "amara"))
    await visitor.button(asks.MENU).click()
    await visitor.page.get_by_role("button", name="Who sees this?").click()
    answer = visitor.page.locator("article.private").last
    await expect(answer).to_contain_text("This message is between you and me.")
    await visitor.button(asks.MENU).click()
    await visitor.page.get_by_role("button", name="Save for later").click()
    message = visitor.page.locator("article:not(.private)")
    await expect(message).to_contain_text("Answered. See it on Home.")
    answer = visitor.page.locator("article.private").last
    await expect(answer).to_contain_text("Saved. You'll find it on Home")
    await visitor.button(responses.TAKE_BACK).click()
    await expect(answer).to_contain_text("Undone.")
    await expect(visitor.button(asks.MENU)).to_be_visible()


async def test_the_menu_is_reached_and_left_by_keyboard(visitor: Visitor, sandbox: Sandbox) -> None:
    from playwright.async_api import expect

    await asked_directly(sandbox)
    await visitor.become("amara")
    await go(visitor, messages_with(sandbox, "amara"))
    await visitor.button(asks.MENU).wait_for()
    page = visitor.page
    menu = page.get_by_role("button", name="Less often")
    await _tab_to(visitor, f'[data-action="{asks.MENU}"]')
    await page.keyboard.press("Enter")
    await expect(menu).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()
    assert await page.evaluate("document.activeElement.dataset.action") == asks.MENU
    await page.keyboard.press("Enter")
    for _ in range(2):
        await page.keyboard.press("Tab")
    await expect(menu).to_be_focused()
    await page.keyboard.press("Enter")
    answer = page.locator("article.private").last
    await expect(answer).to_contain_text("at most once every 2 weeks")


async def test_a_menu_near_the_edge_opens_where_there_is_room(
    browser: Browser, sandbox: Sandbox, demo: SandboxPage
) -> None:
    await asked_directly(sandbox)
    async with opened(browser, demo, viewport={"width": 1000, "height": 400}) as visitor:
        await visitor.become("amara")
        await go(visitor, messages_with(sandbox, "amara"))
        await visitor.button(asks.MENU).click()
        last = visitor.page.get_by_role("button", name="Who sees this?")
        await last.wait_for()
        box = await last.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 400


async def test_the_home_tab_begins_with_where_one_stands(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    await asked_directly(sandbox)
    await visitor.become("amara")
    await go(visitor, HOME)
    stream = visitor.page.locator("#stream")
    heading = visitor.page.get_by_role("heading", name="Where you stand")
    await expect(heading).to_be_in_viewport()
    await expect(stream).to_contain_text("The earliest time for a direct message is")
    await expect(stream).to_contain_text("Direct messages at most once a week. Topics: releases.")
    await visitor.button(membership.PAUSE).click()
    await expect(stream).to_contain_text("You're paused until")
    await expect(visitor.button(membership.RESUME)).to_be_visible()
    await go(visitor, f'[data-key="side-{sandbox.person("cleo").id}"]')
    await expect(stream).to_contain_text("Comms desk")
    await expect(stream).to_contain_text("The pace check begins at about 20 members.")
    await expect(visitor.page.get_by_role("heading", name="Posts you could share")).to_be_visible()
    assert await stream.evaluate("(stream) => stream.scrollTop") == 0
    assert await visitor.page.locator("#stream .fault").count() == 0


async def test_nothing_sticks_out_on_a_phone(
    browser: Browser, sandbox: Sandbox, demo: SandboxPage
) -> None:
    await asked_directly(sandbox)
    async with opened(
        browser, demo, viewport={"width": 390, "height": 844}, has_touch=True
    ) as visitor:
        page = visitor.page
        await visitor.become("amara")
        await go(visitor, messages_with(sandbox, "amara"))
        await visitor.button(asks.MENU).click()
        await page.get_by_role("button", name="Who sees this?").wait_for()
        await _nothing_sticks_out(visitor, _STICKS_OUT)
        await page.keyboard.press("Escape")
        await go(visitor, HOME)
        await visitor.button(announcements.SHARE).wait_for()
        await _nothing_sticks_out(visitor, _STICKS_OUT)
        await visitor.button(preferences.OPEN).click()
        await visitor.dialog.wait_for()
        # What holds values stays inside the form as well.
        await _nothing_sticks_out(visitor, _STICKS_OUT, _WIDER_THAN_THE_FORM)


async def _nothing_sticks_out(visitor: Visitor, *looks: str) -> None:
    """Neither in light nor in dark."""
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        await visitor.page.emulate_media(color_scheme=scheme)
        for look in looks:
            assert await visitor.page.evaluate(look) == [], scheme


_WIDER_THAN_THE_FORM = """() => {
  const edge = document.querySelector("#modal .body").getBoundingClientRect().right;
  return [...document.querySelectorAll("#modal .body *")]
    .filter((node) => node.getBoundingClientRect().right > edge)
    .map((node) => node.outerHTML.slice(0, 80));
}"""
