"""What recorded payloads of Slack's own client libraries hold, the sandbox sends too.

The facts are from the samples of slackapi/java-slack-sdk (`json-logs/samples`) and the payloads in
the tests of slackapi/bolt-python.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Enterprise, Sandbox
from tests.sandbox.blocks import Json, actions, button, home, modal, section

GRID = Enterprise("E1", "Acme Group")
NAMED = {"enterprise_id": "E1", "enterprise_name": "Acme Group"}


@pytest.fixture(params=[None, GRID], ids=["alone", "grid"])
async def sandbox(request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    async with Sandbox(enterprise=request.param) as sandbox:
        yield sandbox


async def test_what_a_command_and_a_press_say_of_the_organisation(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient, connect: Any
) -> None:
    amara = sandbox.add_person("amara")
    news = sandbox.add_channel("news", members=[amara])
    seen: list[Json] = []

    @app.command("/advocacy")
    async def open_it(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(callback_id="form"))

    @app.view("form")
    @app.action("share")
    async def note(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    @app.event("app_home_opened")
    async def note_event(body: Json) -> None:
        seen.append(body)

    blocks = [actions(button())]
    posted = await client.chat_postMessage(channel=news.id, text="News", blocks=blocks)
    thread = await client.chat_postMessage(
        channel=news.id, text="More", blocks=blocks, thread_ts=posted["ts"]
    )
    async with connect(app):
        await amara.command("/advocacy", channel=news)
        await amara.submit()
        first, second = amara.messages(news)
        await amara.press(first, "share")
        await amara.press(second, "share")
        await client.views_publish(user_id=amara.id, view=home(section("News")))
        await amara.open_home()
    command, submission, press, in_thread, opened = seen

    grid = sandbox.state.enterprise is not None
    named = NAMED if grid else {}
    assert {key: command[key] for key in NAMED if key in command} == named
    team = {"id": sandbox.team_id, "domain": "sandbox", **named}
    for body in (submission, press):
        assert body["team"] == team
        assert body["enterprise"] == ({"id": "E1", "name": "Acme Group"} if grid else None)
    assert opened.get("enterprise_id") == (GRID.id if grid else None)
    assert opened["authorizations"][0]["enterprise_id"] == (GRID.id if grid else None)

    assert submission["view"]["submit_disabled"] is False
    assert submission["view"]["title"]["emoji"] is True
    assert "thread_ts" not in press["container"]
    assert in_thread["container"]["thread_ts"] == posted["ts"]
    assert in_thread["container"]["message_ts"] == thread["ts"]
    assert press["container"]["is_app_unfurl"] is False
    profile = press["message"]["bot_profile"]
    assert (profile["id"], profile["app_id"]) == ("B0SANDBOX", "A0SANDBOX")
    view = opened["event"]["view"]
    assert (view["type"], view["blocks"][0]["type"]) == ("home", "section")
    assert view["state"] == {"values": {}}


async def test_what_the_web_api_says_of_the_app_and_of_people(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    amara, guest = sandbox.add_person("amara"), sandbox.add_person("jo", team_id="T0OTHER")
    grid = sandbox.state.enterprise is not None
    who = await client.auth_test()
    assert who["app_id"] == "A0SANDBOX"
    assert who.get("enterprise_id") == (GRID.id if grid else None)
    person = (await client.users_info(user=amara.id))["user"]
    if grid:
        assert person["enterprise_user"]["enterprise_id"] == GRID.id
        assert person["enterprise_user"]["teams"] == [sandbox.team_id]
    else:
        assert "enterprise_user" not in person
    assert "enterprise_user" not in (await client.users_info(user=guest.id))["user"]


async def test_the_answer_to_an_update_names_the_message_once(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    news = sandbox.add_channel("news")
    posted = await client.chat_postMessage(channel=news.id, text="News")
    assert posted["message"]["ts"] == posted["ts"]
    assert posted["message"]["bot_profile"]["team_id"] == sandbox.team_id
    changed = await client.chat_update(channel=news.id, ts=posted["ts"], text="Other news")
    assert changed["ts"] == posted["ts"]
    assert "ts" not in changed["message"]
