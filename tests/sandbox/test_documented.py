"""Documented numbers that the other tests leave open: time limits, repeats, Home tabs."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Fault, Person, Sandbox
from slack_sandbox.errors import SlackError
from slack_sandbox.limits import check_view

Json = dict[str, Any]

SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "News"}}


def test_three_seconds_for_an_acknowledgement_and_for_a_trigger() -> None:
    sandbox = Sandbox()
    assert sandbox.dispatcher.acknowledge_within == 3.0
    assert sandbox.trigger_life == 3.0


def test_an_event_is_repeated_three_times() -> None:
    assert len(Sandbox().dispatcher.event_retry_delays) == 3


def test_a_home_tab_takes_a_hundred_blocks() -> None:
    check_view({"type": "home", "blocks": [SECTION] * 100}, kind="home")
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view({"type": "home", "blocks": [SECTION] * 101}, kind="home")


def test_a_home_tab_has_no_title_and_no_submit_button() -> None:
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view(
            {"type": "home", "blocks": [SECTION], "title": {"type": "plain_text", "text": "x"}},
            kind="home",
        )


def test_block_ids_stand_once_in_a_view() -> None:
    twice = [{**SECTION, "block_id": "a"}] * 2
    with pytest.raises(SlackError, match="invalid_arguments"):
        check_view({"type": "home", "blocks": twice}, kind="home")


async def test_clicks_and_commands_are_never_repeated(
    sandbox: Sandbox,
    client: AsyncWebClient,
    app: AsyncApp,
    connect: Any,
    amara: Person,
    news: Channel,
) -> None:
    heard: list[str] = []

    @app.command("/advocacy")
    async def _command(body: Json) -> None:
        heard.append("command")

    @app.action("go")
    async def _press(body: Json) -> None:
        heard.append("press")

    sandbox.dispatcher.acknowledge_within = 0.2
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    await client.chat_postMessage(channel=news.id, text="News", blocks=blocks)
    async with connect(app):
        command = await amara.command("/advocacy", channel=news)
        press = await amara.press(amara.messages(news)[0], "go")
    assert heard == ["command", "press"]
    for outcome in (command, press):
        assert (outcome.acknowledged, outcome.error) == (False, "operation_timeout")


async def test_the_schedules_of_fifty_people_at_most_are_told_at_once(
    client: AsyncWebClient, amara: Person, refused: Any
) -> None:
    await client.dnd_teamInfo(users=",".join([amara.id] * 50))
    asked = client.dnd_teamInfo(users=",".join([amara.id] * 51))
    assert await refused(asked) == "too_many_users"


async def test_a_standing_fault_is_taken_back_alone(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    slow = sandbox.faults.add(Fault(delay=0.01, times=None))
    broken = sandbox.faults.add(Fault(error="internal_error", times=None))
    assert await refused(client.auth_test()) == "internal_error"
    sandbox.faults.remove(broken)
    await client.auth_test()
    assert len(sandbox.faults) == 1
    sandbox.faults.remove(slow)
    sandbox.faults.remove(slow)
    assert len(sandbox.faults) == 0
