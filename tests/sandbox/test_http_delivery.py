"""Signed HTTP delivery to a tiny bot on Slack's own ASGI adapter."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Person, Sandbox
from slack_sandbox.delivery import signature

Json = dict[str, Any]


class Served(uvicorn.Server):
    """A server that says when it is ready, and leaves signals alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@pytest.fixture
async def address(sandbox: Sandbox, app: AsyncApp) -> AsyncIterator[str]:
    config = uvicorn.Config(
        AsyncSlackRequestHandler(app),
        port=0,
        log_config=None,
        lifespan="off",
        loop="asyncio",
    )
    server = Served(config)
    serving = asyncio.create_task(server.serve())
    await server.ready.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/slack/events"
    sandbox.deliver_by_http(url)
    yield url
    # The client's open connections would keep the server from ending.
    await sandbox.dispatcher.delivery.close()
    server.should_exit = True
    await serving


async def test_a_signed_command_is_taken_and_answered(
    sandbox: Sandbox, app: AsyncApp, address: str, amara: Person, news: Channel
) -> None:
    @app.command("/advocacy")
    async def answer(ack: Any, command: Json) -> None:
        await ack(f"You said {command['text']}")

    outcome = await amara.command("/advocacy a & b", channel=news)
    assert outcome.acknowledged
    assert amara.private[0].text == "You said a & b"


async def test_a_wrong_signature_is_turned_away(
    sandbox: Sandbox, app: AsyncApp, address: str, amara: Person
) -> None:
    sandbox.signing_secret = "other"
    sandbox.deliver_by_http(address)
    outcome = await amara.command("/advocacy")
    assert (outcome.acknowledged, outcome.error) == (False, "dispatch_failed")


async def test_presses_and_forms_travel_as_forms(
    sandbox: Sandbox,
    app: AsyncApp,
    client: AsyncWebClient,
    address: str,
    amara: Person,
    news: Channel,
) -> None:
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input", "action_id": "a"},
            }
        ],
    }

    @app.action("open")
    async def open_it(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    @app.view("form")
    async def take(ack: Any) -> None:
        await ack(response_action="errors", errors={"name": "Taken"})

    button = {"type": "button", "action_id": "open", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    await client.chat_postMessage(channel=news.id, text="News", blocks=blocks)
    assert (await amara.press(amara.messages(news)[0], "open")).acknowledged
    amara.fill({"name": "Amara"})
    await amara.submit()
    assert amara.view is not None
    assert amara.view.errors == {"name": "Taken"}


async def test_an_event_is_repeated_with_its_number(
    sandbox: Sandbox, app: AsyncApp, address: str, amara: Person
) -> None:
    seen: list[Any] = []

    @app.event("app_home_opened")
    async def note(request: Any, body: Json) -> None:
        seen.append((request.headers.get("x-slack-retry-num"), body["event_id"]))
        if len(seen) < 3:
            raise RuntimeError("not yet")

    sandbox.dispatcher.event_retry_delays = (0.0, 0.0, 0.0)
    outcome = await amara.open_home()
    assert (outcome.acknowledged, outcome.attempts) == (True, 3)
    assert [number for number, _ in seen] == [None, ["1"], ["2"]]
    assert len({event_id for _, event_id in seen}) == 1


async def test_the_address_is_verified(sandbox: Sandbox, address: str) -> None:
    delivery = sandbox.deliver_by_http(address)
    assert await delivery.verify_address()


async def test_nobody_at_the_address_is_a_failure(sandbox: Sandbox, amara: Person) -> None:
    sandbox.deliver_by_http("http://127.0.0.1:1/slack/events")
    assert (await amara.command("/advocacy")).error == "dispatch_failed"


def test_slacks_own_verifier_accepts_the_signature() -> None:
    verifier = SignatureVerifier("secret")
    body, now = "command=%2Fdo", str(int(time.time()))
    assert verifier.is_valid(body, now, signature("secret", now, body))
    assert not verifier.is_valid(body, now, signature("other", now, body))
