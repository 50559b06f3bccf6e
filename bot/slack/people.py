"""Who somebody is, asked of Slack at the moment it matters."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import UserId
from bot.slack.messenger import (
    CLICK_TIMEOUT,
    FAULTS,
    NICETY_TIMEOUT,
    SEND_TIMEOUT,
    describe,
)

# Refusals that do not pass by themselves: the bot goes on without the answer.
_NEVER = frozenset(
    {
        "access_denied",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "method_deprecated",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "team_access_not_granted",
        "unknown_method",
    }
)
_DND_AT_ONCE = 50  # people in one call, Slack's limit
_log = logging.getLogger(__name__)


class CannotCheck(Exception):
    """Slack did not say who is in comms."""


class Role(StrEnum):
    """What somebody may do with posts."""

    COMMS = "comms"
    GUEST = "guest"
    NEITHER = "neither"


async def load_role(client: AsyncWebClient, comms_channel: str, user_id: UserId) -> Role:
    """Whether the person is in the comms channel right now; guests there may only write.

    Raises CannotCheck where Slack does not answer in time.
    """
    try:
        async with asyncio.timeout(CLICK_TIMEOUT):
            inside, info = await asyncio.gather(
                _is_inside(client, comms_channel, user_id), client.users_info(user=user_id)
            )
    except FAULTS as fault:
        _log.warning("who is in comms could not be checked: %s", describe(fault))
        raise CannotCheck from fault
    person: dict[str, Any] = info["user"]
    if not inside or person.get("is_stranger") or person.get("deleted"):
        return Role.NEITHER
    guest = person.get("is_restricted") or person.get("is_ultra_restricted")
    return Role.GUEST if guest else Role.COMMS


async def is_in_channel(client: AsyncWebClient, channel: str, user_id: UserId) -> bool:
    """Whether the person is in a channel right now; False also where Slack does not say in time."""
    try:
        async with asyncio.timeout(NICETY_TIMEOUT):
            return await _is_inside(client, channel, user_id)
    except FAULTS as fault:
        _log.info("who is in a channel could not be asked: %s", describe(fault))
        return False


async def load_comms(client: AsyncWebClient, comms_channel: str) -> frozenset[UserId]:
    """Everybody in the comms channel. Raises CannotCheck where Slack does not say."""
    try:
        async with asyncio.timeout(SEND_TIMEOUT):
            pages = [page async for page in _pages(client, comms_channel)]
    except FAULTS as fault:
        _log.warning("who is in comms could not be asked: %s", describe(fault))
        raise CannotCheck from fault
    return frozenset(user_id for page in pages for user_id in page)


async def load_time_zone(client: AsyncWebClient, user_id: UserId, otherwise: str) -> str:
    """The person's IANA time zone as Slack knows it, or `otherwise` where it does not say."""
    try:
        async with asyncio.timeout(NICETY_TIMEOUT):
            info = await client.users_info(user=user_id)
        found = str(info["user"]["tz"])
        ZoneInfo(found)
    except (*FAULTS, LookupError, ValueError) as fault:
        _log.info("a person's time zone is unknown, the workspace's serves: %s", describe(fault))
        return otherwise
    return found


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What Slack says of a person: their IANA zone (None: unknown), and whether they are gone."""

    time_zone: str | None
    departed: bool


async def load_whereabouts(client: AsyncWebClient, user_id: UserId) -> Whereabouts | None:
    """Where somebody is now; None where Slack does not say in time."""
    try:
        async with asyncio.timeout(SEND_TIMEOUT):
            info = await client.users_info(user=user_id)
    except FAULTS as fault:
        if describe(fault) in ("user_not_found", "user_not_visible"):
            return Whereabouts(None, departed=True)
        _log.info("a person's time zone could not be asked: %s", describe(fault))
        return None
    person: dict[str, Any] = info["user"]
    return Whereabouts(_known(person.get("tz")), departed=bool(person.get("deleted")))


async def load_quiet_times(
    client: AsyncWebClient, users: Sequence[str]
) -> dict[str, tuple[datetime, datetime]]:
    """Slack's do-not-disturb schedule of these people where it holds now, or next begins.

    A manual snooze is visible to its owner alone. Raises CannotCheck where Slack does not say.
    """
    found: dict[str, tuple[datetime, datetime]] = {}
    for start in range(0, len(users), _DND_AT_ONCE):
        batch = users[start : start + _DND_AT_ONCE]
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                answer = await client.dnd_teamInfo(users=list(batch))
        except FAULTS as fault:
            _log.warning("do-not-disturb could not be checked: %s", describe(fault))
            if describe(fault) in _NEVER:
                return found  # Slack itself still holds the notification back
            raise CannotCheck from fault
        schedules = answer.get("users")
        for user, schedule in schedules.items() if isinstance(schedules, dict) else ():
            quiet = _quiet(schedule)
            if quiet is not None:
                found[user] = quiet
    return found


def _quiet(schedule: object) -> tuple[datetime, datetime] | None:
    """One person's do-not-disturb; None where there is none, or none that can be read."""
    if not isinstance(schedule, dict) or not schedule.get("dnd_enabled"):
        return None
    try:
        start, end = (int(schedule[f"next_dnd_{edge}_ts"]) for edge in ("start", "end"))
        return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _known(zone: object) -> str | None:
    try:
        ZoneInfo(str(zone))
    except (KeyError, ValueError, OSError):
        return None
    return str(zone)


async def _is_inside(client: AsyncWebClient, channel: str, user_id: UserId) -> bool:
    async for page in _pages(client, channel):
        if user_id in page:
            return True
    return False


async def _pages(client: AsyncWebClient, channel: str) -> AsyncIterator[list[UserId]]:
    cursor = ""
    while True:
        page = await client.conversations_members(channel=channel, limit=999, cursor=cursor)
        yield page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
