"""Direct messages when Slack fails: nobody is asked twice, and nobody is forgotten."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.slack.views import asks
from slack_sandbox import Fault, Person
from tests.slack.direct_asks import (
    ANSWERED,
    ASKS,
    DAY,
    HOUR,
    advance,
    advance_to_heartbeat,
    direct_messages,
    join_for_direct,
    many,
    next_direct,
    staff,
)
from tests.support import SlackWorld, at, bot_running, live_post, rows, run_command

SECOND = timedelta(seconds=1)


def to_person(person: Person, **how: Any) -> Fault:
    """What goes wrong when the bot writes to this person, and only then."""
    return Fault("chat.postMessage", when=lambda payload: payload["channel"] == person.id, **how)


def sends(world: SlackWorld, person: Person) -> int:
    """How often the bot tried to write to the person, whatever became of it."""
    calls = [call for call in world.sandbox.calls if call.method == "chat.postMessage"]
    return len([call for call in calls if call.payload["channel"] == person.id])


async def waiting_for_a_post(world: SlackWorld, runtime: Runtime) -> None:
    """A post is live, and Amara follows its topic."""
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)


async def until_tried(world: SlackWorld, runtime: Runtime, person: Person) -> None:
    """Let time pass until the bot has tried to write to the person."""
    before = sends(world, person)
    for _ in range(20):
        await advance_to_heartbeat(world, runtime)
        if sends(world, person) > before:
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
    world: SlackWorld, runtime: Runtime, url: str, how: dict[str, Any]
) -> None:
    await waiting_for_a_post(world, runtime)
    world.sandbox.faults.add(to_person(world.amara, **how))
    await until_tried(world, runtime, world.amara)
    assert rows(url, ASKS) == [("uncertain", None)]
    status = await run_command(world.amara, "/advocacy")
    assert "The earliest time for a direct message is" in status
    await advance(world, runtime, 9 * DAY)
    assert sends(world, world.amara) == 1
    assert len(direct_messages(world, world.amara)) == (1 if "lose_reply" in how else 0)
    comms = " ".join(one.plain for one in world.cleo.messages(world.comms))
    assert "I can't tell" not in comms, "it is nobody's business"


@pytest.mark.parametrize("button", [asks.SHARE, asks.SKIP])
async def test_a_click_settles_a_message_whose_reply_was_lost(
    world: SlackWorld, runtime: Runtime, url: str, button: str
) -> None:
    await waiting_for_a_post(world, runtime)
    world.sandbox.faults.add(to_person(world.amara, lose_reply=True))
    await until_tried(world, runtime, world.amara)
    [message] = direct_messages(world, world.amara)
    outcome = await world.amara.press(message, button)
    assert outcome.acknowledged
    await runtime.context.background_tasks.drain()
    outcome_of = {asks.SHARE: "shared", asks.SKIP: "skipped"}[button]
    assert rows(url, ASKS) == [("sent", outcome_of)]
    assert rows(url, "SELECT message_ts FROM ask") == [(message.ts,)]
    assert message.plain == ANSWERED, "the click told which message it is"


async def test_the_menu_settles_it_as_well(world: SlackWorld, runtime: Runtime, url: str) -> None:
    await waiting_for_a_post(world, runtime)
    world.sandbox.faults.add(to_person(world.amara, lose_reply=True))
    await until_tried(world, runtime, world.amara)
    [message] = direct_messages(world, world.amara)
    await world.amara.choose(message, asks.MENU, f"{asks.WHO_SEES}:1:1")
    await runtime.context.background_tasks.drain()
    assert rows(url, ASKS) == [("sent", "other")]


async def test_a_refusal_for_now_waits_and_is_sent_once_later(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_for_a_post(world, runtime)
    world.sandbox.faults.add(to_person(world.amara, status=429, retry_after=30))
    await until_tried(world, runtime, world.amara)
    assert direct_messages(world, world.amara) == []
    world.sandbox.clock.advance(29 * SECOND)
    await runtime.tick()
    assert sends(world, world.amara) == 1
    world.sandbox.clock.advance(SECOND)
    await runtime.tick()
    assert len(direct_messages(world, world.amara)) == 1
    assert rows(url, ASKS) == [("sent", None)]
    await advance(world, runtime, 9 * DAY)
    assert sends(world, world.amara) == 2


async def test_an_outage_of_slack_delays_and_loses_nobody(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await live_post(world, runtime, topics="releases")
    people = await staff(world, 4)
    fault = Fault("chat.postMessage", status=429, retry_after=3600, times=None)
    world.sandbox.faults.add(fault)
    await advance(world, runtime, DAY)
    assert [direct_messages(world, person) for person in people] == [[]] * 4
    world.sandbox.faults.clear()
    await advance(world, runtime, 2 * DAY)
    assert [len(direct_messages(world, person)) for person in people] == [1] * 4
    assert rows(url, ASKS) == [("sent", None)] * 4


async def test_whose_message_slack_refused_was_not_asked_and_others_are(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_for_a_post(world, runtime)
    [other] = await staff(world, 1)
    world.sandbox.faults.add(to_person(world.amara, error="msg_too_long"))
    await until_tried(world, runtime, world.amara)
    await advance(world, runtime, HOUR)
    assert "because you chose at most once a week" not in await run_command(
        world.amara, "/advocacy"
    )
    await next_direct(world, runtime, world.amara, within=4 * DAY)
    assert len(direct_messages(world, other)) == 1
    assert rows(url, ASKS) == [("sent", None)] * 2


# What Slack documents for a message to a person that will never get through.
FOR_GOOD = (
    "cannot_dm_bot",
    "channel_not_found",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "is_archived",
    "messages_tab_disabled",
    "method_not_supported_for_channel_type",
    "not_in_channel",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_thread_only_channel",
    "team_access_not_granted",
    "team_not_found",
    "user_disabled",
    "user_not_found",
    "user_not_visible",
)


async def test_who_can_never_be_reached_is_asked_no_more_and_others_are(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    """One person for each refusal, and one whom messages reach."""
    await live_post(world, runtime, topics="releases")
    *unreachable, other = await many(world, runtime, len(FOR_GOOD) + 1)
    for person, error in zip(unreachable, FOR_GOOD, strict=True):
        world.sandbox.faults.add(to_person(person, error=error, times=None))
    await advance(world, runtime, 3 * DAY)
    tried = {error: sends(world, one) for one, error in zip(unreachable, FOR_GOOD, strict=True)}
    assert tried == dict.fromkeys(FOR_GOOD, 1)
    assert len(direct_messages(world, other)) == 1
    assert rows(url, ASKS) == [("sent", None)]


async def test_where_the_bot_may_not_know_whom_to_leave_quiet_slack_does_it_alone(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_for_a_post(world, runtime)
    world.sandbox.faults.add(Fault("dnd.teamInfo", error="missing_scope", times=None))
    await next_direct(world, runtime, world.amara)
    assert rows(url, ASKS) == [("sent", None)]


async def test_nothing_is_sent_while_slack_does_not_say_whom_to_leave_quiet(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_for_a_post(world, runtime)
    world.sandbox.faults.add(Fault("dnd.teamInfo", status=503, times=None))
    await advance(world, runtime, 2 * DAY)
    assert direct_messages(world, world.amara) == []
    world.sandbox.faults.clear()
    await next_direct(world, runtime, world.amara)
    assert rows(url, ASKS) == [("sent", None)]


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_process_that_dies_while_sending_leaves_one_message_or_none(
    world: SlackWorld, url: str, arrives: bool
) -> None:
    never = asyncio.Event()
    async with bot_running(world, url) as runtime:
        await waiting_for_a_post(world, runtime)
        failure = {} if arrives else {"error": "internal_error"}
        world.sandbox.faults.add(to_person(world.amara, hold=never, **failure))
        passing = asyncio.create_task(advance(world, runtime, 2 * DAY))
        await world.sandbox.until(lambda: world.sandbox.faults.held, what="the call is held")
        passing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await passing
    assert rows(url, ASKS) == [("sending", None)]
    world.sandbox.faults.clear()
    async with bot_running(world, url) as runtime:
        world.sandbox.clock.advance(61 * SECOND)
        await runtime.tick()
        assert rows(url, ASKS) == [("uncertain", None)]
        await advance(world, runtime, 9 * DAY)
        assert sends(world, world.amara) == 1
        assert len(direct_messages(world, world.amara)) == (1 if arrives else 0)


async def test_a_reply_that_comes_after_all_settles_it(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    held = asyncio.Event()
    await waiting_for_a_post(world, runtime)
    world.sandbox.faults.add(to_person(world.amara, hold=held))
    passing = asyncio.create_task(advance(world, runtime, 2 * DAY))
    await world.sandbox.until(lambda: world.sandbox.faults.held, what="the call is held")
    world.sandbox.clock.advance(61 * SECOND)
    await runtime.heartbeat.beat()  # as another process would
    assert rows(url, ASKS) == [("uncertain", None)]
    held.set()
    await passing
    assert rows(url, ASKS) == [("sent", None)]
    assert len(direct_messages(world, world.amara)) == 1


async def test_somebody_whom_slack_no_longer_knows_is_not_asked(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await waiting_for_a_post(world, runtime)
    await next_direct(world, runtime, world.amara)
    world.amara.deleted = True
    await live_post(world, runtime, topics="releases", title="More news")
    await advance(world, runtime, 5 * DAY)
    assert len(direct_messages(world, world.amara)) == 1
    assert sends(world, world.amara) == 1
    [(ends,)] = rows(url, "SELECT consent_ends_at FROM member")
    assert at(ends) <= world.sandbox.clock(), "who has left the company takes part no longer"


async def test_a_click_that_is_quicker_than_the_reply_settles_it_for_good(
    world: SlackWorld, url: str
) -> None:
    never = asyncio.Event()
    async with bot_running(world, url) as runtime:
        await waiting_for_a_post(world, runtime)
        world.sandbox.faults.add(to_person(world.amara, hold=never))
        passing = asyncio.create_task(advance(world, runtime, 2 * DAY))
        await world.sandbox.until(lambda: world.sandbox.faults.held, what="the call is held")
        [message] = direct_messages(world, world.amara)
        await world.amara.press(message, asks.SKIP)
        passing.cancel()  # the program dies before it hears of its own message
        with contextlib.suppress(asyncio.CancelledError):
            await passing
    world.sandbox.faults.clear()
    async with bot_running(world, url) as runtime:
        world.sandbox.clock.advance(61 * SECOND)
        await runtime.tick()
        assert rows(url, ASKS) == [("sent", "skipped")]
        assert message.plain == ANSWERED
