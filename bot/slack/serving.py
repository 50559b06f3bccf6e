"""How Slack reaches the bot: over sockets that the bot opens, or over signed HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

CONNECTIONS = 2  # Slack replaces one at a time; the other goes on meanwhile
WATCH_EVERY = 5.0  # seconds
PATH = "/slack/events"

_log = logging.getLogger(__name__)

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


@asynccontextmanager
async def sockets(app: AsyncApp, app_token: str, api_url: str) -> AsyncIterator[None]:
    """Serve over Socket Mode while the block runs."""
    client = AsyncWebClient(token=app_token, base_url=api_url, retry_handlers=[], timeout=10)
    handlers = [
        AsyncSocketModeHandler(app, app_token, web_client=client) for _ in range(CONNECTIONS)
    ]
    watchdog = None
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        watchdog = asyncio.create_task(_watch(handlers))
        yield
    finally:
        if watchdog is not None:
            watchdog.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watchdog
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]


async def _watch(handlers: list[AsyncSocketModeHandler]) -> None:
    """After an outage the client retries an address whose ticket has run out, for ever."""
    missing = [0] * len(handlers)
    while True:
        await asyncio.sleep(WATCH_EVERY)
        for place, handler in enumerate(handlers):
            connected = await handler.client.is_connected()
            missing[place] = 0 if connected else missing[place] + 1
            if missing[place] >= 2:
                handler.client.wss_uri = None  # its own loop then asks for a new address


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the program ends in one place only."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def http(app: AsyncApp, port: int, host: str = "0.0.0.0") -> AsyncIterator[int]:
    """Serve signed HTTP while the block runs; gives the port, chosen freely for 0."""
    config = uvicorn.Config(
        _with_health(AsyncSlackRequestHandler(app, path=PATH)),
        host=host,
        port=port,
        http="httptools",
        lifespan="off",
        access_log=False,
        log_config=None,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                raise OSError(f"port {port} cannot be used")
            await asyncio.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


def _with_health(slack: AsyncSlackRequestHandler) -> Asgi:
    """`/healthz` beside Slack's own path: the process answers, nothing more."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/healthz":
            headers = [(b"content-type", b"text/plain")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"ok\n"})
        else:
            await slack(scope, receive, send)

    return application
