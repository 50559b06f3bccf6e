"""Tokens, scopes, arguments and pages of the Web API, seen through Slack's own client."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Person, Sandbox, payloads
from slack_sandbox.state import Enterprise


async def test_it_says_who_the_bot_is(sandbox: Sandbox, client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == sandbox.bot_user_id
    assert answer["team_id"] == sandbox.team_id
    assert answer["bot_id"]


async def test_every_answer_carries_the_scopes(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.scopes[:] = ["chat:write", "users:read"]
    answer = await client.auth_test()
    assert answer.headers["x-oauth-scopes"] == "chat:write,users:read"


async def test_a_call_without_token_is_refused(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async with session.post(sandbox.api_url + "auth.test") as response:
        assert await response.json() == {"ok": False, "error": "not_authed"}


async def test_a_token_in_the_form_is_accepted(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    form = {"token": sandbox.bot_token}
    async with session.post(sandbox.api_url + "auth.test", data=form) as response:
        assert (await response.json())["ok"]
    assert "token" not in sandbox.calls[-1].payload


async def test_an_unknown_token_is_refused(client: AsyncWebClient, refused: Any) -> None:
    assert await refused(client.auth_test(token="xoxb-other")) == "invalid_auth"


async def test_each_token_has_its_own_methods(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel, refused: Any
) -> None:
    opening = client.apps_connections_open(app_token=sandbox.bot_token)
    assert await refused(opening) == "not_allowed_token_type"
    posting = client.chat_postMessage(token=sandbox.app_token, channel=news.id, text="hello")
    assert await refused(posting) == "not_allowed_token_type"


async def test_an_unknown_method_is_refused(client: AsyncWebClient, refused: Any) -> None:
    assert await refused(client.api_call("chat.shout")) == "unknown_method"


async def test_a_missing_scope_is_named(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel
) -> None:
    sandbox.scopes.remove("chat:write")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=news.id, text="hello")
    answer = caught.value.response
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "chat:write"
    assert "users:read" in answer["provided"]


async def test_private_channels_need_a_scope_of_their_own(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    comms = sandbox.add_channel("comms", private=True)
    sandbox.scopes.remove("groups:read")
    assert await refused(client.conversations_members(channel=comms.id)) == "missing_scope"
    assert await refused(client.conversations_list(types="private_channel")) == "missing_scope"
    assert (await client.conversations_list())["channels"] == []


async def test_a_private_channel_is_hidden_from_a_bot_that_is_not_there(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    secret = sandbox.add_channel("secret", private=True, bot_is_member=False)
    assert await refused(client.conversations_info(channel=secret.id)) == "channel_not_found"
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert listed["channels"] == []


async def test_members_come_in_pages(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel
) -> None:
    people = [sandbox.add_person(f"person{number}") for number in range(6)]
    news.members += people
    pages = [
        page["members"]
        async for page in await client.conversations_members(channel=news.id, limit=3)
    ]
    assert [len(page) for page in pages] == [3, 3, 2]
    found = {member for page in pages for member in page}
    assert found == {*(person.id for person in news.members), sandbox.bot_user_id}


async def test_an_invented_cursor_is_refused(
    client: AsyncWebClient, news: Channel, refused: Any
) -> None:
    call = client.conversations_members(channel=news.id, cursor="what?")
    assert await refused(call) == "invalid_cursor"


async def test_channels_and_the_bots_own_channels_are_listed(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel
) -> None:
    sandbox.add_channel("random", bot_is_member=False)
    sandbox.add_channel("attic", archived=True)
    listed = await client.conversations_list(exclude_archived=True)
    assert [one["name"] for one in listed["channels"]] == ["share-our-news", "random"]
    own = await client.users_conversations(exclude_archived=True)
    assert [one["name"] for one in own["channels"]] == ["share-our-news"]


async def test_it_tells_what_a_person_is(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person
) -> None:
    sandbox.clock.move_to(datetime(2026, 7, 1, tzinfo=UTC))
    user = (await client.users_info(user=amara.id, include_locale=True))["user"]
    assert user["tz"] == "Europe/Berlin"
    assert user["tz_offset"] == 7200
    assert user["locale"] == "en-US"
    assert user["profile"]["real_name"] == "Amara Okafor"
    assert not user["is_restricted"]
    guest = sandbox.add_person("guest", ultra_restricted=True)
    told = (await client.users_info(user=guest.id))["user"]
    assert told["is_restricted"]
    assert told["is_ultra_restricted"]
    stranger = sandbox.add_person("stranger", team_id="T0OTHER")
    told = (await client.users_info(user=stranger.id))["user"]
    assert told["is_stranger"]
    assert told["team_id"] == "T0OTHER"
    sandbox.add_channel("shared", members=[stranger])
    told = (await client.users_info(user=stranger.id))["user"]
    assert told["is_stranger"] is False, "in a channel with the app, as Slack documents it"


async def test_people_of_a_sister_workspace_are_of_the_same_organisation(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person
) -> None:
    sandbox.state.enterprise = Enterprise("E0GROUP", users_team_id="T0FIXED")
    sister = sandbox.add_person("sister", team_id="T0SISTER", enterprise_id="E0GROUP")
    for person, team in ((amara, sandbox.team_id), (sister, "T0SISTER")):
        told = (await client.users_info(user=person.id))["user"]
        assert told["team_id"] == team
        assert told["enterprise_user"]["enterprise_id"] == "E0GROUP"
        assert told["enterprise_user"]["teams"] == [team]
        shown = payloads.block_actions(
            sandbox.state,
            person,
            sandbox.state.post(sandbox.state.direct_channel(person), "", []),
            {"type": "button", "action_id": "go"},
            {"block_id": "b"},
        )
        assert shown["user"]["team_id"] == "T0FIXED"


async def test_it_tells_who_shares_a_channel(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel
) -> None:
    async def flags() -> tuple[bool, ...]:
        told = (await client.conversations_info(channel=news.id))["channel"]
        return tuple(told[name] for name in ("is_shared", "is_org_shared", "is_ext_shared"))

    assert await flags() == (False, False, False)
    news.shared_with.append("T0SISTER")
    assert await flags() == (True, True, False)
    news.connected_to.append("T0OTHER")
    assert await flags() == (True, True, True)


async def test_an_installation_for_an_organisation_says_so(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.state.enterprise, sandbox.state.org_wide = Enterprise("E0GROUP"), True
    who = await client.auth_test()
    assert (who["team_id"], who["is_enterprise_install"]) == ("E0GROUP", True)


async def test_an_unknown_person_is_refused(client: AsyncWebClient, refused: Any) -> None:
    assert await refused(client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_it_tells_when_people_do_not_want_to_be_disturbed(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person, refused: Any
) -> None:
    start = datetime(2026, 7, 1, 20, tzinfo=UTC)
    amara.do_not_disturb = (start, start + timedelta(hours=10))
    answer = await client.dnd_teamInfo(users=[amara.id])
    assert answer["users"][amara.id] == {
        "dnd_enabled": True,
        "next_dnd_start_ts": int(start.timestamp()),
        "next_dnd_end_ts": int(start.timestamp()) + 36_000,
    }
    too_many = client.dnd_teamInfo(users=[f"U{number}" for number in range(51)])
    assert await refused(too_many) == "too_many_users"


async def test_a_direct_message_is_opened_once(client: AsyncWebClient, amara: Person) -> None:
    first = await client.conversations_open(users=amara.id)
    again = await client.conversations_open(users=[amara.id])
    assert first["channel"]["id"] == again["channel"]["id"]
    await client.chat_postMessage(channel=first["channel"]["id"], text="Good morning")
    await client.chat_postMessage(channel=amara.id, text="again")
    assert [message.plain for message in amara.dm] == ["Good morning", "again"]


async def test_every_call_is_recorded(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person, refused: Any
) -> None:
    await client.users_info(user=amara.id)
    await refused(client.users_info(user="U0NOBODY"))
    assert [(call.method, call.ok) for call in sandbox.calls] == [
        ("users.info", True),
        ("users.info", False),
    ]
    assert sandbox.calls[-1].answer == {"ok": False, "error": "user_not_found"}
