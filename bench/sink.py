"""Where the bot's calls and private answers go instead of to Slack: `python -m bench.sink`."""

from __future__ import annotations

import asyncio
import json
from typing import cast

import uvloop

from bench.children import Json, obey

_BODY = json.dumps({"ok": True, "view": {"id": "V0BENCH00", "hash": "1"}}).encode()
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
    len(_BODY),
    _BODY,
)


class _Taker(asyncio.Protocol):
    """Takes private answers and dialogs as Slack does, and says ok."""

    taken = 0

    def __init__(self) -> None:
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, gap, body = self._seen.partition(b"\r\n\r\n")
        if not gap:
            return
        name = b"content-length: "
        start = head.lower().index(name) + len(name)
        if len(body) >= int(head[start:].partition(b"\r\n")[0]):
            self._seen = b""
            _Taker.taken += 1
            self._transport.write(_OK)


async def _sink() -> None:
    """Where the private answers go that follow an acknowledgement."""
    server = await asyncio.get_running_loop().create_server(_Taker, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    async def answer(_order: Json) -> Json:
        return {"port": port, "taken": _Taker.taken}

    async with server:
        await obey(answer)


if __name__ == "__main__":
    uvloop.run(_sink())
