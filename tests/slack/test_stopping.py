"""The bot stops by itself where somebody passes on what they get, and says so once."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.runtime import Runtime
from bot.slack.views import asks, membership
from slack_sandbox import Fault, Message, Person
from tests.slack.direct_asks import (
    CLOSED,
    DAY,
    HOUR,
    WIDE,
    advance,
    advance_to_heartbeat,
    direct_messages,
    fill_settings,
    join_for_direct,
    next_direct,
)
from tests.support import SlackWorld, approved_post, click, execute_sql, rows, run_command

STOPPED = "I'll stop here for now. Nothing is expected of you. Resume whenever you like."
RUN = "SELECT consecutive_declines, stopped_at IS NOT NULL, told_at IS NOT NULL FROM member"


@pytest.fixture
def variables() -> dict[str, str]:
    return {"TOPICS": "releases", **WIDE}


async def posts(world: SlackWorld, runtime: Runtime, count: int) -> None:
    """So many live posts."""
    for number in range(count):
        await approved_post(world, runtime, topics="releases", title=f"News {number}")
        await runtime.tick()


async def get_and_skip(world: SlackWorld, runtime: Runtime, person: Person, times: int) -> Message:
    """Wait for so many direct messages and skip each; the last one."""
    for _ in range(times):
        message = await next_direct(world, runtime, person, within=40 * DAY)
        await person.press(message, asks.SKIP)
        await runtime.context.background_tasks.drain()
    return direct_messages(world, person)[-1]


def stop_words(world: SlackWorld, person: Person) -> list[Message]:
    """Messages of their own in which the bot says that it stops."""
    return [one for one in direct_messages(world, person) if one.text == STOPPED]


async def asked_after_three(world: SlackWorld, runtime: Runtime, url: str) -> Message:
    """Amara has passed on three in a row, and gets one more; there is another post besides."""
    await join_for_direct(world.amara, pace="3_a_week")
    await posts(world, runtime, 2)
    message = await next_direct(world, runtime, world.amara)
    execute_sql(url, "UPDATE member SET consecutive_declines = 3")
    return message


async def stopped_by_skip(world: SlackWorld, runtime: Runtime, url: str) -> None:
    message = await asked_after_three(world, runtime, url)
    await world.amara.press(message, asks.SKIP)
    await runtime.context.background_tasks.drain()


async def stopped_by_lapse(world: SlackWorld, runtime: Runtime, url: str) -> None:
    await asked_after_three(world, runtime, url)
    await until_stopped(world, runtime, url)


async def until_stopped(world: SlackWorld, runtime: Runtime, url: str) -> None:
    """Amara leaves her messages as they are until the bot stops."""
    for _ in range(60 * 2):
        await advance_to_heartbeat(world, runtime)
        if rows(url, RUN)[0][1]:
            return
    raise AssertionError("it never stopped")


async def test_skips_lengthen_the_gap_and_the_answer_to_a_fourth_in_a_row_says_that_it_stops(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await join_for_direct(world.amara, pace="3_a_week")
    await posts(world, runtime, 6)
    await get_and_skip(world, runtime, world.amara, 4)
    said = world.amara.private[-1]
    assert said.plain.startswith("Skipped, thank you.")
    assert said.plain.endswith(f"{STOPPED}\n[Resume]")
    assert STOPPED in said.text
    assert rows(url, RUN) == [(4, 1, 1)]
    assert all(STOPPED not in one.plain for one in direct_messages(world, world.amara))
    assert all(STOPPED not in one.plain for one in world.amara.private[:-1])
    moments = [one.at for one in direct_messages(world, world.amara)]
    gaps = [later - sooner for sooner, later in pairwise(moments)]
    assert gaps[0] >= 1 * DAY
    assert gaps[1] >= 2 * DAY
    assert gaps[2] >= 4 * DAY
    await advance(world, runtime, 17 * DAY)
    assert len(direct_messages(world, world.amara)) == 4, "nothing more, and no word of its own"
    assert stop_words(world, world.amara) == []


async def test_resume_beside_the_skip_goes_on(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await stopped_by_skip(world, runtime, url)
    said = await click(runtime, world.amara, world.amara.private[-1], asks.RESUME)
    assert said == "Welcome back. I'll go on at the pace you chose."
    assert rows(url, RUN) == [(0, 0, 0)]
    again = await next_direct(world, runtime, world.amara, within=4 * DAY)
    assert "[Share] [Skip]" in again.plain


async def test_sharing_the_fourth_after_all_leaves_it_to_the_member_to_resume(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await stopped_by_skip(world, runtime, url)
    await world.amara.press(world.amara.private[-1], "share_instead")
    await runtime.context.background_tasks.drain()
    assert world.amara.view is not None
    said = await run_command(world.amara, "/advocacy")
    assert "I've stopped sending you direct messages" in said
    assert "[Resume]" in said


async def test_a_share_in_between_begins_anew(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await join_for_direct(world.amara, pace="3_a_week")
    await posts(world, runtime, 6)
    await get_and_skip(world, runtime, world.amara, 3)
    message = await next_direct(world, runtime, world.amara, within=10 * DAY)
    await world.amara.press(message, asks.SHARE)
    assert rows(url, RUN) == [(0, 0, 0)]
    await world.amara.close()
    await get_and_skip(world, runtime, world.amara, 1)
    assert STOPPED not in world.amara.private[-1].plain


async def test_four_that_stay_as_they_are_are_followed_by_one_word_inside_the_hours(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await join_for_direct(world.amara, pace="3_a_week")
    await posts(world, runtime, 6)
    await until_stopped(world, runtime, url)
    assert rows(url, "SELECT count(*) FROM ask WHERE outcome = 'lapsed'") == [(4,)]
    await advance(world, runtime, 3 * DAY)
    [word] = stop_words(world, world.amara)
    assert word.plain == f"{STOPPED}\n[Resume]"
    local = word.at - timedelta(hours=4)  # New York, before November
    assert (9, 30) <= (local.hour, local.minute) < (16, 30)
    assert local.weekday() < 5
    assert rows(url, "SELECT told_at IS NOT NULL FROM member") == [(1,)]
    received = list(direct_messages(world, world.amara))
    assert received[-1] is word
    await advance(world, runtime, 9 * DAY)
    assert direct_messages(world, world.amara) == received
    said = await click(runtime, world.amara, word, asks.RESUME_HERE)
    assert said == "Welcome back. I'll go on at the pace you chose."
    assert word.plain == "Answered. See it on Home."
    assert rows(url, RUN) == [(0, 0, 0)]
    await next_direct(world, runtime, world.amara, within=4 * DAY)


async def test_resume_is_one_word_too(world: SlackWorld, runtime: Runtime, url: str) -> None:
    await stopped_by_skip(world, runtime, url)
    await world.amara.open_home()
    await runtime.context.background_tasks.drain()
    assert world.amara.home is not None
    assert "I've stopped sending you direct messages for now" in world.amara.home.plain
    assert membership.RESUME in actions_of_home(world.amara)
    assert await run_command(world.amara, "/advocacy resume") == (
        "Welcome back. I'll go on at the pace you chose."
    )
    assert rows(url, RUN) == [(0, 0, 0)]


def actions_of_home(person: Person) -> set[str]:
    assert person.home is not None
    return {
        element["action_id"]
        for block in person.home.blocks
        for element in block.get("elements", [])
        if "action_id" in element
    }


@pytest.mark.parametrize("arrives", [True, False])
async def test_the_one_word_is_not_repeated_when_its_reply_is_lost(
    world: SlackWorld, runtime: Runtime, url: str, arrives: bool
) -> None:
    fault = {"lose_reply": True} if arrives else {"status": 503}
    world.sandbox.faults.add(
        Fault("chat.postMessage", when=lambda sent: sent.get("text") == STOPPED, **fault)
    )
    await stopped_by_lapse(world, runtime, url)
    await advance(world, runtime, 5 * DAY)
    calls = [call for call in world.sandbox.calls if call.payload.get("text") == STOPPED]
    assert len(calls) == 1
    assert len(stop_words(world, world.amara)) == (1 if arrives else 0)


async def test_the_one_word_waits_while_slack_asks_to(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    world.sandbox.faults.add(
        Fault(
            "chat.postMessage",
            status=429,
            retry_after=5,
            when=lambda sent: sent.get("text") == STOPPED,
        )
    )
    await stopped_by_lapse(world, runtime, url)
    await advance(world, runtime, 4 * DAY)
    assert len(stop_words(world, world.amara)) == 1


async def test_who_has_left_meanwhile_gets_no_word(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await asked_after_three(world, runtime, url)
    await run_command(world.amara, "/advocacy leave")
    await advance(world, runtime, 9 * DAY)
    assert stop_words(world, world.amara) == []


async def test_who_left_and_presses_resume_reads_so_and_the_message_is_emptied(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await stopped_by_lapse(world, runtime, url)
    await advance(world, runtime, 3 * DAY)
    [word] = stop_words(world, world.amara)
    await run_command(world.amara, "/advocacy leave")
    said = await click(runtime, world.amara, word, asks.RESUME_HERE)
    assert said.startswith("Hi, I'm Advocacy")
    assert word.plain == CLOSED


async def test_nobody_hears_of_it_during_a_pause(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await asked_after_three(world, runtime, url)
    await run_command(world.amara, "/advocacy pause 4 weeks")
    await advance(world, runtime, 9 * DAY)
    assert stop_words(world, world.amara) == [], "“I won't ask you for anything before that.”"


async def test_who_chose_no_direct_messages_meanwhile_gets_no_word(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await asked_after_three(world, runtime, url)
    await fill_settings(world.amara, delivery=["channel"])
    await advance(world, runtime, 9 * DAY)
    assert stop_words(world, world.amara) == []


async def test_the_one_word_respects_do_not_disturb(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await asked_after_three(world, runtime, url)
    now = world.sandbox.clock()
    world.amara.do_not_disturb = (now, now + 9 * DAY)
    await advance(world, runtime, 9 * DAY - HOUR)
    assert stop_words(world, world.amara) == []
    await advance(world, runtime, 4 * DAY)
    assert len(stop_words(world, world.amara)) == 1
