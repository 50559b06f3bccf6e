"""The pictures of the README: `make screenshots` makes them anew, so that they stay true."""

from __future__ import annotations

import asyncio
import base64
import shutil
import struct
import sys
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from advocacy_demo import posts
from advocacy_demo.page import demo_page
from advocacy_demo.past import Past
from bot.domain.model import SkipReason
from bot.slack.views import announcements, asks, post_form_texts, responses
from bot.storage import schema
from slack_sandbox import Page as SandboxPage
from slack_sandbox import Sandbox
from tests.browser.conftest import OPTIONS
from tests.browser.visit import COMMS, Visitor, live_post, opened, queued_post, time_passes

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

FOLDER = Path(__file__).parents[2] / "docs" / "images"
MOST_BYTES = 150_000

# What it answers is all that the picture shows; None stands for the page.
Picture = Callable[[Visitor], Awaitable["Locator | None"]]


async def _channel(visitor: Visitor) -> None:
    await visitor.become("amara")
    await visitor.button(announcements.SHARE).wait_for()


async def _dialog(visitor: Visitor) -> None:
    await _channel(visitor)
    await visitor.button(announcements.SHARE).click()
    await visitor.dialog.wait_for()


async def _form(visitor: Visitor) -> None:
    await visitor.become("cleo", COMMS)
    await visitor.says("/advocacy queue")
    await visitor.button(post_form_texts.MORE_NETWORKS).click()
    await visitor.dialog.locator('[data-block="x:0"]').wait_for()
    await visitor.dialog.get_by_role("button", name="Fill in an example").click()
    await visitor.dialog.locator('[data-block="x:0"] textarea').fill(posts.TOO_LONG_FOR_X)
    await visitor.dialog.locator(".submit").click()
    await visitor.dialog.locator('[data-block="x:0"] .error').wait_for()


async def _card(visitor: Visitor) -> None:
    await visitor.become("dev", COMMS)
    await visitor.messages.last.wait_for()


async def _inspector(visitor: Visitor) -> None:
    await visitor.become("amara")
    await visitor.page.locator("#tool-inspector").click()
    await visitor.says("/advocacy status")
    entry = visitor.page.locator(".log details").filter(has_text="/advocacy status")
    await entry.locator("summary").click()
    await entry.locator("pre").first.wait_for()


async def _direct(visitor: Visitor) -> None:
    await visitor.become("amara")
    await visitor.page.locator("#side").get_by_role("link", name="Messages").click()
    await visitor.button(asks.MENU).click()
    await visitor.page.get_by_role("button", name="Who sees this?").wait_for()


async def _home(visitor: Visitor) -> None:
    await visitor.become("amara")
    await visitor.page.locator("#side").get_by_role("link", name="Home").click()
    # What was published before the post went out stands there until the bot has answered.
    await visitor.page.locator("main").get_by_text(posts.RELEASE["title"]).first.wait_for()


async def _my_data(visitor: Visitor) -> None:
    await _channel(visitor)
    await visitor.button(announcements.SKIP).click()
    await visitor.button(responses.reason_action(SkipReason.NOT_MY_AUDIENCE)).click()
    await visitor.says("/advocacy my-data")
    await visitor.dialog.get_by_text("You, as a member").wait_for()


async def _report(visitor: Visitor) -> Locator:
    await visitor.page.locator("#tool-tour").click()
    await visitor.become("dev", COMMS)
    await visitor.says("/advocacy report")
    await visitor.messages.last.get_by_text("Opened means").wait_for()
    return visitor.messages.last


async def _desk(visitor: Visitor) -> None:
    await visitor.page.locator("#tool-tour").click()
    await visitor.become("dev", COMMS)
    await visitor.page.locator("#side").get_by_role("link", name="Home").click()
    # What was published before the month was closed stands there until the bot has answered.
    await visitor.page.locator("main").get_by_text("August 2026").first.wait_for()


async def packed(page: Page, png: bytes) -> bytes:
    """The same picture in few bytes: at most 256 colours, which a page like this hardly exceeds."""
    given = await page.evaluate(_FEWER_COLOURS, base64.b64encode(png).decode())
    width, height = given["size"]
    pixels = base64.b64decode(given["pixels"])
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", bytes(given["colours"])), (b"IDAT", zlib.compress(rows, 9)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in (*parts, (b"IEND", b"")))


def _chunk(kind: bytes, body: bytes) -> bytes:
    checked = kind + body
    return struct.pack(">I", len(body)) + checked + struct.pack(">I", zlib.crc32(checked))


_FEWER_COLOURS = """async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const size = [image.width, image.height];
  const canvas = new OffscreenCanvas(...size).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const all = new Uint32Array(canvas.getImageData(0, 0, ...size).data.buffer);
  const counts = new Map();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  const kept = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([one]) => one);
  const parts = (one) => [one & 255, (one >> 8) & 255, (one >> 16) & 255];
  const apart = (a, b) => parts(a).reduce((sum, part, at) => sum + (part - parts(b)[at]) ** 2, 0);
  const nearest = new Map([...counts.keys()].map((one) => {
    const exact = kept.indexOf(one);
    if (exact >= 0) return [one, exact];
    const near = kept.reduce((best, other, at) =>
      (apart(one, other) < apart(one, kept[best]) ? at : best), 0);
    return [one, near];
  }));
  let pixels = "";
  for (const one of all) pixels += String.fromCharCode(nearest.get(one));
  return { size, colours: kept.flatMap(parts), pixels: btoa(pixels) };
}"""

_WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 720}}
PICTURES: dict[str, tuple[Picture, dict[str, Any]]] = {
    "channel": (_channel, _WIDE),
    "share": (_dialog, _WIDE),
    "direct": (_direct, _WIDE),
    "home": (_home, _WIDE),
    "my-data": (_my_data, _WIDE),
    "queue": (_form, _WIDE),
    "comms": (_card, _WIDE),
    "inspector": (_inspector, _WIDE),
    "dark": (_dialog, {**_WIDE, "color_scheme": "dark"}),
    "narrow": (_channel, {"viewport": {"width": 390, "height": 844}}),
}

# In a company with half a year behind it.
OF_THE_PAST: dict[str, tuple[Picture, dict[str, Any]]] = {
    "report": (_report, {"viewport": {"width": 1060, "height": 1950}}),
    "desk": (_desk, _WIDE),
}


async def _set_up(sandbox: Sandbox) -> None:
    """A company in the middle of a week: one post is out, one waits for approval."""
    for name in ("amara", "bruno"):
        await sandbox.person(name).command("/advocacy join", sandbox.channel("share-our-news"))
    amara = sandbox.person("amara")
    await amara.command("/advocacy settings")
    amara.fill(
        {"delivery": ["channel", "direct"], "topics": ["releases"], "networks": ["linkedin"]}
    )
    await amara.submit()
    await amara.close()
    await live_post(sandbox)
    await time_passes(sandbox, lambda: any(not one.ephemeral_to for one in amara.dm))
    await queued_post(sandbox, **posts.AWARD)


async def pictures() -> AsyncIterator[tuple[str, bytes]]:
    """Make every picture: its name, and what stands in the file."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(OPTIONS)
        )
        for name, (picture, how) in PICTURES.items():
            async with _company(None) as demo:
                await _set_up(demo.sandbox)
                yield name, await _taken(browser, demo, picture, how)
        async with _company(Past()) as demo:
            for name, (picture, how) in OF_THE_PAST.items():
                yield name, await _taken(browser, demo, picture, how)
        await browser.close()


@asynccontextmanager
async def _company(past: Past | None) -> AsyncIterator[SandboxPage]:
    """The page of a company on a database of its own."""
    with TemporaryDirectory() as place:
        url = f"sqlite:///{place}/demo.db"
        schema.upgrade(url)
        async with demo_page(url, past=past) as demo:
            yield demo


async def _taken(
    browser: Browser, demo: SandboxPage, picture: Picture, how: dict[str, Any]
) -> bytes:
    async with opened(browser, demo, **how) as visitor:
        shown = await picture(visitor) or visitor.page
        await visitor.page.mouse.move(0, 0)
        return await packed(visitor.page, await shown.screenshot())


async def make(folder: Path = FOLDER) -> int:
    """Write every picture; returns how many are too large."""
    return sum([_write(folder / f"{name}.png", png) async for name, png in pictures()])


def _write(path: Path, png: bytes) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png)
    print(f"docs/images/{path.name}  {len(png):,} bytes")
    return len(png) > MOST_BYTES


if __name__ == "__main__":
    sys.exit(asyncio.run(make()))
