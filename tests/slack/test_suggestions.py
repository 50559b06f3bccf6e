"""Suggestions: what colleagues send from commands and shortcuts, and what comms do with it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.previews import Preview
from bot.runtime import Runtime, running
from bot.slack.views import replies
from bot.slack.views import suggestions as view
from bot.slack.views.membership import MORE, SUGGEST
from slack_sandbox import Message, Person
from tests.support import (
    SlackWorld,
    all_rows,
    click,
    rows,
    run_command,
    settings,
)

LINK = "https://news.example.org/one"
SECRET = "Between us: the launch slips"


async def fetch(link: str) -> Preview:
    """What every page says of itself."""
    return Preview("One for us", "What it is.", "")


@pytest.fixture
async def runtime(world: SlackWorld, url: str) -> AsyncIterator[Runtime]:
    chosen, clock = settings(world, url, PREVIEWS="on"), world.sandbox.clock
    async with running(chosen, clock, ticking=False, fetch=fetch, limits=None) as runtime:
        await world.sandbox.connected(2)
        yield runtime


async def send(runtime: Runtime, person: Person, *, tell: bool = False, words: str = "") -> str:
    """Send the form that is open; what stands in its place then."""
    person.fill({"tell": ["tell"] if tell else [], "words": words or None})
    outcome = await person.submit()
    assert outcome.acknowledged, outcome.error
    await runtime.context.background_tasks.drain()
    assert person.view is not None
    return person.view.plain_for(person)


def cards(world: SlackWorld) -> list[Message]:
    there = world.cleo.messages(world.comms)
    return [one for one in there if "suggest" in one.plain and not one.ephemeral_to]


def direct(person: Person) -> list[str]:
    """The bot's direct messages, but for private answers."""
    return [one.plain for one in person.dm if one.ephemeral_to is None]


async def test_news_are_suggested_used_and_answered(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    assert await run_command(world.amara, f"/advocacy suggest {LINK}") == ""
    said = await send(runtime, world.amara, tell=True, words="It's <!here> about us.")
    assert "Thank you. The comms team sees it now, with your name." in said
    assert "I'll tell you what became of it." in said
    [card] = cards(world)
    assert card.plain.startswith(f"@amara suggests news: {LINK}")
    assert "It's <!here> about us." in card.plain
    assert set(card.mentions) == {f"<@{world.amara.id}>"}
    answer = await click(runtime, world.carl, card, view.USE)
    assert answer.startswith("It's draft 1 now.")
    assert "@carl is making a post of a suggestion" in card.plain
    assert rows(url, "SELECT title, link, why, writer FROM revision") == [
        ("One for us", LINK, "What it is.", world.carl.id)
    ]
    assert direct(world.amara) == []
    await runtime.tick()
    await runtime.tick()
    [told] = direct(world.amara)
    assert "The comms team says thank you, and is making a post of it." in told
    assert rows(url, "SELECT id FROM suggestion") == []


async def test_of_two_who_decide_one_does(world: SlackWorld, runtime: Runtime, url: str) -> None:
    await run_command(world.amara, f"/advocacy suggest {LINK}")
    await send(runtime, world.amara)
    [card] = cards(world)
    kept = json.loads(json.dumps(card.blocks))
    answer = await click(runtime, world.cleo, card, view.DECLINE)
    assert answer.startswith("Declined.")
    assert card.plain == f"@cleo declined a suggestion: {LINK}"
    card.blocks = kept  # as somebody has it in sight who has not reloaded
    for action in (view.USE, view.DECLINE):
        assert await click(runtime, world.carl, card, action) == view.DECIDED_ALREADY
    await runtime.tick()
    assert direct(world.amara) == []  # she did not ask
    assert rows(url, "SELECT id FROM post") == []


@pytest.mark.parametrize("links", [0, 1, 2])
async def test_of_a_message_only_a_link_is_taken(
    world: SlackWorld, runtime: Runtime, url: str, links: int
) -> None:
    text = f"{SECRET} " + " ".join(f"<{LINK}{n}|here>" for n in range(links))
    message = world.bo.say(world.news, text)
    before = all_rows(url)
    assert (await world.amara.shortcut(view.FROM_MESSAGE, message)).acknowledged
    form = world.amara.view
    assert form is not None
    assert "What the message says, who wrote it and where stay there." in form.plain
    assert ("I found no link in that message." in form.plain) is (links == 0)
    assert all_rows(url) == before
    if links == 0:
        world.amara.fill({"link": f"{LINK}1"})
    if links == 2:
        world.amara.fill({"link": "1"})
    await send(runtime, world.amara)
    [card] = cards(world)
    number = 0 if links == 1 else 1
    assert card.plain.startswith(f"@amara suggests news: {LINK}{number}")
    kept = str(all_rows(url)["suggestion"]) + str(all_rows(url)["notice"])
    sent = "".join(str(call.payload) for call in world.sandbox.calls)
    for part in (SECRET, world.bo.id, message.ts):
        assert part not in kept
        assert part not in sent
    assert world.news.id not in kept


async def test_the_form_opens_from_everywhere(world: SlackWorld, runtime: Runtime) -> None:
    await world.amara.shortcut(SUGGEST)
    assert world.amara.view is not None
    assert world.amara.view.plain.startswith("Suggest news\nThe link")
    await world.amara.close()
    await run_command(world.amara, "/advocacy")
    await click(runtime, world.amara, world.amara.private[-1], MORE)
    await click(runtime, world.amara, world.amara.private[-1], SUGGEST)
    assert world.amara.view is not None
    world.amara.fill({"link": "news"})
    await world.amara.submit()
    assert world.amara.view.errors == {"link": "Please give a full link, starting with https://."}


async def test_three_a_week_are_passed_on(world: SlackWorld, runtime: Runtime) -> None:
    for number in range(4):
        await run_command(world.amara, f"/advocacy suggest {LINK}{number}")
        await send(runtime, world.amara)
        assert world.amara.view is not None
        refused = "I pass on 3 suggestions" in str(world.amara.view.errors)
        assert refused is (number == 3)
        await world.amara.close()
    assert len(cards(world)) == 3
    world.sandbox.clock.advance(timedelta(days=7))
    await run_command(world.amara, f"/advocacy suggest {LINK}9")
    await send(runtime, world.amara)
    assert len(cards(world)) == 4


async def test_guests_suggest_nothing_and_members_decide_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    assert await run_command(world.gus, f"/advocacy suggest {LINK}") == replies.GUESTS_STAY_OUT
    await world.gus.shortcut(SUGGEST)
    await runtime.context.background_tasks.drain()
    assert world.gus.view is not None
    assert replies.GUESTS_STAY_OUT in world.gus.view.plain
    await run_command(world.amara, f"/advocacy suggest {LINK}")
    await send(runtime, world.amara)
    [card] = cards(world)
    before = all_rows(url)
    for person in (world.gus, world.amara):
        await click(runtime, person, card, view.USE)
        assert person.private[-1].plain
    assert all_rows(url) == before
