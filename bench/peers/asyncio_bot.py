"""An asynchronous Bolt app with an asyncio session a click: `python -m bench.peers.asyncio_bot`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import uvloop
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from bench.children import Json, obey
from bench.noop import AUTHORIZED, cpu_seconds
from bench.payload import SECRET
from bench.peers import rows
from bot.slack import serving


def _build(sessions: async_sessionmaker[AsyncSession]) -> AsyncApp:
    async def authorize(**_request: object) -> AuthorizeResult:
        return AUTHORIZED

    app = AsyncApp(authorize=authorize, request_verification_enabled=False)

    @app.action("skip")
    async def skip(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        user, post = rows.read(body)
        async with sessions.begin() as session:
            member = (await session.scalars(rows.find_member(user))).one()
            found = (await session.scalars(rows.find_post(post))).one()
            before = (await session.scalars(rows.find_response(found.id, member.id))).one_or_none()
            if before is None:
                response = rows.skipped(found.id, member.id, datetime.now(UTC))
                session.add(response)
                await session.flush()
                session.add(rows.history_of(response))
        await ack()
        if body.get("response_url"):
            await respond(rows.ANSWER, response_type="ephemeral", replace_original=False)

    return app


async def _serve(url: str) -> None:
    engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:", 1), pool_size=8)
    rows.make_durable(engine.sync_engine)
    app = _build(async_sessionmaker(engine))
    async with serving.http(app, SECRET, 0, host="127.0.0.1") as port:

        async def answer(_order: Json) -> Json:
            return {"port": port, "cpu": cpu_seconds()}

        await obey(answer)
    await engine.dispose()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1]))
