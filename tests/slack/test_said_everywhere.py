"""What a click leads to is said wherever it was pressed, and the message follows."""

from __future__ import annotations

import pytest

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.sandbox import Fault, Message, Person
from bot.slack.views import announcement, ask, membership, skip
from tests.slack.direct import (
    ASKS,
    DAY,
    WIDE,
    because,
    choose,
    chosen,
    direct,
    follow,
    next_beat,
    next_direct,
    proposed,
    skipped,
    staff,
)
from tests.support import Office, announced, asked, live_post, meddle, pressed, rows

STOPPED = "I'll stop here for now."


@pytest.fixture
def variables() -> dict[str, str]:
    """Members may be asked at any hour."""
    return {"TOPICS": "releases", **WIDE}


async def live_posts(place: Office, runtime: Runtime, count: int) -> None:
    """Several posts at once, so that there is something to be asked about for a while."""
    for number in range(count):
        await live_post(place, runtime, topics="releases", title=f"News {number}")
        place.sandbox.clock.advance(-7 * DAY)


async def passed_by(place: Office, runtime: Runtime, person: Person, count: int) -> Message:
    """Skip so many asks; the next one."""
    await follow(person, pace="3_a_week")
    await live_posts(place, runtime, count + 2)
    for _ in range(count):
        await skipped(runtime, person, await next_direct(place, runtime, person, within=40 * DAY))
    return await next_direct(place, runtime, person, within=40 * DAY)


async def test_a_stop_by_a_skip_in_the_channel_is_said(place: Office, runtime: Runtime) -> None:
    message = await passed_by(place, runtime, place.amara, 3)
    title = message.blocks[0]["text"]["text"]
    [notice] = [each for each in announced(place) if title in each.plain]
    assert STOPPED in await pressed(runtime, place.amara, notice, announcement.SKIP)


async def test_too_often_in_the_channel_says_that_the_pace_is_halved(
    place: Office, runtime: Runtime, url: str
) -> None:
    await follow(place.amara, pace="3_a_week")
    message = await live_post(place, runtime, topics="releases")
    await pressed(runtime, place.amara, message, announcement.SKIP)
    why = skip.reason_action(SkipReason.TOO_OFTEN)
    said = await pressed(runtime, place.amara, place.amara.private[-1], why)
    assert rows(url, "SELECT pace FROM member") == [("1_a_week",)]
    assert "at most once a week" in said


async def test_the_lesson_after_two_skips_comes_with_the_second(
    place: Office, runtime: Runtime
) -> None:
    await passed_by(place, runtime, place.amara, 2)
    lesson = runtime.kit.lessons.find("it-is-fine-to-skip")
    assert lesson is not None
    assert [lesson.title in each.plain for each in direct(place, place.amara)].count(True) == 1


async def test_only_when_i_browse_ends_direct_messages_too(
    place: Office, runtime: Runtime, url: str
) -> None:
    await asked(place.amara, "/advocacy join")
    welcome = place.amara.private[-1]
    await choose(place.amara)
    await pressed(runtime, place.amara, welcome, membership.BROWSE_ONLY)
    assert rows(url, "SELECT direct, in_channel FROM member") == [(0, 0)]


async def test_without_the_channel_keeps_direct_messages(
    place: Office, runtime: Runtime, url: str
) -> None:
    await asked(place.amara, "/advocacy join")
    welcome = place.amara.private[-1]
    await choose(place.amara)
    await pressed(runtime, place.amara, welcome, membership.IN_CHANNEL)
    await asked(place.amara, "/advocacy")
    await pressed(runtime, place.amara, place.amara.private[-1], membership.WITHOUT_CHANNEL)
    assert rows(url, "SELECT direct, in_channel FROM member") == [(1, 0)]


@pytest.mark.parametrize("how", ["later", "not now"])
async def test_the_second_time_promises_no_third(place: Office, runtime: Runtime, how: str) -> None:
    async def put_off(message: Message) -> str:
        if how == "later":
            await chosen(runtime, place.amara, message, ask.LATER)
            return message.plain
        return await because(runtime, place.amara, message, SkipReason.NOT_NOW)

    message = await proposed(place, runtime, place.amara)
    await put_off(message)
    again = await next_direct(place, runtime, place.amara, within=30 * DAY)
    assert "I won't bring it again" in again.plain
    assert "once more" not in await put_off(again)


@pytest.mark.parametrize("button", [ask.SHARE, ask.SKIP])
async def test_a_click_on_a_post_that_has_just_ended_answers_the_ask(
    place: Office, runtime: Runtime, url: str, button: str
) -> None:
    message = await proposed(place, runtime, place.amara)
    place.sandbox.faults.add(Fault("chat.update", error="internal_error", times=None))
    await asked(place.carl, "/advocacy withdraw 1")
    assert rows(url, ASKS) == [("sent", None)]
    await place.amara.press(message, button)
    assert rows(url, ASKS) == [("sent", "other")]


async def test_conversations_that_are_closed_do_not_keep_others_as_they_were(
    place: Office, runtime: Runtime, url: str
) -> None:
    people = await staff(place, 24)
    await live_post(place, runtime, topics="releases")
    meddle(url, "UPDATE post SET first_group = 100")
    for _ in range(6):
        await next_beat(place, runtime)
    got = sorted(people, key=lambda person: direct(place, person)[0].ts)
    closed = {direct(place, person)[0].channel.id for person in got[:20]}
    refused = Fault(
        "chat.update",
        error="is_inactive",
        times=None,
        when=lambda payload: payload.get("channel") in closed,
    )
    place.sandbox.faults.add(refused)
    await asked(place.carl, "/advocacy withdraw 1")
    for _ in range(3):
        await runtime.tick()
        await runtime.kit.afterwards.drain()
    assert not [one for one in got[20:] if "[Share]" in direct(place, one)[0].plain]


async def test_colleagues_who_have_left_the_company_slow_nobody(
    place: Office, runtime: Runtime, url: str
) -> None:
    people = await staff(place, 12)
    await live_post(place, runtime, topics="releases")
    for person in people[:3]:
        person.deleted = True
    for _ in range(6):
        await next_beat(place, runtime)
    assert rows(url, "SELECT colour FROM workspace") == [("green",)]
    assert rows(url, "SELECT count(*) FROM member WHERE left_at IS NOT NULL") == [(0,)]
