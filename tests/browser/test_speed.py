"""How fast it is, measured and printed: loading, and from a click to what changes."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

import slack_sandbox
from slack_sandbox import Page as SandboxPage
from slack_sandbox import Sandbox
from tests.browser.visit import Visitor, live_post, opened

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.alone]

MOST_BYTES = 60_000
MOST_LOADING = 0.3
MOST_CLICKING = 0.15

_LOADED = """() => new Promise((done) => {
  const ready = () => document.querySelector("#side a") && document.querySelector("#clock time");
  const look = () => (ready() ? done(performance.now()) : requestAnimationFrame(look));
  look();
})"""
_BYTES = """() => ["navigation", "resource"].flatMap((one) => performance.getEntriesByType(one))
  .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
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


async def test_it_loads_quickly_and_is_small(
    browser: Browser, sandbox: Sandbox, demo: SandboxPage
) -> None:
    folder = Path(slack_sandbox.__file__).parent / "page"
    whole = sum(path.stat().st_size for path in folder.iterdir())
    async with opened(browser, demo) as visitor:
        loads = []
        for _ in range(5):
            await visitor.page.goto(demo.link)
            loads.append(await visitor.page.evaluate(_LOADED) / 1000)
        loaded = await visitor.page.evaluate(_BYTES)
    print(f"\npage: {whole:,} bytes in files, {loaded:,} loaded; ready after", end=" ")
    print(", ".join(f"{one * 1000:.0f}" for one in loads), "ms")
    assert whole <= MOST_BYTES
    assert loaded <= MOST_BYTES
    assert median(loads) < MOST_LOADING


async def test_a_click_shows_its_effect_at_once(visitor: Visitor, sandbox: Sandbox) -> None:
    await sandbox.person("bruno").command("/advocacy join")
    await live_post(sandbox)
    await visitor.become("bruno")
    await visitor.button("skip").wait_for()
    took = {}
    for name, what, change in (
        ("Skip to its answer", "[data-action=skip]", "article.private"),
        ("Share to its dialog", "[data-action=share]", "#modal h2"),
        ("another network", "[data-action^=other_network]", "#modal pre"),
        ("closing the dialog", "[data-key=modal-close]", "#modal[open]"),
        ("the clock by an hour", '[data-key="+1 hour"]', "#clock time"),
        ("another person", "#side li:first-child a", "#side [aria-current]"),
    ):
        took[name] = await visitor.page.evaluate(_CLICK, [what, change]) / 1000
    print("\nfrom a click to its effect:", end=" ")
    print(", ".join(f"{name} {one * 1000:.0f} ms" for name, one in took.items()))
    assert median(took.values()) < MOST_CLICKING


async def test_a_week_passes_in_a_second_or_two(sandbox: Sandbox) -> None:
    from datetime import timedelta

    started = time.monotonic()
    await sandbox.mover.move_by(timedelta(days=7))
    took = time.monotonic() - started
    print(f"\na simulated week took {took:.2f} s")
    assert took < 5
