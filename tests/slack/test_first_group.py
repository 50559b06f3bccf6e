"""A new post goes to a small first group; where it does not find its audience, it stops."""

from __future__ import annotations

import re

import pytest

from bot.runtime import Runtime
from bot.sandbox import Message, Person
from bot.slack.views import ask, card
from tests.slack.direct import DAY, direct, let_pass, next_beat, staff
from tests.support import Office, asked, fields, live_post, rows, the_card

REACH = "SELECT reach FROM post"


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases", "ASKS_PER_WEEK": "3"}


def words_for_comms(place: Office) -> list[Message]:
    """What comms were told about posts that stopped by themselves."""
    return [
        message
        for message in place.cleo.messages(place.comms)
        if "isn't finding its audience" in message.plain
    ]


def asked_people(place: Office, people: list[Person]) -> list[Person]:
    return [person for person in people if direct(place, person)]


async def first_five(place: Office, runtime: Runtime) -> tuple[list[Person], list[Person]]:
    """A post that twelve people follow: those who were asked first, and the others."""
    people = await staff(place, 12)
    await live_post(place, runtime, topics="releases")
    while len(asked_people(place, people)) < 5:
        await next_beat(place, runtime)
    first = asked_people(place, people)
    return first, [person for person in people if person not in first]


async def answer(runtime: Runtime, place: Office, people: list[Person], button: str) -> None:
    for person in people:
        await person.press(direct(place, person)[0], button)
        if person.views:
            await person.close(everything=True)
    await runtime.kit.afterwards.drain()


async def test_only_five_are_asked_until_they_have_answered(
    place: Office, runtime: Runtime
) -> None:
    first, others = await first_five(place, runtime)
    assert len(first) == 5
    await let_pass(place, runtime, DAY)
    assert asked_people(place, others) == []


async def test_it_goes_on_to_everybody_once_it_is_welcome(
    place: Office, runtime: Runtime, url: str
) -> None:
    first, others = await first_five(place, runtime)
    await answer(runtime, place, first[:2], ask.SHARE)
    await answer(runtime, place, first[2:], ask.SKIP)
    await let_pass(place, runtime, 2 * DAY)
    assert rows(url, REACH) == [("everybody",)]
    assert asked_people(place, others) == others
    assert words_for_comms(place) == []


async def test_without_answers_the_group_grows_slowly(place: Office, runtime: Runtime) -> None:
    _, others = await first_five(place, runtime)
    await let_pass(place, runtime, 3 * DAY)
    assert len(asked_people(place, others)) == 5


async def test_it_stops_where_it_does_not_find_its_audience_and_says_so_once(
    place: Office, runtime: Runtime, url: str
) -> None:
    first, others = await first_five(place, runtime)
    await answer(runtime, place, first[:1], ask.SHARE)
    await answer(runtime, place, first[1:], ask.SKIP)
    await let_pass(place, runtime, 4 * DAY)
    assert rows(url, REACH) == [("stopped",)]
    assert asked_people(place, others) == []
    [word] = words_for_comms(place)
    assert word.plain.startswith(
        "Post 1, “Our new release is out”, isn't finding its audience, so I've stopped it"
    )
    assert "What would help: topics that fit more closely" in word.plain
    assert not re.search(r"[0-9]", word.plain.replace("Post 1", "")), "no counts"
    assert word.pings == []
    for person in place.sandbox.persons:
        assert person.id not in str(word.blocks) + word.text


async def test_it_stays_in_the_channel_and_in_browse(place: Office, runtime: Runtime) -> None:
    first, others = await first_five(place, runtime)
    await answer(runtime, place, first, ask.SKIP)
    await runtime.tick()
    assert "Our new release is out" in await asked(others[0], "/advocacy browse")
    await others[0].open_home()
    await runtime.kit.afterwards.drain()
    assert others[0].home is not None
    assert "Our new release is out" in others[0].home.plain
    [posted] = [one for one in place.amara.messages(place.news) if not one.ephemeral_to]
    assert "[Share] [Skip]" in posted.plain


async def test_asks_that_were_planned_already_are_taken_back_when_it_stops(
    place: Office, runtime: Runtime, url: str
) -> None:
    first, others = await first_five(place, runtime)
    await answer(runtime, place, first, ask.SKIP)
    await let_pass(place, runtime, 3 * DAY)
    assert asked_people(place, others) == []
    assert rows(url, "SELECT DISTINCT state FROM ask") == [("sent",)]
    assert rows(url, "SELECT asked FROM post") == [(5,)]


async def test_a_correction_begins_again_with_those_who_have_not_seen_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    first, others = await first_five(place, runtime)
    await answer(runtime, place, first, ask.SKIP)
    await let_pass(place, runtime, DAY)
    await place.cleo.press(the_card(place, 1), card.EDIT)
    place.cleo.fill(fields(topics="releases", why="It saves you an hour each night."))
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    await asked(place.carl, "/advocacy approve 1")
    assert rows(url, REACH) == [("first_group",)]
    await let_pass(place, runtime, DAY)
    assert len(asked_people(place, others)) == 5
    assert [len(direct(place, person)) for person in first] == [1] * 5, "nobody twice"
    second = asked_people(place, others)
    assert "It saves you an hour each night." in direct(place, second[0])[0].plain
    await answer(runtime, place, second, ask.SKIP)
    await let_pass(place, runtime, DAY)
    assert rows(url, REACH) == [("stopped",)]
    assert len(words_for_comms(place)) == 2, "once for each try"


async def test_later_and_looking_count_as_answers_but_not_against_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    first, _ = await first_five(place, runtime)
    await answer(runtime, place, first[:3], ask.SKIP)
    for person, choice in zip(first[3:], (ask.LATER, ask.WHO_SEES), strict=True):
        await person.choose(direct(place, person)[0], ask.MENU, f"{choice}:1:1")
    await runtime.tick()
    assert rows(url, REACH) == [("everybody",)]
