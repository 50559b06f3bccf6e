"""Finding a channel by the name or the id that an operator wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.comms_channel import Openness

# Names have no capitals, so an id is never taken for a name.
_ID = re.compile(r"[CG][A-Z0-9]{2,}")

# The most that Slack allows; a large workspace has thousands, and lists only 20 pages a minute.
_PAGE = 999


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel as the bot sees it."""

    id: str
    name: str
    is_archived: bool
    is_member: bool
    openness: Openness


async def find_channel(
    client: AsyncWebClient, name_or_id: str, *, page: int = _PAGE
) -> Channel | None:
    """The channel with this name (a leading # is dropped) or id; None if the bot sees none.

    A private channel is seen only once the bot is in it. `page` is how many channels Slack lists
    at a time.

    Raises:
        SlackApiError: when Slack refuses for another reason, such as a missing scope.
    """
    wanted = name_or_id.removeprefix("#")
    if _ID.fullmatch(wanted):
        return await find_by_id(client, wanted)
    return await _by_name(client, wanted.lower(), page)


async def find_by_id(client: AsyncWebClient, channel_id: str) -> Channel | None:
    """The channel with this id as it is now; None if the bot sees none.

    Raises:
        SlackApiError: when Slack refuses for another reason.
    """
    try:
        answer = await client.conversations_info(channel=channel_id)
    except SlackApiError as error:
        if error.response.get("error") == "channel_not_found":
            return None
        raise
    return read_channel(answer["channel"])


async def _by_name(client: AsyncWebClient, name: str, page: int) -> Channel | None:
    cursor: str | None = None
    while cursor != "":
        answer = await client.conversations_list(
            types="public_channel,private_channel",
            exclude_archived=False,
            limit=page,
            cursor=cursor,
        )
        for found in answer["channels"]:
            if found.get("name") == name:
                return read_channel(found)
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
    return None


def read_channel(found: Mapping[str, Any]) -> Channel:
    """A channel as Slack describes it."""
    return Channel(
        id=found["id"],
        name=found.get("name", ""),
        is_archived=bool(found.get("is_archived")),
        is_member=bool(found.get("is_member")),
        openness=Openness(
            is_private=bool(found.get("is_private")),
            is_shared=bool(found.get("is_shared")),
            is_org_shared=bool(found.get("is_org_shared")),
            is_ext_shared=bool(found.get("is_ext_shared")),
            is_pending=bool(found.get("is_pending_ext_shared")),
        ),
    )
