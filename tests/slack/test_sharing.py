"""The share dialog in every state: which words, which network, and what is stored of it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from bot.domain.model import Network
from bot.runtime import Runtime
from bot.sandbox import Message, Outcome, Person
from bot.slack.views import dialog
from tests.slack.sharing import buttons_in, instead, opened_text, shared, text_in
from tests.support import DISCLOSURE, LINK, Office, asked, fields, live_post, press_in_dialog, rows

FIRST, SECOND = "Backups now take half the time.", "Half the time for every backup."
FOR_X, FOR_BLUESKY = "Backups in half the time.", "Backups in half the time: how we did it."
ENDING = f"{DISCLOSURE}\n\n{LINK}"


@pytest.fixture
async def message(place: Office, runtime: Runtime) -> Message:
    """A live post with a second wording for LinkedIn; Amara and Bo have joined."""
    post = await live_post(place, runtime)
    await place.cleo.press(place.cleo.messages(place.comms)[0], "edit")
    await press_in_dialog(runtime, place.cleo, "add_wording:linkedin")
    place.cleo.fill(fields(**{"linkedin:0": FIRST, "linkedin:1": SECOND}))
    await place.cleo.submit()
    await place.carl.command("/advocacy approve 1")
    await runtime.kit.afterwards.drain()
    for person in (place.amara, place.bo):
        await asked(person, "/advocacy join")
    return post


def host(outcome: Outcome) -> str:
    return str(urlsplit(outcome.url or "").netloc)


def response(url: str, person: Person) -> tuple[object, ...] | None:
    """Stage, network and reason, as stored for one person."""
    found = rows(
        url,
        "SELECT stage, response.network, reason FROM response JOIN member ON member.id = member_id"
        f" WHERE \"user\" = '{person.id}'",
    )
    return found[0] if found else None


def history(url: str) -> list[object]:
    return [stage for (stage,) in rows(url, "SELECT stage FROM response_event ORDER BY id")]


# Networks and wordings.


async def test_share_stores_the_interest_and_opens_the_first_wording(
    place: Office, url: str, message: Message
) -> None:
    view = await shared(place.amara, message)
    assert response(url, place.amara) == ("interested", None, None)
    assert "For LinkedIn, wording 1 of 2" in view.plain
    assert text_in(view) == f"{FIRST} {ENDING}"
    assert "Only you see this" in view.plain
    assert dialog.SHARED not in buttons_in(view)


async def test_another_wording_goes_round(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    view = await shared(place.amara, message)
    for words, number in ((SECOND, 2), (FIRST, 1)):
        await press_in_dialog(runtime, place.amara, dialog.OTHER_WORDING)
        assert text_in(view) == f"{words} {ENDING}"
        assert f"wording {number} of 2" in view.plain
    assert place.amara.views == [view]
    assert history(url) == ["interested"], "looking around is not stored"


async def test_another_network_has_its_own_words_and_no_other_wording(
    place: Office, runtime: Runtime, message: Message
) -> None:
    view = await shared(place.amara, message)
    await instead(runtime, place.amara, Network.X)
    assert text_in(view) == f"{FOR_X} {DISCLOSURE} {LINK}", "X joins them with one space"
    assert dialog.OTHER_WORDING not in buttons_in(view)
    assert {f"{dialog.OTHER_NETWORK}:{other}" for other in ("linkedin", "bluesky")} < buttons_in(
        view
    )
    await instead(runtime, place.amara, Network.BLUESKY)
    assert text_in(view) == f"{FOR_BLUESKY} {ENDING}"


@pytest.mark.parametrize(
    ("network", "where"),
    [
        (Network.LINKEDIN, "www.linkedin.com"),
        (Network.X, "x.com"),
        (Network.BLUESKY, "bsky.app"),
    ],
)
async def test_open_is_stored_before_its_acknowledgement_and_carries_what_was_shown(
    place: Office, runtime: Runtime, url: str, message: Message, network: Network, where: str
) -> None:
    view = await shared(place.amara, message)
    if network is not Network.LINKEDIN:
        await instead(runtime, place.amara, network)
    shown = text_in(view)
    outcome = await place.amara.press(view, dialog.OPEN)
    assert outcome.acknowledged
    assert response(url, place.amara) == ("opened", network, None)
    assert host(outcome) == where
    assert opened_text(outcome) == shown


async def test_the_network_last_opened_comes_first_the_next_time(
    place: Office, runtime: Runtime, message: Message
) -> None:
    await shared(place.amara, message)
    await instead(runtime, place.amara, Network.BLUESKY)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await place.amara.close()
    assert "For Bluesky" in (await shared(place.amara, message)).plain
    assert "For LinkedIn" in (await shared(place.bo, message)).plain


async def test_a_network_that_the_post_has_no_words_for_is_not_offered(
    place: Office, runtime: Runtime, message: Message
) -> None:
    await shared(place.amara, message)
    await instead(runtime, place.amara, Network.X)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    other = await live_post(place, runtime, title="Other", **{"x:0": "", "bluesky:0": ""})
    view = await shared(place.amara, other)
    assert "For LinkedIn" in view.plain
    assert not [name for name in buttons_in(view) if name.startswith(dialog.OTHER_NETWORK)]


# Marking.


async def test_marking_as_shared_is_offered_after_opening_and_can_be_taken_back(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    view = await shared(place.amara, message)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert "(optional)" in view.plain
    await press_in_dialog(runtime, place.amara, dialog.SHARED)
    assert dialog.NOT_SHARED in buttons_in(view)
    assert response(url, place.amara) == ("shared", "linkedin", None)
    await press_in_dialog(runtime, place.amara, dialog.NOT_SHARED)
    assert dialog.NOT_SHARED not in buttons_in(view)
    assert response(url, place.amara) == ("opened", "linkedin", None)
    assert history(url) == ["interested", "opened", "shared", "opened"]


async def test_what_was_marked_stays_marked_when_looking_again(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await shared(place.amara, message)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SHARED)
    await place.amara.close()
    view = await shared(place.amara, message)
    assert dialog.NOT_SHARED in buttons_in(view)
    await instead(runtime, place.amara, Network.X)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert dialog.NOT_SHARED in buttons_in(view)
    assert response(url, place.amara) == ("shared", "linkedin", None)


async def test_two_people_see_nothing_of_each_other(
    place: Office, runtime: Runtime, message: Message
) -> None:
    await shared(place.amara, message)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SHARED)
    view = await shared(place.bo, message)
    assert not {dialog.SHARED, dialog.NOT_SHARED} & buttons_in(view)
    assert not [one for one in place.bo.private if "amara" in one.plain.lower()]
    assert "amara" not in view.plain.lower()
