"""What happens to direct messages when their post ends or is corrected."""

from __future__ import annotations

import pytest

from bot.domain.model import PostState
from bot.runtime import Runtime
from bot.sandbox import Message
from bot.slack.views import announcement, ask, card, words
from tests.slack.direct import DAY, HOUR, direct, follow, let_pass, next_direct, proposed
from tests.support import START, Office, actions, asked, fields, live_post, pressed, rows, the_card


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases"}


async def corrected(place: Office, runtime: Runtime, number: int, **changed: object) -> None:
    """Cleo edits a live post, and Carl approves it."""
    await place.cleo.press(the_card(place, number), card.EDIT)
    place.cleo.fill(fields(topics="releases", **changed))
    await place.cleo.submit()
    await runtime.kit.afterwards.drain()
    await place.carl.press(the_card(place, number), card.APPROVE)
    await runtime.kit.afterwards.drain()


async def proposed_until_its_end(place: Office, runtime: Runtime) -> Message:
    """A post that was proposed to Amara; its time has just run out, its buttons are still there."""
    expires = START + 10 * DAY
    await live_post(place, runtime, topics="releases", expires_at=int(expires.timestamp()))
    await follow(place.amara)
    message = await next_direct(place, runtime, place.amara)
    place.sandbox.clock.move_to(expires)
    return message


async def test_a_withdrawn_post_takes_its_buttons_out_of_direct_messages(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    why = announcement.why_ended(PostState.WITHDRAWN)
    assert message.plain == f"Our new release is out\n{why}"
    assert actions(message) == []
    assert why in message.text


async def test_an_expired_post_takes_its_buttons_out_of_direct_messages(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed_until_its_end(place, runtime)
    await runtime.tick()
    why = announcement.why_ended(PostState.EXPIRED)
    assert message.plain == f"Our new release is out\n{why}"


@pytest.mark.parametrize("button", [ask.SHARE, ask.SKIP])
async def test_a_click_after_the_end_gets_a_kind_word(
    place: Office, runtime: Runtime, url: str, button: str
) -> None:
    message = await proposed_until_its_end(place, runtime)
    assert await pressed(runtime, place.amara, message, button) == words.POST_ENDED
    assert place.amara.view is None
    assert rows(url, "SELECT count(*) FROM response") == [(0,)]


@pytest.mark.parametrize("choice", [ask.LATER, ask.LEAVE])
async def test_a_choice_after_the_end_gets_a_word_too(
    place: Office, runtime: Runtime, url: str, choice: str
) -> None:
    message = await proposed_until_its_end(place, runtime)
    before = (message.plain, len(place.amara.private))
    outcome = await place.amara.choose(message, ask.MENU, f"{choice}:1:1")
    assert outcome.acknowledged
    await runtime.kit.afterwards.drain()
    assert (message.plain, len(place.amara.private)) != before, "they read something"
    said = message.plain + place.amara.private[-1].plain
    assert "I may bring it once more" not in said
    left = rows(url, "SELECT left_at IS NOT NULL FROM member")
    assert left == [(choice == ask.LEAVE,)]


async def test_a_correction_changes_the_message_and_sends_nothing_new(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    await corrected(place, runtime, 1, title="Our newest release is out")
    await let_pass(place, runtime, DAY)
    assert message.plain.startswith("Our newest release is out\n")
    assert "You follow Releases. At most once a week, as you chose." in message.plain
    assert direct(place, place.amara) == [message]
    await place.amara.press(message, ask.SHARE)
    assert place.amara.view is not None


async def test_a_correction_leaves_an_answered_message_alone(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    await pressed(runtime, place.amara, message, ask.SKIP)
    before = message.plain
    await corrected(place, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    assert message.plain == before
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    assert "withdrawn" in message.plain, "its reasons can't be answered any more"


async def test_a_correction_leaves_the_offer_to_renew(place: Office, runtime: Runtime) -> None:
    await follow(place.amara)
    place.sandbox.clock.advance(168 * DAY + 2 * HOUR)
    await live_post(place, runtime, topics="releases")
    await let_pass(place, runtime, DAY)
    [message] = direct(place, place.amara)
    assert "[Renew]" in message.plain
    await corrected(place, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    assert message.plain.startswith("Our newest release is out\n")
    assert "[Renew]" in message.plain


async def test_a_message_that_the_person_deleted_does_not_come_back(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    place.sandbox.state.delete(message)
    await corrected(place, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    await runtime.tick()
    assert direct(place, place.amara) == []


async def test_a_dialog_that_is_open_says_that_the_post_has_ended(
    place: Office, runtime: Runtime
) -> None:
    message = await proposed(place, runtime, place.amara)
    await place.amara.press(message, ask.SHARE)
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    assert place.amara.view is not None
    assert announcement.why_ended(PostState.WITHDRAWN) in place.amara.view.plain


@pytest.mark.parametrize("choice", [ask.WHO_SEES, ask.LESS, ask.PAUSE])
async def test_a_correction_reaches_a_message_that_is_still_a_question(
    place: Office, runtime: Runtime, choice: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    await place.amara.choose(message, ask.MENU, f"{choice}:1:1")
    await runtime.kit.afterwards.drain()
    assert "[Share] [Skip]" in message.plain
    await corrected(place, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    assert message.plain.startswith("Our newest release is out\n")
