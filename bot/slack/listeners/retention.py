"""`/advocacy forget-me`: what it means, and then everything is deleted at once."""

from __future__ import annotations

from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.services import my_data, retention
from bot.slack import home_tab_publisher
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import my_data as my_data_view
from bot.slack.views import retention as retention_view
from bot.slack.views.text import Message


async def ask(request: SlackRequest) -> Message:
    """`/advocacy forget-me`, for everybody."""
    return retention_view.ask_to_forget(await request.read(my_data.load_record, request.user_id))


async def forget(ack: AsyncAck, request: SlackRequest) -> None:
    """Delete everything of whoever presses it; doing it twice is harmless."""
    years = await request.write(retention.forget, request.user_id)
    await ack()
    if request.dialog_id is not None:
        request.update_view(my_data_view.forgotten(years))
    else:
        # Only a private message gives way; the others are being deleted.
        request.reply(retention_view.forgotten(years), replace=request.message is None)
    home_tab_publisher.publish_soon(request.context, request.user_id)


LISTENERS: Final[tuple[Listener, ...]] = (action(retention_view.FORGET, Access.ANYBODY, forget),)
