"""How the app is installed: who the bot is, and what Slack has granted it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import get_logger
from bot.slack import manifest, permissions
from bot.slack.messenger import CLICK_TIMEOUT, FAULTS, warn
from bot.slack.people import CannotCheck
from bot.slack.throttle import at_once

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Installation:
    """The bot's name, as people invite it, its user id, and the scopes that it lacks."""

    name: str
    user_id: str
    missing: tuple[str, ...] = ()


async def load(client: AsyncWebClient) -> Installation:
    """Ask Slack. Raises CannotCheck."""
    try:
        async with at_once(CLICK_TIMEOUT):
            answer = await client.auth_test()
    except FAULTS as fault:
        warn(_log, "how the app is installed could not be asked", fault)
        raise CannotCheck from fault
    headers: Mapping[str, Any] = answer.headers
    granted = permissions.granted(headers)
    wanted = manifest.scopes() if granted is not None else ()
    missing = tuple(scope for scope in wanted if scope not in (granted or ()))
    return Installation(str(answer.get("user") or "advocacy"), str(answer["user_id"]), missing)
