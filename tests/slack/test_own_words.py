"""Own words instead of the suggested ones: what is checked, what is added, what is kept."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import share_dialog
from slack_sandbox import Message, Person
from slack_sandbox.state import View
from tests.slack.share_dialog import (
    buttons_in,
    choose_network,
    click_share,
    opened_text,
    own_field,
    own_words_typed,
    text_in,
    type_own_words,
)
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    all_rows,
    click_in_dialog,
    live_post,
    rows,
    run_command,
)

FIRST = "Backups now take half the time."
ENDING = f"{DISCLOSURE}\n\n{LINK}"


@pytest.fixture
async def message(world: SlackWorld, runtime: Runtime) -> Message:
    """A live post; Amara has joined."""
    post = await live_post(world, runtime, **{"linkedin:0": FIRST})
    await run_command(world.amara, "/advocacy join")
    return post


async def in_own_words(runtime: Runtime, person: Person, words: str) -> View:
    """Press Edit, type, and submit; the dialog afterwards."""
    await click_in_dialog(runtime, person, share_dialog.EDIT)
    type_own_words(person, words)
    outcome = await person.submit()
    assert outcome.error is None
    assert person.view is not None
    return person.view


async def test_the_text_shown_is_what_one_begins_to_edit(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    view = await click_share(world.amara, message)
    await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    assert own_words_typed(view) == f"{FIRST} {ENDING}"
    await world.amara.submit()
    assert text_in(view) == f"{FIRST} {ENDING}"


async def test_questions_to_start_from_are_shown_to_those_who_write_their_own_text(
    world: SlackWorld, runtime: Runtime
) -> None:
    asked = "What surprised you?\nWho should know?"
    message = await live_post(world, runtime, prompts=asked)
    assert "What surprised you?" not in message.plain
    await run_command(world.amara, "/advocacy join")
    view = await click_share(world.amara, message)
    assert "What surprised you?" not in view.plain
    await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    assert "if you write your own text:\n• What surprised you?\n• Who should know?" in view.plain


@pytest.mark.parametrize(
    ("network", "typed", "error"),
    [
        (Network.X, f"{DISCLOSURE} {'a' * 250}", "288 of 280 on X, including the link"),
        (Network.LINKEDIN, " \n ", "your own text"),
        (Network.LINKEDIN, f"{DISCLOSURE} " + '"' * 2_000, "more than 2,800 characters"),
    ],
)
async def test_what_is_wrong_with_own_words_stands_at_the_field(
    world: SlackWorld,
    runtime: Runtime,
    url: str,
    message: Message,
    network: Network,
    typed: str,
    error: str,
) -> None:
    view = await click_share(world.amara, message)
    if network is not Network.LINKEDIN:
        await choose_network(runtime, world.amara, network)
    await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    type_own_words(world.amara, typed)
    before = all_rows(url)
    await world.amara.submit()
    assert list(view.errors) == [own_field(view)]
    assert error in view.errors[own_field(view)]
    assert own_words_typed(view) == typed
    assert all_rows(url) == before


@pytest.mark.parametrize(
    "said", ["I work at Acme and helped with this.", f"Mine as well. {DISCLOSURE}"]
)
async def test_an_own_phrase_is_enough_and_a_missing_link_is_added(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, said: str
) -> None:
    await click_share(world.amara, message)
    view = await in_own_words(runtime, world.amara, said)
    assert "For LinkedIn, your own text" in view.plain
    assert text_in(view) == f"{said}\n\n{LINK}"
    outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert opened_text(outcome) == f"{said}\n\n{LINK}"
    assert rows(url, "SELECT stage, network FROM response") == [("opened", "linkedin")]
    assert said not in str(all_rows(url)), "nobody's own words are kept"


async def test_own_words_that_hold_the_link_do_not_get_it_twice(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    said = f"See {LINK} which I built, and yes, I work at Acme."
    await click_share(world.amara, message)
    await choose_network(runtime, world.amara, Network.X)
    view = await in_own_words(runtime, world.amara, said)
    assert text_in(view) == said
    outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert opened_text(outcome) == said


@pytest.mark.parametrize("after_submitting", [True, False])
async def test_one_can_go_back_to_the_suggested_words(
    world: SlackWorld, runtime: Runtime, message: Message, after_submitting: bool
) -> None:
    view = await click_share(world.amara, message)
    if after_submitting:
        await in_own_words(runtime, world.amara, f"My own. {DISCLOSURE}")
    else:
        await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    await click_in_dialog(runtime, world.amara, share_dialog.BACK)
    assert text_in(view) == f"{FIRST} {ENDING}"
    assert share_dialog.BACK not in buttons_in(view)


async def test_own_words_go_along_to_another_network(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    said = f"My own. {DISCLOSURE}"
    await click_share(world.amara, message)
    view = await in_own_words(runtime, world.amara, said)
    await choose_network(runtime, world.amara, Network.BLUESKY)
    assert text_in(view) == f"{said}\n\n{LINK}"
    assert "For Bluesky, your own text" in view.plain


async def test_own_words_too_long_for_another_network_can_be_shortened_there(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    said = f"{'My own words. ' * 30}{DISCLOSURE}"
    await click_share(world.amara, message)
    view = await in_own_words(runtime, world.amara, said)
    await choose_network(runtime, world.amara, Network.X)
    assert own_words_typed(view) == said
    type_own_words(world.amara, f"Mine. {DISCLOSURE}")
    await world.amara.submit()
    assert "For X, your own text" in view.plain


async def test_words_too_long_for_an_address_are_pasted_and_the_dialog_says_why(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    said = f"{'ä' * 1_000} {DISCLOSURE}"
    await click_share(world.amara, message)
    view = await in_own_words(runtime, world.amara, said)
    assert "paste it there" in view.plain
    assert DISCLOSURE in view.plain.split("paste it there")[1], "it says what to keep, and why"
    assert text_in(view) == f"{said}\n\n{LINK}"
    outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert parse_qs(urlsplit(outcome.url or "").query) == {"url": [LINK]}
