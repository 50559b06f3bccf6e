"""What comms see on their Home tab besides, and the buttons there."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.runtime import Runtime
from bot.slack.views import cards, post_form, schedule
from bot.slack.views.replies import NOT_COMMS
from slack_sandbox import Fault, Person
from tests.slack.home_tab import click_on_home, open_home
from tests.support import (
    SlackWorld,
    all_rows,
    approved_post,
    fields,
    fill_in,
    plainly,
    rows,
    run_command,
    send,
    waiting_post,
    withdraw,
)


async def test_comms_see_their_desk_and_others_never_do(
    world: SlackWorld, runtime: Runtime
) -> None:
    await waiting_post(world, runtime, title="To be read")
    await approved_post(world, runtime, title="To go out")
    shown = await open_home(runtime, world.carl)
    assert shown.startswith("Comms desk\nNeeds you\n"), "before what members see"
    assert "The pace check begins at about 20 members." in shown
    assert "Post 1 by @cleo. It's waiting for your approval." in shown
    assert "Post 2 by @cleo. It's going out now." in shown
    for person in (world.amara, world.bo):
        shown = await open_home(runtime, person)
        for words in ("Comms desk", "Needs you", "To be read", "To go out", "pace check"):
            assert words not in shown


async def test_guests_in_comms_see_what_they_may_do(world: SlackWorld, runtime: Runtime) -> None:
    await waiting_post(world, runtime, world.gus, title="By a guest")
    shown = await open_home(runtime, world.gus)
    assert shown.startswith("Comms desk\nNothing needs you.")
    for words in ("[Freeze]", "[Approve]", "pace check"):
        assert words not in shown
    await run_command(world.carl, "/advocacy send-back 1 The link is broken")
    shown = await open_home(runtime, world.gus)
    assert "It was sent back to you: The link is broken\n[Edit] [Review]" in shown


async def test_the_desk_stays_hidden_while_slack_does_not_say_who_is_in_comms(
    world: SlackWorld, runtime: Runtime
) -> None:
    world.sandbox.faults.add(Fault("conversations.members", error="missing_scope"))
    assert "Comms desk" not in await open_home(runtime, world.carl)
    assert "Comms desk" in await open_home(runtime, world.carl)


async def test_whoever_leaves_comms_loses_the_desk(world: SlackWorld, runtime: Runtime) -> None:
    assert "Comms desk" in await open_home(runtime, world.carl)
    world.comms.members.remove(world.carl)
    assert "Comms desk" not in await open_home(runtime, world.carl)


async def test_a_post_is_written_from_an_empty_desk(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    assert "[Write a post]" in await open_home(runtime, world.cleo)
    assert "Nothing needs you." in await open_home(runtime, world.cleo)
    await click_on_home(runtime, world.cleo, cards.WRITE)
    await fill_in(world.cleo, fields())
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    assert world.cleo.view is not None
    assert "Sent for approval: “Our new release is out” (post 1)." in world.cleo.view.plain
    assert "Its card is in the comms channel." in world.cleo.view.plain
    assert rows(url, "SELECT state, revision FROM post") == [("in_review", 1)]


async def test_all_posts_open_from_the_desk_and_a_draft_from_there(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime, title="To be read")
    await world.cleo.command("/advocacy queue")
    await fill_in(world.cleo, fields(title="Half done"))
    assert world.cleo.view is not None
    await world.cleo.press(world.cleo.view, post_form.SAVE)
    await runtime.context.background_tasks.drain()
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, cards.ALL_POSTS)
    shown = world.carl.view
    assert shown is not None
    assert shown.plain.startswith("All posts")
    assert "Post 1: To be read" in shown.plain
    assert "Post 2: Half done\n[Edit]" in shown.plain
    await world.carl.press(shown, cards.EDIT)
    assert shown.plain.startswith("Edit post 2")
    await send(world.carl)
    await runtime.context.background_tasks.drain()
    assert "Sent for approval: “Half done” (post 2)." in shown.plain
    assert rows(url, "SELECT state FROM post ORDER BY id") == [("in_review",), ("in_review",)]


async def test_a_draft_withdrawn_since_the_list_was_opened_says_so_there(
    world: SlackWorld, runtime: Runtime
) -> None:
    await world.cleo.command("/advocacy queue")
    assert world.cleo.view is not None
    await world.cleo.press(world.cleo.view, post_form.SAVE)
    await runtime.context.background_tasks.drain()
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, cards.ALL_POSTS)
    shown = world.carl.view
    assert shown is not None
    await withdraw(world.cleo, 1)
    await world.carl.press(shown, cards.EDIT)
    assert "Post 1 has already been withdrawn, so it stays as it is." in shown.plain


async def test_the_buttons_of_the_desk_are_only_for_comms(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await open_home(runtime, world.carl)
    world.comms.members.remove(world.carl)
    before = all_rows(url)
    for action in (cards.WRITE, cards.ALL_POSTS, schedule.OPEN):
        await click_on_home(runtime, world.carl, action)
        assert world.carl.view is not None
        assert plainly(NOT_COMMS) in world.carl.view.plain
        await world.carl.close()
    assert all_rows(url) == before


def shown_home(person: Person) -> str:
    """What the Home tab shows as it was published last."""
    assert person.home is not None
    return person.home.plain


async def test_who_is_removed_from_comms_loses_the_desk_at_once(
    world: SlackWorld, runtime: Runtime
) -> None:
    await open_home(runtime, world.carl)
    assert "[Write a post]" in shown_home(world.carl)
    await world.carl.leave_channel(world.news)
    await runtime.context.background_tasks.drain()
    assert "[Write a post]" in shown_home(world.carl)
    await world.carl.leave_channel(world.comms)
    await runtime.context.background_tasks.drain()
    assert "[Write a post]" not in shown_home(world.carl)


async def test_where_slack_did_not_tell_it_the_hourly_look_finds_it(
    world: SlackWorld, runtime: Runtime
) -> None:
    for person in (world.carl, world.cleo):
        await open_home(runtime, person)
    world.comms.members.remove(world.carl)
    world.sandbox.clock.advance(timedelta(hours=1))
    await runtime.tick()
    assert "[Write a post]" not in shown_home(world.carl)
    assert "[Write a post]" in shown_home(world.cleo)


async def test_an_older_tab_never_comes_after_a_newer_one(
    world: SlackWorld, runtime: Runtime
) -> None:
    taken = asyncio.Event()
    world.sandbox.faults.add(Fault("views.publish", hold=taken))
    await world.amara.open_home()
    await world.sandbox.until(lambda: world.sandbox.faults.held == 1, what="the first tab")
    await run_command(world.amara, "/advocacy join")
    await run_command(world.amara, "/advocacy pause 1 week")
    await world.amara.open_home()
    assert "[Join]" in shown_home(world.amara)
    taken.set()
    await runtime.context.background_tasks.drain()
    assert "You're paused" in shown_home(world.amara)
    published = [one for one in world.sandbox.calls if one.method == "views.publish"]
    assert len(published) == 2, "what waited was published once"
