"""Who somebody is, asked of Slack at the moment it matters."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.admission import Person
from bot.domain.ids import UserId
from bot.domain.troubles import lasts_everywhere
from bot.domain.typed_text import clean
from bot.logs import get_logger
from bot.slack.messenger import FAULTS, NICETY_TIMEOUT, describe, warn
from bot.slack.throttle import only_if_free

_LONGEST_NAME = 80  # characters
_DND_AT_ONCE = 50  # people in one call, Slack's limit
_log = get_logger(__name__)


class CannotCheck(Exception):
    """Slack did not say what was asked about people."""


# What Slack says where there is nobody, or nobody whom the bot may see.
_NOBODY = ("user_not_found", "user_not_visible", "users_not_found")


@contextmanager
def checking(what: str) -> Iterator[None]:
    """Raise CannotCheck where Slack does not answer; `what` could not be checked, for the log."""
    try:
        yield
    except FAULTS as fault:
        warn(_log, f"{what} could not be checked", fault)
        raise CannotCheck from fault


async def load_person(client: AsyncWebClient, user_id: UserId) -> Person:
    """What Slack says of somebody; raises FAULTS where it says nothing."""
    try:
        info = await client.users_info(user=user_id)
    except SlackApiError as fault:
        if describe(fault) not in _NOBODY:
            raise
        return Person(team_id="", is_stranger=True)
    return _person(info["user"])


def _person(said: Mapping[str, Any]) -> Person:
    enterprise = said.get("enterprise_user") or {}
    return Person(
        team_id=str(said.get("team_id") or ""),
        enterprise_id=enterprise.get("enterprise_id"),
        is_guest=bool(said.get("is_restricted") or said.get("is_ultra_restricted")),
        is_stranger=bool(said.get("is_stranger")),
        is_closed=bool(said.get("deleted") or said.get("is_bot")),
        is_admin=bool(said.get("is_admin") or said.get("is_owner")),
        time_zone=_known(said.get("tz")),
    )


async def is_in_channel(client: AsyncWebClient, channel: str, user_id: UserId) -> bool:
    """Whether the person is in a channel right now; False also where Slack does not say in time."""
    try:
        async with asyncio.timeout(NICETY_TIMEOUT):
            return await _is_inside(client, channel, user_id)
    except FAULTS as fault:
        _log.info("who is in a channel could not be asked", why=describe(fault))
        return False


async def load_members(client: AsyncWebClient, channel: str) -> frozenset[UserId]:
    """Everybody in a channel; raises FAULTS where Slack does not say."""
    return frozenset([user_id async for page in _pages(client, channel) for user_id in page])


async def load_comms(client: AsyncWebClient, comms_channel: str) -> frozenset[UserId]:
    """Everybody in the comms channel. Raises CannotCheck where Slack does not say."""
    with checking("who is in comms"):
        return await load_members(client, comms_channel)


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


async def load_person_if_free(client: AsyncWebClient, user_id: UserId) -> Person | None:
    """The same as `load_person`; None where Slack does not say, or too many were asked about."""
    try:
        with only_if_free():
            return await load_person(client, user_id)
    except FAULTS as fault:
        _log.info("who somebody is could not be asked", why=describe(fault))
        return None


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
