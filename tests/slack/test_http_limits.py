"""What whoever reaches the port can take: little time, little memory, and no one else's place."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from itertools import islice
from statistics import median

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.slack import http_server
from bot.slack.http_limits import HttpLimits
from slack_sandbox.delivery import signature
from tests.slack import http_client
from tests.slack.http_client import Connection, rest

SECRET = "sandbox"
HEAD = b"POST /slack/events HTTP/1.1\r\nHost: bot\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
LIMITS = HttpLimits(
    connections=4,
    head_seconds=0.2,
    head_bytes=2_000,
    body_seconds=0.2,
    body_bytes=50_000,
    small_body_bytes=5_000,
    large_bodies_bytes=50_000,
)
AT_ONCE = 30  # times what a bare server takes; with the wait it would be some hundred
PATIENT = HttpLimits(connections=4, head_seconds=60, body_seconds=60)

Connect = Callable[[], Awaitable[Connection]]


@asynccontextmanager
async def served(limits: HttpLimits) -> AsyncIterator[Connect]:
    """A small app that knows one command; what is given connects to it."""

    async def authorize(**_request: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1")

    app = AsyncApp(
        authorize=authorize, request_verification_enabled=False, process_before_response=True
    )

    @app.command("/hello")
    async def hello(ack: AsyncAck) -> None:
        await ack("Hello.")

    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(
            http_server.serve(app, SECRET, 0, "127.0.0.1", limits)
        )

        yield partial(http_client.connect, stack, port)


def command(body: str = "command=/hello&team_id=T1&user_id=U1", secret: str = SECRET) -> bytes:
    """A whole request, signed."""
    stamp = str(int(time.time()))
    lines = (
        f"X-Slack-Request-Timestamp: {stamp}",
        f"X-Slack-Signature: {signature(secret, stamp, body)}",
        f"Content-Length: {len(body.encode())}",
        "",
        body,
    )
    return HEAD + FORM + "\r\n".join(lines).encode()


async def answer(connection: Connection, request: bytes) -> bytes:
    """The head of the answer to a request."""
    reader, writer = connection
    writer.write(request)
    return await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)


async def test_a_signed_command_is_answered_and_its_connection_stays() -> None:
    async with served(LIMITS) as connect:
        connection = await connect()
        for _ in range(3):
            assert (await answer(connection, command())).startswith(b"HTTP/1.1 200 ")
            assert b"Hello." in await connection[0].read(4096)


async def test_an_answer_leaves_at_once() -> None:
    # uvicorn writes it in two parts. On a connection without TCP_NODELAY the second one waits for
    # a word on the first, which may take 40 ms; beside it a server that writes in one part.
    async with served(HttpLimits()) as connect, AsyncExitStack() as stack:
        plain = await asyncio.start_server(_answer_at_once, "127.0.0.1", 0)
        stack.push_async_callback(plain.wait_closed)
        stack.callback(plain.close)
        beside = await http_client.connect(stack, plain.sockets[0].getsockname()[1])
        ours = await connect()
        ratio = await _seconds(ours) / await _seconds(beside)
    assert ratio < AT_ONCE, ratio


async def _answer_at_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok\n")
    writer.close()


async def _seconds(connection: Connection) -> float:
    """The middle one of some answers, each to its last byte."""
    reader, writer = connection
    taken = []
    for _ in range(21):
        started = time.perf_counter()
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n")
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None
        await reader.readexactly(int(length[1]))
        taken.append(time.perf_counter() - started)
    return median(taken)


@pytest.mark.parametrize(
    "begun",
    [b"", b"\r\n", b"POST", HEAD, HEAD + FORM, HEAD + b"X: " + b"x" * 500],
    ids=["nothing", "an empty line", "a method", "a line", "two lines", "half a line"],
)
async def test_a_head_that_never_ends_is_not_waited_for(begun: bytes) -> None:
    async with served(LIMITS) as connect:
        reader, writer = await connect()
        writer.write(begun)
        assert (await rest(reader)).startswith(b"HTTP/1.1 408 ")
        # Nor on a connection that was of use before.
        connection = await connect()
        await answer(connection, command())
        connection[1].write(begun or b"\r\n")
        assert b"HTTP/1.1 408 " in await rest(connection[0])


async def test_a_head_that_is_dripped_is_not_waited_for() -> None:
    async with served(LIMITS) as connect:
        reader, writer = await connect()
        read = asyncio.create_task(rest(reader))
        writer.write(HEAD)
        while not read.done():
            with contextlib.suppress(ConnectionError):
                writer.write(b"X: y\r\n")
                await writer.drain()
            await asyncio.wait([read], timeout=0.02)
        assert (await read).startswith((b"HTTP/1.1 408 ", b"HTTP/1.1 431 "))


async def test_a_head_without_end_is_cut() -> None:
    async with served(PATIENT) as connect:
        reader, writer = await connect()
        read = asyncio.create_task(rest(reader))
        writer.write(HEAD)
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                writer.write(b"X: " + b"y" * 1000 + b"\r\n")
                await writer.drain()
        assert not (await read).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [b"", b"a=b"])
async def test_a_body_that_never_ends_is_not_waited_for(sent: bytes) -> None:
    async with served(LIMITS) as connect:
        reader, writer = await connect()
        writer.write(HEAD + FORM + b"Content-Length: 100\r\n\r\n" + sent)
        assert (await rest(reader)).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "length",
    [b"Content-Length: 50001", b"Content-Length: 9999999999", b"Transfer-Encoding: chunked"],
)
async def test_a_body_that_is_too_large_is_refused(length: bytes) -> None:
    async with served(LIMITS) as connect:
        reader, writer = await connect()
        chunk = (b"4000\r\n" + b"x" * 0x4000 + b"\r\n") * 4
        writer.write(HEAD + FORM + length + b"\r\n\r\n" + (chunk if b"chunked" in length else b""))
        assert (await rest(reader))[:13] in (b"HTTP/1.1 413 ", b"")
        assert (await answer(await connect(), command())).startswith(b"HTTP/1.1 200 ")


async def test_large_bodies_share_a_bounded_memory_and_small_ones_are_read() -> None:
    limits = HttpLimits(connections=20, body_bytes=50_000, small_body_bytes=5_000,
                        large_bodies_bytes=100_000)  # fmt: skip
    async with served(limits) as connect:
        held = [await connect() for _ in range(10)]
        for _, writer in held:
            writer.write(HEAD + FORM + b"Content-Length: 50000\r\n\r\n" + b"x" * 40_000)
        # Two of them have room, and may still send the rest.
        for refused in islice(asyncio.as_completed([rest(reader) for reader, _ in held]), 8):
            assert (await refused)[:13] in (b"HTTP/1.1 503 ", b"")
        assert (await answer(await connect(), command())).startswith(b"HTTP/1.1 200 ")


async def test_whoever_waits_longest_makes_room() -> None:
    async with served(PATIENT) as connect:
        halves = [await connect() for _ in range(4)]
        for _, writer in halves:
            writer.write(HEAD)
        for _ in range(4):
            assert (await answer(await connect(), command())).startswith(b"HTTP/1.1 200 ")
        assert await rest(halves[0][0]) == b""


ODD: dict[str, tuple[str | bytes, int]] = {
    "another method": (HEAD.replace(b"POST", b"DELETE") + b"\r\n", 404),
    "a method that is none": (HEAD.replace(b"POST", b"FOO") + b"\r\n", 400),
    "a proxy's method": (b"CONNECT slack.com:443 HTTP/1.1\r\nHost: bot\r\n\r\n", 400),
    "a proxy's address": (b"GET http://bot HTTP/1.1\r\nHost: bot\r\n\r\n", 400),
    "no path": (b"OPTIONS * HTTP/1.1\r\nHost: bot\r\n\r\n", 404),
    "another protocol": (HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 401),
    "no protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "a path in no encoding": (b"GET /\xff HTTP/1.1\r\nHost: bot\r\n\r\n", 400),
    "a query in no encoding": (b"GET /slack/events?\xff HTTP/1.1\r\nHost: bot\r\n\r\n", 400),
    "an odd escape": (b"GET /%ff%00 HTTP/1.1\r\nHost: bot\r\n\r\n", 404),
    "a header in no encoding": (HEAD + b"X: \xff\xfe\r\nContent-Length: 0\r\n\r\n", 400),
    "a header without a name": (HEAD + b": x\r\n\r\n", 400),
    "two lengths": (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "a length below nothing": (HEAD + b"Content-Length: -1\r\n\r\n", 400),
    "nothing signed": (HEAD + FORM + b"Content-Length: 3\r\n\r\na=b", 401),
    "deep and unsigned": (
        HEAD + b"Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n" + b"[" * 9000,
        401,
    ),
    "signed by somebody else": (command(secret="guessed"), 401),
    "a form that checks TLS": (HEAD + FORM + b"Content-Length: 11\r\n\r\nssl_check=1", 200),
    "deep and signed": ("payload=" + "[" * 9000, 400),
    "signed and no JSON": ("payload={", 400),
    "signed and no object": ("payload=[]", 400),
}  # fmt: skip


async def test_what_is_odd_gets_a_status_and_no_traceback(
    caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    async with served(HttpLimits()) as connect:
        for name, (odd, status) in ODD.items():
            with subtests.test(name):
                # Signed now: signatures grow old.
                request = command(odd) if isinstance(odd, str) else odd
                head = await answer(await connect(), request)
                assert head.startswith(b"HTTP/1.1 %d " % status), head
    assert [one for one in caplog.records if one.exc_info or one.levelno >= logging.ERROR] == []


async def test_a_body_in_no_encoding_is_signed_by_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    request = command("text=abc").replace(b"text=abc", b"text=\xff\xfe\x80")
    async with served(HttpLimits()) as connect:
        assert (await answer(await connect(), request)).startswith(b"HTTP/1.1 401 ")
    assert [one for one in caplog.records if one.exc_info] == []


async def test_half_requests_do_not_keep_it_from_ending(caplog: pytest.LogCaptureFixture) -> None:
    async with served(PATIENT) as connect:
        for begun in (b"", HEAD, HEAD + FORM + b"Content-Length: 100\r\n\r\na=b"):
            _, writer = await connect()
            writer.write(begun)
        assert (await answer(await connect(), command())).startswith(b"HTTP/1.1 200 ")
    # uvicorn complains of what it waited for in vain.
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
