"""Live updates of open pages: a change is sent at once, and nothing else is."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any, TypeAlias

from aiohttp import WSMsgType, web

from slack_sandbox.change_signal import ChangeSignal

Json: TypeAlias = dict[str, Any]
TakeSnapshot = Callable[[Json], Json]

# Changes come in bursts: an answer, then the card, then the next. One push tells of them all.
_BURST = 0.008


class PageConnection:
    """One open page: what it asked to see, and the pieces that it has already."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self.wish: Json = {}
        self.sent: dict[str, str] = {}

    async def push(self, pieces: Json) -> None:
        """Send the pieces that are new or different, and name those that are gone."""
        now = {key: json.dumps(piece) for key, piece in pieces.items()}
        fresh = [f"{json.dumps(k)}:{v}" for k, v in now.items() if self.sent.get(k) != v]
        gone = [key for key in self.sent if key not in now]
        self.sent = now
        if fresh or gone:
            with contextlib.suppress(ConnectionError):
                await self.socket.send_str(
                    f'{{"set":{{{",".join(fresh)}}},"gone":{json.dumps(gone)}}}'
                )


class PageConnections:
    """Every open page."""

    def __init__(self, changes: ChangeSignal, take_snapshot: TakeSnapshot) -> None:
        self._changes = changes
        self._take_snapshot = take_snapshot
        self._open: set[PageConnection] = set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one page until it closes."""
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        line = PageConnection(socket)
        self._open.add(line)
        pushing: asyncio.Task[None] | None = None
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT and (wish := _wish(message.data)) is not None:
                    line.wish = wish
                    if pushing is None:
                        pushing = asyncio.create_task(self._follow(line))
                    self._changes.notify()
        finally:
            self._open.discard(line)
            if pushing is not None:
                pushing.cancel()
                await asyncio.gather(pushing, return_exceptions=True)
        return socket

    async def _follow(self, line: PageConnection) -> None:
        while True:
            count = self._changes.count
            await line.push(self._take_snapshot(line.wish))
            await self._changes.changed_since(count)
            await asyncio.sleep(_BURST)

    async def close(self) -> None:
        """Hang up."""
        for line in list(self._open):
            await line.socket.close()


def _wish(text: str) -> Json | None:
    try:
        wish = json.loads(text)
    except ValueError:
        return None
    return wish if isinstance(wish, dict) else None
