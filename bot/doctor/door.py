"""How Slack reaches the bot: over sockets that it opens, or over signed HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor.asking import Refusal, ask, refused
from bot.doctor.findings import Finding

_MEND_APP_TOKEN = (
    "Make an app-level token with the scope connections:write (app settings, Basic Information), "
    "and turn on Socket Mode."
)
_MEND_SOCKETS = (
    "Let the network pass WebSockets (wss) to Slack; a proxy or a firewall may stop them."
)


async def examine_door(
    client: AsyncWebClient, values: Mapping[str, Any], session: aiohttp.ClientSession
) -> list[Finding]:
    """The token of Socket Mode and a connection with it, or the secret of HTTP."""
    app_token: str | None = values.get("slack_app_token")
    if app_token is not None:
        answer = await ask(client.apps_connections_open(app_token=app_token))
        if isinstance(answer, Refusal):
            return [refused("app token", answer, _MEND_APP_TOKEN)]
        accepted = Finding(True, "app token", "accepted: Socket Mode")
        return [accepted, await _socket(str(answer["url"]), session)]
    if values.get("slack_signing_secret") is not None:
        says = "set; only a request from Slack can show that it is right"
        return [Finding(None, "signing secret", says)]
    return []


async def _socket(address: str, session: aiohttp.ClientSession) -> Finding:
    """Open one and close it at once: what Slack sent over it, nobody would answer."""
    try:
        socket = await session.ws_connect(address)
    except (aiohttp.ClientError, OSError) as error:
        says = f"no connection can be opened ({type(error).__name__})"
        return Finding(False, "sockets", says, _MEND_SOCKETS, fatal=True)
    await socket.close()
    return Finding(True, "sockets", "a connection can be opened")
