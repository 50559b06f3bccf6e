"""Settling an uncertain announcement: the opt-in channel in comms' hands."""

from __future__ import annotations

from functools import partial
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.ids import PostId
from bot.services import announcements, posts
from bot.slack import messenger
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import notices
from bot.slack.views.text import Message


async def settle(ack: AsyncAck, request: SlackRequest, *, there: bool) -> None:
    """Comms say whether an announcement is there; the question gives way to its answer."""
    post_id = notices.read_post(request.value)
    message = await _settle(request, post_id, there=there)
    await ack()
    question = request.message  # on the Home tab its row goes
    if question is not None:
        client = request.context.client
        request.context.background_tasks.add(messenger.edit(client, *question, message))


async def _settle(request: SlackRequest, post_id: PostId, *, there: bool) -> Message:
    service = announcements.settle_uncertain if there else announcements.queue_again
    was_open = await request.write(service, request.user_id, post_id)
    request.show_soon()
    post = await request.read(posts.find_post, post_id)
    ended = post is not None and post.state.ended
    return notices.settled(post_id, request.user_id, there=there, was_open=was_open, ended=ended)


LISTENERS: Final[tuple[Listener, ...]] = (
    action(notices.IT_IS_THERE, Access.COMMS, partial(settle, there=True)),
    action(notices.SEND_AGAIN, Access.COMMS, partial(settle, there=False)),
)
