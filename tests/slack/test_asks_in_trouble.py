"""Direct messages when Slack fails: nobody is asked twice, and nobody is forgotten."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.sandbox import Fault, Person
from bot.slack.views import ask
from tests.slack.direct import (
    ASKS,
    DAY,
    HOUR,
    direct,
    follow,
    let_pass,
    next_beat,
    next_direct,
    staff,
)
from tests.support import Office, asked, at, bot_running, live_post, rows

SECOND = timedelta(seconds=1)


def to_person(person: Person, **how: Any) -> Fault:
    """What goes wrong when the bot writes to this person, and only then."""
    return Fault("chat.postMessage", when=lambda payload: payload["channel"] == person.id, **how)


def sends(place: Office, person: Person) -> int:
    """How often the bot tried to write to the person, whatever became of it."""
    calls = [call for call in place.sandbox.calls if call.method == "chat.postMessage"]
    return len([call for call in calls if call.payload["channel"] == person.id])


async def waiting_for_a_post(place: Office, runtime: Runtime) -> None:
    """A post is live, and Amara follows its topic."""
    await live_post(place, runtime, topics="releases")
    await follow(place.amara)


async def until_tried(place: Office, runtime: Runtime, person: Person) -> None:
    """Let time pass until the bot has tried to write to the person."""
    before = sends(place, person)
    for _ in range(20):
        await next_beat(place, runtime)
        if sends(place, person) > before:
            return
    raise AssertionError("never tried")


@pytest.mark.parametrize(
    "how",
    [
        {"lose_reply": True},
        {"cut": True},
        {"status": 503},
        {"error": "internal_error"},
        {"error": "fatal_error"},
    ],
    ids=str,
)
async def test_a_lost_reply_counts_as_asked_and_is_never_sent_twice(
    place: Office, runtime: Runtime, url: str, how: dict[str, Any]
) -> None:
    await waiting_for_a_post(place, runtime)
    place.sandbox.faults.add(to_person(place.amara, **how))
    await until_tried(place, runtime, place.amara)
    assert rows(url, ASKS) == [("uncertain", None)]
    status = await asked(place.amara, "/advocacy")
    assert "your next direct message can come" in status
    await let_pass(place, runtime, 14 * DAY)
    assert sends(place, place.amara) == 1
    assert len(direct(place, place.amara)) == (1 if "lose_reply" in how else 0)
    comms = " ".join(one.plain for one in place.cleo.messages(place.comms))
    assert "I can't tell" not in comms, "it is nobody's business"


@pytest.mark.parametrize("button", [ask.SHARE, ask.SKIP])
async def test_a_click_settles_a_message_whose_reply_was_lost(
    place: Office, runtime: Runtime, url: str, button: str
) -> None:
    await waiting_for_a_post(place, runtime)
    place.sandbox.faults.add(to_person(place.amara, lose_reply=True))
    await until_tried(place, runtime, place.amara)
    [message] = direct(place, place.amara)
    outcome = await place.amara.press(message, button)
    assert outcome.acknowledged
    await runtime.kit.afterwards.drain()
    outcome_of = {ask.SHARE: "shared", ask.SKIP: "skipped"}[button]
    assert rows(url, ASKS) == [("sent", outcome_of)]
    assert rows(url, "SELECT message_ts FROM ask") == [(message.ts,)]
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    assert "withdrawn" in message.plain, "the click told which message it is"


async def test_the_menu_settles_it_as_well(place: Office, runtime: Runtime, url: str) -> None:
    await waiting_for_a_post(place, runtime)
    place.sandbox.faults.add(to_person(place.amara, lose_reply=True))
    await until_tried(place, runtime, place.amara)
    [message] = direct(place, place.amara)
    await place.amara.choose(message, ask.MENU, f"{ask.WHO_SEES}:1:1")
    await runtime.kit.afterwards.drain()
    assert rows(url, ASKS) == [("sent", "other")]


async def test_a_refusal_for_now_waits_and_is_sent_once_later(
    place: Office, runtime: Runtime, url: str
) -> None:
    await waiting_for_a_post(place, runtime)
    place.sandbox.faults.add(to_person(place.amara, status=429, retry_after=30))
    await until_tried(place, runtime, place.amara)
    assert direct(place, place.amara) == []
    place.sandbox.clock.advance(29 * SECOND)
    await runtime.tick()
    assert sends(place, place.amara) == 1
    place.sandbox.clock.advance(SECOND)
    await runtime.tick()
    assert len(direct(place, place.amara)) == 1
    assert rows(url, ASKS) == [("sent", None)]
    await let_pass(place, runtime, 14 * DAY)
    assert sends(place, place.amara) == 2


async def test_an_outage_of_slack_delays_and_loses_nobody(
    place: Office, runtime: Runtime, url: str
) -> None:
    await live_post(place, runtime, topics="releases")
    people = await staff(place, 4)
    fault = Fault("chat.postMessage", status=429, retry_after=3600, times=None)
    place.sandbox.faults.add(fault)
    await let_pass(place, runtime, DAY)
    assert [direct(place, person) for person in people] == [[]] * 4
    place.sandbox.faults.clear()
    await let_pass(place, runtime, 2 * DAY)
    assert [len(direct(place, person)) for person in people] == [1] * 4
    assert rows(url, ASKS) == [("sent", None)] * 4


@pytest.mark.parametrize("error", ["channel_not_found", "msg_too_long", "restricted_action"])
async def test_who_cannot_be_reached_was_not_asked_and_others_are(
    place: Office, runtime: Runtime, url: str, error: str
) -> None:
    await waiting_for_a_post(place, runtime)
    [other] = await staff(place, 1)
    place.sandbox.faults.add(to_person(place.amara, error=error))
    await until_tried(place, runtime, place.amara)
    await let_pass(place, runtime, HOUR)
    assert "because you chose at most once a week" not in await asked(place.amara, "/advocacy")
    await next_direct(place, runtime, place.amara, within=4 * DAY)
    assert len(direct(place, other)) == 1
    assert rows(url, ASKS) == [("sent", None)] * 2


async def test_nothing_is_sent_while_slack_does_not_say_whom_to_leave_quiet(
    place: Office, runtime: Runtime, url: str
) -> None:
    await waiting_for_a_post(place, runtime)
    place.sandbox.faults.add(Fault("dnd.teamInfo", error="missing_scope", times=None))
    await let_pass(place, runtime, 2 * DAY)
    assert direct(place, place.amara) == []
    place.sandbox.faults.clear()
    await next_direct(place, runtime, place.amara)
    assert rows(url, ASKS) == [("sent", None)]


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_process_that_dies_while_sending_leaves_one_message_or_none(
    place: Office, url: str, arrives: bool
) -> None:
    never = asyncio.Event()
    async with bot_running(place, url) as runtime:
        await waiting_for_a_post(place, runtime)
        failure = {} if arrives else {"error": "internal_error"}
        place.sandbox.faults.add(to_person(place.amara, hold=never, **failure))
        passing = asyncio.create_task(let_pass(place, runtime, 2 * DAY))
        await place.sandbox.until(lambda: place.sandbox.faults.held, what="the call is held")
        passing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await passing
    assert rows(url, ASKS) == [("sending", None)]
    place.sandbox.faults.clear()
    async with bot_running(place, url) as runtime:
        place.sandbox.clock.advance(61 * SECOND)
        await runtime.tick()
        assert rows(url, ASKS) == [("uncertain", None)]
        await let_pass(place, runtime, 9 * DAY)
        assert sends(place, place.amara) == 1
        assert len(direct(place, place.amara)) == (1 if arrives else 0)


async def test_a_reply_that_comes_after_all_settles_it(
    place: Office, runtime: Runtime, url: str
) -> None:
    held = asyncio.Event()
    await waiting_for_a_post(place, runtime)
    place.sandbox.faults.add(to_person(place.amara, hold=held))
    passing = asyncio.create_task(let_pass(place, runtime, 2 * DAY))
    await place.sandbox.until(lambda: place.sandbox.faults.held, what="the call is held")
    place.sandbox.clock.advance(61 * SECOND)
    await runtime.delivery.tick()  # as another process would
    assert rows(url, ASKS) == [("uncertain", None)]
    held.set()
    await passing
    assert rows(url, ASKS) == [("sent", None)]
    assert len(direct(place, place.amara)) == 1


async def test_somebody_whom_slack_no_longer_knows_is_not_asked(
    place: Office, runtime: Runtime, url: str
) -> None:
    await waiting_for_a_post(place, runtime)
    await next_direct(place, runtime, place.amara)
    place.amara.deleted = True
    await live_post(place, runtime, topics="releases", title="More news")
    await let_pass(place, runtime, 5 * DAY)
    assert len(direct(place, place.amara)) == 1
    assert sends(place, place.amara) == 1
    [(ends,)] = rows(url, "SELECT consent_ends_at FROM member")
    assert at(ends) <= place.sandbox.clock(), "who has left the company takes part no longer"


async def test_a_click_that_is_quicker_than_the_reply_settles_it_for_good(
    place: Office, url: str
) -> None:
    never = asyncio.Event()
    async with bot_running(place, url) as runtime:
        await waiting_for_a_post(place, runtime)
        place.sandbox.faults.add(to_person(place.amara, hold=never))
        passing = asyncio.create_task(let_pass(place, runtime, 2 * DAY))
        await place.sandbox.until(lambda: place.sandbox.faults.held, what="the call is held")
        [message] = direct(place, place.amara)
        await place.amara.press(message, ask.SKIP)
        passing.cancel()  # the program dies before it hears of its own message
        with contextlib.suppress(asyncio.CancelledError):
            await passing
    place.sandbox.faults.clear()
    async with bot_running(place, url) as runtime:
        place.sandbox.clock.advance(61 * SECOND)
        await runtime.tick()
        assert rows(url, ASKS) == [("sent", "skipped")]
        await asked(place.carl, "/advocacy withdraw 1")
        await runtime.kit.afterwards.drain()
        assert "withdrawn" in message.plain
