"""Signed HTTP: what is not Slack's is turned away before anything in it is read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.logs import get_logger
from bot.slack import asgi_server
from bot.slack.http_limits import HttpLimits

PATH: Final = "/slack/events"
FINISH_WITHIN: Final = 3  # seconds; nobody waits longer for an acknowledgement
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_TLS_CHECK_BYTES: Final = 1024  # a form of Slack's that is checked for nothing else is short

_log = get_logger(__name__)


class _Refused(Exception):
    """A request that gets nothing but a status, after which its connection ends."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class _Gone(Exception):
    """Whoever sent the request has left."""


@asynccontextmanager
async def serve(
    app: AsyncApp, secret: str, port: int, host: str = "0.0.0.0", limits: HttpLimits | None = None
) -> AsyncIterator[int]:
    """Serve while the block runs; gives the port, chosen freely for 0.

    `secret` is the signing secret; `app` itself verifies nothing. Raises OSError where the port
    cannot be had.
    """
    limits = limits or HttpLimits()
    door = _Door(app, SignatureVerifier(secret), limits)
    async with asgi_server.listen(door, host, port, limits, FINISH_WITHIN) as chosen:
        yield chosen


@dataclass(slots=True)
class _Door:
    """What uvicorn runs: it answers `/healthz`, Slack's checks of TLS and Slack's requests."""

    app: AsyncApp
    verifier: SignatureVerifier
    limits: HttpLimits
    _large: int = field(default=0, init=False)  # bytes of large bodies that are being read

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            answer = await self._answer(scope, receive)
        except _Refused as refused:
            closing: dict[str, str | Sequence[str]] = {
                "content-type": "text/plain",
                "connection": "close",
            }
            answer = BoltResponse(
                status=refused.status, body=refused.status.phrase, headers=closing
            )
        except _Gone:
            return
        body = answer.body.encode()
        headers = [
            (name.encode(), value.encode())
            for name, values in answer.headers.items()
            if name.lower() != "content-length"
            for value in values
        ]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Mapping[str, Any], receive: Any) -> BoltResponse:
        method, path = scope["method"], scope["path"]
        if path == "/healthz" or _checks_tls(method, path, scope["query_string"]):
            return BoltResponse(status=200, body="ok\n", headers={"content-type": "text/plain"})
        if path != PATH or method != "POST":
            raise _Refused(HTTPStatus.NOT_FOUND)
        headers = _headers(scope["headers"])
        body = await self._body(headers, receive)
        if not self._is_signed(headers, body):
            if len(body) <= _TLS_CHECK_BYTES and _says_ssl_check(body):
                return BoltResponse(status=200, body="")
            raise _Refused(HTTPStatus.UNAUTHORIZED)
        return await _handle(self.app, headers, body)

    async def _body(self, headers: Mapping[str, str], receive: Any) -> bytes:
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self.limits.body_bytes:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = bytearray()
        counted = 0
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                while True:
                    part = await receive()
                    if part["type"] != "http.request":
                        raise _Gone
                    body += part.get("body", b"")
                    large = max(0, len(body) - self.limits.small_body_bytes)
                    self._large += large - counted
                    counted = large
                    self._check_size(len(body), counted)
                    if not part.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise _Refused(HTTPStatus.REQUEST_TIMEOUT) from None
        finally:
            self._large -= counted

    def _check_size(self, size: int, large: int) -> None:
        if size > self.limits.body_bytes:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if large and self._large > self.limits.large_bodies_bytes:
            raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE)

    def _is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not signature.isascii():
            return False
        try:
            return self.verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:  # Slack sends nothing but UTF-8
            return False


def _checks_tls(method: str, path: str, query: bytes) -> bool:
    """Whether Slack looks if the certificate is good: now and then, by a GET without a signature.

    It may also be a form that is sent by POST (docs.slack.dev, slash commands: `ssl_check`).
    """
    return (method, path) == ("GET", PATH) and _says_ssl_check(query)


def _says_ssl_check(form: bytes) -> bool:
    """Whether a form says so, whatever bytes it holds."""
    return parse_qs(form.decode("latin-1")).get("ssl_check") == ["1"]


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    try:
        return {name.decode(): value.decode() for name, value in raw}
    except UnicodeDecodeError:
        raise _Refused(HTTPStatus.BAD_REQUEST) from None


async def _handle(app: AsyncApp, headers: Mapping[str, str], body: bytes) -> BoltResponse:
    """Let Bolt handle a signed request; of its headers only the type of its body matters.

    What listeners raise is answered in Bolt. What comes out of it is Bolt's own, which looks into
    the body without asking what it is.
    """
    content_type = headers.get("content-type", "")
    try:
        request = AsyncBoltRequest(body=body.decode(), headers={"content-type": content_type})
        if isinstance(request.body.get("event", {}), Mapping):
            return await app.async_dispatch(request)
        why = "an event that is none"
    except Exception as error:  # noqa: BLE001 - no list of them exists
        why = type(error).__name__
    _log.warning("a signed request could not be read", why=why)
    raise _Refused(HTTPStatus.BAD_REQUEST)
