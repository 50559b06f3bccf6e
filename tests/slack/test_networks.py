"""Every network has its own way: one takes no text, one lies on a server of the member's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.model import Network
from bot.domain.networks import USUAL
from bot.runtime import Runtime
from bot.sandbox import Person
from bot.sandbox.state import View
from bot.slack.views import announcement, dialog, post_form
from tests.slack.sharing import buttons_in, opened_text, text_in
from tests.support import (
    DISCLOSURE,
    LINK,
    Office,
    asked,
    bot_running,
    card_of,
    fields,
    live_post,
    press_in_dialog,
    rows,
    stored,
    write_post,
)

WORDS = {f"{network}:0": f"New words for {network}." for network in Network}
USUAL_WORDS = {f"{network}:0": f"New words for {network}." for network in USUAL}


async def on(place: Office, runtime: Runtime, person: Person, network: Network) -> View:
    """The dialog of a new post, on this network."""
    message = await live_post(place, runtime, **USUAL_WORDS)
    await asked(person, "/advocacy join")
    await person.press(message, announcement.SHARE)
    if network is not Network.LINKEDIN:
        await press_in_dialog(runtime, person, f"{dialog.OTHER_NETWORK}:{network}")
    assert person.view is not None
    return person.view


async def test_the_form_shows_the_usual_networks_and_none_is_required(
    place: Office, runtime: Runtime, url: str
) -> None:
    await place.cleo.command("/advocacy queue")
    view = place.cleo.view
    assert view is not None
    shown = [block.split(":")[0] for block in view.values if block.endswith(":0")]
    assert shown == [network.value for network in USUAL]
    only = {"x:0": None, "bluesky:0": None, "linkedin:0": None, "threads:0": "Words for one."}
    place.cleo.fill(fields(**only))
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    assert rows(url, "SELECT network, text FROM wording") == [("threads", "Words for one.")]
    assert "Threads, length" in card_of(place, 1).plain


async def test_text_and_link_are_shown_as_the_composer_gets_them(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await on(place, runtime, place.amara, Network.LINKEDIN)
    for network in (Network.LINKEDIN, Network.X, Network.THREADS, Network.BLUESKY):
        if network is not Network.LINKEDIN:
            await press_in_dialog(runtime, place.amara, f"{dialog.OTHER_NETWORK}:{network}")
        outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
        assert opened_text(outcome) == text_in(view)
    assert rows(url, "SELECT count(*) FROM response_event WHERE wording_id IS NOT NULL") == [(4,)]


async def test_facebook_gets_the_link_and_the_dialog_says_what_to_paste_and_why(
    place: Office, runtime: Runtime
) -> None:
    view = await on(place, runtime, place.amara, Network.FACEBOOK)
    assert text_in(view) == f"New words for facebook. {DISCLOSURE}\n\n{LINK}"
    assert "takes only the link" in view.plain
    assert DISCLOSURE in view.plain.split("paste it there")[1]
    outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert parse_qs(urlsplit(outcome.url or "").query) == {"u": [LINK]}


async def test_a_mastodon_server_is_asked_for_once_and_remembered(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await on(place, runtime, place.amara, Network.MASTODON)
    assert dialog.OPEN not in buttons_in(view)
    await press_in_dialog(runtime, place.amara, dialog.NAME_SERVER)
    place.amara.fill({"server": "@amara@Hachyderm.io"})
    await place.amara.submit()
    assert rows(url, "SELECT mastodon_instance FROM member") == [("hachyderm.io",)]
    outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert str(outcome.url).startswith("https://hachyderm.io/share?text=")
    assert opened_text(outcome) == text_in(view)

    await place.amara.close()
    message = [one for one in place.amara.messages(place.news) if not one.ephemeral_to][-1]
    await place.amara.press(message, announcement.SHARE)
    assert place.amara.view is not None
    assert "For Mastodon" in place.amara.view.plain
    assert {dialog.OPEN, dialog.NAME_SERVER} < buttons_in(place.amara.view)


@pytest.mark.parametrize("typed", ["localhost", "10.0.0.1", "a b.social", "javascript:alert(1)"])
async def test_a_server_that_is_none_is_refused_at_its_field(
    place: Office, runtime: Runtime, url: str, typed: str
) -> None:
    view = await on(place, runtime, place.amara, Network.MASTODON)
    await press_in_dialog(runtime, place.amara, dialog.NAME_SERVER)
    before = stored(url)
    place.amara.fill({"server": typed})
    await place.amara.submit()
    assert view.errors["server"].startswith("Please give your server's name")
    assert stored(url) == before


async def test_a_wording_too_long_for_a_link_is_taken_with_a_warning(
    place: Office, runtime: Runtime
) -> None:
    await write_post(place.cleo, **{"linkedin:0": "ä" * 1_500})
    await runtime.kit.afterwards.drain()
    assert place.cleo.view is None, "it is no error"
    assert "LinkedIn, length 1,563 of 3,000. This will have to be pasted" in card_of(place, 1).plain


@pytest.fixture
async def private(place: Office, url: str) -> AsyncIterator[Runtime]:
    """The bot, with the networks switched on that are private conversations, and LinkedIn."""
    chosen = "linkedin, whatsapp, telegram, email"
    async with bot_running(place, url, NETWORKS=chosen) as runtime:
        yield runtime


async def test_private_conversations_can_be_switched_on(place: Office, private: Runtime) -> None:
    words = {f"{name}:0": WORDS[f"{name}:0"] for name in ("whatsapp", "telegram", "email")}
    absent = {"x:0": None, "bluesky:0": None}
    await place.cleo.command("/advocacy queue")
    assert place.cleo.view is not None
    assert "x:0" not in place.cleo.view.values
    assert f"{post_form.ADD_WORDING}:telegram" in buttons_in(place.cleo.view)
    typed = {name: text for name, text in fields(**words).items() if name not in absent}
    place.cleo.fill(typed)
    await place.cleo.submit()
    await place.carl.command("/advocacy approve 1")
    await private.tick()
    await asked(place.amara, "/advocacy join")
    message = [one for one in place.amara.messages(place.news) if not one.ephemeral_to][-1]
    await place.amara.press(message, announcement.SHARE)
    starts = {
        "whatsapp": "https://wa.me/?text=New",
        "telegram": "https://t.me/share/url?url=https%3A",
        "email": "mailto:?subject=Our%20new%20release%20is%20out&body=New",
    }
    for name, start in starts.items():
        await press_in_dialog(private, place.amara, f"{dialog.OTHER_NETWORK}:{name}")
        outcome = await press_in_dialog(private, place.amara, dialog.OPEN)
        assert str(outcome.url).startswith(start)
