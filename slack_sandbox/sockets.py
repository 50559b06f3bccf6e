"""Socket Mode: connections, and envelopes that each go to exactly one of them."""

import asyncio
import contextlib
import json
import time
import uuid
from typing import Any, TypeAlias

from aiohttp import WSMsgType, web

from slack_sandbox.envelopes import Envelope, UndeliveredError
from slack_sandbox.state import State

Json: TypeAlias = dict[str, Any]

MOST_CONNECTIONS = 10


class Connection:
    """One open socket of the app.

    Attributes:
        mute: Whether it stays open and nothing comes through any more, not even a pong.
    """

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self.request = request
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.envelopes: list[Json] = []
        self.mute = False

    async def send(self, body: Json) -> None:
        """Send JSON; a connection that just broke is noticed by its reader."""
        if self.mute:
            return
        with contextlib.suppress(ConnectionError):
            await self.socket.send_json(body)

    def cut(self) -> None:
        """Break the connection without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()


class SocketDelivery:
    """Hands envelopes over Socket Mode, one connection after the other."""

    def __init__(self, state: State) -> None:
        self.connections: list[Connection] = []
        self.refuse = False
        self._state = state
        self._unanswered: dict[str, asyncio.Future[Json | None]] = {}
        self._turn = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until it closes."""
        if self.refuse:
            return web.Response(status=503)
        # A ticket opens one socket; whoever comes back with it needs a new one.
        expires = self._state.tickets.pop(request.query.get("ticket", ""), 0.0)
        if time.monotonic() > expires:
            return web.json_response({"ok": False, "error": "invalid_ticket"}, status=403)
        # Whoever does not answer the closing word shall not hold up the end for long.
        socket = web.WebSocketResponse(timeout=1.0, autoping=False)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = Connection(socket, request)
        await connection.send(self._hello(len(self.connections) + 1))
        self.connections.append(connection)
        self._state.changes.notify()
        try:
            await self._read(connection)
        finally:
            self.connections.remove(connection)
            connection.gone.set_result(None)
            self._state.changes.notify()
        return socket

    def _hello(self, count: int) -> Json:
        return {
            "type": "hello",
            "num_connections": count,
            "connection_info": {"app_id": self._state.app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.mute:
                continue
            if message.type is WSMsgType.PING:
                with contextlib.suppress(ConnectionError):
                    await connection.socket.pong(message.data)
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                body = json.loads(message.data)
            except json.JSONDecodeError:
                continue
            unanswered = self._unanswered.get(body.get("envelope_id", ""))
            if unanswered is not None and not unanswered.done():
                unanswered.set_result(body.get("payload"))

    async def deliver(self, envelope: Envelope, within: float) -> Json | None:
        """Send an envelope and wait for its acknowledgement.

        If the connection closes first, the same envelope goes to the next one.

        Raises:
            UndeliveredError: If it was not acknowledged within that many seconds.
        """
        frame = _frame(envelope)
        answered: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._unanswered[frame["envelope_id"]] = answered
        sent = False
        try:
            async with asyncio.timeout(within):
                while not answered.done():
                    await self._state.changes.until(lambda: self.connections, within)
                    connection = self._next()
                    sent = True
                    connection.envelopes.append(frame)
                    await connection.send(frame)
                    await asyncio.wait(
                        (answered, connection.gone), return_when=asyncio.FIRST_COMPLETED
                    )
                return answered.result()
        except TimeoutError:
            if sent:
                raise UndeliveredError("operation_timeout", "timeout") from None
            raise UndeliveredError("dispatch_failed", "connection_failed") from None
        finally:
            del self._unanswered[frame["envelope_id"]]

    def _next(self) -> Connection:
        self._turn += 1
        return self.connections[self._turn % len(self.connections)]

    async def drop(self, *, silently: bool = False) -> None:
        """Close every connection; silently means without a closing word, as a network does."""
        dropped = list(self.connections)
        for connection in dropped:
            if silently:
                connection.cut()
            else:
                await connection.socket.close()
        for connection in dropped:
            await connection.gone

    async def refresh(self, warning: float = 0.0, only: Connection | None = None) -> None:
        """Tell the app to connect anew, as Slack does every few hours.

        Args:
            warning: Seconds between the warning and the request; Slack gives about ten.
            only: The one connection that is to be renewed; every one, if left out.
        """
        told = list(self.connections) if only is None else [only]
        for connection in told:
            await connection.send(_disconnect("warning"))
        await asyncio.sleep(warning)
        for connection in told:
            await connection.send(_disconnect("refresh_requested"))

    async def close(self) -> None:
        """Close every connection."""
        await self.drop()


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


def _frame(envelope: Envelope) -> Json:
    frame: Json = {
        "envelope_id": str(uuid.uuid4()),
        "type": envelope.kind,
        "accepts_response_payload": envelope.kind != "events_api",
        "payload": envelope.payload,
    }
    if envelope.kind == "events_api":
        frame |= {"retry_attempt": envelope.retry, "retry_reason": envelope.reason}
    return frame
