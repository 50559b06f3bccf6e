"""Processes of their own, ordered about by lines of JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

PATIENCE = 120.0  # seconds for an answer

Json = dict[str, Any]


class Child:
    """A process that was started, and what it is asked."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    async def ask(self, what: str, **details: Any) -> Json:
        """Send an order and wait for its answer; raises RuntimeError where there is none."""
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without pipes cannot be asked")
        async with self._turn:
            process.stdin.write(json.dumps({"what": what, **details}).encode() + b"\n")
            await process.stdin.drain()
            line = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        if not line:
            raise RuntimeError(f"a process of the bench ended while asked for {what!r}")
        answer: Json = json.loads(line)
        return answer


@asynccontextmanager
async def child(module: str, *arguments: str) -> AsyncIterator[Child]:
    """Run `python -m module arguments` while the block runs; it ends when its input ends."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdin=pipe, stdout=pipe, limit=2**26
    )
    try:
        yield Child(process)
    finally:
        try:
            await asyncio.wait_for(process.communicate(b""), 20)
        except TimeoutError:
            process.kill()
            await process.communicate()


async def obey(answer: Callable[[Json], Awaitable[Json]]) -> None:
    """Answer each order on standard input, until it ends."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(await answer(json.loads(line))), flush=True)
