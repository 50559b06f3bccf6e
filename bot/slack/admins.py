"""Whoever may change the workspace's settings: its admins and owners, as Slack says now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import UserId
from bot.logs import get_logger
from bot.slack.messenger import CLICK_TIMEOUT, FAULTS, warn
from bot.slack.people import CannotCheck
from bot.slack.throttle import at_once

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Admin:
    """An admin or owner of the workspace, and their IANA zone; empty where Slack names none."""

    time_zone: str


async def find_admin(client: AsyncWebClient, user_id: UserId) -> Admin | None:
    """The person if they are an admin or owner; None if not. Raises CannotCheck."""
    try:
        async with at_once(CLICK_TIMEOUT):
            info = await client.users_info(user=user_id)
    except FAULTS as fault:
        warn(_log, "who is an admin could not be checked", fault)
        raise CannotCheck from fault
    person: dict[str, Any] = info["user"]
    foreign = person.get("deleted") or person.get("is_stranger") or person.get("is_restricted")
    if foreign or not (person.get("is_admin") or person.get("is_owner")):
        return None
    return Admin(str(person.get("tz") or ""))
