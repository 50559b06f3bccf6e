"""Somebody who clicks and types in the page, and shortcuts to how a company may stand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from advocacy_demo import posts
from slack_sandbox import Message, Sandbox
from slack_sandbox import Page as SandboxPage
from slack_sandbox.change_signal import PATIENCE
from tests.support import fill_in

if TYPE_CHECKING:
    from playwright.async_api import Browser, ConsoleMessage, Locator, Page

NEWS, COMMS = "share-our-news", "comms-desk"
_ELSEWHERE = re.compile(r"^https?://(?!127\.0\.0\.1[:/])")


@dataclass
class Clicks:
    """Clicks as a person makes them, counted."""

    count: int = 0

    async def on(self, place: Locator) -> None:
        """One click."""
        await place.click()
        self.count += 1


@dataclass
class Visitor:
    """One browser window on one simulated Slack."""

    page: Page
    sandbox: Sandbox
    complaints: list[str] = field(default_factory=list)

    @property
    def dialog(self) -> Locator:
        """The dialog that is open, if one is."""
        return self.page.locator("#modal[open]")

    @property
    def line(self) -> Locator:
        """Where commands are typed."""
        return self.page.locator("#line")

    @property
    def messages(self) -> Locator:
        """What stands in the channel."""
        return self.page.locator("#stream article")

    def button(self, action: str) -> Locator:
        """The last button of this action id."""
        return self.page.locator(f'[data-action="{action}"]').last

    async def become(self, name: str, place: str = NEWS) -> None:
        """Act as somebody, and look at a channel; by clicking."""
        for one in (self.sandbox.person(name).id, self.sandbox.channel(place).id):
            # On a narrow screen the list hides again after each choice.
            if await self.page.locator("#menu").is_visible():
                await self.page.locator("#menu").click()
            await self.page.locator(f'[data-key="side-{one}"]').click()
            current = self.page.locator(f'[data-key="side-{one}"][aria-current]')
            await current.wait_for(state="attached")

    async def says(self, line: str) -> None:
        """Type a command and send it."""
        await self.line.fill(line)
        await self.line.press("Enter")


@asynccontextmanager
async def opened(browser: Browser, demo: SandboxPage, **how: Any) -> AsyncIterator[Visitor]:
    """A window of its own; nothing but this machine is reached, and the console stays clean."""
    context = await browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **how})
    # What lies elsewhere opens in new tabs only; they get a page that says so.
    await context.route(_ELSEWHERE, lambda route: route.fulfill(body="elsewhere"))
    page = await context.new_page()
    page.set_default_timeout(1_000 * PATIENCE)
    visitor = Visitor(page, demo.sandbox)

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visitor.complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    page.on("request", lambda request: _note_stray(visitor, request.url))
    await page.goto(demo.link)
    await page.locator("#side a").first.wait_for(state="attached")
    try:
        yield visitor
        assert visitor.complaints == []
    finally:
        await context.close()


def _note_stray(visitor: Visitor, url: str) -> None:
    if _ELSEWHERE.match(url):
        visitor.complaints.append(f"the page itself asked for {url}")


async def queued_post(sandbox: Sandbox, **changed: Any) -> Message:
    """A post by Cleo that waits for approval; returns its card."""
    cleo, comms = sandbox.person("cleo"), sandbox.channel(COMMS)
    before = len(_shared(cleo.messages(comms)))
    await cleo.command("/advocacy queue", channel=comms)
    await fill_in(cleo, {**posts.RELEASE, **changed})
    await cleo.submit()
    await cleo.submit()  # what the preview shows
    await sandbox.until(lambda: len(_shared(cleo.messages(comms))) > before, what="a card")
    return _shared(cleo.messages(comms))[-1]


async def live_post(sandbox: Sandbox, **changed: Any) -> Message:
    """A post that Dev approved and that has reached the channel; returns its message there."""
    card = await queued_post(sandbox, **changed)
    await sandbox.person("dev").press(card, "approve")
    news, amara = sandbox.channel(NEWS), sandbox.person("amara")
    before = len(_shared(amara.messages(news)))
    await time_passes(sandbox, lambda: len(_shared(amara.messages(news))) > before)
    return _shared(amara.messages(news))[-1]


async def time_passes(sandbox: Sandbox, until: Callable[[], bool]) -> None:
    """Move the clock on, hour by hour, until something has happened; at most a week."""
    for _ in range(7 * 24):
        if until():
            return
        await sandbox.mover.move_by(timedelta(hours=1))
    raise AssertionError("it did not happen within a week")


def _shared(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.ephemeral_to is None]
