"""What stands in the opt-in channel: what it tells, how it changes, and how it ends."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.domain.post import PostState
from bot.runtime import Runtime
from bot.slack.views import announcements, cards, replies
from slack_sandbox import Fault, Message
from tests.support import (
    START,
    SlackWorld,
    announced,
    approved_post,
    click_in_dialog,
    fields,
    fill_in,
    live_post,
    run_command,
    send,
    the_card,
    withdraw,
)

DAY = timedelta(days=1)


def posted_in_the_channel(world: SlackWorld) -> int:
    """How often something was posted there, whatever became of it."""
    calls = [call for call in world.sandbox.calls if call.method == "chat.postMessage"]
    return len([call for call in calls if call.payload["channel"] == world.news.id])


def shown_in_the_channel(world: SlackWorld) -> list[str]:
    """All that the channel message was ever made to say."""
    methods = ("chat.postMessage", "chat.update")
    calls = [call for call in world.sandbox.calls if call.method in methods]
    return [str(call.payload) for call in calls if call.payload["channel"] == world.news.id]


async def withdrawn(world: SlackWorld, runtime: Runtime, number: int) -> None:
    await withdraw(world.carl, number)
    await runtime.context.background_tasks.drain()


async def corrected(world: SlackWorld, runtime: Runtime, number: int, **changed: object) -> None:
    """Cleo edits a live post, and Carl approves it."""
    await world.cleo.press(the_card(world, number), cards.EDIT)
    await fill_in(world.cleo, fields(**changed))
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    await world.carl.press(the_card(world, number), cards.APPROVE)
    await runtime.context.background_tasks.drain()


def assert_ended(message: Message, how: PostState) -> None:
    """The buttons are gone, and one line says why."""
    why = announcements.why_ended(how)
    assert message.plain == f"Our new release is out\n{why}"
    assert "actions" not in {block["type"] for block in message.blocks}
    assert why in message.text


async def test_the_message_pings_nobody_whatever_the_text_holds(
    world: SlackWorld, runtime: Runtime
) -> None:
    hostile = f"<!channel> <@{world.bo.id}> <!here|you> &lt;!everyone&gt; *bold*"
    message = await live_post(world, runtime, title=hostile, why=hostile)
    assert message.mentions == []
    assert "<!channel>" in message.plain
    assert "@bo" not in message.plain
    assert message.text.startswith("&lt;!channel&gt;"), "what a notification shows is escaped too"


async def test_the_message_stays_the_same_whoever_answers_it(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await live_post(world, runtime)
    before = (message.text, message.blocks)
    for person in (world.amara, world.bo):
        await run_command(person, "/advocacy join")
    await world.amara.press(message, announcements.SHARE)
    await click_in_dialog(runtime, world.amara, "open_composer")
    await click_in_dialog(runtime, world.amara, "mark_shared")
    await world.bo.press(message, announcements.SKIP)
    await runtime.tick()
    assert (message.text, message.blocks) == before
    assert not message.edited
    [shown] = shown_in_the_channel(world)
    for person in world.sandbox.persons:
        assert person.id not in shown
        assert person.real_name not in shown
    cards = str([one.blocks for one in world.cleo.messages(world.comms)])
    for word in ("amara", "bo"):
        assert re.search(rf"\b{word}\b", cards) is None


async def test_comms_cannot_see_in_their_channel_that_anybody_answered(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await live_post(world, runtime)
    await run_command(world.amara, "/advocacy join")
    before = [(one.ts, one.text, one.blocks) for one in world.cleo.messages(world.comms)]
    await world.amara.press(message, announcements.SHARE)
    await runtime.tick()
    assert before == [(one.ts, one.text, one.blocks) for one in world.cleo.messages(world.comms)]


async def test_a_withdrawn_post_loses_its_buttons_and_says_why(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await live_post(world, runtime)
    await withdrawn(world, runtime, 1)
    assert_ended(message, PostState.WITHDRAWN)
    assert posted_in_the_channel(world) == 1


async def test_an_expired_post_loses_its_buttons_at_that_very_heartbeat(
    world: SlackWorld, runtime: Runtime
) -> None:
    end = START + 10 * DAY
    message = await live_post(world, runtime, expires_at=int(end.timestamp()))
    world.sandbox.clock.move_to(end - timedelta(minutes=1))
    await runtime.tick()
    assert "[Share] [Skip]" in message.plain
    world.sandbox.clock.move_to(end)
    await runtime.tick()
    assert_ended(message, PostState.EXPIRED)
    assert the_card(world, 1).plain.splitlines()[2] == "Ended."


@pytest.mark.parametrize("way", ["withdrawn", "expired"])
async def test_a_late_click_is_answered_kindly_and_to_the_person_alone(
    world: SlackWorld, runtime: Runtime, way: str
) -> None:
    end = START + 10 * DAY
    message = await live_post(world, runtime, expires_at=int(end.timestamp()))
    await run_command(world.amara, "/advocacy join")
    # The message cannot be edited at that moment, so its buttons are still there.
    world.sandbox.faults.add(Fault("chat.update", error="internal_error", times=None))
    if way == "withdrawn":
        await withdrawn(world, runtime, 1)
    else:
        world.sandbox.clock.move_to(end)
        await runtime.tick()
    for button in (announcements.SHARE, announcements.SKIP):
        await world.amara.press(message, button)
        await runtime.context.background_tasks.drain()
        assert world.amara.private[-1].text == replies.POST_ENDED
        assert world.amara.view is None
    world.sandbox.faults.clear()
    await runtime.tick()
    assert "[Share]" not in message.plain


async def test_a_corrected_typo_changes_the_message_and_announces_nothing(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await live_post(world, runtime, title="Our new releese is out")
    await world.cleo.press(the_card(world, 1), cards.EDIT)
    await fill_in(world.cleo, fields(title="Our new release is out"))
    await send(world.cleo)
    await runtime.tick()
    assert message.plain.startswith("Our new releese"), "not before somebody has approved it"
    await world.carl.press(the_card(world, 1), cards.APPROVE)
    await runtime.context.background_tasks.drain()
    assert message.plain.startswith("Our new release is out")
    assert "[Share] [Skip]" in message.plain
    await runtime.tick()
    assert announced(world) == [message]
    assert posted_in_the_channel(world) == 1


async def test_a_correction_takes_no_turn_from_the_next_post(
    world: SlackWorld, runtime: Runtime
) -> None:
    await live_post(world, runtime, title="Our new releese is out")
    world.sandbox.clock.advance(2 * DAY)
    await corrected(world, runtime, 1, title="Our new release is out")
    await approved_post(world, runtime, title="Next")
    await runtime.tick()
    assert [message.plain.splitlines()[0] for message in announced(world)] == [
        "Our new release is out",
        "Next",
    ]


async def test_a_message_that_somebody_deleted_holds_up_nothing(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await live_post(world, runtime)
    await approved_post(world, runtime, title="Next", topics="other")
    world.sandbox.state.delete(message)
    await withdrawn(world, runtime, 1)
    assert the_card(world, 1).plain.splitlines()[2] == "Withdrawn."
    world.sandbox.clock.advance(7 * DAY)
    await runtime.tick()
    assert [one.plain.splitlines()[0] for one in announced(world)] == ["Next"]
    before = len(world.sandbox.calls)
    await runtime.tick()
    assert len(world.sandbox.calls) == before, "it does not try for ever"


async def test_a_deleted_message_can_be_corrected_without_coming_back(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await live_post(world, runtime, title="Our new releese is out")
    world.sandbox.state.delete(message)
    await corrected(world, runtime, 1)
    await runtime.tick()
    assert announced(world) == []
    assert posted_in_the_channel(world) == 1
    assert "Our new release is out" in await run_command(world.amara, "/advocacy browse")


async def test_a_deleted_card_comes_back_with_the_next_change(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime)
    old = the_card(world, 1)
    world.sandbox.state.delete(old)
    await runtime.tick()
    new = the_card(world, 1)
    assert new is not old
    assert new.plain.splitlines()[2].startswith("Live")
    await withdrawn(world, runtime, 1)
    assert the_card(world, 1) is new
    assert new.plain.splitlines()[2] == "Withdrawn."
    assert_ended(announced(world)[0], PostState.WITHDRAWN)
