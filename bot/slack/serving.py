"""How Slack reaches the bot: over sockets that the bot opens, or over signed HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import http_server
from bot.slack.http_server import FINISH_WITHIN

# Slack's client closes a connection before it opens the next; the other one goes on meanwhile.
CONNECTIONS = 2
WATCH_EVERY = 1.0  # seconds
STALE_AFTER = 10  # looks in a row at a connection that does not come back
ONE_LINE_IN = 10.0  # seconds: while a connection is broken, each write to it fails


@asynccontextmanager
async def sockets(
    app: AsyncApp, app_token: str, api_url: str
) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Serve over Socket Mode while the block runs; gives who says if a connection is open."""
    client = AsyncWebClient(token=app_token, base_url=api_url, retry_handlers=[], timeout=10)
    log = _plain_log()
    handlers = [
        AsyncSocketModeHandler(app, app_token, web_client=client, logger=log)
        for _ in range(CONNECTIONS)
    ]
    under_way = _UnderWay()
    watchdog = None
    try:
        for handler in handlers:
            handler.client.socket_mode_request_listeners = [under_way.counted(handler.handle)]
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        watchdog = asyncio.create_task(_Watchdog(handlers).watch())
        _spare_what_stays()
        yield partial(_is_any_connected, handlers)
    finally:
        if watchdog is not None:
            watchdog.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watchdog
        await under_way.finish()
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def http(app: AsyncApp, secret: str, port: int, host: str = "0.0.0.0") -> AsyncIterator[int]:
    """Serve signed HTTP while the block runs; gives the port, chosen freely for 0."""
    async with http_server.serve(app, secret, port, host) as chosen:
        _spare_what_stays()
        yield chosen


async def _is_any_connected(handlers: list[AsyncSocketModeHandler]) -> bool:
    for handler in handlers:
        if await handler.client.is_connected():
            return True
    return False


class _UnderWay:
    """The envelopes being handled, so that each is acknowledged before its socket closes."""

    def __init__(self) -> None:
        self._count = 0
        self._ending = False
        self._idle = asyncio.Event()
        self._idle.set()

    def counted(self, handle: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def listener(client: Any, request: Any) -> None:
            if self._ending:  # unacknowledged, so Slack brings it to another connection
                return
            self._count += 1
            self._idle.clear()
            try:
                await handle(client, request)
            finally:
                self._count -= 1
                if self._count == 0:
                    self._idle.set()

        return listener

    async def finish(self) -> None:
        self._ending = True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), FINISH_WITHIN)


def _plain_log() -> logging.Logger:
    """The client's log: a broken connection is a line, without its address and its ticket."""
    log = logging.getLogger("bot.slack.sockets")
    log.setLevel(logging.WARNING)
    if not any(isinstance(each, _Plain) for each in log.filters):
        log.addFilter(_Plain())
    return log


class _Plain(logging.Filter):
    """One warning for an outage: the other connection takes what comes, and both are mended."""

    def __init__(self) -> None:
        super().__init__()
        self._last = -math.inf

    def filter(self, record: logging.LogRecord) -> bool:
        if record.created - self._last < ONE_LINE_IN:
            return False
        self._last = record.created
        record.msg, record.args, record.exc_info = "a connection to Slack had trouble", (), None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class _Watchdog:
    """Has a broken connection opened anew within a second or two.

    Slack's client looks at its connections every ten seconds. A shorter interval of its pings would
    also take a slow network for a broken one.
    """

    def __init__(self, handlers: list[AsyncSocketModeHandler]) -> None:
        self._handlers = handlers
        self._missing = [0] * len(handlers)
        self._opening: set[asyncio.Task[None]] = set()

    async def watch(self) -> None:
        """Look at each connection again and again, until cancelled."""
        try:
            while True:
                await asyncio.sleep(WATCH_EVERY)
                for place, handler in enumerate(self._handlers):
                    await self._look_at(place, handler)
        finally:
            for task in self._opening:
                task.cancel()
            await asyncio.gather(*self._opening, return_exceptions=True)

    async def _look_at(self, place: int, handler: AsyncSocketModeHandler) -> None:
        if await handler.client.is_connected():
            self._missing[place] = 0
            return
        self._missing[place] += 1
        if self._missing[place] == 1:
            # Once, since Slack permits few of these calls: the client itself tries again later.
            task = asyncio.create_task(_open_anew(handler))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)
        elif self._missing[place] >= STALE_AFTER:
            # The client retries an address whose ticket has run out, for ever; without one it asks.
            handler.client.wss_uri = None


async def _open_anew(handler: AsyncSocketModeHandler) -> None:
    try:
        await handler.client.connect_to_new_endpoint()
    except Exception:  # noqa: BLE001 - an outage; the client tries again
        handler.client.logger.warning("it could not be opened anew")


def _spare_what_stays() -> None:
    """Let the garbage collector pass over all that was loaded by now, and work from now on.

    It lives as long as the process; walking through it holds up every click meanwhile. What is
    garbage of it already is too little to be looked for (2,000 of 150,000 objects).
    """
    gc.freeze()
    gc.enable()
