"""What comms see on their Home tab besides, and the buttons there."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.slack.views import cards, post_form
from bot.slack.views import home_tab as views
from bot.slack.views.replies import NOT_COMMS
from slack_sandbox import Fault
from tests.slack.home_tab import click_on_home, open_home
from tests.support import (
    SlackWorld,
    all_rows,
    approved_post,
    fields,
    plainly,
    rows,
    run_command,
    waiting_post,
)


async def test_comms_see_their_desk_and_others_never_do(
    world: SlackWorld, runtime: Runtime
) -> None:
    await waiting_post(world, runtime, title="To be read")
    await approved_post(world, runtime, title="To go out")
    shown = await open_home(runtime, world.carl)
    assert "For the communications team" in shown
    assert "The pace check begins at about 20 members." in shown
    assert "1 waiting for approval." in shown
    assert "Post 1: To be read" in shown
    assert "Post 2: To go out" in shown
    for person in (world.amara, world.bo, world.gus):
        shown = await open_home(runtime, person)
        for words in ("communications team", "To be read", "To go out", "pace check"):
            assert words not in shown


async def test_the_desk_stays_hidden_while_slack_does_not_say_who_is_in_comms(
    world: SlackWorld, runtime: Runtime
) -> None:
    world.sandbox.faults.add(Fault("conversations.members", error="missing_scope"))
    assert "communications team" not in await open_home(runtime, world.carl)
    assert "communications team" in await open_home(runtime, world.carl)


async def test_whoever_leaves_comms_loses_the_desk(world: SlackWorld, runtime: Runtime) -> None:
    assert "communications team" in await open_home(runtime, world.carl)
    world.comms.members.remove(world.carl)
    assert "communications team" not in await open_home(runtime, world.carl)


async def test_a_post_is_written_from_an_empty_desk(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    assert "[Write a post]" in await open_home(runtime, world.cleo)
    assert "No posts are under way." in await open_home(runtime, world.cleo)
    await click_on_home(runtime, world.cleo, views.WRITE_POST)
    world.cleo.fill(fields())
    await world.cleo.submit()
    await runtime.context.background_tasks.drain()
    assert world.cleo.view is not None
    assert "Sent for approval: Post 1 (“Our new release is out”)." in world.cleo.view.plain
    assert "Its card is in the comms channel." in world.cleo.view.plain
    assert rows(url, "SELECT state, revision FROM post") == [("in_review", 1)]


async def test_all_posts_open_from_the_desk_and_a_draft_from_there(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_post(world, runtime, title="To be read")
    await world.cleo.command("/advocacy queue")
    world.cleo.fill(fields(title="Half done"))
    assert world.cleo.view is not None
    await world.cleo.press(world.cleo.view, post_form.SAVE)
    await runtime.context.background_tasks.drain()
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, views.ALL_POSTS)
    shown = world.carl.view
    assert shown is not None
    assert shown.plain.startswith("All posts")
    assert "Post 1: To be read" in shown.plain
    assert "Post 2: Half done\n[Edit]" in shown.plain
    await world.carl.press(shown, cards.EDIT)
    assert shown.plain.startswith("Edit post 2")
    await world.carl.submit()
    await runtime.context.background_tasks.drain()
    assert "Sent for approval: Post 2 (“Half done”)." in shown.plain
    assert rows(url, "SELECT state FROM post ORDER BY id") == [("in_review",), ("in_review",)]


async def test_a_draft_withdrawn_since_the_list_was_opened_says_so_there(
    world: SlackWorld, runtime: Runtime
) -> None:
    await world.cleo.command("/advocacy queue")
    assert world.cleo.view is not None
    await world.cleo.press(world.cleo.view, post_form.SAVE)
    await runtime.context.background_tasks.drain()
    await open_home(runtime, world.carl)
    await click_on_home(runtime, world.carl, views.ALL_POSTS)
    shown = world.carl.view
    assert shown is not None
    await run_command(world.cleo, "/advocacy withdraw 1")
    await world.carl.press(shown, cards.EDIT)
    assert "Post 1 has been withdrawn already, so it stays as it is." in shown.plain


async def test_the_buttons_of_the_desk_are_only_for_comms(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await open_home(runtime, world.carl)
    world.comms.members.remove(world.carl)
    before = all_rows(url)
    for action in (views.WRITE_POST, views.ALL_POSTS):
        await click_on_home(runtime, world.carl, action)
        assert world.carl.view is not None
        assert plainly(NOT_COMMS) in world.carl.view.plain
        await world.carl.close()
        await world.carl.open_home()
    assert all_rows(url) == before
