"""A workspace with two people, and Slack's own client for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Page, Person, Sandbox, attach_page

Json = dict[str, Any]


@pytest.fixture
async def attached() -> AsyncIterator[Page]:
    """A page, attached to a workspace that has started."""
    sandbox = Sandbox()
    page = attach_page(sandbox)
    async with sandbox:
        sandbox.dispatcher.acknowledge_within = 1.0
        yield page


@pytest.fixture
def sandbox(attached: Page) -> Sandbox:
    return attached.sandbox


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(
        token=sandbox.bot_token, base_url=sandbox.api_url, session=session, retry_handlers=[]
    )


@pytest.fixture
def amara(sandbox: Sandbox) -> Person:
    return sandbox.add_person("amara", real_name="Amara Okafor", tz="Europe/Berlin")


@pytest.fixture
def news(sandbox: Sandbox, amara: Person) -> Channel:
    return sandbox.add_channel("share-our-news", members=[amara])


@pytest.fixture
def refused() -> Callable[[Any], Any]:
    """Wait for a call that must be refused, and answer the error code."""

    async def code_of(call: Any) -> str:
        with pytest.raises(SlackApiError) as caught:
            await call
        return str(caught.value.response["error"])

    return code_of


@pytest.fixture
def app(sandbox: Sandbox, client: AsyncWebClient) -> AsyncApp:
    """Make a tiny bot on Slack's own framework, without listeners."""
    return AsyncApp(
        client=client, signing_secret=sandbox.signing_secret, process_before_response=True
    )


@pytest.fixture
def connect(sandbox: Sandbox) -> Any:
    """Connect an app by Socket Mode for a while."""

    @asynccontextmanager
    async def connected(app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
        client = AsyncWebClient(base_url=sandbox.api_url)
        handler: Any = AsyncSocketModeHandler(app, sandbox.app_token, web_client=client)
        before = len(sandbox.sockets.connections)
        await handler.connect_async()
        await sandbox.connected(before + 1)
        try:
            yield handler
        finally:
            await handler.close_async()

    return connected
