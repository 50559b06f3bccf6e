"""Tell comms I shared: after Mark as shared, together in the morning, and thanked for once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.notes import MOST_A_WEEK
from bot.runtime import Runtime
from bot.slack.views import share_dialog
from bot.slack.views import share_notes as view
from slack_sandbox import Message, Person
from tests.slack.share_dialog import buttons_in, click_share
from tests.support import (
    SlackWorld,
    all_rows,
    click_in_dialog,
    execute_sql,
    live_post,
    rows,
    run_command,
)

GATED = "UPDATE snapshot SET note_gate = 1"


@pytest.fixture
async def post(world: SlackWorld, runtime: Runtime, url: str) -> Message:
    """A live post, and members who may send notes without their names."""
    message = await live_post(world, runtime)
    for person in (world.amara, world.bo):
        await run_command(person, "/advocacy join")
    await runtime.tick()
    execute_sql(url, GATED)
    return message


async def mark_shared(runtime: Runtime, who: Person, post: Message) -> None:
    await click_share(who, post)
    await click_in_dialog(runtime, who, share_dialog.OPEN)
    await click_in_dialog(runtime, who, share_dialog.SHARED)


async def tell(runtime: Runtime, who: Person, words: str, **ticked: list[str]) -> str:
    """Press Tell comms, fill the form in and send it; what stands in its place."""
    await click_in_dialog(runtime, who, share_dialog.TELL_COMMS)
    assert who.view is not None
    assert who.view.callback_id == view.FORM
    who.fill({"words": words, **ticked})
    outcome = await who.submit()
    assert outcome.acknowledged, outcome.error
    return who.view.plain


async def next_morning(world: SlackWorld, runtime: Runtime) -> list[Message]:
    """The notes that comms have then."""
    world.sandbox.clock.advance(timedelta(days=3))
    await runtime.tick()
    said = world.cleo.messages(world.comms)
    return [one for one in said if view.DONT_ASK in one.plain]


async def thank(runtime: Runtime, who: Person, notes: Message, words: str) -> str:
    """Press Say thanks, fill the form in and send it; what stands in its place."""
    await who.press(notes, view.THANK)
    assert who.view is not None
    who.fill({"words": words})
    await who.submit()
    return who.view.plain


async def test_comms_hear_it_together_and_say_thanks_once(
    world: SlackWorld, runtime: Runtime, url: str, post: Message
) -> None:
    amara, bo, cleo, carl = world.amara, world.bo, world.cleo, world.carl
    await click_share(amara, post)
    await click_in_dialog(runtime, amara, share_dialog.OPEN)
    assert amara.view is not None
    assert share_dialog.TELL_COMMS not in buttons_in(amara.view), "only who marks it may tell"
    await amara.close(everything=True)
    for person in (amara, bo):
        await mark_shared(runtime, person, post)
    said = await tell(runtime, amara, "Well *liked*, <!channel>.", may_answer=["may_answer"])
    assert "gets your note without your name, at 10:00" in said
    assert "Undo “shared”" in said, "the dialog goes on"
    assert "with your name" in await tell(runtime, bo, "", sign=["sign"])
    await runtime.tick()
    assert not [one for one in cleo.messages(world.comms) if view.DONT_ASK in one.plain]

    [notes] = await next_morning(world, runtime)
    assert notes.plain.startswith("People who shared ")
    assert "“Well *liked*, <!channel>.”" in notes.plain
    assert "@bo shared it." in notes.plain
    assert "amara" not in notes.plain
    assert set(notes.mentions) == {f"<@{bo.id}>"}
    assert "liked" not in str(all_rows(url)), "once it is there, it is kept nowhere else"

    await carl.press(notes, view.THANK)  # who writes while a colleague sends
    carl.fill({"words": "And from me."})
    assert "Done. Those who said" in await thank(runtime, cleo, notes, "That helps <@U1>.")
    await carl.submit()
    assert carl.view is not None
    already = "Someone in comms has already said thanks for these notes. Once is enough."
    assert carl.view.plain.startswith(f"Say thanks\n{already}")
    await carl.close(everything=True)
    await carl.press(notes, view.THANK)
    assert carl.private[-1].plain == already
    asked = rows(url, "SELECT last_asked_at, consecutive_declines, next_ask_at FROM member")
    await runtime.tick()
    assert [one for one in amara.dm if one.ephemeral_to is None] == [], "it is night in New York"
    world.sandbox.clock.advance(timedelta(hours=6))
    await runtime.tick()
    await runtime.tick()
    [thanks] = [one.plain for one in amara.dm if one.ephemeral_to is None]
    assert thanks.startswith("The comms team says thank you for sharing “")
    assert "“That helps <@U1>.”" in thanks
    assert "cleo" not in thanks
    assert [one for one in bo.dm if one.ephemeral_to is None] == []
    assert rows(url, "SELECT id FROM ask") == []
    found = rows(url, "SELECT last_asked_at, consecutive_declines, next_ask_at FROM member")
    assert found == asked


async def test_what_is_undone_is_not_told(
    world: SlackWorld, runtime: Runtime, url: str, post: Message
) -> None:
    await mark_shared(runtime, world.amara, post)
    await tell(runtime, world.amara, "Well liked.")
    await click_in_dialog(runtime, world.amara, share_dialog.NOT_SHARED)
    assert await next_morning(world, runtime) == []
    # One who undoes it elsewhere while the form is open.
    await mark_shared(runtime, world.bo, post)
    await click_in_dialog(runtime, world.bo, share_dialog.TELL_COMMS)
    execute_sql(url, "UPDATE response SET stage = 'opened'")
    before = all_rows(url)
    await world.bo.submit()
    assert world.bo.view is not None
    assert view.NOT_SHARED in world.bo.view.plain
    assert all_rows(url) == before


async def test_a_few_of_one_person_are_passed_on_in_a_week(
    world: SlackWorld, runtime: Runtime, url: str, post: Message
) -> None:
    await mark_shared(runtime, world.amara, post)
    for number in range(MOST_A_WEEK):
        await tell(runtime, world.amara, f"Note {number}.")
    before = all_rows(url)
    await tell(runtime, world.amara, "One more.")
    assert world.amara.view is not None
    assert world.amara.view.errors["words"].startswith("I pass on 3 of these notes")
    assert all_rows(url) == before
    [notes] = await next_morning(world, runtime)
    assert f"“Note {MOST_A_WEEK - 1}.”" in notes.plain
    assert "Note 0." not in notes.plain, "the last one counts while it waits"
