"""A new post goes to a first group; where it does not find its audience, it stops."""

from __future__ import annotations

import re

import pytest

from bot.domain.draws import seed_of
from bot.domain.first_group import FirstGroup
from bot.domain.ids import PostId, UserId
from bot.domain.snapshot import GATE_ON
from bot.runtime import Runtime
from bot.slack.views import asks, cards
from slack_sandbox import Message, Person
from tests.slack.direct_asks import DAY, advance, advance_to_heartbeat, direct_messages, many
from tests.support import (
    SlackWorld,
    approve,
    fields,
    fill_in,
    live_post,
    rows,
    run_command,
    send,
    the_card,
)

REACH = "SELECT reach FROM post"
PEOPLE = GATE_ON.stop + 21  # of whom 14 are a third, in steps
SHARE = 0.35
ENOUGH = 7  # people behind a verdict


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases", "ASKS_PER_WEEK": "3"}


def words_for_comms(world: SlackWorld) -> list[Message]:
    """What comms were told about posts that stopped by themselves."""
    return [
        message
        for message in world.cleo.messages(world.comms)
        if "isn't finding its audience" in message.plain
    ]


def asked_people(world: SlackWorld, people: list[Person]) -> list[Person]:
    return [person for person in people if direct_messages(world, person)]


async def first_ones(
    world: SlackWorld, runtime: Runtime, url: str
) -> tuple[list[Person], list[Person]]:
    """A post that many people follow: those who were asked first, and the others."""
    people = await many(world, runtime, PEOPLE)
    await runtime.tick()
    await live_post(world, runtime, topics="releases")
    group = FirstGroup(PostId(1), 1, SHARE)
    first = [person for person in people if group.includes(seed_of(UserId(person.id)))]
    assert len(first) >= 2 * ENOUGH
    while len(asked_people(world, people)) < len(first):
        await advance_to_heartbeat(world, runtime)
    assert asked_people(world, people) == first
    return first, [person for person in people if person not in first]


async def answer(runtime: Runtime, world: SlackWorld, people: list[Person], button: str) -> None:
    for person in people:
        await person.press(direct_messages(world, person)[0], button)
        if person.views:
            await person.close(everything=True)
    await runtime.context.background_tasks.drain()


async def test_a_part_is_asked_first_and_the_others_as_working_days_pass(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    first, others = await first_ones(world, runtime, url)
    await answer(runtime, world, first[:3], asks.SKIP)
    await runtime.tick()
    assert asked_people(world, others) == []
    await advance(world, runtime, 8 * DAY)
    assert asked_people(world, others) == others
    assert rows(url, REACH) == [("first_group",)]
    assert words_for_comms(world) == []


async def test_it_goes_on_to_everybody_on_the_day_after_a_welcome(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    first, _ = await first_ones(world, runtime, url)
    await answer(runtime, world, first[:4], asks.SHARE)
    for person, choice in zip(first[4:], (asks.LATER, asks.WHO_SEES, asks.LATER), strict=False):
        await person.choose(direct_messages(world, person)[0], asks.MENU, f"{choice}:1:1")
    await runtime.tick()
    assert rows(url, REACH) == [("first_group",)]
    await advance(world, runtime, DAY)
    assert rows(url, REACH) == [("everybody",)]
    assert words_for_comms(world) == []


async def test_it_stops_where_it_does_not_find_its_audience_and_says_so_once(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    first, others = await first_ones(world, runtime, url)
    await answer(runtime, world, first[:1], asks.SHARE)
    await answer(runtime, world, first[1 : ENOUGH + 1], asks.SKIP)
    await runtime.tick()
    assert rows(url, REACH) == [("first_group",)], "what people do shows nowhere on the same day"
    await advance(world, runtime, 4 * DAY)
    assert rows(url, REACH) == [("stopped",)]
    assert asked_people(world, others) == []
    assert rows(url, "SELECT DISTINCT state FROM ask") == [("sent",)]
    [word] = words_for_comms(world)
    said = re.sub(r" \(https:[^)]*\)", "", word.plain)  # the address of its card
    assert said.startswith("Our new release is out isn't finding its audience, so I've stopped it")
    assert "What would help: topics that fit more closely" in word.plain
    assert not re.search(r"[0-9]", said), "no counts"
    assert word.mentions == []
    for person in world.sandbox.persons:
        assert person.id not in str(word.blocks) + word.text

    assert "Our new release is out" in await run_command(others[0], "/advocacy browse")
    await others[0].open_home()
    await runtime.context.background_tasks.drain()
    assert others[0].home is not None
    assert "Our new release is out" in others[0].home.plain
    [posted] = [one for one in world.amara.messages(world.news) if not one.ephemeral_to]
    assert "[Share] [Skip]" in posted.plain


async def test_a_correction_begins_again_with_those_who_have_not_seen_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    first, others = await first_ones(world, runtime, url)
    await answer(runtime, world, first, asks.SKIP)
    await advance(world, runtime, 2 * DAY)
    await world.cleo.press(the_card(world, 1), cards.EDIT)
    await fill_in(world.cleo, fields(topics="releases", why="It saves you an hour each night."))
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    await approve(world.carl, 1)
    assert rows(url, REACH) == [("first_group",)]
    await advance(world, runtime, DAY)
    second = asked_people(world, others)
    assert 0 < len(second) < len(others)
    assert [len(direct_messages(world, person)) for person in first] == [1] * len(first)
    assert "It saves you an hour each night." in direct_messages(world, second[0])[0].plain
