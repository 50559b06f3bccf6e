"""Links say which network and which post a reader came through, in the text and in the composer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.post import Network
from bot.domain.snapshot import GATE_ON
from bot.runtime import Runtime
from bot.slack.views import share_dialog
from tests.slack.direct_asks import many
from tests.slack.share_dialog import (
    choose_network,
    opened_text,
    own_words_typed,
    share_new_post,
    text_in,
    type_own_words,
)
from tests.support import (
    DISCLOSURE,
    LINK,
    SlackWorld,
    bot_running,
    card_of,
    click_in_dialog,
    send,
    write_post,
)


def tagged(network: str, post: int = 1) -> str:
    return f"{LINK}?utm_source={network}&utm_medium=employee_advocacy&utm_campaign=post-{post}"


@pytest.fixture
async def tagging(world: SlackWorld, url: str) -> AsyncIterator[Runtime]:
    """The bot with the setting as it is by default."""
    async with bot_running(world, url, LINK_TAGS="", TOPICS="releases") as runtime:
        yield runtime


async def test_the_text_and_the_composer_carry_the_tagged_link(
    world: SlackWorld, tagging: Runtime
) -> None:
    view = await share_new_post(world, tagging, world.amara)
    for network in (Network.LINKEDIN, Network.X, Network.BLUESKY):
        if network is not Network.LINKEDIN:
            await choose_network(tagging, world.amara, network)
        assert text_in(view).endswith(tagged("social")), "a network would name who chose it"
        outcome = await click_in_dialog(tagging, world.amara, share_dialog.OPEN)
        assert opened_text(outcome) == text_in(view)
    card = card_of(world, 1).plain
    assert tagged("social") in card
    assert (
        "Links say utm_source=social, or the network's name once enough people have chosen it."
        in card
    )


async def test_own_words_take_the_tags_of_the_network_they_go_to(
    world: SlackWorld, tagging: Runtime
) -> None:
    view = await share_new_post(world, tagging, world.amara)
    await click_in_dialog(tagging, world.amara, share_dialog.EDIT)
    assert tagged("social") in own_words_typed(view)
    type_own_words(world.amara, f"Mine: {tagged('social')} {DISCLOSURE}")
    await world.amara.submit()
    assert text_in(view) == f"Mine: {tagged('social')} {DISCLOSURE}"
    await choose_network(tagging, world.amara, Network.BLUESKY)
    assert text_in(view) == f"Mine: {tagged('social')} {DISCLOSURE}"


async def test_networks_that_enough_members_chose_are_named(
    world: SlackWorld, tagging: Runtime
) -> None:
    people = await many(world, tagging, GATE_ON.stop)  # who all chose LinkedIn and X
    view = await share_new_post(world, tagging, people[0])  # some mornings later
    assert text_in(view).endswith(tagged("linkedin"))
    await choose_network(tagging, people[0], Network.BLUESKY)
    assert text_in(view).endswith(tagged("social"))


async def test_the_form_counts_the_tagged_link(world: SlackWorld, tagging: Runtime) -> None:
    await write_post(world.cleo, **{"linkedin:0": "a" * 2930})
    assert world.cleo.view is not None
    [error] = world.cleo.view.errors.items()
    assert error[0] == "linkedin:0"
    assert "of 3,000 on LinkedIn" in error[1]
    world.cleo.fill({"linkedin:0": None, "x:0": "a" * 242, "bluesky:0": "a" * 251})
    await send(world.cleo)
    assert world.cleo.view is None, "X counts any link as 23, Bluesky the start of it"


async def test_a_signed_link_gets_no_tags_and_the_form_and_the_card_say_so(
    world: SlackWorld, tagging: Runtime
) -> None:
    signed = "https://files.example.org/report.pdf?X-Amz-Expires=900&X-Amz-Signature=f0e1"
    said = "The link is signed, and a tag would break it, so it is shared without tags."
    await world.cleo.command(f"/advocacy queue {signed}", channel=world.comms)
    assert world.cleo.view is not None
    assert said in str(world.cleo.view.blocks)
    await world.cleo.command(f"/advocacy queue {LINK}", channel=world.comms)
    assert said not in str(world.cleo.view.blocks)
    view = await share_new_post(world, tagging, world.amara, link=signed)
    assert text_in(view).endswith(signed)
    assert said in card_of(world, 1).plain
