"""Messages: where they may go, who sees them, whom they mention."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Person, Sandbox


async def test_a_message_is_seen_by_the_members(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    comms = sandbox.add_channel("comms", private=True)
    await client.chat_postMessage(channel=news.id, text="one")
    await client.chat_postMessage(channel=comms.id, text="two")
    assert [message.text for message in amara.messages(news)] == ["one"]
    assert amara.messages(comms) == []


async def test_places_that_do_not_take_a_message_say_why(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel, refused: Any
) -> None:
    elsewhere = sandbox.add_channel("elsewhere", bot_is_member=False)
    attic = sandbox.add_channel("attic", archived=True)
    for channel, error in (
        (elsewhere.id, "not_in_channel"),
        (attic.id, "is_archived"),
        ("C0NOWHERE", "channel_not_found"),
    ):
        assert await refused(client.chat_postMessage(channel=channel, text="hello")) == error
    empty = client.api_call("chat.postMessage", json={"channel": news.id})
    assert await refused(empty) == "no_text"
    long = client.chat_postMessage(channel=news.id, text="x" * 40_001)
    assert await refused(long) == "msg_too_long"


async def test_an_ephemeral_message_is_seen_by_one_person_only(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person, news: Channel, refused: Any
) -> None:
    ben = sandbox.add_person("ben")
    news.members.append(ben)
    sent = await client.chat_postEphemeral(channel=news.id, user=amara.id, text="for you")
    assert [message.text for message in amara.private] == ["for you"]
    assert amara.messages(news) == amara.private
    assert ben.messages(news) == []
    changing = client.chat_update(channel=news.id, ts=sent["message_ts"], text="other")
    assert await refused(changing) == "message_not_found"
    cleo = sandbox.add_person("cleo")
    posting = client.chat_postEphemeral(channel=news.id, user=cleo.id, text="for you")
    assert await refused(posting) == "user_not_in_channel"


async def test_a_message_is_changed_and_taken_back(
    client: AsyncWebClient, amara: Person, news: Channel, refused: Any
) -> None:
    ts = (await client.chat_postMessage(channel=news.id, text="one"))["ts"]
    (message,) = amara.messages(news)
    await client.chat_update(channel=news.id, ts=ts, text="two")
    assert (message.text, message.edited) == ("two", True)
    link = (await client.chat_getPermalink(channel=news.id, message_ts=ts))["permalink"]
    assert news.id in link
    await client.chat_delete(channel=news.id, ts=ts)
    assert amara.messages(news) == []
    again = client.chat_update(channel=news.id, ts=ts, text="three")
    assert await refused(again) == "message_not_found"


async def test_blocks_stay_unless_they_are_taken_away(
    client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Heading"}}]
    ts = (await client.chat_postMessage(channel=news.id, text="one", blocks=blocks))["ts"]
    await client.chat_update(channel=news.id, ts=ts, text="two")
    assert amara.messages(news)[0].plain == "Heading"
    await client.chat_update(channel=news.id, ts=ts, text="two", blocks=[])
    assert amara.messages(news)[0].plain == "two"


async def test_timestamps_never_repeat_while_the_clock_stands_still(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel
) -> None:
    sandbox.clock.freeze()
    stamps = [(await client.chat_postMessage(channel=news.id, text="x"))["ts"] for _ in range(5)]
    assert len(set(stamps)) == 5
    assert stamps == sorted(stamps)


def _section(text: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": "section", "text": {"type": kind, "text": text}}


def _rich(leaf: dict[str, Any]) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [leaf]}
    return {"type": "rich_text", "elements": [section]}


@pytest.mark.parametrize(
    ("block", "mentions"),
    [
        (_section("<!channel> and <!here|here>"), ["<!channel>", "<!here>"]),
        (_section("<!everyone>"), ["<!everyone>"]),
        (_section("<@U0ABC> <@U0DEF|ben>"), ["<@U0ABC>", "<@U0DEF>"]),
        (_section("<!subteam^S0ABC|@team>"), ["<!subteam^S0ABC>"]),
        (_section("&lt;!channel&gt; @channel <!date^1^{date}|x> <https://x.example>"), []),
        (_section("<!channel>", "plain_text"), []),
        (_rich({"type": "user", "user_id": "U0ABC"}), ["<@U0ABC>"]),
        (_rich({"type": "usergroup", "usergroup_id": "S0ABC"}), ["<!subteam^S0ABC>"]),
        (_rich({"type": "broadcast", "range": "here"}), ["<!here>"]),
        (_rich({"type": "text", "text": "<!channel>"}), []),
    ],
)
async def test_it_records_whom_a_message_would_ping(
    client: AsyncWebClient,
    amara: Person,
    news: Channel,
    block: dict[str, Any],
    mentions: list[str],
) -> None:
    await client.chat_postMessage(channel=news.id, text="News", blocks=[block])
    assert amara.messages(news)[0].mentions == mentions


async def test_the_fallback_text_pings_as_well(
    client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    await client.chat_postMessage(channel=news.id, text="<!here> news")
    await client.chat_postMessage(channel=news.id, text="@here news", link_names=True)
    assert [message.mentions for message in amara.messages(news)] == [["<!here>"], ["<!here>"]]
