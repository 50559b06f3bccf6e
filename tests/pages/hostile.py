"""A server on real sockets that answers as badly as it is told to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

from bot.pages.addresses import Address, resolve
from bot.pages.visiting import Reach

HOME = ip_address("127.0.0.1")  # plays the public internet
INSIDE = "127.0.0.2"  # plays the network that only the bot can reach

_NUMBERS = re.compile(r"[0-9a-fx.]*[0-9]|.*:.*")  # or letters, as in 0x7f

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]

PAGE = """<!doctype html><html><head><title>A title</title>
<meta name="description" content="What it is about.">
<meta property="og:image" content="/picture.png">
</head><body><p>Text</p></body></html>"""


@dataclass
class Hostile:
    """The server: what it was asked, and how it answers each path."""

    port: int = 0
    replies: dict[str, Reply] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    asked_inside: int = 0
    sent: int = 0
    ended: bool = False
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """An address of this server by any name."""
        return f"http://{host}:{self.port}{path}"

    def answers(self, path: str, *parts: bytes) -> str:
        """Answer a path with these bytes and then close; returns its address."""

        async def reply(writer: asyncio.StreamWriter) -> None:
            for part in parts:
                await self.send(writer, part)

        self.replies[path] = reply
        return self.url(path)

    def forever(self, path: str, head: bytes, more: bytes, pause: float = 0.0) -> str:
        """Answer a path with no end; returns its address."""

        async def reply(writer: asyncio.StreamWriter) -> None:
            await self.send(writer, head)
            while not self.ended:
                await self.send(writer, more)
                await asyncio.sleep(pause)

        self.replies[path] = reply
        return self.url(path)

    def page(self, path: str, body: bytes | str, *headers: str, kind: str = "text/html") -> str:
        """Answer a path with a page."""
        whole = body.encode() if isinstance(body, str) else body
        return self.answers(path, head(f"Content-Type: {kind}", *headers), whole)

    def moved(self, path: str, to: str, status: int = 302) -> str:
        """Answer a path with a redirect."""
        return self.answers(path, head(f"Location: {to}", status=status))

    async def send(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        """Send, and count."""
        self.sent += len(data)
        writer.write(data)
        await writer.drain()

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody has come."""
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if writer.get_extra_info("sockname")[0] == INSIDE:
                self.asked_inside += 1
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(request)
            self.arrived.set()
            path = request.split(" ")[1].partition("?")[0]
            reply = self.replies.get(path)
            if reply is None:
                await self.send(writer, head(status=404))
            else:
                await reply(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side has had enough, as it should
        finally:
            writer.close()


def head(*lines: str, status: int = 200) -> bytes:
    """The head of an answer, whose body ends with the connection."""
    return "\r\n".join((f"HTTP/1.1 {status} Whatever", "Connection: close", *lines, "", "")).encode(
        "latin-1"
    )


@asynccontextmanager
async def serving() -> AsyncIterator[Hostile]:
    """Run it on two local addresses, one of which nobody may visit."""
    hostile = Hostile()
    outer = await asyncio.start_server(hostile.connected, str(HOME), 0)
    hostile.port = outer.sockets[0].getsockname()[1]
    inner = await asyncio.start_server(hostile.connected, INSIDE, hostile.port)
    try:
        yield hostile
    finally:
        hostile.ended = True
        for server in (outer, inner):
            server.close()
            await server.wait_closed()
        await asyncio.gather(*hostile.serving)


@dataclass
class Names:
    """A resolver of our own: each time a name is asked for, its next answer."""

    known: dict[str, list[Sequence[str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def __call__(self, host: str, port: int) -> list[str]:
        """The addresses; the system reads what may be one, and is asked for no other name."""
        self.asked.append(host)
        answers = self.known.get(host)
        if answers is None:
            if host == "localhost" or _NUMBERS.fullmatch(host):
                return await resolve(host, port)
            raise OSError("no such name")
        return list(answers.pop(0) if len(answers) > 1 else answers[0])


def at_home(address: Address) -> bool:
    """Only the local server's own address counts as public."""
    return address == HOME


def reach(server: Hostile, names: Names | None = None, within: float = 5.0) -> Reach:
    """A reach that lets a test come to the server, and to nothing else."""
    return Reach(
        allowed=at_home,
        ports=frozenset({server.port}),
        resolve=names or Names(),
        within=within,
    )
