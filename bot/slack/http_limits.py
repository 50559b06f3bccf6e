"""What a connection may cost: its head's time and size, its body's, and how many there are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How much is taken from whoever connects; Slack's own requests stay far below all of it.

    `head_seconds` and `body_seconds` are deadlines for the whole head and the whole body. Bodies
    of more than `small_body_bytes` share `large_bodies_bytes`: memory is bounded, and clicks,
    which are small, are read whatever else comes.
    """

    connections: int = 256
    head_seconds: float = 5.0
    head_bytes: int = 64 * 1024
    body_seconds: float = 10.0
    body_bytes: int = 1024 * 1024
    small_body_bytes: int = 64 * 1024
    large_bodies_bytes: int = 32 * 1024 * 1024


class LimitedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which itself has neither a deadline nor a size for a request's head.

    Where there are too many connections, the oldest one whose request is not complete makes room.
    """

    def __init__(self, *, limits: HttpLimits, **uvicorns: Any) -> None:
        super().__init__(**uvicorns)
        self._limits = limits
        self._since = self.loop.time()
        self._in_head = True
        self._head_bytes = 0
        self._head_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let it in, if there is room or room can be made."""
        super().connection_made(transport)
        self._expect_head()
        self._make_room()

    def data_received(self, data: bytes) -> None:
        """Hand it to the parser, which must not get a head without end."""
        if self.transport.is_closing():
            return
        if self._waits_for_head():
            # Empty lines begin no request, and end uvicorn's own deadline for idle connections.
            self._expect_head()
        super().data_received(data)
        if self._in_head or self._waits_for_head():
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.head_bytes:
                self._refuse(431)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there, in time."""
        self._forget_head()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any longer."""
        self._forget_head()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The program ends, and waits for no request that is not complete."""
        if self._is_incomplete():
            self.transport.abort()
        else:
            super().shutdown()

    def _waits_for_head(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _is_incomplete(self) -> bool:
        return self._waits_for_head() or self.cycle.more_body

    def _expect_head(self) -> None:
        if self._head_deadline is None:
            self._head_deadline = self.loop.call_later(self._limits.head_seconds, self._refuse, 408)

    def _forget_head(self) -> None:
        self._in_head = False
        self._head_bytes = 0
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _make_room(self) -> None:
        known = (one for one in self.connections if isinstance(one, LimitedProtocol))
        present = [one for one in known if not one.transport.is_closing()]
        if len(present) > self._limits.connections:
            incomplete = [one for one in present if one is not self and one._is_incomplete()]
            min(incomplete, key=lambda one: one._since, default=self).transport.abort()

    def _refuse(self, status: int) -> None:
        if not self.transport.is_closing():
            end = b"content-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(STATUS_LINE[status] + end)
            self.transport.close()
