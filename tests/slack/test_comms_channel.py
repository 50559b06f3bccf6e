"""A comms channel that others can read: refused at the start, and while the bot runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.first_workspace import CannotStart
from bot.runtime import Runtime
from bot.slack.views import announcements, cards, replies
from slack_sandbox import Fault
from slack_sandbox.state import Enterprise
from tests.slack.direct_asks import WIDE, direct_messages, staff
from tests.support import (
    START,
    SlackWorld,
    announced,
    approved_post,
    bot_running,
    card_of,
    click,
    live_post,
    run_command,
    waiting_post,
)

PUBLIC = "This channel is public. I only work in a private one."
SHARED = "This channel is shared with another organisation. I only work in one that isn't."
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def told(world: SlackWorld, words: str) -> list[str]:
    """What the bot said of the channel itself."""
    said = [message.plain for message in world.cleo.messages(world.comms)]
    return [each for each in said if each.startswith(words)]


@pytest.mark.parametrize("private", [True, False], ids=["shared", "public"])
async def test_it_does_not_start_with_a_channel_that_others_can_read(
    world: SlackWorld, url: str, *, private: bool
) -> None:
    world.comms.private = private
    world.comms.connected_to += ["T0ELSEWHERE"] if private else []
    with pytest.raises(CannotStart) as refused:
        async with bot_running(world, url):
            pass
    assert str(refused.value) == (
        "COMMS_CHANNEL: “comms-desk” is shared with another organisation, whose people can read "
        "what isn't approved yet. Stop sharing it, or choose another channel."
        if private
        else "COMMS_CHANNEL: “comms-desk” is public: anyone can join it, then write and approve "
        "posts. Make it a private channel, or choose another one."
    )


async def test_a_channel_shared_within_the_organisation_is_the_companys_own(
    world: SlackWorld, url: str
) -> None:
    world.sandbox.state.enterprise = Enterprise()
    world.comms.shared_with.append("T0SISTER")
    async with bot_running(world, url) as runtime:
        await waiting_post(world, runtime)


async def test_while_it_is_public_nothing_goes_out_and_no_card_changes(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url, **WIDE) as runtime:
        ends = int((START + 9 * DAY).timestamp())
        live = await live_post(world, runtime, topics="releases", expires_at=ends)
        [reader] = await staff(world, 1)
        await approved_post(world, runtime, title="Secret news", topics="releases")
        card = card_of(world, 2).plain
        world.comms.private = False
        for _ in range(3):
            world.sandbox.clock.advance(DAY)
            await runtime.tick()
        assert len(announced(world)) == 1
        assert direct_messages(world, reader) == []
        assert card_of(world, 2).plain == card
        assert "can't be shared any more" in live.plain, "what is over is still taken back"
        assert told(world, PUBLIC) == [
            f"{PUBLIC} So nothing goes out until that changes. Then I go on by myself."
        ]
        assert await run_command(world.carl, "/advocacy posts") == replies.CHANNEL_REFUSED
        words = await click(runtime, world.carl, card_of(world, 2), cards.WITHDRAW)
        assert words == replies.CHANNEL_REFUSED
        await world.carl.open_home()
        await runtime.context.background_tasks.drain()
        assert world.carl.home is not None
        assert "Secret news" not in world.carl.home.plain

        world.comms.private = True
        world.sandbox.clock.advance(timedelta(minutes=1))
        await runtime.tick()
        assert len(announced(world)) == 2
        await runtime.tick()
        assert card_of(world, 2).plain != card
        assert "There's" not in await run_command(world.carl, "/advocacy posts")
        world.comms.private = False
        world.sandbox.clock.advance(HOUR)
        await runtime.tick()
        assert len(told(world, PUBLIC)) == 2, "it says so again when it happens again"


async def test_slack_tells_that_it_is_shared_and_it_is_said_at_once(
    world: SlackWorld, runtime: Runtime
) -> None:
    await waiting_post(world, runtime, title="Secret news")
    await world.sandbox.connect_channel(world.news, "T0ELSEWHERE")
    await runtime.context.background_tasks.drain()
    assert told(world, SHARED) == []
    await world.sandbox.connect_channel(world.comms, "T0ELSEWHERE")
    await runtime.context.background_tasks.drain()
    [line] = told(world, SHARED)
    assert "Secret" not in line


async def test_it_is_noticed_within_an_hour_when_nothing_is_to_be_posted(
    world: SlackWorld, runtime: Runtime
) -> None:
    await runtime.tick()
    world.comms.private = False
    world.sandbox.clock.advance(HOUR - timedelta(seconds=1))
    await runtime.tick()
    assert told(world, PUBLIC) == []
    world.sandbox.clock.advance(timedelta(seconds=1))
    await runtime.tick()
    assert len(told(world, PUBLIC)) == 1


async def test_while_slack_does_not_say_what_the_channel_is_posts_wait(
    world: SlackWorld, runtime: Runtime
) -> None:
    await approved_post(world, runtime)
    world.sandbox.faults.add(Fault("conversations.info", status=429, retry_after=60, times=None))
    world.sandbox.clock.advance(WEEK)
    await runtime.tick()
    assert announced(world) == []
    world.sandbox.faults.clear()
    world.sandbox.clock.advance(timedelta(minutes=1))
    await runtime.tick()
    assert announcements.SHARE in str(announced(world)[0].blocks)
