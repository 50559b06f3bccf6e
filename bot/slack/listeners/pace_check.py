"""`/advocacy health`: the pace check, for comms."""

from __future__ import annotations

from typing import Final

from bot.domain.admission import Access
from bot.services import pace_check
from bot.slack.listeners.registry import Listener, button
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import pace_check as pace_check_view
from bot.slack.views.text import Message


async def show(request: SlackRequest) -> Message:
    """The colour and what would help."""
    check = await request.read(pace_check.load_pace_check)
    return pace_check_view.render(check, request.context.time_zone)


async def acknowledge(request: SlackRequest) -> Message:
    """Let a red workspace's direct messages go on, slowly, for a week."""
    until = await request.write(pace_check.acknowledge, request.user_id)
    if until is None:
        return pace_check_view.nothing_to_acknowledge()
    return pace_check_view.acknowledged(until, request.context.time_zone)


LISTENERS: Final[tuple[Listener, ...]] = (
    button(pace_check_view.ACKNOWLEDGE, Access.COMMS, acknowledge, replace=True),
)
