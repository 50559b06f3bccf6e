"""Every network has its own way: one takes no text, one lies on a server of the member's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.networks import DEFAULT_NETWORKS
from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import announcements, post_form_texts, share_dialog
from slack_sandbox import Person
from slack_sandbox.state import View
from tests.slack.share_dialog import buttons_in, choose_network, opened_text, text_in
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    all_rows,
    approve,
    bot_running,
    card_of,
    click_in_dialog,
    fields,
    fill_in,
    live_post,
    rows,
    run_command,
    send,
    write_post,
)

WORDS = {f"{network}:0": f"New words for {network}." for network in Network}
USUAL_WORDS = {f"{network}:0": f"New words for {network}." for network in DEFAULT_NETWORKS}


async def on(world: SlackWorld, runtime: Runtime, person: Person, network: Network) -> View:
    """The dialog of a new post, on this network."""
    message = await live_post(world, runtime, **USUAL_WORDS)
    await run_command(person, "/advocacy join")
    await person.press(message, announcements.SHARE)
    if network is not Network.LINKEDIN:
        await choose_network(runtime, person, network)
    assert person.view is not None
    return person.view


async def test_the_form_begins_with_two_networks_and_none_is_required(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await world.cleo.command("/advocacy queue")
    view = world.cleo.view
    assert view is not None

    def shown() -> list[str]:
        return [block.split(":")[0] for block in view.values if block.endswith(":0")]

    assert shown() == [Network.LINKEDIN, Network.FACEBOOK]
    world.cleo.fill({"facebook:0": "Kept while the form grows."})
    await world.cleo.press(view, post_form_texts.MORE_NETWORKS)
    await runtime.context.background_tasks.drain()
    assert shown() == list(DEFAULT_NETWORKS)
    assert view.values["facebook:0"]["value"]["value"] == "Kept while the form grows."
    assert post_form_texts.MORE_NETWORKS not in buttons_in(view)
    only: dict[str, str | None] = {
        "x:0": None,
        "bluesky:0": None,
        "linkedin:0": None,
        "facebook:0": None,
    }
    only |= {"threads:0": "Words for one."}
    await fill_in(world.cleo, fields(**only))
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    assert rows(url, "SELECT network, text FROM wording") == [("threads", "Words for one.")]
    assert "Threads · 1 text" in card_of(world, 1).plain


async def test_text_and_link_are_shown_as_the_composer_gets_them(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await on(world, runtime, world.amara, Network.LINKEDIN)
    for network in (Network.LINKEDIN, Network.X, Network.THREADS, Network.BLUESKY):
        if network is not Network.LINKEDIN:
            await choose_network(runtime, world.amara, network)
        outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
        assert opened_text(outcome) == text_in(view)
    assert rows(url, "SELECT count(*) FROM response_event WHERE wording_id IS NOT NULL") == [(4,)]


async def test_facebook_gets_the_link_and_the_dialog_says_what_to_paste_and_why(
    world: SlackWorld, runtime: Runtime
) -> None:
    view = await on(world, runtime, world.amara, Network.FACEBOOK)
    assert text_in(view) == f"New words for facebook. {DISCLOSURE}\n\n{LINK}"
    assert "takes only the link" in view.plain
    assert DISCLOSURE in view.plain.split("paste it there")[1]
    outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert parse_qs(urlsplit(outcome.url or "").query) == {"u": [LINK]}


async def test_a_mastodon_server_is_asked_for_once_and_remembered(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    view = await on(world, runtime, world.amara, Network.MASTODON)
    assert share_dialog.OPEN not in buttons_in(view)
    await click_in_dialog(runtime, world.amara, share_dialog.NAME_SERVER)
    world.amara.fill({"server": "@amara@Hachyderm.io"})
    await world.amara.submit()
    assert rows(url, "SELECT mastodon_instance FROM member") == [("hachyderm.io",)]
    outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert str(outcome.url).startswith("https://hachyderm.io/share?text=")
    assert opened_text(outcome) == text_in(view)

    await world.amara.close()
    message = [one for one in world.amara.messages(world.news) if not one.ephemeral_to][-1]
    await world.amara.press(message, announcements.SHARE)
    assert world.amara.view is not None
    assert "For Mastodon" in world.amara.view.plain
    assert {share_dialog.OPEN, share_dialog.NAME_SERVER} < buttons_in(world.amara.view)


@pytest.mark.parametrize("typed", ["localhost", "10.0.0.1", "a b.social", "javascript:alert(1)"])
async def test_a_server_that_is_none_is_refused_at_its_field(
    world: SlackWorld, runtime: Runtime, url: str, typed: str
) -> None:
    view = await on(world, runtime, world.amara, Network.MASTODON)
    await click_in_dialog(runtime, world.amara, share_dialog.NAME_SERVER)
    before = all_rows(url)
    world.amara.fill({"server": typed})
    await world.amara.submit()
    assert view.errors["server"].startswith("Please give your server's name")
    assert all_rows(url) == before


async def test_a_wording_too_long_for_a_link_is_taken_with_a_warning(
    world: SlackWorld, runtime: Runtime
) -> None:
    await write_post(world.cleo, **{"linkedin:0": "ä" * 1_500})
    await runtime.context.background_tasks.drain()
    assert world.cleo.view is None, "it is no error"
    assert "LinkedIn · 1 text (1,563 of 3,000). This must be pasted" in card_of(world, 1).plain


@pytest.fixture
async def private(world: SlackWorld, url: str) -> AsyncIterator[Runtime]:
    """The bot, with the networks switched on that are private conversations, and LinkedIn."""
    chosen = "linkedin, whatsapp, telegram, email"
    async with bot_running(world, url, NETWORKS=chosen) as runtime:
        yield runtime


async def test_private_conversations_can_be_switched_on(
    world: SlackWorld, private: Runtime
) -> None:
    words = {f"{name}:0": WORDS[f"{name}:0"] for name in ("whatsapp", "telegram", "email")}
    absent = {"x:0": None, "bluesky:0": None}
    await world.cleo.command("/advocacy queue")
    assert world.cleo.view is not None
    typed = {name: text for name, text in fields(**words).items() if name not in absent}
    await fill_in(world.cleo, typed)
    assert "x:0" not in world.cleo.view.values
    assert f"{post_form_texts.ADD_WORDING}:telegram" in buttons_in(world.cleo.view)
    await send(world.cleo)
    await approve(world.carl, 1)
    await private.tick()
    await run_command(world.amara, "/advocacy join")
    message = [one for one in world.amara.messages(world.news) if not one.ephemeral_to][-1]
    await world.amara.press(message, announcements.SHARE)
    starts = {
        "whatsapp": "https://wa.me/?text=New",
        "telegram": "https://t.me/share/url?url=https%3A",
        "email": "mailto:?subject=Our%20new%20release%20is%20out&body=New",
    }
    for name, start in starts.items():
        await choose_network(private, world.amara, Network(name))
        outcome = await click_in_dialog(private, world.amara, share_dialog.OPEN)
        assert str(outcome.url).startswith(start)
