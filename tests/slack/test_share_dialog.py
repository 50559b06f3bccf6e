"""The share dialog in every state: which words, which network, and what is stored of it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import share_dialog
from slack_sandbox import Message, Outcome, Person
from tests.slack.share_dialog import (
    buttons_in,
    choose_network,
    click_share,
    networks_in,
    opened_text,
    text_in,
)
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    approve,
    click_in_dialog,
    fields,
    fill_in,
    live_post,
    rows,
    run_command,
    send,
)

# In the order that is Amara's own.
FIRST, SECOND = "Half the time for every backup.", "Backups now take half the time."
FOR_X, FOR_BLUESKY = "Backups in half the time.", "Backups in half the time: how we did it."
ENDING = f"{DISCLOSURE}\n\n{LINK}"


@pytest.fixture
async def message(world: SlackWorld, runtime: Runtime) -> Message:
    """A live post with a second wording for LinkedIn; Amara and Bo have joined."""
    post = await live_post(world, runtime)
    await world.cleo.press(world.cleo.messages(world.comms)[0], "edit")
    await click_in_dialog(runtime, world.cleo, "add_wording:linkedin")
    await fill_in(world.cleo, fields(**{"linkedin:0": FIRST, "linkedin:1": SECOND}))
    await send(world.cleo)
    await approve(world.carl, 1)
    await runtime.context.background_tasks.drain()
    for person in (world.amara, world.bo):
        await run_command(person, "/advocacy join")
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
    world: SlackWorld, url: str, message: Message
) -> None:
    view = await click_share(world.amara, message)
    assert response(url, world.amara) == ("interested", None, None)
    assert "For LinkedIn, text 1 of 2" in view.plain
    assert text_in(view) == f"{FIRST} {ENDING}"
    assert "Only you see this" in view.plain
    assert share_dialog.SHARED not in buttons_in(view)


async def test_another_wording_goes_round(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    view = await click_share(world.amara, message)
    for words, number in ((SECOND, 2), (FIRST, 1)):
        await click_in_dialog(runtime, world.amara, share_dialog.OTHER_WORDING)
        assert text_in(view) == f"{words} {ENDING}"
        assert f"text {number} of 2" in view.plain
    assert world.amara.views == [view]
    assert history(url) == ["interested"], "looking around is not stored"


async def test_another_network_has_its_own_words_and_no_other_wording(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    view = await click_share(world.amara, message)
    await choose_network(runtime, world.amara, Network.X)
    assert text_in(view) == f"{FOR_X} {DISCLOSURE} {LINK}", "X joins them with one space"
    assert share_dialog.OTHER_WORDING not in buttons_in(view)
    assert networks_in(view) == ["linkedin", "x", "bluesky"]
    await choose_network(runtime, world.amara, Network.BLUESKY)
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
    world: SlackWorld, runtime: Runtime, url: str, message: Message, network: Network, where: str
) -> None:
    view = await click_share(world.amara, message)
    if network is not Network.LINKEDIN:
        await choose_network(runtime, world.amara, network)
    shown = text_in(view)
    outcome = await world.amara.press(view, share_dialog.OPEN)
    assert outcome.acknowledged
    assert response(url, world.amara) == ("opened", network, None)
    assert host(outcome) == where
    assert opened_text(outcome) == shown


@pytest.mark.parametrize(
    ("action", "path", "carried"),
    [
        (share_dialog.OPEN, "/feed/", {"shareActive", "text"}),
        (share_dialog.OPEN_ON_PHONE, "/sharing/share-offsite/", {"url"}),
    ],
)
async def test_linkedin_opens_with_its_text_on_a_computer_and_with_the_link_on_a_phone(
    world: SlackWorld,
    runtime: Runtime,
    url: str,
    message: Message,
    action: str,
    path: str,
    carried: set[str],
) -> None:
    view = await click_share(world.amara, message)
    assert "On a phone LinkedIn takes only the link from me." in view.plain
    outcome = await click_in_dialog(runtime, world.amara, action)
    address = urlsplit(outcome.url or "")
    assert (address.netloc, address.path) == ("www.linkedin.com", path)
    assert set(parse_qs(address.query)) == carried
    assert response(url, world.amara) == ("opened", "linkedin", None)
    assert share_dialog.SHARED in buttons_in(view), "two clicks from the post to the network"


async def test_the_network_last_opened_comes_first_the_next_time(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await click_share(world.amara, message)
    await choose_network(runtime, world.amara, Network.BLUESKY)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await world.amara.close()
    assert "For Bluesky" in (await click_share(world.amara, message)).plain
    assert "For LinkedIn" in (await click_share(world.bo, message)).plain


async def test_a_network_that_the_post_has_no_words_for_is_not_offered(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await click_share(world.amara, message)
    await choose_network(runtime, world.amara, Network.X)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    other = await live_post(world, runtime, title="Other", **{"x:0": "", "bluesky:0": ""})
    view = await click_share(world.amara, other)
    assert "For LinkedIn" in view.plain
    assert networks_in(view) == [], "one is no choice"


# Marking.


async def test_marking_as_shared_is_offered_after_opening_and_can_be_taken_back(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    view = await click_share(world.amara, message)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert "(optional)" in view.plain
    await click_in_dialog(runtime, world.amara, share_dialog.SHARED)
    assert share_dialog.NOT_SHARED in buttons_in(view)
    assert response(url, world.amara) == ("shared", "linkedin", None)
    await click_in_dialog(runtime, world.amara, share_dialog.NOT_SHARED)
    assert share_dialog.NOT_SHARED not in buttons_in(view)
    assert response(url, world.amara) == ("opened", "linkedin", None)
    assert history(url) == ["interested", "opened", "shared", "opened"]


async def test_what_was_marked_stays_marked_when_looking_again(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await click_share(world.amara, message)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.SHARED)
    await world.amara.close()
    view = await click_share(world.amara, message)
    assert share_dialog.NOT_SHARED in buttons_in(view)
    await choose_network(runtime, world.amara, Network.X)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert share_dialog.NOT_SHARED in buttons_in(view)
    assert response(url, world.amara) == ("shared", "linkedin", None)


async def test_two_people_see_nothing_of_each_other(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await click_share(world.amara, message)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.SHARED)
    view = await click_share(world.bo, message)
    assert not {share_dialog.SHARED, share_dialog.NOT_SHARED} & buttons_in(view)
    assert not [one for one in world.bo.private if "amara" in one.plain.lower()]
    assert "amara" not in view.plain.lower()
