"""What the others are measured beside, a bare Bolt app: `python -m bench.noop`."""

from __future__ import annotations

import re
import time

import uvloop
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bench import ground
from bench.children import Json, obey
from bench.payload import SECRET
from bot.slack import serving

AUTHORIZED = AuthorizeResult(
    enterprise_id=None,
    team_id=ground.TEAM,
    bot_user_id="U0BOT0000",
    bot_id="B0BENCH00",
    bot_token="xoxb-bench",
)


def cpu_seconds() -> float:
    """What this process has used of the processors, in all its threads."""
    return time.process_time()


async def _noop() -> None:
    """A bare Bolt app, verified and served as the bot is, that acknowledges and does nothing."""

    async def authorize(**_request: object) -> AuthorizeResult:
        return AUTHORIZED

    app = AsyncApp(
        authorize=authorize, request_verification_enabled=False, process_before_response=True
    )

    @app.action(re.compile("^(skip|share)$"))
    async def nothing(ack: AsyncAck) -> None:
        await ack()

    async with serving.http(app, SECRET, 0, host="127.0.0.1") as port:

        async def answer(_order: Json) -> Json:
            return {"port": port, "cpu": cpu_seconds()}

        await obey(answer)


if __name__ == "__main__":
    uvloop.run(_noop())
