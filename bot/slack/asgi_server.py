"""uvicorn as a part of the program: it listens while a block runs, within limits."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import uvicorn

from bot.slack.http_limits import HttpLimits, LimitedProtocol

Asgi = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the program ends in one place only."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def listen(
    asgi: Asgi, host: str, port: int, limits: HttpLimits, finish_within: int
) -> AsyncIterator[int]:
    """Listen while the block runs; gives the port, chosen freely for 0.

    At its end requests that are complete are answered, for at most so many seconds. Raises OSError
    where the port cannot be had.
    """
    config = uvicorn.Config(
        asgi,
        http=partial(LimitedProtocol, limits=limits),  # type: ignore[arg-type]
        ws="none",
        lifespan="off",
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_graceful_shutdown=finish_within,
    )
    server = _Server(config)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # It raises OSError; uvicorn would end the program.
    bound = socket.create_server((host, port), family=family, backlog=2048)
    # An answer leaves in two parts; else the second one would wait 40 ms for a word on the first.
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn tells by this flag alone
            await asyncio.sleep(0.01)
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
