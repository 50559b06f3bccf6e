"""What goes wrong on order: refusals, cut connections, lost replies, delays."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Fault, Person, Sandbox


async def test_an_ordered_error_comes_once(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel, refused: Any
) -> None:
    sandbox.faults.add(Fault(method="chat.postMessage", error="channel_not_found"))
    posting = client.chat_postMessage(channel=news.id, text="one")
    assert await refused(posting) == "channel_not_found"
    await client.chat_postMessage(channel=news.id, text="two")


async def test_throttling_says_how_long_to_wait(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel, amara: Person
) -> None:
    sandbox.faults.add(Fault(method="chat.postMessage", status=429, retry_after=30))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=news.id, text="one")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "30"
    assert amara.messages(news) == []


async def test_an_outage_lasts_until_it_is_cleared(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    sandbox.faults.add(Fault(method="*", status=503, times=None))
    for _ in range(3):
        with pytest.raises(SlackApiError) as caught:
            await client.auth_test()
        assert caught.value.response.status_code == 503
    sandbox.faults.clear()
    await client.auth_test()


async def test_a_lost_reply_means_that_it_was_done_once(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel, amara: Person
) -> None:
    sandbox.faults.add(Fault(method="chat.postMessage", lose_reply=True))
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=news.id, text="one")
    assert [message.text for message in amara.messages(news)] == ["one"]
    assert [call.status for call in sandbox.calls] == [0]


async def test_a_cut_connection_means_that_nothing_was_done(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel, amara: Person
) -> None:
    sandbox.faults.add(Fault(method="chat.postMessage", cut=True))
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=news.id, text="one")
    assert amara.messages(news) == []


async def test_a_held_call_is_done_but_not_answered_yet(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel, amara: Person
) -> None:
    hold = asyncio.Event()
    sandbox.faults.add(Fault(method="chat.postMessage", hold=hold))
    posting = asyncio.create_task(client.chat_postMessage(channel=news.id, text="one"))
    await sandbox.until(lambda: amara.messages(news))
    assert not posting.done()
    hold.set()
    assert (await posting)["ok"]


async def test_a_fault_may_choose_its_calls(
    sandbox: Sandbox, client: AsyncWebClient, news: Channel, refused: Any
) -> None:
    fault = Fault(
        method="chat.postMessage",
        error="internal_error",
        when=lambda payload: payload["text"] == "bad",
    )
    sandbox.faults.add(fault)
    await client.chat_postMessage(channel=news.id, text="good")
    bad = client.chat_postMessage(channel=news.id, text="bad")
    assert await refused(bad) == "internal_error"


async def test_a_delay_goes_together_with_another_fault(
    sandbox: Sandbox, client: AsyncWebClient, refused: Any
) -> None:
    sandbox.faults.add(Fault(method="auth.test", delay=0.05))
    sandbox.faults.add(Fault(method="auth.test", error="account_inactive"))
    assert await refused(client.auth_test()) == "account_inactive"
    assert sandbox.calls[-1].seconds >= 0.05
