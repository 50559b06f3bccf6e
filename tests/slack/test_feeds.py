"""Feeds: what comms type, press and read; whatever a feed sends, nobody is asked anything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.domain.feeds import FeedLook, FeedRequest, ReadFeed
from bot.pages import feeds as pages
from bot.runtime import Runtime, running
from bot.slack.views import cards
from bot.slack.views import feeds as view
from bot.slack.views.replies import GUEST
from slack_sandbox import Message, Person
from tests.pages.hostile import Hostile, head, reach, serving
from tests.pages.wrong_feeds import CROOKED, FEEDS, RSS, UNREADABLE, entry, rss
from tests.slack.home_tab import click_on_home, open_home
from tests.slack.report import Record
from tests.support import (
    SlackWorld,
    all_rows,
    assert_polite,
    bot_running,
    click,
    click_in_dialog,
    execute_sql,
    fields,
    plainly,
    rows,
    run_command,
    send,
    settings,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BLOG = "Our blog"


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with serving() as server:
        yield server


@pytest.fixture
async def runtime(world: SlackWorld, url: str, server: Hostile) -> AsyncIterator[Runtime]:
    """The bot; feeds come from the local server. Amara can be asked directly."""
    fetch = partial(pages.fetch_feed, reach=reach(server, within=1.0))
    chosen = settings(world, url, PREVIEWS="on")
    clock = world.sandbox.clock
    async with running(chosen, clock, ticking=False, fetch_feed=fetch, limits=None) as runtime:
        await world.sandbox.connected(2)
        await run_command(world.amara, "/advocacy join")
        yield runtime
        assert_nobody_asked(world, url)
        assert_polite(world)


def count_asked(world: SlackWorld, url: str) -> int:
    """How much went to the channel or to a person, or waits to."""
    said = [one for one in world.amara.messages(world.news) if not one.ephemeral_to]
    direct = [one for one in world.amara.dm if not one.ephemeral_to]
    waiting = (rows(url, f"SELECT id FROM {table}") for table in ("ask", "announcement"))
    return len(said) + len(direct) + sum(map(len, waiting))


def assert_nobody_asked(world: SlackWorld, url: str) -> None:
    """Nothing went to the channel or to a person, and nothing waits to."""
    assert count_asked(world, url) == 0
    assert {state for (state,) in rows(url, "SELECT state FROM post")} <= {"draft", "in_review"}


async def add(person: Person, address: str) -> str:
    """Type the command; what the person reads when the feed was looked at."""
    return await run_command(person, f"/advocacy feed add {address}")


async def after(world: SlackWorld, runtime: Runtime, passed: timedelta = HOUR) -> list[str]:
    """What comms read in their channel once that time has passed."""
    before = len(world.cleo.messages(world.comms))
    world.sandbox.clock.advance(passed)
    await runtime.tick()
    new = world.cleo.messages(world.comms)[before:]
    return [one.plain_for(world.cleo) for one in new if not one.ephemeral_to]


def feed(server: Hostile, *entries: str, path: str = "/feed") -> str:
    return server.page(path, rss(*entries), kind=RSS)


async def test_news_of_a_feed_become_drafts(
    world: SlackWorld, runtime: Runtime, server: Hostile, url: str
) -> None:
    address = server.page("/feed", (FEEDS / "flink-blog.rss.xml").read_bytes(), kind=RSS)
    said = await add(world.cleo, address)
    assert said == (
        "I read “Flink Blog on Apache Flink” from now on. Its 5 entries make no drafts. New ones "
        "do, at most 5 a day from all feeds."
    )
    assert await after(world, runtime) == []
    body = (FEEDS / "flink-blog.rss.xml").read_text("utf-8")
    day = "<pubDate>Tue, 01 Sep 2026 08:00:00 GMT</pubDate><description>In short.</description>"
    new = entry("What is new", "https://flink.apache.org/new?utm_source=rss", day)
    server.page("/feed", body.replace("<item>", f"{new}<item>", 1), kind=RSS)
    assert await after(world, runtime) == [
        "There's a new draft from a feed: “What is new”. I delete it after 30 days if nobody edits "
        "it.\n"
        "[All posts]"
    ]
    posts = await run_command(world.cleo, "/advocacy posts")
    assert "Post 1: What is new\nFrom the feed “Flink Blog on Apache Flink”\n[Edit]" in posts
    home = await open_home(runtime, world.carl)
    assert "New from feeds\nWhat is new\nFrom the feed “Flink Blog on Apache Flink”." in home
    assert "Nothing needs you." in home
    await click_on_home(runtime, world.carl, cards.EDIT)
    form = world.carl.view
    assert form is not None
    typed = str(form.values)
    for value in ("What is new", "https://flink.apache.org/new", "In short."):
        assert f"'value': '{value}'" in typed
    assert "What is new" in str(form.values["linkedin:0"])
    world.carl.fill({"kind": fields()["kind"]})
    assert (await send(world.carl)).acknowledged
    assert rows(url, "SELECT state FROM post") == [("in_review",)]


@pytest.mark.parametrize("name", ["flink-blog", "flink-zh"])
async def test_comms_read_of_real_feeds(
    world: SlackWorld, runtime: Runtime, server: Hostile, url: str, name: str, record: Record
) -> None:
    body = (FEEDS / f"{name}.rss.xml").read_bytes()
    said = await add(world.cleo, server.page("/feed", body, kind=RSS))
    assert "entries make no drafts" in said
    assert await after(world, runtime, 7 * DAY) == []
    record.feed(f"{name}, as it is", said, count_asked(world, url))
    assert rows(url, "SELECT id FROM post") == []


async def test_comms_read_why_a_feed_was_not_added(
    world: SlackWorld,
    runtime: Runtime,
    server: Hostile,
    url: str,
    subtests: pytest.Subtests,
    record: Record,
) -> None:
    before = all_rows(url)
    for name, (serve, problem) in UNREADABLE.items():
        with subtests.test(name):
            said = await add(world.cleo, serve(server))
            assert said.startswith(f"Nothing was added: {view.BECAUSE[problem]}.")
            named = "[Add blog.example.org/feed]" in said
            assert named is (name == "a page that names one")
            assert server.asked_inside == 0
            record.feed(name, said, count_asked(world, url))
    assert all_rows(url) == before


async def test_comms_read_the_news_of_a_feed_that_is_wrong(
    world: SlackWorld,
    runtime: Runtime,
    server: Hostile,
    url: str,
    subtests: pytest.Subtests,
    record: Record,
) -> None:
    world.sandbox.clock.advance(2 * HOUR)  # clocks go back meanwhile
    for number, (name, crooked) in enumerate(CROOKED.items(), 1):
        with subtests.test(name):
            said = await add(world.cleo, server.page("/feed", rss(), kind=RSS))
            assert "It has no entries yet." in said
            server.page("/feed", crooked.body, kind=crooked.kind)
            heard = "\n".join(await after(world, runtime, 7 * DAY))
            listed = await run_command(world.cleo, "/advocacy posts")
            for title in crooked.titles[:5]:
                assert title in heard
                assert title in listed
            assert bool(heard) is bool(crooked.titles)
            record.feed(name, heard or "nothing", count_asked(world, url))
            assert_nobody_asked(world, url)
        await run_command(world.cleo, f"/advocacy feed remove {number}")
        execute_sql(url, "DELETE FROM wording", "DELETE FROM revision", "DELETE FROM post")


async def test_comms_hear_once_that_a_feed_is_gone_and_that_one_moved(
    world: SlackWorld, runtime: Runtime, server: Hostile, url: str, record: Record
) -> None:
    gone, moving = feed(server, path="/gone"), feed(server, path="/moving")
    await add(world.cleo, gone)
    await add(world.cleo, moving)
    server.answers("/gone", head(status=410))
    new = feed(server, entry(), path="/new")
    server.moved("/moving", "/new", 301)
    first, second = await after(world, runtime)
    assert first == f"The feed “{BLOG}” has moved. I read it at {new} now."
    assert "“One”" in second
    heard = [await after(world, runtime, DAY) for _ in range(5)]
    assert [one for one in heard if one] == [
        [
            f"I haven't been able to read the feed “{BLOG}” for three days: its server says that "
            "there's nothing at this address. I go on trying once a day. If it has moved, remove "
            "it and add its new address.\n[Feeds]"
        ]
    ]
    record.feed("moved for good", first, count_asked(world, url))
    record.feed("gone for days", "\n".join(one for day in heard for one in day), 0)
    assert_nobody_asked(world, url)
    listed = await run_command(world.gus, "/advocacy feed list")
    assert f"1: {BLOG}" in listed
    assert "I can't read it just now: its server says that there's nothing" in listed
    assert "[Remove]" not in listed
    assert "[Remove]" in await run_command(world.cleo, "/advocacy feeds")


async def test_a_feed_is_added_and_removed_in_the_dialog(
    world: SlackWorld, runtime: Runtime, server: Hostile, url: str
) -> None:
    server.page("/", f'<link rel=alternate type="{RSS}" href="{feed(server)}">')
    await open_home(runtime, world.cleo)
    await click_on_home(runtime, world.cleo, view.OPEN)
    dialog = world.cleo.view
    assert dialog is not None
    world.cleo.fill({"address": "no address"})
    await world.cleo.submit()
    assert dialog.errors
    world.cleo.fill({"address": server.url("/")})
    await world.cleo.submit()
    await runtime.context.background_tasks.drain()
    assert "It's a page that names this feed:" in dialog.plain
    await click_in_dialog(runtime, world.cleo, f"{view.ADD_NAMED}:0")
    assert f"I read “{BLOG}” from now on." in dialog.plain
    await world.cleo.close()
    await click_on_home(runtime, world.cleo, view.OPEN)
    shown = world.cleo.view
    assert shown is not None
    assert "/feed), 127.0.0.1\n[Remove]" in shown.plain
    await click_in_dialog(runtime, world.cleo, f"{view.REMOVE}:1")
    assert f"I don't read “{BLOG}” any more. Drafts from it stay." in shown.plain
    assert rows(url, "SELECT id FROM feed") == []


async def test_what_was_typed_wrong_is_answered(
    world: SlackWorld, runtime: Runtime, server: Hostile, url: str
) -> None:
    address = feed(server)
    await add(world.cleo, address)
    before = all_rows(url)
    for person, typed, said in (
        (world.cleo, f"add {address}/", view.THERE_ALREADY),
        (world.cleo, "add", "Please add the feed's address."),
        (world.cleo, "add nothing", "Please give a full link, starting with https://."),
        (world.cleo, "remove", view.NEEDS_NUMBER),
        (world.cleo, "remove 7", view.NO_SUCH_FEED),
        (world.cleo, "subscribe", view.ADD_HOW),
        (world.gus, f"add {address}2", GUEST),
        (world.gus, "remove 1", GUEST),
    ):
        assert await run_command(person, f"/advocacy feed {typed}") == plainly(said), typed
    for line in ("add https://blog.example.org/", "list", "remove 1"):
        assert "comms" in await run_command(world.amara, f"/advocacy feed {line}")
    assert all_rows(url) == before
    answer = await click(runtime, world.cleo, await listed(world.cleo), f"{view.REMOVE}:1")
    assert answer == f"I don't read “{BLOG}” any more. Drafts from it stay."


async def listed(person: Person) -> Message:
    await run_command(person, "/advocacy feed")
    return person.private[-1]


async def test_a_server_may_take_its_time(world: SlackWorld, url: str) -> None:
    go = asyncio.Event()

    async def fetch(asked: FeedRequest, now: datetime) -> FeedLook:
        await go.wait()
        return ReadFeed(asked.address, BLOG, ())

    chosen, clock = settings(world, url, PREVIEWS="on"), world.sandbox.clock
    async with running(chosen, clock, ticking=False, fetch_feed=fetch, limits=None) as runtime:
        await world.sandbox.connected(2)
        await open_home(runtime, world.carl)
        await click_on_home(runtime, world.carl, view.OPEN)
        assert await add(world.cleo, "https://blog.example.org/feed") == view.LOOKING
        dialog = world.carl.view
        assert dialog is not None
        world.carl.fill({"address": "https://news.example.org/feed"})
        await world.carl.submit()
        assert view.LOOKING in dialog.plain
        assert rows(url, "SELECT id FROM feed") == []
        go.set()
        await runtime.context.background_tasks.drain()
        assert f"I read “{BLOG}” from now on." in world.cleo.private[-1].plain
        await world.sandbox.until(lambda: view.LOOKING not in dialog.plain, what="an answer")
        assert f"I read “{BLOG}” from now on." in dialog.plain
        assert len(rows(url, "SELECT id FROM feed")) == 2


async def test_without_permission_to_open_pages_there_are_no_feeds(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url):
        said = await run_command(world.cleo, "/advocacy feed add https://blog.example.org/feed")
        assert said == view.SWITCHED_OFF
