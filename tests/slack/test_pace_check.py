"""The pace check: it slows direct messages down by itself, and tells comms what would help."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.domain.snapshot import GATE_ON
from bot.runtime import Runtime
from bot.slack.views import pace_check, replies
from slack_sandbox import Message, Person
from tests.slack.direct_asks import DAY, WIDE, advance, direct_messages, many
from tests.support import SlackWorld, all_rows, click, live_post, run_command

MEMBERS = GATE_ON.stop + 6


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases", **WIDE}


def told(world: SlackWorld) -> list[Message]:
    """What comms were told about the pace."""
    return [
        one
        for one in world.cleo.messages(world.comms)
        if not one.ephemeral_to and one.plain.startswith("Pace check:")
    ]


async def made(world: SlackWorld, runtime: Runtime, colour: str) -> list[Person]:
    """So many people that figures act, of whom so many pause as colour the next snapshot."""
    people = await many(world, runtime, MEMBERS)
    await runtime.tick()
    for person in people[: {"red": 8, "amber": 6}[colour]]:
        await run_command(person, "/advocacy pause 1 week")
    await runtime.tick()
    assert told(world) == [], "what one person does shows nowhere on the same day"
    await advance(world, runtime, DAY)
    assert rows_of_colour(world, runtime, colour)
    return people[8:]


def rows_of_colour(world: SlackWorld, runtime: Runtime, colour: str) -> bool:
    return bool(told(world)) and f"Pace check: {colour}" in told(world)[-1].plain


async def test_with_few_members_there_is_none(world: SlackWorld, runtime: Runtime) -> None:
    await runtime.tick()
    said = await run_command(world.carl, "/advocacy health")
    assert said.startswith("The pace check begins at about 20 members.")


async def test_green_needs_nothing(world: SlackWorld, runtime: Runtime) -> None:
    await many(world, runtime, MEMBERS)
    await runtime.tick()
    assert await run_command(world.carl, "/advocacy health") == (
        "Pace check: green. Direct messages go out at the pace that people chose.\n"
        "There's nothing you need to do."
    )
    assert told(world) == []


@pytest.mark.parametrize("colour", ["red", "amber"])
async def test_comms_hear_once_of_a_change_and_read_what_would_help(
    world: SlackWorld, runtime: Runtime, colour: str
) -> None:
    people = await made(world, runtime, colour)
    await advance(world, runtime, DAY)
    [word] = told(world)
    expected = {
        "red": "I'm sending no new direct messages until it recovers.",
        "amber": "I wait 50% longer between direct messages.",
    }[colour]
    assert expected in word.plain
    assert "What helps: fewer posts, topics that fit more closely" in word.plain
    assert not re.search(r"[0-9]|paus|left|leav", word.plain.replace("50%", "")), (
        "no kind of choice"
    )
    assert all(person.id not in str(word.blocks) for person in people)


async def test_red_halts_the_asks_and_the_channel_goes_on(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    people = await made(world, runtime, "red")
    posted = await live_post(world, runtime, topics="releases")
    await advance(world, runtime, 3 * DAY)
    assert [direct_messages(world, person) for person in people] == [[]] * (MEMBERS - 8)
    assert "[Share] [Skip]" in posted.plain
    said = await run_command(people[0], "/advocacy")
    assert "I'm sending no direct messages for now, so that they don't become too many." in said
    health = await run_command(world.carl, "/advocacy health")
    assert health.startswith("Pace check: red. I'm sending no new direct messages")
    assert "[Keep sending for a week]" in health
    assert "show no figures" in health


async def test_red_turns_green_by_itself_when_the_window_has_passed(
    world: SlackWorld, runtime: Runtime
) -> None:
    people = await made(world, runtime, "red")
    await live_post(world, runtime, topics="releases")
    await advance(world, runtime, 27 * DAY)
    assert "Pace check: green" in told(world)[-1].plain
    assert len(told(world)) == 2
    assert any(direct_messages(world, person) for person in people)


async def test_comms_let_red_go_on_for_a_week_once_a_week(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    people = await made(world, runtime, "red")
    await live_post(world, runtime, topics="releases")
    await run_command(world.carl, "/advocacy health")
    card = world.carl.private[-1]
    await click(runtime, world.carl, card, pace_check.ACKNOWLEDGE)
    assert card.plain.startswith("Direct messages go on until")
    assert "You can do this once a week." in card.plain
    await advance(world, runtime, DAY)
    assert any(direct_messages(world, person) for person in people)
    again = await run_command(world.cleo, "/advocacy health")
    assert "As comms asked, direct messages go on until" in again
    assert "[Keep sending for a week]" not in again


async def test_an_old_button_does_not_let_it_go_on_twice_in_a_week(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await made(world, runtime, "red")
    for person in (world.carl, world.cleo):
        await run_command(person, "/advocacy health")
    first, second = world.carl.private[-1], world.cleo.private[-1]
    await click(runtime, world.carl, first, pace_check.ACKNOWLEDGE)
    before = all_rows(url)
    world.sandbox.clock.advance(timedelta(days=6))
    await click(runtime, world.cleo, second, pace_check.ACKNOWLEDGE)
    assert second.plain == pace_check.nothing_to_acknowledge().text
    assert all_rows(url) == before


async def test_after_the_week_it_halts_again_and_can_be_let_go_on_again(
    world: SlackWorld, runtime: Runtime
) -> None:
    people = await made(world, runtime, "red")
    await run_command(world.carl, "/advocacy health")
    await click(runtime, world.carl, world.carl.private[-1], pace_check.ACKNOWLEDGE)
    await advance(world, runtime, 7 * DAY)
    await live_post(world, runtime, topics="releases")
    await advance(world, runtime, 2 * DAY)
    assert not any(direct_messages(world, person) for person in people)
    health = await run_command(world.carl, "/advocacy health")
    assert "[Keep sending for a week]" in health
    await click(runtime, world.carl, world.carl.private[-1], pace_check.ACKNOWLEDGE)
    await advance(world, runtime, 2 * DAY)
    assert any(direct_messages(world, person) for person in people)


async def test_amber_leaves_half_as_much_time_again(world: SlackWorld, runtime: Runtime) -> None:
    people = await made(world, runtime, "amber")
    for number in range(3):
        await live_post(world, runtime, topics="releases", title=f"News {number}")
    await advance(world, runtime, 12 * DAY)
    for person in people:
        moments = [one.at for one in direct_messages(world, person)]
        for sooner, later in pairwise(moments):
            assert later - sooner >= 7 * DAY
    assert any(direct_messages(world, person) for person in people)


@pytest.mark.parametrize("who", ["amara", "gus"])
async def test_others_see_nothing_of_it_and_cannot_let_it_go_on(
    world: SlackWorld, runtime: Runtime, url: str, who: str
) -> None:
    await made(world, runtime, "red")
    person = world.sandbox.person(who)
    expected = {"amara": f"{replies.NOT_COMMS}\n[Write to comms]", "gus": replies.GUEST}[who]
    assert await run_command(person, "/advocacy health") == expected
    await run_command(world.carl, "/advocacy health")
    before = all_rows(url)
    await click(runtime, person, world.carl.private[-1], pace_check.ACKNOWLEDGE)
    assert expected in {one.plain for one in person.private}
    assert all_rows(url) == before
