"""The load: keep-alive connections that each send the next click when one is acknowledged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import cast

import uvloop

from bench import payload
from bench.children import Json, obey

_LAST_WORD = 30.0  # seconds for the acknowledgements still missing when the time is over


class _Connection(asyncio.Protocol):
    """One connection; its clicks and their numbers come from an iterator shared by all of them."""

    def __init__(self, clicks: Iterator[tuple[int, bytes]], until: float) -> None:
        self.times: list[float] = []
        self.refused: list[int] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._clicks = clicks
        self._until = until
        self._seen = b""
        self._sent, self._number = 0.0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclasses of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._seen += data
        head, gap, body = self._seen.partition(b"\r\n\r\n")
        if not gap or len(body) < _length(head):
            return
        self.times.append(time.perf_counter() - self._sent)
        if b" 200 " not in head[:16]:
            self.refused.append(self._number)
        self._seen = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError(f"the server hung up: {error}"))

    def _next(self) -> None:
        numbered = next(self._clicks, None) if time.perf_counter() < self._until else None
        if numbered is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._number, click = numbered
        self._sent = time.perf_counter()
        self._transport.write(click)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    raise ValueError("an answer without its length")


async def _round(order: Json) -> Json:
    """One round, bounded in time and in the number of clicks."""
    clicks = payload.clicks(order["first"], order["most"], order["answers"], order["button"])
    supply = enumerate(clicks, order["first"])
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    until = began + order["seconds"]
    pairs = [
        await loop.create_connection(lambda: _Connection(supply, until), "127.0.0.1", order["port"])
        for _ in range(order["connections"])
    ]
    connections = [connection for _, connection in pairs]
    async with asyncio.timeout(order["seconds"] + _LAST_WORD):
        await asyncio.gather(*(connection.done for connection in connections))
    took = time.perf_counter() - began
    times = sorted(one for connection in connections for one in connection.times)
    return {
        "clicks": len(times),
        "refused": [number for connection in connections for number in connection.refused],
        "per_second": len(times) / took,
        "p50": _at(times, 0.50),
        "p99": _at(times, 0.99),
        "max": times[-1] * 1000,
        "body": len(clicks[0].partition(b"\r\n\r\n")[2]),
        "ran_out": next(supply, None) is None,
    }


def _at(times: list[float], share: float) -> float:
    """A quantile in milliseconds."""
    return times[min(len(times) - 1, int(len(times) * share))] * 1000


if __name__ == "__main__":
    uvloop.run(obey(_round))
