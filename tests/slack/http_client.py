"""Connections to a port, on which anything can be sent, half of a request too."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AsyncExitStack

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(stack: AsyncExitStack, port: int) -> Connection:
    """Connect to this machine; `stack` closes the connection in the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    stack.push_async_callback(_close, writer)
    return reader, writer


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that comes until the other side closes, which it must."""
    with contextlib.suppress(ConnectionError):
        return await asyncio.wait_for(reader.read(), 30)
    return b""
