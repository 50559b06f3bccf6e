"""The page is small, and asks for nothing twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import slack_sandbox
from slack_sandbox import Page as SandboxPage
from tests.browser.visit import opened

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST_BYTES = 60_000

_LOADED = """() => ["navigation", "resource"].flatMap((one) => performance.getEntriesByType(one))
  .map((one) => [one.name.replace(/[?#].*/, ""), one.decodedBodySize])"""


async def test_the_page_is_small_and_loads_each_file_once(
    browser: Browser, demo: SandboxPage
) -> None:
    folder = Path(slack_sandbox.__file__).parent / "page"
    files = list(folder.iterdir())
    async with opened(browser, demo) as visitor:
        loaded = await visitor.page.evaluate(_LOADED)
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
    assert sum(size for _, size in loaded) <= MOST_BYTES
    requests = Counter(name for name, _ in loaded)
    assert len(requests) == len(files)
    assert set(requests.values()) == {1}
