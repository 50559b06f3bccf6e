"""Who somebody is, asked of Slack at the moment it matters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.desk import Viewer
from bot.domain.ids import UserId
from bot.domain.troubles import lasts_everywhere
from bot.domain.typed_text import clean
from bot.logs import get_logger
from bot.slack.messenger import (
    CLICK_TIMEOUT,
    FAULTS,
    NICETY_TIMEOUT,
    describe,
    warn,
)
from bot.slack.throttle import at_once, only_if_free

_LONGEST_NAME = 80  # characters
_DND_AT_ONCE = 50  # people in one call, Slack's limit
_log = get_logger(__name__)


class CannotCheck(Exception):
    """Slack did not say who is in comms."""


class Role(StrEnum):
    """What somebody may do with posts."""

    COMMS = "comms"
    GUEST = "guest"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Colleague:
    """What somebody may do with posts, and their IANA zone; None where Slack does not say."""

    role: Role
    time_zone: str | None


def viewer_in_comms(user_id: UserId, found: Colleague) -> Viewer | None:
    """The person as comms' surfaces see them; None where they are not in comms."""
    if found.role is Role.NEITHER:
        return None
    return Viewer(user_id, is_guest=found.role is Role.GUEST, time_zone=found.time_zone)


async def load_role(client: AsyncWebClient, comms_channel: str, user_id: UserId) -> Role:
    """Whether the person is in the comms channel right now; guests there may only write.

    Raises CannotCheck where Slack does not answer in time.
    """
    return (await load_colleague(client, comms_channel, user_id)).role


async def load_colleague(client: AsyncWebClient, comms_channel: str, user_id: UserId) -> Colleague:
    """Who the person is in the comms channel right now, and where their clock is.

    Raises CannotCheck where Slack does not answer in time.
    """
    try:
        async with at_once(CLICK_TIMEOUT):
            inside, info = await asyncio.gather(
                _is_inside(client, comms_channel, user_id), client.users_info(user=user_id)
            )
    except FAULTS as fault:
        warn(_log, "who is in comms could not be checked", fault)
        raise CannotCheck from fault
    person: dict[str, Any] = info["user"]
    zone = _known(person.get("tz"))
    if not inside or person.get("is_stranger") or person.get("deleted"):
        return Colleague(Role.NEITHER, zone)
    guest = person.get("is_restricted") or person.get("is_ultra_restricted")
    return Colleague(Role.GUEST if guest else Role.COMMS, zone)


async def is_colleague(client: AsyncWebClient, user_id: UserId) -> bool:
    """Whether the person is of this company and no guest; raises CannotCheck."""
    try:
        async with at_once(CLICK_TIMEOUT):
            info = await client.users_info(user=user_id)
    except FAULTS as fault:
        warn(_log, "who somebody is could not be asked", fault)
        raise CannotCheck from fault
    person: dict[str, Any] = info["user"]
    others = ("is_stranger", "deleted", "is_restricted", "is_ultra_restricted")
    return not any(person.get(each) for each in others)


async def is_in_channel(client: AsyncWebClient, channel: str, user_id: UserId) -> bool:
    """Whether the person is in a channel right now; False also where Slack does not say in time."""
    try:
        async with asyncio.timeout(NICETY_TIMEOUT):
            return await _is_inside(client, channel, user_id)
    except FAULTS as fault:
        _log.info("who is in a channel could not be asked", why=describe(fault))
        return False


async def load_comms(client: AsyncWebClient, comms_channel: str) -> frozenset[UserId]:
    """Everybody in the comms channel. Raises CannotCheck where Slack does not say."""
    try:
        pages = [page async for page in _pages(client, comms_channel)]
    except FAULTS as fault:
        warn(_log, "who is in comms could not be asked", fault)
        raise CannotCheck from fault
    return frozenset(user_id for page in pages for user_id in page)


async def load_time_zone(client: AsyncWebClient, user_id: UserId, otherwise: str) -> str:
    """The person's IANA time zone as Slack knows it, or `otherwise` where it does not say."""
    try:
        async with at_once(NICETY_TIMEOUT):
            info = await client.users_info(user=user_id)
        found = str(info["user"]["tz"])
        ZoneInfo(found)
    except (*FAULTS, LookupError, ValueError) as fault:
        why = describe(fault)
        _log.info("a person's time zone is unknown, the workspace's serves", why=why)
        return otherwise
    return found


async def load_name(client: AsyncWebClient, user_id: UserId) -> str | None:
    """How the person is called in Slack, on one line; None where Slack does not say in time."""
    try:
        async with asyncio.timeout(NICETY_TIMEOUT):
            info = await client.users_info(user=user_id)
    except FAULTS as fault:
        _log.info("a person's name is unknown", why=describe(fault))
        return None
    person: dict[str, Any] = info["user"]
    profile: dict[str, Any] = person.get("profile") or {}
    names = (profile.get("real_name"), person.get("real_name"), profile.get("display_name"))
    said = [" ".join(clean(str(name)).split())[:_LONGEST_NAME] for name in names if name]
    return next(filter(None, said), None)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What Slack says of a person: their IANA zone (None: unknown), and whether they are gone."""

    time_zone: str | None
    departed: bool


async def load_whereabouts(client: AsyncWebClient, user_id: UserId) -> Whereabouts | None:
    """Where somebody is now; None where Slack does not say, or too many were asked about."""
    try:
        with only_if_free():
            info = await client.users_info(user=user_id)
    except FAULTS as fault:
        if describe(fault) in ("user_not_found", "user_not_visible"):
            return Whereabouts(None, departed=True)
        _log.info("a person's time zone could not be asked", why=describe(fault))
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
            answer = await client.dnd_teamInfo(users=list(batch))
        except FAULTS as fault:
            warn(_log, "do-not-disturb could not be checked", fault)
            if lasts_everywhere(describe(fault)):
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
