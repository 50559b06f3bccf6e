"""What happens to direct messages when their post ends or is corrected."""

from __future__ import annotations

import pytest

from bot.domain.post import PostState
from bot.runtime import Runtime
from bot.slack.views import announcements, asks, cards, replies
from slack_sandbox import Message
from tests.slack.direct_asks import (
    ANSWERED,
    DAY,
    HOUR,
    advance,
    choose_in_menu,
    direct_messages,
    join_for_direct,
    next_direct,
    receive_ask,
)
from tests.support import (
    START,
    SlackWorld,
    actions,
    click,
    fields,
    fill_in,
    live_post,
    rows,
    send,
    the_card,
    withdraw,
)


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases"}


async def corrected(world: SlackWorld, runtime: Runtime, number: int, **changed: object) -> None:
    """Cleo edits a live post, and Carl approves it."""
    await world.cleo.press(the_card(world, number), cards.EDIT)
    await fill_in(world.cleo, fields(topics="releases", **changed))
    await send(world.cleo)
    await runtime.context.background_tasks.drain()
    await world.carl.press(the_card(world, number), cards.APPROVE)
    await runtime.context.background_tasks.drain()


async def proposed_until_its_end(world: SlackWorld, runtime: Runtime) -> Message:
    """A post that was proposed to Amara; its time has just run out, its buttons are still there."""
    expires = START + 10 * DAY
    await live_post(world, runtime, topics="releases", expires_at=int(expires.timestamp()))
    await join_for_direct(world.amara)
    message = await next_direct(world, runtime, world.amara)
    world.sandbox.clock.move_to(expires)
    return message


async def test_a_withdrawn_post_takes_its_buttons_out_of_direct_messages(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()
    why = announcements.why_ended(PostState.WITHDRAWN)
    assert message.plain == f"Our new release is out\n{why}"
    assert actions(message) == []
    assert why in message.text


async def test_an_expired_post_takes_its_buttons_out_of_direct_messages(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await proposed_until_its_end(world, runtime)
    await runtime.tick()
    why = announcements.why_ended(PostState.EXPIRED)
    assert message.plain == f"Our new release is out\n{why}"


@pytest.mark.parametrize("button", [asks.SHARE, asks.SKIP])
async def test_a_click_after_the_end_gets_a_kind_word(
    world: SlackWorld, runtime: Runtime, url: str, button: str
) -> None:
    message = await proposed_until_its_end(world, runtime)
    assert await click(runtime, world.amara, message, button) == replies.POST_ENDED
    assert world.amara.view is None
    assert rows(url, "SELECT count(*) FROM response") == [(0,)]


@pytest.mark.parametrize("choice", [asks.LATER, asks.OPT_OUT])
async def test_a_choice_after_the_end_gets_a_word_too(
    world: SlackWorld, runtime: Runtime, url: str, choice: str
) -> None:
    message = await proposed_until_its_end(world, runtime)
    before = (message.plain, len(world.amara.private))
    if choice == asks.OPT_OUT:
        await world.amara.press(message, choice)
    else:
        await world.amara.choose(message, asks.MENU, f"{choice}:1:1")
    await runtime.context.background_tasks.drain()
    assert (message.plain, len(world.amara.private)) != before, "they read something"
    said = message.plain + world.amara.private[-1].plain
    assert "I may bring it once more" not in said
    left = rows(url, "SELECT left_at IS NOT NULL FROM member")
    assert left == [(choice == asks.OPT_OUT,)]


async def test_a_correction_changes_the_message_and_sends_nothing_new(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await corrected(world, runtime, 1, title="Our newest release is out")
    await advance(world, runtime, DAY)
    assert message.plain.startswith("Our newest release is out\n")
    assert "You follow releases. I message you at most once a week, as you chose." in message.plain
    assert direct_messages(world, world.amara) == [message]
    await world.amara.press(message, asks.SHARE)
    assert world.amara.view is not None


async def test_a_correction_leaves_an_answered_message_alone(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await click(runtime, world.amara, message, asks.SKIP)
    assert message.plain == ANSWERED
    await corrected(world, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    assert message.plain == ANSWERED
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()
    assert message.plain == ANSWERED


async def test_a_correction_leaves_the_offer_to_renew(world: SlackWorld, runtime: Runtime) -> None:
    await join_for_direct(world.amara)
    world.sandbox.clock.advance(168 * DAY + 2 * HOUR)
    await live_post(world, runtime, topics="releases")
    await advance(world, runtime, DAY)
    [message] = direct_messages(world, world.amara)
    assert "[Renew]" in message.plain
    await corrected(world, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    assert message.plain.startswith("Our newest release is out\n")
    assert "[Renew]" in message.plain


async def test_a_message_that_the_person_deleted_does_not_come_back(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    world.sandbox.state.delete(message)
    await corrected(world, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    await runtime.tick()
    assert direct_messages(world, world.amara) == []


async def test_a_dialog_that_is_open_says_that_the_post_has_ended(
    world: SlackWorld, runtime: Runtime
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await world.amara.press(message, asks.SHARE)
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()
    assert world.amara.view is not None
    assert announcements.why_ended(PostState.WITHDRAWN) in world.amara.view.plain


@pytest.mark.parametrize("choice", [asks.WHO_SEES, asks.LESS, asks.PAUSE])
async def test_a_correction_reaches_a_message_that_is_still_a_question(
    world: SlackWorld, runtime: Runtime, choice: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    await choose_in_menu(runtime, world.amara, message, choice)
    assert "[Share] [Skip]" in message.plain
    await corrected(world, runtime, 1, title="Our newest release is out")
    await runtime.tick()
    assert message.plain.startswith("Our newest release is out\n")
