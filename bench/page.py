"""The sandbox's page in a browser: `python -m bench.page`.

Times are set beside something measured in the same run: loading beside one file of the page alone,
a click that the bot answers beside one that stays in the browser, a week beside an hour.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from playwright.async_api import Page, async_playwright

from advocacy_demo.page import demo_page
from bot.storage import schema
from slack_sandbox import Page as SandboxPage
from slack_sandbox import Sandbox
from tests.browser.conftest import OPTIONS
from tests.browser.visit import Visitor, live_post, opened

LOADS = 7
CLICKS = 5

_READY = """() => new Promise((done) => {
  const ready = () => document.querySelector("#side a") && document.querySelector("#clock time");
  const look = () => (ready() ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""
_LOADED = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
_CLICK = """([what, change]) => new Promise((done, failed) => {
  const state = () => [...document.querySelectorAll(change)].map((one) => one.outerHTML).join();
  const before = state();
  const start = performance.now();
  setTimeout(() => failed(new Error(`nothing happened to ${change}`)), 3000);
  const watch = new MutationObserver(() => {
    if (state() === before) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - start));
  });
  watch.observe(document.body, { subtree: true, childList: true, attributes: true });
  [...document.querySelectorAll(what)].at(-1).click();
})"""
# What is clicked, and where its effect shows; the first one stays in the browser.
_HERE = ("#tool-inspector", "#inspector")
_ASKED = {
    "Skip to its answer": ("[data-action=skip]", "article.private"),
    "Share to its dialog": ("[data-action=share]", "#modal h2"),
    "another text": ("[data-action=other_wording]", "#modal pre"),
    "closing the dialog": ("[data-key=modal-close]", "#modal[open]"),
    "the clock by an hour": ('[data-key="+1 hour"]', "#clock time"),
    "another person": ("#side li:first-child a", "#side [aria-current]"),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One time in ms, and the one that it is set beside."""

    name: str
    took: float
    beside: str
    measure: float

    def __str__(self) -> str:
        ratio = self.took / self.measure
        return (
            f"| {self.name} | {ratio:.2f} | {self.beside} | {self.took:.0f} | {self.measure:.1f} |"
        )


async def _loading(page: Page, demo: SandboxPage) -> Measured:
    whole, one_file = [], []
    for _ in range(LOADS):
        await page.goto(demo.link)
        whole.append(await page.evaluate(_READY))
        await page.goto(demo.link.partition("?")[0] + "page/style.css")
        one_file.append(await page.evaluate(_LOADED))
    return Measured("ready to be used", median(whole), "one file", median(one_file))


async def _clicking(visitor: Visitor, sandbox: Sandbox) -> list[Measured]:
    await sandbox.person("bruno").command("/advocacy join")
    await live_post(sandbox)
    await visitor.become("bruno")
    await visitor.button("skip").wait_for()
    here = median([await visitor.page.evaluate(_CLICK, list(_HERE)) for _ in range(CLICKS)])
    return [
        Measured(
            name, await visitor.page.evaluate(_CLICK, list(pair)), "a click kept in the page", here
        )
        for name, pair in _ASKED.items()
    ]


async def _moving(sandbox: Sandbox) -> Measured:
    async def took(span: timedelta) -> float:
        started = time.perf_counter()
        await sandbox.mover.move_by(span)
        return (time.perf_counter() - started) * 1000

    hours = [await took(timedelta(hours=1)) for _ in range(CLICKS)]
    return Measured("a week", await took(timedelta(days=7)), "an hour", median(hours))


async def measure(folder: Path) -> list[Measured]:
    """Open the demo's page in a browser, and use it."""
    url = f"sqlite:///{folder}/demo.db"
    schema.upgrade(url)
    async with async_playwright() as playwright, demo_page(url) as demo:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(OPTIONS)
        )
        async with opened(browser, demo) as visitor:
            loading = await _loading(visitor.page, demo)
            await visitor.page.goto(demo.link)
            clicking = await _clicking(visitor, demo.sandbox)
        moving = await _moving(demo.sandbox)
        await browser.close()
    return [loading, *clicking, moving]


def main() -> int:
    """Measure and report; without a browser nothing is measured, which is said."""
    if shutil.which("chromium") is None:
        print("\nThe page is not measured: there is no Chromium.")
        return 0
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        shown = asyncio.run(measure(Path(folder)))
    print("\n## the sandbox's page\n\n| what | ratio | beside | ms | its ms |\n|" + "---|" * 5)
    print("\n".join(map(str, shown)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
