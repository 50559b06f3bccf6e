"""Practice: the share dialog on a post that comes with the program, for anybody."""

from __future__ import annotations

from typing import Final

from bot.services.share_dialog import ShareDialogData
from bot.slack import messenger
from bot.slack.listeners.registry import Listener, button
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import first_view, load_share_dialog, why_unanswerable
from bot.slack.views import membership, replies
from bot.slack.views.share_dialog import PRACTICE
from bot.slack.views.text import Message, say


async def practise(request: SlackRequest) -> Message | None:
    """`/advocacy practice` and its button."""
    data = await load_share_dialog(request, PRACTICE)
    if not isinstance(data, ShareDialogData):
        return say(why_unanswerable(data))
    view = first_view(request.context, data)
    opened = await messenger.open_view(request.context.client, request.trigger_id, view)
    return None if opened else say(replies.DIALOG_FAILED)


LISTENERS: Final[tuple[Listener, ...]] = (button(membership.PRACTISE, practise, replace=False),)
