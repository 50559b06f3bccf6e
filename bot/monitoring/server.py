"""`/healthz`, `/readyz` and `/metrics`, for whoever runs the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from bot.monitoring.readiness import Readiness
from bot.services import monitoring
from bot.services.monitoring import Figures
from bot.slack import asgi_server
from bot.slack.http_limits import HttpLimits
from bot.storage.database import Busy

_PLAIN: Final = "text/plain; charset=utf-8"
_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
_LIMITS: Final = HttpLimits(connections=32)
_FINISH_WITHIN: Final = 1  # seconds


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    body: bytes
    content_type: str = _PLAIN


@dataclass(slots=True)
class Monitoring:
    """What the three addresses say; each is asked for anew."""

    readiness: Readiness
    _post_due_since: datetime | None = field(default=None, init=False)

    async def ready(self) -> tuple[bool, str]:
        """Whether it can do its work, and a line for each part."""
        found = await self.readiness.check()
        lines = [f"{part}: {'ok' if there else 'missing'}\n" for part, there in found.items()]
        return all(found.values()), "".join(lines)

    async def metrics(self) -> bytes:
        """The metrics, as Prometheus reads them."""
        from bot.monitoring import exposition  # it takes memory where nobody looks

        context = self.readiness.context
        now = context.clock()
        figures = await self._load_figures(now)
        if figures is not None:
            due = figures.post_is_due
            self._post_due_since = (self._post_due_since or now) if due else None
        return exposition.written(
            context.metrics,
            await self.readiness.check(),
            figures,
            self._post_due_since,
            self.readiness.head,
            now,
        )

    async def _load_figures(self, now: datetime) -> Figures | None:
        try:
            return await self.readiness.context.at(now).read(monitoring.load_figures)
        except (Busy, SQLAlchemyError):
            return None

    async def __call__(self, scope: dict[str, Any], _receive: Any, send: Any) -> None:
        """Answer one request: the ASGI application."""
        answer = await self._answer(scope["method"], scope["path"])
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, method: str, path: str) -> _Answer:
        if method != "GET":
            return _Answer(HTTPStatus.METHOD_NOT_ALLOWED, b"")
        match path:
            case "/healthz":
                return _Answer(HTTPStatus.OK, b"ok\n")
            case "/readyz":
                well, lines = await self.ready()
                status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
                return _Answer(status, lines.encode())
            case "/metrics":
                return _Answer(HTTPStatus.OK, await self.metrics(), _PROMETHEUS)
        return _Answer(HTTPStatus.NOT_FOUND, b"")


@asynccontextmanager
async def serve(monitoring: Monitoring, host: str, port: int) -> AsyncIterator[int]:
    """Serve it while the block runs; gives the port, chosen freely for 0. Raises OSError."""
    async with asgi_server.listen(monitoring, host, port, _LIMITS, _FINISH_WITHIN) as chosen:
        yield chosen
