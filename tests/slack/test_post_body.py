"""What invites to share: the picture, the page by its name, and an author who wants to be named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.previews import Preview
from bot.runtime import Runtime, running
from bot.slack.views import cards, post_preview, retention
from slack_sandbox import Fault, Message
from tests.slack.direct_asks import join_for_direct, next_direct
from tests.support import (
    SlackWorld,
    all_rows,
    announced,
    approve,
    click,
    click_in_dialog,
    fields,
    fill_in,
    live_post,
    rows,
    run_command,
    send,
    settings,
    the_card,
    waiting_post,
    write_post,
)

PICTURE = {"picture": "https://a.example/own.png", "picture_alt": "Two tables"}
SEEN = Preview(
    "The page's title", image="https://a.example/page.jpg", site="The Site", image_alt="A squirrel"
)


def pictures(message: Message) -> list[tuple[str, str]]:
    """The pictures in a message: where they lie, and what they show."""
    found = [block for block in message.blocks if block["type"] == "image"]
    return [(block["image_url"], block["alt_text"]) for block in found]


@pytest.fixture
async def looking(world: SlackWorld, url: str) -> AsyncIterator[Runtime]:
    """The bot, for which every page says the same."""

    async def fetch(_link: str) -> Preview:
        return SEEN

    chosen = settings(world, url, PREVIEWS="on")
    async with running(chosen, world.sandbox.clock, ticking=False, fetch=fetch) as runtime:
        await world.sandbox.connected(2)
        yield runtime


async def live_page(world: SlackWorld, runtime: Runtime, **changed: str) -> Message:
    """A live post whose page was looked at before it went out."""
    await write_post(world.cleo, **changed)
    await runtime.tick()
    await approve(world.carl, 1)
    world.sandbox.clock.advance(timedelta(days=7))
    await runtime.tick()
    return announced(world)[-1]


async def test_the_channel_shows_the_pages_picture_title_and_site(
    world: SlackWorld, looking: Runtime
) -> None:
    shown = await live_page(world, looking)
    assert pictures(shown) == [(SEEN.image, SEEN.image_alt)]
    assert "The page's title" in shown.plain
    assert "The Site" in shown.plain
    posted = [one for one in world.sandbox.calls if one.method == "chat.postMessage"]
    [sent] = [one for one in posted if one.payload["channel"] == world.news.id]
    assert not sent.payload["unfurl_links"]
    assert not sent.payload["unfurl_media"]


async def test_the_authors_picture_goes_first(world: SlackWorld, looking: Runtime) -> None:
    shown = await live_page(world, looking, **PICTURE)
    assert pictures(shown) == [tuple(PICTURE.values())]
    told = "The picture's host, a.example, could change it after approval."
    assert told in the_card(world, 1).plain


async def test_an_ask_shows_the_same(world: SlackWorld, runtime: Runtime) -> None:
    await live_post(world, runtime, topics="releases", **PICTURE)
    await join_for_direct(world.amara)
    ask = await next_direct(world, runtime, world.amara)
    assert pictures(ask) == [tuple(PICTURE.values())]


async def test_a_picture_that_slack_refuses_is_left_out_and_the_post_goes_out_once(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    world.sandbox.faults.add(
        Fault(
            "chat.postMessage",
            error="invalid_blocks",
            when=lambda payload: "image_url" in str(payload.get("blocks")),
            times=None,
        )
    )
    shown = await live_post(world, runtime, **PICTURE)
    assert pictures(shown) == []
    assert "[Share] [Skip]" in shown.plain
    assert len(announced(world)) == 1
    assert rows(url, "SELECT state FROM announcement") == [("sent",)]


async def test_blocks_that_slack_refuses_for_another_reason_are_not_sent_twice(
    world: SlackWorld, runtime: Runtime
) -> None:
    await write_post(world.cleo)
    await approve(world.carl, 1)
    world.sandbox.clock.advance(timedelta(days=7))
    to_channel = Fault(
        "chat.postMessage",
        error="invalid_blocks",
        when=lambda payload: payload["channel"] == world.news.id,
        times=None,
    )
    world.sandbox.faults.add(to_channel)
    before = len(world.sandbox.calls)
    await runtime.tick()
    tried = [one for one in world.sandbox.calls[before:] if one.method == "chat.postMessage"]
    assert len([one for one in tried if one.payload["channel"] == world.news.id]) == 1


# The author.


async def test_nobody_is_named_unless_they_want_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await live_post(world, runtime)
    assert "Cleo" not in shown.plain
    assert rows(url, "SELECT author FROM revision") == [("",)]


async def test_an_author_who_wants_it_is_named_and_not_mentioned(
    world: SlackWorld, runtime: Runtime
) -> None:
    shown = await live_post(world, runtime, author=["show"])
    assert "By Cleo Marin" in shown.plain
    assert shown.mentions == []
    assert "People see the author's name: Cleo Marin" in the_card(world, 1).plain


async def test_whoever_edits_decides_about_their_own_name(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    card = await waiting_post(world, runtime, author=["show"])
    for person, ticked in ((world.carl, False), (world.cleo, True)):
        await click(runtime, person, card, cards.EDIT)
        assert person.view is not None
        held = person.view.values["author"]["value"].get("selected_options") or []
        assert bool(held) is ticked
    await world.carl.submit()
    assert rows(url, "SELECT author FROM revision ORDER BY number") == [("Cleo Marin",), ("",)]


async def test_the_preview_shows_author_and_picture_and_the_tick_survives_it(
    world: SlackWorld, runtime: Runtime
) -> None:
    await world.cleo.command("/advocacy queue", channel=world.comms)
    await fill_in(world.cleo, fields(author=["show"], **PICTURE))
    await world.cleo.submit()
    assert world.cleo.view is not None
    words = world.cleo.view.plain_for(world.cleo)
    assert "By Cleo Marin" in words
    assert "Picture: Two tables" in words
    assert "image" not in {block["type"] for block in world.cleo.view.blocks}
    await click_in_dialog(runtime, world.cleo, post_preview.EDIT_AGAIN)
    assert world.cleo.view.values["author"]["value"]["selected_options"]
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    assert "People see the author's name: Cleo Marin" in the_card(world, 1).plain


async def test_a_name_that_slack_does_not_say_is_told_at_the_tick(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await world.cleo.command("/advocacy queue", channel=world.comms)
    await fill_in(world.cleo, fields(author=["show"]))
    before = all_rows(url)
    # The first answer says that she is in comms.
    answers = iter((False, True))
    broken = Fault("users.info", status=500, when=lambda _: next(answers, False), times=None)
    world.sandbox.faults.add(broken)
    await world.cleo.submit()
    assert world.cleo.view is not None
    assert "didn't tell me your name" in world.cleo.view.errors["author"]
    assert all_rows(url) == before
    await world.cleo.submit()
    assert rows(url, "SELECT author FROM revision") == [("Cleo Marin",)]


async def test_an_author_who_is_forgotten_is_no_longer_named_anywhere(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    shown = await live_post(world, runtime, author=["show"])
    await run_command(world.cleo, "/advocacy forget-me")
    await click(runtime, world.cleo, world.cleo.private[-1], retention.FORGET)
    await runtime.tick()
    assert "Cleo" not in shown.plain
    assert "[Share] [Skip]" in shown.plain
    assert "Cleo Marin" not in str(all_rows(url))
