"""Trying it out: the share dialog on a post that comes with the program, for anybody."""

from __future__ import annotations

from typing import Final

from bot.domain.admission import Access
from bot.services import practice
from bot.slack.listeners.registry import Listener, button
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import first_view
from bot.slack.views import membership
from bot.slack.views.text import Message


async def practise(request: SlackRequest) -> Message | None:
    """`/advocacy practice` and its button."""
    data = await request.read(practice.load_share_dialog, request.user_id)
    return await request.open_dialog(first_view(request.context, data, practice=True))


LISTENERS: Final[tuple[Listener, ...]] = (
    button(membership.PRACTISE, Access.MEMBERS, practise, replace=False),
)
