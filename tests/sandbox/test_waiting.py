"""Waiting for changes, and ending while something still waits."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Fault, Person, Sandbox


async def test_waiting_ends_with_the_change(
    sandbox: Sandbox, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    waiting = asyncio.create_task(sandbox.until(lambda: amara.messages(news)))
    await client.chat_postMessage(channel=news.id, text="News")
    await waiting


async def test_waiting_in_vain_says_what_for(sandbox: Sandbox, amara: Person) -> None:
    with pytest.raises(TimeoutError, match=r"amara\.view is not None"):
        await sandbox.until(lambda: amara.view is not None, timeout=0.01)
    with pytest.raises(TimeoutError, match="2 connected sockets"):
        await sandbox.connected(2, timeout=0.01)


async def test_moving_the_clock_wakes_who_waits(sandbox: Sandbox) -> None:
    later = sandbox.clock() + timedelta(days=1)
    waiting = asyncio.create_task(sandbox.until(lambda: sandbox.clock() > later))
    sandbox.clock.advance(timedelta(days=2))
    await waiting


async def test_it_ends_at_once_even_if_a_call_is_held(session: aiohttp.ClientSession) -> None:
    async with Sandbox() as sandbox:
        sandbox.faults.add(Fault(method="auth.test", hold=asyncio.Event()))
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, session=session)
        held = asyncio.create_task(client.auth_test())
        await sandbox.until(lambda: sandbox.faults.held)
    assert (await held)["ok"]


async def test_a_broken_network_ends_a_socket_without_a_word(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    client = AsyncWebClient(base_url=sandbox.api_url, session=session)
    answer = await client.apps_connections_open(app_token=sandbox.app_token)
    socket = await session.ws_connect(str(answer["url"]))
    await socket.receive_json()
    await sandbox.drop_sockets(silently=True)
    assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    assert socket.close_code == 1006
    assert sandbox.sockets.connections == []
