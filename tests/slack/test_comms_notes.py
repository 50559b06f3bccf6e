"""A note to comms about no post, from whoever meets what is for comms alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.notes import MOST_A_WEEK
from bot.runtime import Runtime
from bot.slack.views import replies, share_forms
from slack_sandbox import Person
from tests.support import SlackWorld, all_rows, rows, run_command

WORDS = "Our *talk* was taken, <!channel> & co."


async def open_form(person: Person) -> str:
    """Type what is for comms, and press Write to comms; the form."""
    said = await run_command(person, "/advocacy queue")
    assert said == f"{replies.NOT_COMMS}\n[Write to comms]"
    await person.press(person.private[-1], replies.WRITE_TO_COMMS)
    assert person.view is not None
    assert person.view.callback_id == share_forms.COMMS_FORM
    return person.view.plain


async def write(person: Person, words: str, **more: Any) -> str:
    """Fill the form in and send it; what stands in its place."""
    person.fill({"words": words, **more})
    await person.submit()
    assert person.view is not None
    return person.view.plain


def told(world: SlackWorld, words: str) -> list[str]:
    """The messages to comms with these words."""
    said = [message.plain for message in world.cleo.messages(world.comms)]
    return [plain for plain in said if words in plain]


async def many_members(world: SlackWorld, runtime: Runtime) -> None:
    """So many that notes may come without a name."""
    for number in range(10):
        await run_command(world.sandbox.add_person(f"colleague{number}"), "/advocacy join")
    await runtime.tick()


@pytest.mark.parametrize("sign", [True, False])
async def test_somebody_who_has_not_joined_writes_to_comms(
    world: SlackWorld, runtime: Runtime, url: str, sign: bool
) -> None:
    await many_members(world, runtime)
    assert "It carries your name" not in await open_form(world.amara)
    said = await write(world.amara, WORDS, sign=["sign"] if sign else [])
    assert ("with your name" in said) is sign
    await runtime.tick()
    assert bool(told(world, WORDS)) is sign, "without a name, not in the second it was written"
    world.sandbox.clock.advance(timedelta(days=1))
    await runtime.tick()
    [note] = told(world, WORDS)
    opening = "@amara sends you a note:" if sign else "A note, without a name:"
    assert note.startswith(opening)
    [message] = [one for one in world.cleo.messages(world.comms) if WORDS in one.plain]
    assert "<!channel>" not in message.mentions
    assert rows(url, "SELECT id FROM notice WHERE kind = 'note'") == []


async def test_among_few_members_it_carries_the_name(world: SlackWorld, runtime: Runtime) -> None:
    assert "It carries your name." in await open_form(world.amara)
    assert "with your name" in await write(world.amara, WORDS)
    await runtime.tick()
    [note] = told(world, WORDS)
    assert note.startswith("@amara sends you a note:")


async def test_it_counts_among_the_notes_of_a_week_and_needs_words(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    for number in range(MOST_A_WEEK):
        await open_form(world.amara)
        await write(world.amara, f"Note {number}.")
        await world.amara.close(everything=True)
    await runtime.tick()
    assert len(told(world, "Note ")) == MOST_A_WEEK
    before = all_rows(url)
    for words, error in ((" \n ", "Please write your note first."), ("Too much.", "I pass on 3")):
        await open_form(world.amara)
        await write(world.amara, words)
        assert world.amara.view is not None
        assert world.amara.view.errors["words"].startswith(error)
        await world.amara.close(everything=True)
    assert all_rows(url) == before


async def test_a_stranger_writes_to_nobody(world: SlackWorld, runtime: Runtime, url: str) -> None:
    stranger = world.sandbox.add_person("sam", team_id="T0ELSEWHERE")
    before = all_rows(url)
    assert await run_command(stranger, "/advocacy queue") == replies.STRANGER
    assert stranger.view is None
    assert all_rows(url) == before
