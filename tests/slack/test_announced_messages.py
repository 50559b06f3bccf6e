"""What stands in the opt-in channel: what it tells, how it changes, and how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.model import PostState
from bot.runtime import Runtime
from bot.sandbox import Fault, Message
from bot.slack.views import announcement, card, words
from tests.support import (
    START,
    Office,
    announced,
    approved_post,
    asked,
    fields,
    live_post,
    press_in_dialog,
    the_card,
)

DAY = timedelta(days=1)


def posted_in_the_channel(place: Office) -> int:
    """How often something was posted there, whatever became of it."""
    calls = [call for call in place.sandbox.calls if call.method == "chat.postMessage"]
    return len([call for call in calls if call.payload["channel"] == place.news.id])


def shown_in_the_channel(place: Office) -> list[str]:
    """All that the channel message was ever made to say."""
    methods = ("chat.postMessage", "chat.update")
    calls = [call for call in place.sandbox.calls if call.method in methods]
    return [str(call.payload) for call in calls if call.payload["channel"] == place.news.id]


async def withdrawn(place: Office, runtime: Runtime, number: int) -> None:
    await asked(place.carl, f"/advocacy withdraw {number}")
    await runtime.kit.afterwards.drain()


async def corrected(place: Office, runtime: Runtime, number: int, **changed: object) -> None:
    """Cleo edits a live post, and Carl approves it."""
    await place.cleo.press(the_card(place, number), card.EDIT)
    place.cleo.fill(fields(**changed))
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    await place.carl.press(the_card(place, number), card.APPROVE)
    await runtime.kit.afterwards.drain()


def assert_ended(message: Message, how: PostState) -> None:
    """The buttons are gone, and one line says why."""
    why = announcement.why_ended(how)
    assert message.plain == f"Our new release is out\n{why}"
    assert "actions" not in {block["type"] for block in message.blocks}
    assert why in message.text


async def test_the_message_pings_nobody_whatever_the_text_holds(
    place: Office, runtime: Runtime
) -> None:
    hostile = f"<!channel> <@{place.bo.id}> <!here|you> &lt;!everyone&gt; *bold*"
    message = await live_post(place, runtime, title=hostile, why=hostile)
    assert message.pings == []
    assert "<!channel>" in message.plain
    assert "@bo" not in message.plain
    assert message.text.startswith("&lt;!channel&gt;"), "what a notification shows is escaped too"


async def test_the_message_stays_the_same_whoever_answers_it(
    place: Office, runtime: Runtime
) -> None:
    message = await live_post(place, runtime)
    before = (message.text, message.blocks)
    for person in (place.amara, place.bo):
        await asked(person, "/advocacy join")
    await place.amara.press(message, announcement.SHARE)
    await press_in_dialog(runtime, place.amara, "open_composer")
    await press_in_dialog(runtime, place.amara, "mark_shared")
    await place.bo.press(message, announcement.SKIP)
    await runtime.tick()
    assert (message.text, message.blocks) == before
    assert not message.edited
    [shown] = shown_in_the_channel(place)
    for person in place.sandbox.persons:
        assert person.id not in shown
        assert person.real_name not in shown
    for word in ("amara", "bo"):
        assert word not in str([one.blocks for one in place.cleo.messages(place.comms)])


async def test_comms_cannot_see_in_their_channel_that_anybody_answered(
    place: Office, runtime: Runtime
) -> None:
    message = await live_post(place, runtime)
    await asked(place.amara, "/advocacy join")
    before = [(one.ts, one.text, one.blocks) for one in place.cleo.messages(place.comms)]
    await place.amara.press(message, announcement.SHARE)
    await runtime.tick()
    assert before == [(one.ts, one.text, one.blocks) for one in place.cleo.messages(place.comms)]


async def test_a_withdrawn_post_loses_its_buttons_and_says_why(
    place: Office, runtime: Runtime
) -> None:
    message = await live_post(place, runtime)
    await withdrawn(place, runtime, 1)
    assert_ended(message, PostState.WITHDRAWN)
    assert posted_in_the_channel(place) == 1


async def test_an_expired_post_loses_its_buttons_at_that_very_heartbeat(
    place: Office, runtime: Runtime
) -> None:
    end = START + 10 * DAY
    message = await live_post(place, runtime, expires_at=int(end.timestamp()))
    place.sandbox.clock.move_to(end - timedelta(minutes=1))
    await runtime.tick()
    assert "[Share] [Skip]" in message.plain
    place.sandbox.clock.move_to(end)
    await runtime.tick()
    assert_ended(message, PostState.EXPIRED)
    assert the_card(place, 1).plain.splitlines()[2] == "Expired."


@pytest.mark.parametrize("way", ["withdrawn", "expired"])
async def test_a_late_click_is_answered_kindly_and_to_the_person_alone(
    place: Office, runtime: Runtime, way: str
) -> None:
    end = START + 10 * DAY
    message = await live_post(place, runtime, expires_at=int(end.timestamp()))
    await asked(place.amara, "/advocacy join")
    # The message cannot be edited at that moment, so its buttons are still there.
    place.sandbox.faults.add(Fault("chat.update", error="internal_error", times=None))
    if way == "withdrawn":
        await withdrawn(place, runtime, 1)
    else:
        place.sandbox.clock.move_to(end)
        await runtime.tick()
    for button in (announcement.SHARE, announcement.SKIP):
        await place.amara.press(message, button)
        await runtime.kit.afterwards.drain()
        assert place.amara.private[-1].text == words.POST_ENDED
        assert place.amara.view is None
    place.sandbox.faults.clear()
    await runtime.tick()
    assert "[Share]" not in message.plain


async def test_a_corrected_typo_changes_the_message_and_announces_nothing(
    place: Office, runtime: Runtime
) -> None:
    message = await live_post(place, runtime, title="Our new releese is out")
    await place.cleo.press(the_card(place, 1), card.EDIT)
    place.cleo.fill(fields(title="Our new release is out"))
    await place.cleo.submit()
    await runtime.tick()
    assert message.plain.startswith("Our new releese"), "not before somebody has approved it"
    await place.carl.press(the_card(place, 1), card.APPROVE)
    await runtime.kit.afterwards.drain()
    assert message.plain.startswith("Our new release is out")
    assert "[Share] [Skip]" in message.plain
    await runtime.tick()
    assert announced(place) == [message]
    assert posted_in_the_channel(place) == 1


async def test_a_correction_takes_no_turn_from_the_next_post(
    place: Office, runtime: Runtime
) -> None:
    await live_post(place, runtime, title="Our new releese is out")
    place.sandbox.clock.advance(2 * DAY)
    await corrected(place, runtime, 1, title="Our new release is out")
    await approved_post(place, runtime, title="Next")
    await runtime.tick()
    assert [message.plain.splitlines()[0] for message in announced(place)] == [
        "Our new release is out",
        "Next",
    ]


async def test_a_message_that_somebody_deleted_holds_up_nothing(
    place: Office, runtime: Runtime
) -> None:
    message = await live_post(place, runtime)
    await approved_post(place, runtime, title="Next", topics="other")
    place.sandbox.state.delete(message)
    await withdrawn(place, runtime, 1)
    assert the_card(place, 1).plain.splitlines()[2] == "Withdrawn."
    place.sandbox.clock.advance(7 * DAY)
    await runtime.tick()
    assert [one.plain.splitlines()[0] for one in announced(place)] == ["Next"]
    before = len(place.sandbox.calls)
    await runtime.tick()
    assert len(place.sandbox.calls) == before, "it does not try for ever"


async def test_a_deleted_message_can_be_corrected_without_coming_back(
    place: Office, runtime: Runtime
) -> None:
    message = await live_post(place, runtime, title="Our new releese is out")
    place.sandbox.state.delete(message)
    await corrected(place, runtime, 1)
    await runtime.tick()
    assert announced(place) == []
    assert posted_in_the_channel(place) == 1
    assert "Our new release is out" in await asked(place.amara, "/advocacy browse")


async def test_a_deleted_card_comes_back_with_the_next_change(
    place: Office, runtime: Runtime
) -> None:
    await approved_post(place, runtime)
    old = the_card(place, 1)
    place.sandbox.state.delete(old)
    await runtime.tick()
    new = the_card(place, 1)
    assert new is not old
    assert new.plain.splitlines()[2] == "Live."
    await withdrawn(place, runtime, 1)
    assert the_card(place, 1) is new
    assert new.plain.splitlines()[2] == "Withdrawn."
    assert_ended(announced(place)[0], PostState.WITHDRAWN)
