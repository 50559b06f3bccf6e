"""Own words instead of the suggested ones: what is checked, what is added, what is kept."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.model import Network
from bot.runtime import Runtime
from bot.sandbox import Message, Person
from bot.sandbox.state import View
from bot.slack.views import dialog
from tests.slack.sharing import (
    buttons_in,
    instead,
    opened_text,
    own_field,
    own_typed,
    shared,
    text_in,
    type_own,
)
from tests.support import DISCLOSURE, LINK, Office, asked, live_post, press_in_dialog, rows, stored

FIRST = "Backups now take half the time."
ENDING = f"{DISCLOSURE}\n\n{LINK}"


@pytest.fixture
async def message(place: Office, runtime: Runtime) -> Message:
    """A live post; Amara has joined."""
    post = await live_post(place, runtime, **{"linkedin:0": FIRST})
    await asked(place.amara, "/advocacy join")
    return post


async def in_own_words(runtime: Runtime, person: Person, words: str) -> View:
    """Press Edit, type, and submit; the dialog afterwards."""
    await press_in_dialog(runtime, person, dialog.EDIT)
    type_own(person, words)
    outcome = await person.submit()
    assert outcome.error is None
    assert person.view is not None
    return person.view


async def test_the_text_shown_is_what_one_begins_to_edit(
    place: Office, runtime: Runtime, message: Message
) -> None:
    view = await shared(place.amara, message)
    await press_in_dialog(runtime, place.amara, dialog.EDIT)
    assert own_typed(view) == f"{FIRST} {ENDING}"
    await place.amara.submit()
    assert text_in(view) == f"{FIRST} {ENDING}"


@pytest.mark.parametrize(
    ("network", "typed", "error"),
    [
        (Network.X, f"{DISCLOSURE} {'a' * 250}", "288 of 280 on X, with the link counted in"),
        (Network.LINKEDIN, " \n ", "a few words of your own"),
        (Network.LINKEDIN, f"{DISCLOSURE} " + '"' * 2_000, "more than 2,800 characters"),
    ],
)
async def test_what_is_wrong_with_own_words_stands_at_the_field(
    place: Office,
    runtime: Runtime,
    url: str,
    message: Message,
    network: Network,
    typed: str,
    error: str,
) -> None:
    view = await shared(place.amara, message)
    if network is not Network.LINKEDIN:
        await instead(runtime, place.amara, network)
    await press_in_dialog(runtime, place.amara, dialog.EDIT)
    type_own(place.amara, typed)
    before = stored(url)
    await place.amara.submit()
    assert list(view.errors) == [own_field(view)]
    assert error in view.errors[own_field(view)]
    assert own_typed(view) == typed
    assert stored(url) == before


@pytest.mark.parametrize(
    "said", ["I work at Acme and helped with this.", f"Mine as well. {DISCLOSURE}"]
)
async def test_an_own_phrase_is_enough_and_a_missing_link_is_added(
    place: Office, runtime: Runtime, url: str, message: Message, said: str
) -> None:
    await shared(place.amara, message)
    view = await in_own_words(runtime, place.amara, said)
    assert "For LinkedIn, in your own words" in view.plain
    assert text_in(view) == f"{said}\n\n{LINK}"
    outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert opened_text(outcome) == f"{said}\n\n{LINK}"
    assert rows(url, "SELECT stage, network FROM response") == [("opened", "linkedin")]
    assert said not in str(stored(url)), "nobody's own words are kept"


async def test_own_words_that_hold_the_link_do_not_get_it_twice(
    place: Office, runtime: Runtime, message: Message
) -> None:
    said = f"See {LINK} which I built, and yes, I work at Acme."
    await shared(place.amara, message)
    await instead(runtime, place.amara, Network.X)
    view = await in_own_words(runtime, place.amara, said)
    assert text_in(view) == said
    outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert opened_text(outcome) == said


@pytest.mark.parametrize("after_submitting", [True, False])
async def test_one_can_go_back_to_the_suggested_words(
    place: Office, runtime: Runtime, message: Message, after_submitting: bool
) -> None:
    view = await shared(place.amara, message)
    if after_submitting:
        await in_own_words(runtime, place.amara, f"My own. {DISCLOSURE}")
    else:
        await press_in_dialog(runtime, place.amara, dialog.EDIT)
    await press_in_dialog(runtime, place.amara, dialog.BACK)
    assert text_in(view) == f"{FIRST} {ENDING}"
    assert dialog.BACK not in buttons_in(view)


async def test_own_words_go_along_to_another_network(
    place: Office, runtime: Runtime, message: Message
) -> None:
    said = f"My own. {DISCLOSURE}"
    await shared(place.amara, message)
    view = await in_own_words(runtime, place.amara, said)
    await instead(runtime, place.amara, Network.BLUESKY)
    assert text_in(view) == f"{said}\n\n{LINK}"
    assert "For Bluesky, in your own words" in view.plain


async def test_own_words_too_long_for_another_network_can_be_shortened_there(
    place: Office, runtime: Runtime, message: Message
) -> None:
    said = f"{'My own words. ' * 30}{DISCLOSURE}"
    await shared(place.amara, message)
    view = await in_own_words(runtime, place.amara, said)
    await instead(runtime, place.amara, Network.X)
    assert own_typed(view) == said
    type_own(place.amara, f"Mine. {DISCLOSURE}")
    await place.amara.submit()
    assert "For X, in your own words" in view.plain


async def test_words_too_long_for_an_address_are_pasted_and_the_dialog_says_why(
    place: Office, runtime: Runtime, message: Message
) -> None:
    said = f"{'ä' * 1_000} {DISCLOSURE}"
    await shared(place.amara, message)
    view = await in_own_words(runtime, place.amara, said)
    assert "paste it there" in view.plain
    assert DISCLOSURE in view.plain.split("paste it there")[1], "it says what to keep, and why"
    assert text_in(view) == f"{said}\n\n{LINK}"
    outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert parse_qs(urlsplit(outcome.url or "").query) == {"url": [LINK]}
