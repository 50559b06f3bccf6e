"""Refusals that do not pass by themselves: met once, told once, and tried again after pauses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.doctor import Finding, examine
from bot.logs import ConfidentialFormatter, as_text
from bot.runtime import Runtime
from slack_sandbox import Fault
from tests.slack.direct_asks import advance_to_heartbeat, join_for_direct
from tests.support import (
    SlackWorld,
    approve,
    approved_post,
    bot_running,
    live_post,
    rows,
    run_command,
    submitted_post,
    withdraw,
)

BEAT = timedelta(seconds=70)
BEATS = 4  # less than the five minutes of the first pause
METHOD = ("missing_scope", "unknown_method", "invalid_auth")
CHANNEL = ("is_archived", "not_in_channel", "channel_not_found", "restricted_action")


def calls(world: SlackWorld, method: str, channel: str | None = None) -> int:
    """How often the bot called a method, in a channel."""
    return len(
        [
            one
            for one in world.sandbox.calls
            if one.method == method and (channel is None or one.payload.get("channel") == channel)
        ]
    )


async def beats(world: SlackWorld, runtime: Runtime) -> None:
    for _ in range(BEATS):
        world.sandbox.clock.advance(BEAT)
        await runtime.tick()


def refuse_in_news(world: SlackWorld, method: str, error: str) -> None:
    """Slack refuses every such call in the opt-in channel."""
    news = world.news.id
    in_news = Fault(method, error=error, times=None, when=lambda call: call["channel"] == news)
    world.sandbox.faults.add(in_news)


def refused_lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = map(ConfidentialFormatter(as_text).format, caplog.records)
    return [line for line in lines if "Slack refuses" in line]


@pytest.mark.parametrize("error", METHOD + CHANNEL)
async def test_a_new_card(
    world: SlackWorld, runtime: Runtime, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    world.sandbox.faults.add(Fault("chat.postMessage", error=error, times=None))
    await submitted_post(runtime, world.cleo)
    await beats(world, runtime)
    assert calls(world, "chat.postMessage", world.comms.id) == 1
    [line] = refused_lines(caplog)
    assert "chat.postMessage in the comms channel" in line
    assert "mend=" in line


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_too_long"])
async def test_a_card_that_slack_refuses_for_what_it_holds(
    world: SlackWorld, runtime: Runtime, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    world.sandbox.faults.add(Fault("chat.postMessage", error=error, times=None))
    await submitted_post(runtime, world.cleo)
    await beats(world, runtime)
    assert calls(world, "chat.postMessage", world.comms.id) == 1
    assert len(refused_lines(caplog)) == 1


@pytest.mark.parametrize("error", [*METHOD, "is_archived", "not_in_channel", "restricted_action"])
async def test_a_changed_card(
    world: SlackWorld, runtime: Runtime, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    await submitted_post(runtime, world.cleo)
    await runtime.tick()
    world.sandbox.faults.add(Fault("chat.update", error=error, times=None))
    await approve(world.carl, 1)
    await beats(world, runtime)
    assert calls(world, "chat.update", world.comms.id) == 1
    assert len(refused_lines(caplog)) == 1


@pytest.mark.parametrize("error", METHOD + CHANNEL)
async def test_an_announcement(world: SlackWorld, runtime: Runtime, error: str) -> None:
    refuse_in_news(world, "chat.postMessage", error)
    await approved_post(world, runtime)
    await beats(world, runtime)
    assert calls(world, "chat.postMessage", world.news.id) == 1
    told = [one for one in world.cleo.messages(world.comms) if "only once" in one.text]
    assert len(told) == 1


@pytest.mark.parametrize("error", [*METHOD, "is_archived", "not_in_channel", "restricted_action"])
async def test_a_message_of_a_post_that_ended(
    world: SlackWorld, runtime: Runtime, error: str
) -> None:
    await live_post(world, runtime)
    refuse_in_news(world, "chat.update", error)
    await withdraw(world.carl, 1)
    await beats(world, runtime)
    assert calls(world, "chat.update", world.news.id) == 1
    told = [one for one in world.cleo.messages(world.comms) if "only once" in one.text]
    assert len(told) == 1, "comms hear why the channel shows something outdated"


@pytest.mark.parametrize(
    ("error", "told"),
    [("cant_update_message", 1), ("edit_window_closed", 1), ("message_not_found", 0)],
)
async def test_a_message_that_can_be_changed_no_more(
    world: SlackWorld, runtime: Runtime, error: str, told: int
) -> None:
    await live_post(world, runtime)
    refuse_in_news(world, "chat.update", error)
    await withdraw(world.carl, 1)
    await beats(world, runtime)
    assert calls(world, "chat.update", world.news.id) == 1
    said = [
        one for one in world.cleo.messages(world.comms) if "no longer lets me change" in one.text
    ]
    assert len(said) == told


@pytest.mark.parametrize("error", METHOD)
async def test_do_not_disturb_and_direct_messages(
    world: SlackWorld, runtime: Runtime, error: str
) -> None:
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)
    world.sandbox.faults.add(Fault("chat.postMessage", error=error, times=None))
    for _ in range(20):
        await advance_to_heartbeat(world, runtime)
        if calls(world, "chat.postMessage", world.amara.id):
            break
    await beats(world, runtime)
    assert calls(world, "chat.postMessage", world.amara.id) == 1
    assert calls(world, "dnd.teamInfo") == 1


@pytest.mark.parametrize("error", METHOD)
async def test_who_is_in_comms_for_the_snapshot(
    world: SlackWorld, runtime: Runtime, caplog: pytest.LogCaptureFixture, error: str
) -> None:
    before = calls(world, "conversations.members")
    world.sandbox.faults.add(Fault("conversations.members", error=error, times=None))
    world.sandbox.clock.advance(timedelta(days=1))
    await beats(world, runtime)
    assert calls(world, "conversations.members") == before + 1
    assert len(refused_lines(caplog)) == 1


@pytest.mark.parametrize("error", METHOD)
async def test_removing_messages(world: SlackWorld, runtime: Runtime, error: str) -> None:
    await live_post(world, runtime, topics="releases")
    await join_for_direct(world.amara)
    for _ in range(20):
        await advance_to_heartbeat(world, runtime)
        if calls(world, "chat.postMessage", world.amara.id):
            break
    world.sandbox.faults.add(Fault("chat.delete", error=error, times=None))
    await run_command(world.amara, "/advocacy leave")
    world.sandbox.clock.advance(timedelta(days=31))
    await beats(world, runtime)
    assert calls(world, "chat.delete") == 1


async def test_home_is_tried_for_whoever_opens_it_and_an_operator_is_told_once(
    world: SlackWorld, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    world.sandbox.faults.add(Fault("views.publish", error="not_enabled", times=None))
    for _ in range(3):
        await world.amara.open_home()
        await runtime.context.background_tasks.drain()
    assert calls(world, "views.publish") == 3
    [line] = refused_lines(caplog)
    assert "Turn on the Home tab" in line


async def found(world: SlackWorld, url: str) -> list[Finding]:
    """What the doctor says of calls to Slack."""
    sandbox = world.sandbox
    source = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": url,
        "ADVOCACY_CHANNEL": world.news.name,
        "COMMS_CHANNEL": world.comms.name,
    }
    findings = await examine(source, world.sandbox.clock)
    return [one for one in findings if one.subject == "calls to Slack"]


async def test_the_doctor_says_what_was_refused_since_when_and_what_mends_it(
    world: SlackWorld, url: str
) -> None:
    async with bot_running(world, url) as runtime:
        assert [one.ok for one in await found(world, url)] == [True]
        world.sandbox.faults.add(Fault("chat.postMessage", error="is_archived", times=None))
        await submitted_post(runtime, world.cleo)
        await runtime.tick()
        findings = await found(world, url)
    refused = next(one for one in findings if one.ok is False)
    assert "chat.postMessage in the comms channel: refused (is_archived), since 20" in refused.says
    assert refused.mend == "Unarchive the channel, or choose another one."
    assert not refused.fatal
    async with bot_running(world, url):
        assert all(one.ok is not False for one in await found(world, url)), "tried anew"


async def test_what_slack_throttles_rests_in_every_process(world: SlackWorld, url: str) -> None:
    async with bot_running(world, url) as runtime:
        await submitted_post(runtime, world.cleo)
        await runtime.tick()
        throttled = Fault("chat.update", status=429, retry_after=60, times=None)
        world.sandbox.faults.add(throttled)
        await approve(world.carl, 1)
        await runtime.context.background_tasks.drain()
        tried = calls(world, "chat.update")
        assert rows(url, "SELECT method, place, trouble FROM rest") == [
            ("chat.update", "", "throttled")
        ]
    async with bot_running(world, url) as other:
        world.sandbox.clock.advance(timedelta(seconds=59))
        await other.tick()
        assert calls(world, "chat.update") == tried
        world.sandbox.faults.clear()
        world.sandbox.clock.advance(timedelta(seconds=1))
        await other.tick()
        assert calls(world, "chat.update") > tried
        assert rows(url, "SELECT method FROM rest") == []
