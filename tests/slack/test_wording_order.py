"""Words that many colleagues have opened come last; first come the link and one's own words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.domain import wording_order
from bot.domain.post import Network
from bot.domain.snapshot import GATE_ON
from bot.runtime import Runtime
from bot.slack.views import share_dialog
from slack_sandbox import Person
from tests.slack.share_dialog import (
    buttons_in,
    choose_network,
    click_share,
    opened_text,
    text_in,
    type_own_words,
)
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    click_in_dialog,
    live_post,
    rows,
    run_command,
)

FOR_LINKEDIN = "Backups now take half the time. Here is how we got there."


@pytest.fixture
async def crowd(world: SlackWorld, runtime: Runtime) -> list[Person]:
    """So many colleagues that figures act, besides those in comms."""
    people = [world.sandbox.add_person(f"colleague{number}") for number in range(GATE_ON.stop)]
    for person in (*people, world.amara, world.bo):
        if person not in world.news.members:
            world.news.members.append(person)
        await run_command(person, "/advocacy join")
    return people


async def test_used_up_words_give_way_to_the_link_and_ones_own(
    world: SlackWorld, runtime: Runtime, url: str, crowd: list[Person]
) -> None:
    message = await live_post(world, runtime)
    late = await click_share(world.amara, message)
    assert text_in(late).startswith(FOR_LINKEDIN)
    for person in crowd[: wording_order.max_uses(len(crowd))]:
        await click_share(person, message)
        await click_in_dialog(runtime, person, share_dialog.OPEN)
    before = late.plain
    await runtime.tick()
    await world.amara.close()
    assert (await click_share(world.amara, message)).plain == before, "what others do shows nowhere"

    def words() -> list[str]:
        said = [message.plain for message in world.cleo.messages(world.comms)]
        return [plain for plain in said if "suggested texts" in plain]

    assert words() == []
    world.sandbox.clock.advance(timedelta(days=1))
    await runtime.tick()
    assert len(words()) == 1
    assert "for LinkedIn" in words()[0]
    without_link = re.sub(r"\(https:[^)]*\)", "", words()[0])
    assert str(wording_order.max_uses(len(crowd))) not in without_link, "no counts"

    outcome = await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert opened_text(outcome).startswith(FOR_LINKEDIN), "what is shown can be opened"

    late = await click_share(world.bo, message)
    assert text_in(late) == f"{DISCLOSURE}\n\n{LINK}"
    assert "have been used enough this week" in late.plain
    assert {share_dialog.EDIT, share_dialog.OPEN, share_dialog.OTHER_WORDING} < buttons_in(late)
    outcome = await click_in_dialog(runtime, world.bo, share_dialog.OPEN)
    assert opened_text(outcome) == f"{DISCLOSURE}\n\n{LINK}"
    await click_in_dialog(runtime, world.bo, share_dialog.OTHER_WORDING)
    assert text_in(late).startswith(FOR_LINKEDIN), "nothing is blocked"

    await choose_network(runtime, world.bo, Network.X)
    assert text_in(late).startswith("Backups in half the time.")
    await click_in_dialog(runtime, world.bo, share_dialog.EDIT)
    type_own_words(world.bo, f"My own. {DISCLOSURE}")
    await world.bo.submit()
    await click_in_dialog(runtime, world.bo, share_dialog.OPEN)
    opened = rows(url, "SELECT count(DISTINCT wording_id) FROM response_event")
    assert opened == [(1,)], "the link alone and own words count for no wording"
    await runtime.tick()
    assert len(words()) == 1
