"""What a click leads to is said wherever it was pressed, and the message follows."""

from __future__ import annotations

import pytest

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.slack.views import announcements, asks, membership, responses
from slack_sandbox import Fault, Message, Person
from tests.slack.direct_asks import (
    ASKS,
    DAY,
    WIDE,
    advance_to_heartbeat,
    choose_in_menu,
    click_skip,
    direct_messages,
    fill_settings,
    join_for_direct,
    many,
    next_direct,
    receive_ask,
    skip_with_reason,
)
from tests.support import (
    SlackWorld,
    announced,
    click,
    execute_sql,
    live_post,
    open_more,
    rows,
    run_command,
    withdraw,
)

STOPPED = "I'll stop here for now."


@pytest.fixture
def variables() -> dict[str, str]:
    """Members may be asked at any hour."""
    return {"TOPICS": "releases", **WIDE}


async def live_posts(world: SlackWorld, runtime: Runtime, count: int) -> None:
    """Several posts at once, so that there is something to be asked about for a while."""
    for number in range(count):
        await live_post(world, runtime, topics="releases", title=f"News {number}")
        world.sandbox.clock.advance(-7 * DAY)


async def passed_by(world: SlackWorld, runtime: Runtime, person: Person, count: int) -> Message:
    """Skip so many asks; the next one."""
    await join_for_direct(person, pace="3_a_week")
    await live_posts(world, runtime, count + 2)
    for _ in range(count):
        await click_skip(
            runtime, person, await next_direct(world, runtime, person, within=40 * DAY)
        )
    return await next_direct(world, runtime, person, within=40 * DAY)


async def test_a_stop_by_a_skip_in_the_channel_is_said(world: SlackWorld, runtime: Runtime) -> None:
    message = await passed_by(world, runtime, world.amara, 3)
    title = message.blocks[0]["text"]["text"]
    [notice] = [each for each in announced(world) if title in each.plain]
    assert STOPPED in await click(runtime, world.amara, notice, announcements.SKIP)


async def test_too_often_in_the_channel_says_that_the_pace_is_halved(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await join_for_direct(world.amara, pace="3_a_week")
    message = await live_post(world, runtime, topics="releases")
    await click(runtime, world.amara, message, announcements.SKIP)
    why = responses.reason_action(SkipReason.TOO_OFTEN)
    said = await click(runtime, world.amara, world.amara.private[-1], why)
    assert rows(url, "SELECT pace FROM member") == [("1_a_week",)]
    assert "at most once a week" in said


async def test_the_lesson_after_two_skips_comes_with_the_second(
    world: SlackWorld, runtime: Runtime
) -> None:
    await passed_by(world, runtime, world.amara, 2)
    lesson = runtime.context.lessons.find("it-is-fine-to-skip")
    assert lesson is not None
    assert [lesson.title in each.plain for each in world.amara.private].count(True) == 1
    assert not [one for one in direct_messages(world, world.amara) if lesson.title in one.plain]


async def test_only_when_i_browse_ends_direct_messages_too(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    welcome = world.amara.private[-1]
    await fill_settings(world.amara)
    await click(runtime, world.amara, welcome, membership.BROWSE_ONLY)
    assert rows(url, "SELECT direct, in_channel FROM member") == [(0, 0)]


async def test_without_the_channel_keeps_direct_messages(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await run_command(world.amara, "/advocacy join")
    welcome = world.amara.private[-1]
    await fill_settings(world.amara)
    await click(runtime, world.amara, welcome, membership.IN_CHANNEL)
    rest = await open_more(runtime, world.amara)
    await click(runtime, world.amara, rest, membership.WITHOUT_CHANNEL)
    assert rows(url, "SELECT direct, in_channel FROM member") == [(1, 0)]


@pytest.mark.parametrize("how", ["later", "not now"])
async def test_the_second_time_promises_no_third(
    world: SlackWorld, runtime: Runtime, how: str
) -> None:
    async def put_off(message: Message) -> str:
        if how == "later":
            return await choose_in_menu(runtime, world.amara, message, asks.LATER)
        return await skip_with_reason(runtime, world.amara, message, SkipReason.NOT_NOW)

    message = await receive_ask(world, runtime, world.amara)
    await put_off(message)
    again = await next_direct(world, runtime, world.amara, within=30 * DAY)
    assert "I won't send it again after this" in again.plain
    assert "once more, if I haven't yet." in await put_off(again)


@pytest.mark.parametrize("button", [asks.SHARE, asks.SKIP])
async def test_a_click_on_a_post_that_has_just_ended_answers_the_ask(
    world: SlackWorld, runtime: Runtime, url: str, button: str
) -> None:
    message = await receive_ask(world, runtime, world.amara)
    world.sandbox.faults.add(Fault("chat.update", error="internal_error", times=None))
    await withdraw(world.carl, 1)
    assert rows(url, ASKS) == [("sent", None)]
    await world.amara.press(message, button)
    assert rows(url, ASKS) == [("sent", "other")]


async def test_conversations_that_are_closed_do_not_keep_others_as_they_were(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    people = await many(world, runtime, 24)
    await live_post(world, runtime, topics="releases")
    execute_sql(url, "UPDATE post SET reach = 'everybody'")
    for _ in range(6):
        await advance_to_heartbeat(world, runtime)
    got = sorted(people, key=lambda person: direct_messages(world, person)[0].ts)
    closed = {direct_messages(world, person)[0].channel.id for person in got[:20]}
    refused = Fault(
        "chat.update",
        error="is_inactive",
        times=None,
        when=lambda payload: payload.get("channel") in closed,
    )
    world.sandbox.faults.add(refused)
    await withdraw(world.carl, 1)
    for _ in range(3):
        await runtime.tick()
        await runtime.context.background_tasks.drain()
    assert not [one for one in got[20:] if "[Share]" in direct_messages(world, one)[0].plain]


async def test_colleagues_who_have_left_the_company_slow_nobody(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    people = await many(world, runtime, 12)
    await live_post(world, runtime, topics="releases")
    for person in people[:3]:
        person.deleted = True
    for _ in range(6):
        await advance_to_heartbeat(world, runtime)
    assert rows(url, "SELECT colour FROM workspace") == [("green",)]
    assert rows(url, "SELECT count(*) FROM member WHERE left_at IS NOT NULL") == [(0,)]
