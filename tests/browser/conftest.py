"""A browser, a company in a simulated Slack with the real bot in it, and somebody who looks."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from advocacy_demo.page import demo_page
from slack_sandbox import Page as SandboxPage
from slack_sandbox import Sandbox
from slack_sandbox.change_signal import PATIENCE
from tests.browser.visit import Visitor, opened

if TYPE_CHECKING:
    from playwright.async_api import Browser

# Chromium heeds only one list of them, so what Playwright does without by itself comes first. The
# others prepare pages beside each window that nobody opens, for as much as a test of ours costs.
_WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--renderer-process-limit=1",
    f"--disable-features={','.join(_WITHOUT)}",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _chromium() -> str:
    """Where Chromium is; installed through apt where it is missing and that can be done."""
    found = shutil.which("chromium")
    apt = shutil.which("apt-get")
    if found is None and apt and os.geteuid() == 0:
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
        for command in ([apt, "update", "-q"], [apt, "install", "-q", "-y", "chromium"]):
            subprocess.run(command, env=quiet, capture_output=True, timeout=600, check=False)
        found = shutil.which("chromium")
    if found is None:
        pytest.skip("there is no Chromium, and it could not be installed (needs root and apt-get)")
    return found


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program, or a skip that says why there is none."""
    pytest.importorskip("playwright", reason="playwright is not installed: make test installs it")
    return _chromium()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """One browser for all tests; each visitor has a profile of its own."""
    from playwright.async_api import async_playwright, expect

    expect.set_options(timeout=1_000 * PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def demo(new_sqlite: Callable[[], str]) -> AsyncIterator[SandboxPage]:
    """The page of the demo's company, on a Monday morning, with the bot running."""
    async with demo_page(new_sqlite()) as demo:
        yield demo


@pytest.fixture
def sandbox(demo: SandboxPage) -> Sandbox:
    """The company itself."""
    return demo.sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser, demo: SandboxPage) -> AsyncIterator[Visitor]:
    """Somebody who opened the link; afterwards, the console must be clean."""
    async with opened(browser, demo) as visitor:
        yield visitor
