"""The two channels that an admin chooses: whether the bot can work in them, as Slack says now."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.chosen_channels import SAME
from bot.domain.comms_channel import find_fault_of_choice
from bot.domain.troubles import Trouble
from bot.logs import get_logger
from bot.slack.channels import read_channel
from bot.slack.messenger import CLICK_TIMEOUT, FAULTS, NotSent, classify, warn
from bot.slack.throttle import at_once

_log = get_logger(__name__)
_ENOUGH = 3  # people in comms and the bot: more are not counted


@dataclass(frozen=True, slots=True)
class ChosenChannels:
    """The ids of the channels that were chosen; empty where none was."""

    news: str = ""
    comms: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What keeps the bot from working in each channel (None: nothing), and who is in comms.

    A trouble is a `ChannelFault`, SAME, a `Trouble`, or Slack's own error code. `in_comms` are a
    few of those in the comms channel, the bot among them; none where Slack did not say.
    """

    chosen: ChosenChannels
    news: str | None
    comms: str | None
    in_comms: frozenset[str]

    def is_alone(self, bot_user_id: str) -> bool:
        """Whether there is one person in the comms channel besides the bot."""
        return len(self.in_comms - {bot_user_id}) == 1


async def check(client: AsyncWebClient, chosen: ChosenChannels) -> Checked:
    """Look at the channels that were chosen; whatever Slack answers is told, and nothing raised."""
    news, comms, people = await asyncio.gather(
        _trouble(client, chosen.news, for_comms=False),
        _trouble(client, chosen.comms, for_comms=True),
        _some_members(client, chosen.comms),
    )
    if chosen.news and chosen.news == chosen.comms:
        comms = SAME
    return Checked(chosen, news, comms, people)


async def _trouble(client: AsyncWebClient, channel: str, *, for_comms: bool) -> str | None:
    if not channel:
        return None
    try:
        async with at_once(CLICK_TIMEOUT):
            answer = await client.conversations_info(channel=channel)
    except FAULTS as failure:
        warn(_log, "a chosen channel could not be looked at", failure)
        outcome = classify(failure)
        return str(outcome.trouble) if isinstance(outcome, NotSent) else Trouble.NO_REPLY
    found = read_channel(answer["channel"])
    if found.is_archived:
        return Trouble.ARCHIVED
    fault = find_fault_of_choice(found.openness) if for_comms else None
    return fault or (None if found.is_member else Trouble.NOT_IN_CHANNEL)


async def _some_members(client: AsyncWebClient, channel: str) -> frozenset[str]:
    if not channel:
        return frozenset()
    try:
        async with at_once(CLICK_TIMEOUT):
            page = await client.conversations_members(channel=channel, limit=_ENOUGH)
    except FAULTS:
        return frozenset()
    return frozenset(page["members"])
