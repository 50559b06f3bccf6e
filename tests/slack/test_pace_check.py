"""The pace check: it slows direct messages down by itself, and tells comms what would help."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.runtime import Runtime
from bot.sandbox import Message, Person
from bot.slack.views import ask, pace_check, words
from tests.slack.direct import DAY, HOUR, WIDE, direct, let_pass, staff
from tests.support import Office, asked, live_post, pressed, stored


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases", **WIDE}


def told(place: Office) -> list[Message]:
    """What comms were told about the pace."""
    return [
        one
        for one in place.cleo.messages(place.comms)
        if not one.ephemeral_to and one.plain.startswith("Pace check:")
    ]


async def made(place: Office, runtime: Runtime, colour: str) -> list[Person]:
    """Ten people, of whom as many leave or pause as make the pace check that colour."""
    people = await staff(place, 10)
    line = {"red": "/advocacy leave", "amber": "/advocacy pause 1 week"}[colour]
    for person in people[:2]:
        await asked(person, line)
    await runtime.tick()
    place.sandbox.clock.advance(HOUR)
    await runtime.tick()
    assert rows_of_colour(place, runtime, colour)
    return people[2:]


def rows_of_colour(place: Office, runtime: Runtime, colour: str) -> bool:
    return bool(told(place)) and f"Pace check: {colour}" in told(place)[-1].plain


async def test_green_needs_nothing(place: Office, runtime: Runtime) -> None:
    assert await asked(place.carl, "/advocacy health") == (
        "Pace check: green. Direct messages go out at the pace that people chose.\n"
        "There is nothing you need to do."
    )
    assert told(place) == []


@pytest.mark.parametrize("colour", ["red", "amber"])
async def test_comms_hear_once_of_a_change_and_read_what_would_help(
    place: Office, runtime: Runtime, colour: str
) -> None:
    people = await made(place, runtime, colour)
    await let_pass(place, runtime, DAY)
    [word] = told(place)
    expected = {
        "red": "I'm sending no new direct messages until it recovers.",
        "amber": "I leave half as much time again between direct messages.",
    }[colour]
    help_with = {"red": "stopped taking part", "amber": "taking a pause"}[colour]
    assert expected in word.plain
    assert "More people than usual" in word.plain
    assert help_with in word.plain
    assert not re.search(r"[0-9]", word.plain)
    assert all(person.id not in str(word.blocks) for person in people)


async def test_red_halts_the_asks_and_the_channel_goes_on(
    place: Office, runtime: Runtime, url: str
) -> None:
    people = await made(place, runtime, "red")
    posted = await live_post(place, runtime, topics="releases")
    await let_pass(place, runtime, 3 * DAY)
    assert [direct(place, person) for person in people] == [[]] * 8
    assert "[Share] [Skip]" in posted.plain
    said = await asked(people[0], "/advocacy")
    assert "I'm sending nobody direct messages for now, so that they don't become too many." in said
    health = await asked(place.carl, "/advocacy health")
    assert health.startswith("Pace check: red. I'm sending no new direct messages")
    assert "[Go on for a week]" in health
    assert "I show no figures here" in health


async def test_red_turns_green_by_itself_when_the_window_has_passed(
    place: Office, runtime: Runtime
) -> None:
    people = await made(place, runtime, "red")
    await live_post(place, runtime, topics="releases")
    await let_pass(place, runtime, 24 * DAY)
    assert "Pace check: green" in told(place)[-1].plain
    assert len(told(place)) == 2
    assert any(direct(place, person) for person in people)


async def test_comms_let_red_go_on_for_a_week_once_a_week(
    place: Office, runtime: Runtime, url: str
) -> None:
    people = await made(place, runtime, "red")
    await live_post(place, runtime, topics="releases")
    await asked(place.carl, "/advocacy health")
    card = place.carl.private[-1]
    await pressed(runtime, place.carl, card, pace_check.ACKNOWLEDGE)
    assert card.plain.startswith("Direct messages go on until")
    assert "You can do this once a week." in card.plain
    await let_pass(place, runtime, DAY)
    assert any(direct(place, person) for person in people)
    again = await asked(place.cleo, "/advocacy health")
    assert "As you asked, direct messages go on until" in again
    assert "[Go on for a week]" not in again


async def test_an_old_button_does_not_let_it_go_on_twice_in_a_week(
    place: Office, runtime: Runtime, url: str
) -> None:
    await made(place, runtime, "red")
    for person in (place.carl, place.cleo):
        await asked(person, "/advocacy health")
    first, second = place.carl.private[-1], place.cleo.private[-1]
    await pressed(runtime, place.carl, first, pace_check.ACKNOWLEDGE)
    before = stored(url)
    place.sandbox.clock.advance(timedelta(days=6))
    await pressed(runtime, place.cleo, second, pace_check.ACKNOWLEDGE)
    assert second.plain == pace_check.nothing_to_acknowledge().text
    assert stored(url) == before


async def test_after_the_week_it_halts_again_and_can_be_let_go_on_again(
    place: Office, runtime: Runtime
) -> None:
    people = await made(place, runtime, "red")
    await asked(place.carl, "/advocacy health")
    await pressed(runtime, place.carl, place.carl.private[-1], pace_check.ACKNOWLEDGE)
    await let_pass(place, runtime, 7 * DAY)
    await live_post(place, runtime, topics="releases")
    await let_pass(place, runtime, 2 * DAY)
    assert not any(direct(place, person) for person in people)
    health = await asked(place.carl, "/advocacy health")
    assert "[Go on for a week]" in health
    await pressed(runtime, place.carl, place.carl.private[-1], pace_check.ACKNOWLEDGE)
    await let_pass(place, runtime, 2 * DAY)
    assert any(direct(place, person) for person in people)


async def test_amber_leaves_half_as_much_time_again(place: Office, runtime: Runtime) -> None:
    people = await made(place, runtime, "amber")
    for number in range(3):
        await live_post(place, runtime, topics="releases", title=f"News {number}")
    await let_pass(place, runtime, 12 * DAY)
    for person in people:
        moments = [one.at for one in direct(place, person)]
        for sooner, later in pairwise(moments):
            assert later - sooner >= 7 * DAY
    assert any(direct(place, person) for person in people)


@pytest.mark.parametrize("who", ["amara", "gus"])
async def test_others_see_nothing_of_it_and_cannot_let_it_go_on(
    place: Office, runtime: Runtime, url: str, who: str
) -> None:
    await made(place, runtime, "red")
    person = place.sandbox.person(who)
    expected = {"amara": words.NOT_COMMS, "gus": words.GUEST}[who]
    assert await asked(person, "/advocacy health") == expected
    await asked(place.carl, "/advocacy health")
    before = stored(url)
    await pressed(runtime, person, place.carl.private[-1], pace_check.ACKNOWLEDGE)
    assert expected in {one.plain for one in person.private}
    assert stored(url) == before


async def test_skips_of_many_colour_it_and_name_what_would_help(
    place: Office, runtime: Runtime
) -> None:
    people = await staff(place, 12, pace="3_a_week")
    for number in range(5):
        await live_post(place, runtime, topics="releases", title=f"News {number}")
        await let_pass(place, runtime, 2 * DAY)
        for person in people:
            for message in direct(place, person):
                if "[Skip]" in message.plain:
                    await person.press(message, ask.SKIP)
        await runtime.kit.afterwards.drain()
        place.sandbox.clock.advance(-6 * DAY)
    place.sandbox.clock.advance(7 * DAY)
    await runtime.tick()
    health = await asked(place.carl, "/advocacy health")
    assert health.startswith("Pace check: red.")
    assert "People skip much of what they get." in health
