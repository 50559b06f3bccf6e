"""The program itself, beside people who connect and never finish what they began to send."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from slack_sandbox.delivery import HttpDelivery
from tests.slack.http_client import Connection, connect, rest
from tests.slack.program import Program, program

pytestmark = pytest.mark.alone

HALVES = 300
HUGE = 256 * 1024 * 1024  # bytes
MOST_MORE = 48 * 1024  # KiB of memory that all of it together may take
ENDS_WITHIN = 8.0  # seconds
HEAD = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\n"
BEGUN = (
    b"",
    HEAD,
    HEAD + b"X-Slack-Signature: v0=",
    HEAD + b"Content-Length: 65000\r\n\r\n" + b"x" * 60_000,
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n",
)


async def test_clicks_are_answered_memory_stays_and_it_ends(
    new_sqlite: Callable[[], str], tmp_path: Path
) -> None:
    async with program(new_sqlite(), "http", tmp_path) as made, AsyncExitStack() as stack:
        process = await made.start()
        amara = made.sandbox.add_person("amara")
        assert (await amara.command("/advocacy join")).acknowledged
        before = memory_of(process.pid)
        for number in range(HALVES):
            _, writer = await begun(made, stack)
            writer.write(BEGUN[number % len(BEGUN)])
        await send_huge_one(await begun(made, stack))
        for line in ("leave", "join", "settings", "browse", "my-data"):
            assert (await amara.command(f"/advocacy {line}")).acknowledged, line
        assert memory_of(process.pid) - before < MOST_MORE
        for each in BEGUN:
            _, writer = await begun(made, stack)
            writer.write(each)
        assert (await amara.command("/advocacy")).acknowledged
        process.send(signal.SIGTERM)
        assert await process.ended(ENDS_WITHIN) == 0
        assert made.errors.read_text() == ""


async def begun(made: Program, stack: AsyncExitStack) -> Connection:
    """A connection to the program."""
    delivery = made.sandbox.dispatcher.delivery
    assert isinstance(delivery, HttpDelivery)
    return await connect(stack, urlsplit(delivery.address).port or 0)


async def send_huge_one(connection: Connection) -> None:
    """A body of 256 MiB, or as much of it as is taken; it gets no more than a status."""
    reader, writer = connection
    read = asyncio.create_task(rest(reader))
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    part = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with contextlib.suppress(ConnectionError):
        for _ in range(HUGE // 0x100000):
            writer.write(part)
            await writer.drain()
    assert (await read)[:13] in (b"HTTP/1.1 413 ", b"")


def memory_of(pid: int) -> int:
    """The KiB of memory that a process has."""
    [line] = [
        line
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    ]
    return int(line.split()[1])
