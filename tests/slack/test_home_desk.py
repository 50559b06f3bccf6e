"""What comms see on their Home tab besides, and the buttons there."""

from __future__ import annotations

from bot.runtime import Runtime
from bot.sandbox import Fault
from bot.slack.views import card, post_form
from bot.slack.views import home as views
from bot.slack.views.words import NOT_COMMS
from tests.slack.homes import home, press
from tests.support import (
    Office,
    approved_post,
    asked,
    fields,
    plainly,
    rows,
    stored,
    waiting_post,
)


async def test_comms_see_their_desk_and_others_never_do(place: Office, runtime: Runtime) -> None:
    await waiting_post(place, runtime, title="To be read")
    await approved_post(place, runtime, title="To go out")
    shown = await home(runtime, place.carl)
    assert "For the communications team" in shown
    assert "Pace check: green." in shown
    assert "1 waiting for approval." in shown
    assert "Post 1: To be read" in shown
    assert "Post 2: To go out" in shown
    for person in (place.amara, place.bo, place.gus):
        shown = await home(runtime, person)
        for words in ("communications team", "To be read", "To go out", "Pace check"):
            assert words not in shown


async def test_the_desk_stays_hidden_while_slack_does_not_say_who_is_in_comms(
    place: Office, runtime: Runtime
) -> None:
    place.sandbox.faults.add(Fault("conversations.members", error="missing_scope"))
    assert "communications team" not in await home(runtime, place.carl)
    assert "communications team" in await home(runtime, place.carl)


async def test_whoever_leaves_comms_loses_the_desk(place: Office, runtime: Runtime) -> None:
    assert "communications team" in await home(runtime, place.carl)
    place.comms.members.remove(place.carl)
    assert "communications team" not in await home(runtime, place.carl)


async def test_a_post_is_written_from_an_empty_desk(
    place: Office, runtime: Runtime, url: str
) -> None:
    assert "[Write a post]" in await home(runtime, place.cleo)
    assert "No posts are under way." in await home(runtime, place.cleo)
    await press(runtime, place.cleo, views.WRITE_POST)
    place.cleo.fill(fields())
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    assert place.cleo.view is not None
    assert "Sent for approval: Post 1 (“Our new release is out”)." in place.cleo.view.plain
    assert "Its card is in the comms channel." in place.cleo.view.plain
    assert rows(url, "SELECT state, revision FROM post") == [("in_review", 1)]


async def test_all_posts_open_from_the_desk_and_a_draft_from_there(
    place: Office, runtime: Runtime, url: str
) -> None:
    await waiting_post(place, runtime, title="To be read")
    await place.cleo.command("/advocacy queue")
    place.cleo.fill(fields(title="Half done"))
    assert place.cleo.view is not None
    await place.cleo.press(place.cleo.view, post_form.SAVE)
    await runtime.kit.afterwards.drain()
    await home(runtime, place.carl)
    await press(runtime, place.carl, views.ALL_POSTS)
    shown = place.carl.view
    assert shown is not None
    assert shown.plain.startswith("All posts")
    assert "Post 1: To be read" in shown.plain
    assert "Post 2: Half done\n[Edit]" in shown.plain
    await place.carl.press(shown, card.EDIT)
    assert shown.plain.startswith("Edit post 2")
    await place.carl.submit()
    await runtime.kit.afterwards.drain()
    assert "Sent for approval: Post 2 (“Half done”)." in shown.plain
    assert rows(url, "SELECT state FROM post ORDER BY id") == [("in_review",), ("in_review",)]


async def test_a_draft_withdrawn_since_the_list_was_opened_says_so_there(
    place: Office, runtime: Runtime
) -> None:
    await place.cleo.command("/advocacy queue")
    assert place.cleo.view is not None
    await place.cleo.press(place.cleo.view, post_form.SAVE)
    await runtime.kit.afterwards.drain()
    await home(runtime, place.carl)
    await press(runtime, place.carl, views.ALL_POSTS)
    shown = place.carl.view
    assert shown is not None
    await asked(place.cleo, "/advocacy withdraw 1")
    await place.carl.press(shown, card.EDIT)
    assert "Post 1 has been withdrawn already, so it stays as it is." in shown.plain


async def test_the_buttons_of_the_desk_are_only_for_comms(
    place: Office, runtime: Runtime, url: str
) -> None:
    await home(runtime, place.carl)
    place.comms.members.remove(place.carl)
    before = stored(url)
    for action in (views.WRITE_POST, views.ALL_POSTS):
        await press(runtime, place.carl, action)
        assert place.carl.view is not None
        assert plainly(NOT_COMMS) in place.carl.view.plain
        await place.carl.close()
        await place.carl.open_home()
    assert stored(url) == before
