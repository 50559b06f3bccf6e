"""Socket Mode, with Slack's own client: one connection each, again after a break, in time."""

import asyncio
import json
from collections import Counter
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Person, Sandbox

Json = dict[str, Any]


async def ticket(sandbox: Sandbox) -> str:
    client = AsyncWebClient(base_url=sandbox.api_url)
    answer = await client.apps_connections_open(app_token=sandbox.app_token)
    return str(answer["url"])


async def test_a_socket_says_hello(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    async with session.ws_connect(await ticket(sandbox)) as socket:
        hello = await socket.receive_json()
        assert hello["type"] == "hello"
        assert hello["num_connections"] == 1
        assert hello["connection_info"]["app_id"]


async def test_a_ticket_opens_one_socket(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    url = await ticket(sandbox)
    async with session.ws_connect(url):
        again = await session.get(url)
        assert again.status == 403
    sandbox.state.ticket_life = -0.001
    late = await session.get(await ticket(sandbox))
    assert late.status == 403


async def test_the_eleventh_socket_is_turned_away(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    sockets = [await session.ws_connect(await ticket(sandbox)) for _ in range(11)]
    answers = [await socket.receive_json() for socket in sockets]
    assert [answer["type"] for answer in answers] == ["hello"] * 10 + ["disconnect"]
    assert answers[-1]["reason"] == "too_many_websockets"
    for socket in sockets:
        await socket.close()


async def test_every_envelope_goes_to_exactly_one_connection(
    sandbox: Sandbox, session: aiohttp.ClientSession, amara: Person
) -> None:
    async def serve(socket: aiohttp.ClientWebSocketResponse, name: str) -> None:
        async for message in socket:
            body = json.loads(message.data)
            if "envelope_id" in body:
                seen[body["payload"]["text"]] += 1
                served.add(name)
                await socket.send_json({"envelope_id": body["envelope_id"]})

    seen: Counter[str] = Counter()
    served: set[str] = set()
    sockets = [await session.ws_connect(await ticket(sandbox)) for _ in range(2)]
    tasks = [
        asyncio.create_task(serve(socket, name)) for socket, name in zip(sockets, "ab", strict=True)
    ]
    await sandbox.connected(2)
    outcomes = await asyncio.gather(*(amara.command(f"/do {n}") for n in range(20)))
    assert all(outcome.acknowledged for outcome in outcomes)
    assert seen == Counter({str(number): 1 for number in range(20)})
    assert served == {"a", "b"}
    for socket in sockets:
        await socket.close()
    await asyncio.gather(*tasks)


async def test_an_envelope_comes_again_if_the_connection_closes_first(
    sandbox: Sandbox, session: aiohttp.ClientSession, amara: Person
) -> None:
    first = await session.ws_connect(await ticket(sandbox))
    await first.receive_json()
    typing = asyncio.create_task(amara.command("/do it"))
    envelope = await first.receive_json()
    await first.close()
    second = await session.ws_connect(await ticket(sandbox))
    await second.receive_json()
    again = await second.receive_json()
    assert again == envelope
    await second.send_json({"envelope_id": again["envelope_id"], "payload": {"text": "done"}})
    outcome = await typing
    assert outcome.response == {"text": "done"}
    assert [message.text for message in amara.private] == ["done"]
    await second.close()


async def test_a_command_that_nobody_takes_in_time_fails(
    sandbox: Sandbox, session: aiohttp.ClientSession, amara: Person
) -> None:
    sandbox.dispatcher.acknowledge_within = 0.05
    assert (await amara.command("/do")).error == "dispatch_failed"
    async with session.ws_connect(await ticket(sandbox)):
        await sandbox.connected()
        outcome = await amara.command("/do")
        assert (outcome.acknowledged, outcome.error) == (False, "operation_timeout")


async def test_an_event_that_nobody_takes_comes_again(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    sandbox.dispatcher.acknowledge_within = 0.05
    sandbox.dispatcher.event_retry_delays = (0.0, 0.0, 0.0)
    async with session.ws_connect(await ticket(sandbox)) as socket:
        await socket.receive_json()
        told = asyncio.create_task(sandbox.event({"type": "team_rename", "name": "New"}))
        first = await socket.receive_json()
        second = await socket.receive_json()
        await socket.send_json({"envelope_id": second["envelope_id"]})
        outcome = await told
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert second["retry_reason"] == "timeout"
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert not first["accepts_response_payload"]
    assert (outcome.acknowledged, outcome.attempts) == (True, 2)


async def test_an_event_is_given_up_after_three_repetitions(sandbox: Sandbox) -> None:
    sandbox.dispatcher.acknowledge_within = 0.01
    sandbox.dispatcher.event_retry_delays = (0.0, 0.0, 0.0)
    outcome = await sandbox.event({"type": "team_rename", "name": "New"})
    assert (outcome.acknowledged, outcome.attempts) == (False, 4)


async def test_slacks_client_comes_back_when_its_socket_is_dropped(
    sandbox: Sandbox, app: AsyncApp, connect: Any, amara: Person
) -> None:
    @app.command("/ping")
    async def pong(ack: Any) -> None:
        await ack("pong")

    async with connect(app):
        (before,) = sandbox.sockets.connections
        await sandbox.drop_sockets()
        outcome = await amara.command("/ping")
        assert outcome.response == {"text": "pong"}
        assert before not in sandbox.sockets.connections


async def test_slacks_client_connects_anew_when_it_is_asked_to(
    sandbox: Sandbox, app: AsyncApp, connect: Any
) -> None:
    async with connect(app):
        (before,) = sandbox.sockets.connections
        await sandbox.refresh_sockets()
        await sandbox.until(
            lambda: sandbox.sockets.connections and before not in sandbox.sockets.connections
        )


async def test_sockets_can_be_refused(sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
    sandbox.refuse_sockets = True
    refused = await session.get(await ticket(sandbox))
    assert refused.status == 503
