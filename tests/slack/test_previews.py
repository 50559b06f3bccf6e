"""The card shows what Facebook and LinkedIn will take from the page, once the page was seen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from bot.domain.previews import Preview
from bot.pages import fetching
from bot.pages.fetching import FetchPreview
from bot.runtime import Runtime, running
from bot.slack.views import cards, post_form, post_form_texts
from tests.pages.hostile import PAGE, Hostile, head, reach, serving
from tests.support import (
    LINK,
    SlackWorld,
    actions,
    bot_running,
    click,
    click_in_dialog,
    fields,
    fill_in,
    rows,
    send,
    settings,
    the_card,
    waiting_post,
    write_post,
)

LACKS = "The page has no picture for its preview. Networks will show none."
SEEN = Preview("A title", "What it is about.", "https://flink.example.org/a.png")


@asynccontextmanager
async def looking(world: SlackWorld, url: str, fetch: FetchPreview) -> AsyncIterator[Runtime]:
    """The bot, looking at pages in this way."""
    chosen = settings(world, url, PREVIEWS="on")
    async with running(
        chosen, world.sandbox.clock, ticking=False, fetch=fetch, limits=None
    ) as runtime:
        await world.sandbox.connected(2)
        yield runtime


def local(server: Hostile) -> FetchPreview:
    """A real look, but at the local server instead of the world."""
    return partial(fetching.fetch_preview, reach=reach(server, within=1.0))


class Waiting:
    """A look that takes as long as the test wants."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.begun = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, link: str) -> Preview:
        self.links.append(link)
        self.begun.set()
        await self.go.wait()
        return SEEN


async def test_a_queued_post_shows_the_preview_of_its_page(world: SlackWorld, url: str) -> None:
    async with serving() as server, looking(world, url, local(server)) as runtime:
        link = server.page("/a", PAGE)
        shown = await waiting_post(world, runtime, link=link)
        assert server.requests == []  # nobody waited for it
        assert "What Facebook" not in shown.plain
        await runtime.tick()
        words = the_card(world, 1).plain
        assert "What networks show of the page:" in words
        assert "A title\nWhat it is about." in words
        assert server.url("/picture.png") in words
        assert "no picture" not in words
        await runtime.tick()
        assert len(server.requests) == 1


async def test_comms_are_told_what_a_page_lacks(world: SlackWorld, url: str) -> None:
    async with serving() as server, looking(world, url, local(server)) as runtime:
        link = server.page("/a", "<title>A title</title><meta name=description content=Words>")
        await waiting_post(world, runtime, link=link)
        await runtime.tick()
        shown = the_card(world, 1)
        assert LACKS in shown.plain
        assert LACKS in shown.text


async def test_a_page_that_fails_keeps_nobody_from_anything(world: SlackWorld, url: str) -> None:
    async with serving() as server, looking(world, url, local(server)) as runtime:
        forever = server.forever("/slow", head("Content-Type: text/html"), b"<", 0.05)
        links = {
            1: (server.url("/none"), "it didn't open for me"),
            2: (forever, "it took too long to answer"),
            3: (f"http://127.0.0.2:{server.port}/", "it can't be reached from outside"),
        }
        for link, _ in links.values():
            await waiting_post(world, runtime, link=link)
        await runtime.tick()
        for number, (_, because) in links.items():
            told = f"I couldn't look at the page's preview: {because}"
            assert told in the_card(world, number).plain
        await click(runtime, world.carl, the_card(world, 1), cards.APPROVE)
        assert "Approved" in the_card(world, 1).plain
        assert server.asked_inside == 0


async def test_a_page_that_takes_its_time_holds_up_neither_clicks_nor_the_heartbeat(
    world: SlackWorld, url: str
) -> None:
    fetch = Waiting()
    async with looking(world, url, fetch) as runtime:
        await waiting_post(world, runtime)
        await runtime.timer.run_once()
        await fetch.begun.wait()
        await runtime.timer.run_once()
        outcome = await world.carl.press(the_card(world, 1), cards.APPROVE)
        assert outcome.acknowledged
        await runtime.timer.run_once()
        assert len(fetch.links) == 1
        fetch.go.set()
        await runtime.context.background_tasks.drain()
        assert SEEN.title in the_card(world, 1).plain
        assert "Approved" in the_card(world, 1).plain


async def test_a_look_that_died_with_the_program_is_done_again(world: SlackWorld, url: str) -> None:
    first, second = Waiting(), Waiting()
    second.go.set()
    async with looking(world, url, first) as runtime:
        await waiting_post(world, runtime)
        await runtime.timer.run_once()
        await first.begun.wait()
        await runtime.context.background_tasks.drain(within=0.0)
    async with looking(world, url, second) as runtime:
        await runtime.tick()
        assert second.links == []
        world.sandbox.clock.advance(timedelta(seconds=61))
        await runtime.tick()
        assert len(second.links) == 1
        assert SEEN.title in the_card(world, 1).plain


async def test_another_link_gets_another_look_and_the_old_preview_goes(
    world: SlackWorld, url: str
) -> None:
    async with serving() as server, looking(world, url, local(server)) as runtime:
        shown = await waiting_post(world, runtime, link=server.page("/a", PAGE))
        await runtime.tick()
        assert cards.EDIT in actions(the_card(world, 1))
        await world.cleo.press(shown, cards.EDIT)
        other = server.page("/b", "<title>Another</title>")
        await fill_in(world.cleo, fields(link=other))
        assert (await send(world.cleo)).acknowledged
        await runtime.context.background_tasks.drain()
        assert "A title" not in the_card(world, 1).plain
        await runtime.tick()
        assert "Another" in the_card(world, 1).plain


async def test_nothing_is_looked_at_where_that_is_switched_off(world: SlackWorld, url: str) -> None:
    async with serving() as server, bot_running(world, url, PREVIEWS="off") as runtime:
        await write_post(world.cleo, link=server.page("/a", PAGE))
        await runtime.tick()
        assert server.requests == []
        assert rows(url, "SELECT state FROM preview") == [("wanted",)]


async def test_what_the_page_says_stands_beside_the_fields_and_fills_only_empty_ones(
    world: SlackWorld, url: str
) -> None:
    fetch = Waiting()
    async with looking(world, url, fetch) as runtime:
        await world.cleo.command(f"/advocacy queue {LINK}", channel=world.comms)
        view = world.cleo.view
        assert view is not None, "the form waits for no page"
        world.cleo.fill({"title": "My own title", "linkedin:0": "Backups in half the time."})
        fetch.go.set()
        await runtime.context.background_tasks.drain()
        assert "The page says:\nA title" in view.plain
        await click_in_dialog(runtime, world.cleo, post_form.USE_PAGE)
        assert "The page says:" not in view.plain
        typed = {block: next(iter(held.values())) for block, held in view.values.items()}
        assert typed["title"]["value"] == "My own title"
        assert typed["why:page"]["value"] == "What it is about."
        assert typed["picture:page"]["value"] == "https://flink.example.org/a.png"
        world.cleo.fill({"kind": "useful"})
        await world.cleo.submit()
        assert list(view.errors) == ["picture_alt"]
        world.cleo.fill({"picture_alt": "A river of squirrels."})
        await send(world.cleo)
        await runtime.context.background_tasks.drain()
        written = "SELECT title, why, picture FROM revision"
        assert rows(url, written) == [("My own title", SEEN.description, SEEN.image)]


async def test_a_form_that_was_changed_meanwhile_stays_as_it_is(
    world: SlackWorld, url: str
) -> None:
    fetch = Waiting()
    async with looking(world, url, fetch) as runtime:
        await world.cleo.command(f"/advocacy queue {LINK}", channel=world.comms)
        view = world.cleo.view
        assert view is not None
        await world.cleo.press(view, f"{post_form_texts.ADD_WORDING}:linkedin")
        await world.sandbox.until(lambda: "linkedin:1" in str(view.blocks), what="one more field")
        fetch.go.set()
        await runtime.context.background_tasks.drain()
        assert "linkedin:1" in view.values
        assert "The page says:" not in view.plain
