"""The sandbox's HTTP server: Web API, sockets and response addresses."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from aiohttp import web

from slack_sandbox.answers import use_response_url
from slack_sandbox.api_call import ApiCall
from slack_sandbox.errors import SlackError
from slack_sandbox.faults import Fault, Faults
from slack_sandbox.methods import METHODS, Method
from slack_sandbox.state import State

Json: TypeAlias = dict[str, Any]
Work = Callable[[], tuple[int, Json]]


@dataclass(frozen=True)
class RecordedCall:
    """One call that the app made, and how it ended.

    Attributes:
        method: The Web API method; `response_url` for an answer to a response address, `upload`
            for the bytes of a file, and `acknowledgement` for a refused answer in an
            acknowledgement.
        payload: What the app sent, without the token.
        answer: What it was answered; None if the connection was cut.
        status: The HTTP status; 0 if the connection was cut.
        seconds: How long it took, in real time.
        at: When it came, by the clock of the sandbox.
    """

    method: str
    payload: Json
    answer: Json | None
    status: int
    seconds: float
    at: datetime

    @property
    def ok(self) -> bool:
        """Whether the app was told that it worked."""
        return bool(self.answer and self.answer.get("ok"))


@dataclass(frozen=True)
class Tokens:
    """The tokens that the sandbox gave out."""

    bot: str
    app: str
    config: str


class Server:
    """Answers what the app asks, with the faults that were ordered."""

    def __init__(self, state: State, tokens: Tokens) -> None:
        self.faults = Faults(state.changes.notify)
        self.calls: list[RecordedCall] = []
        self._state = state
        self._tokens = tokens

    def routes(self) -> list[web.RouteDef]:
        """List what is served here."""
        return [
            web.route("*", "/api/{method}", self._api),
            web.post("/response/{key}", self._response_url),
            web.post("/upload/{key}", self._upload),
            web.get("/files/{key}/{name}", self._file),
        ]

    def record(self, method: str, payload: Json, answer: Json | None, status: int = 200) -> None:
        """Write down a call that did not come through the Web API."""
        self._record(method, payload, answer, status, time.monotonic())

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        started = time.monotonic()
        args = await _arguments(request)
        token = _token(request, args)

        def work() -> tuple[int, Json]:
            try:
                return 200, self._run(name, token, args)
            except SlackError as error:
                return 200, error.answer()

        return await self._served(request, name, args, work, started)

    def _run(self, name: str, token: str, args: Json) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._check_token(method, token)
        # The app token's scope is fixed; the bot token's scopes belong to the test.
        is_app = token == self._tokens.app
        scopes = ["connections:write"] if is_app else self._state.scopes
        call = ApiCall(self._state, args, scopes)
        if method.scope is not None:
            call.need(method.scope)
        return method.handler(call)

    def _check_token(self, method: Method, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        kinds = {
            self._tokens.bot: "bot",
            self._tokens.app: "app",
            self._tokens.config: "config",
        }
        if token not in kinds:
            raise SlackError("invalid_auth")
        if method.token not in ("any", kinds[token]):
            raise SlackError("not_allowed_token_type")

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        started = time.monotonic()
        body = await _arguments(request)

        def work() -> tuple[int, Json]:
            try:
                use_response_url(self._state, request.match_info["key"], body)
            except SlackError as error:
                gone = error.error in ("used_url", "expired_url", "invalid_url")
                return 404 if gone else 400, error.answer()
            return 200, {"ok": True}

        return await self._served(request, "response_url", body, work, started)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        started = time.monotonic()
        file = self._state.files.find_by_key(request.match_info["key"])
        content = await request.read()

        def work() -> tuple[int, Json]:
            if file is None or file.content is not None or len(content) != file.size:
                return 400, {"ok": False, "error": "upload_refused"}
            file.content = content
            return 200, {"ok": True}

        return await self._served(request, "upload", {"length": len(content)}, work, started)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        file = self._state.files.find_by_key(request.match_info["key"])
        if file is None or file.content is None:
            raise web.HTTPNotFound
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return web.Response(body=file.content, headers=headers)

    async def _served(
        self, request: web.Request, name: str, args: Json, work: Work, started: float
    ) -> web.StreamResponse:
        faults = self.faults.take(name, args)
        for fault in faults:
            await asyncio.sleep(fault.delay)
        fault = next((one for one in faults if not one.only_slows), Fault(name))
        if fault.cut:
            return self._cut(request, name, args, started)
        refused = fault.status is not None or fault.error is not None
        status, answer = _refusal(fault) if refused else work()
        await self.faults.hold(fault)
        if fault.lose_reply:
            return self._cut(request, name, args, started)
        self._record(name, args, answer, status, started)
        headers = {"x-oauth-scopes": ",".join(self._state.scopes)}
        if fault.retry_after is not None:
            headers["Retry-After"] = str(fault.retry_after)
        if name in ("response_url", "upload") and status == 200:
            return web.Response(text="ok", headers=headers)
        return web.json_response(answer, status=status, headers=headers)

    def _cut(
        self, request: web.Request, name: str, args: Json, started: float
    ) -> web.StreamResponse:
        self._record(name, args, None, 0, started)
        if request.transport is not None:
            request.transport.close()
        return web.Response()

    def _record(
        self, name: str, args: Json, answer: Json | None, status: int, started: float
    ) -> None:
        seconds = time.monotonic() - started
        call = RecordedCall(name, args, answer, status, seconds, self._state.clock())
        self.calls.append(call)
        verdict = "ok" if call.ok else str((answer or {}).get("error") or "connection cut")
        self._state.traffic.sent(args, answer, verdict, seconds, call.at, method=name)
        self._state.changes.notify()


def _refusal(fault: Fault) -> tuple[int, Json]:
    if fault.error is not None:
        return fault.status or 200, {"ok": False, "error": fault.error}
    status = fault.status or 500
    error = "ratelimited" if status == 429 else "internal_error"
    return status, {"ok": False, "error": error}


async def _arguments(request: web.Request) -> Json:
    """Read the arguments of a call: from the address, from a form, or from JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except json.JSONDecodeError:
            body = None
        return args | body if isinstance(body, dict) else args
    form = await request.post()
    return args | {key: value for key, value in form.items() if isinstance(value, str)}


def _token(request: web.Request, args: Json) -> str:
    given = str(args.pop("token", ""))
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme == "Bearer" else given
