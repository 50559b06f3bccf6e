"""Freezing, and settling an uncertain announcement: the opt-in channel in comms' hands."""

from __future__ import annotations

from functools import partial
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.ids import PostId
from bot.services import announcements, posts, workspaces
from bot.slack import messenger
from bot.slack.listeners.registry import Listener, action, button
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import notices
from bot.slack.views.text import Message


async def ask_freeze(request: SlackRequest) -> Message:
    """`/advocacy freeze`, confirmed by a button."""
    if await request.read(workspaces.is_frozen):
        return notices.freeze_answer(frozen=True, changed=False)
    return notices.ask_freeze()


async def ask_unfreeze(request: SlackRequest) -> Message:
    """`/advocacy unfreeze`, confirmed by a button."""
    if not await request.read(workspaces.is_frozen):
        return notices.freeze_answer(frozen=False, changed=False)
    return notices.ask_unfreeze()


async def freeze(request: SlackRequest) -> Message:
    """Confirmed: nothing goes out."""
    changed = await request.write(workspaces.freeze, request.user_id)
    request.show_soon()
    return notices.freeze_answer(frozen=True, changed=changed)


async def unfreeze(request: SlackRequest) -> Message:
    """Confirmed: things go out again."""
    changed = await request.write(workspaces.unfreeze, request.user_id)
    request.show_soon()
    return notices.freeze_answer(frozen=False, changed=changed)


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
    was_open = await request.write(service, post_id)
    request.show_soon()
    post = await request.read(posts.find_post, post_id)
    ended = post is not None and post.state.ended
    return notices.settled(post_id, request.user_id, there=there, was_open=was_open, ended=ended)


LISTENERS: Final[tuple[Listener, ...]] = (
    button(notices.FREEZE, Access.STOPPING, freeze, replace=True),
    button(notices.UNFREEZE, Access.COMMS, unfreeze, replace=True),
    action(notices.IT_IS_THERE, Access.COMMS, partial(settle, there=True)),
    action(notices.SEND_AGAIN, Access.COMMS, partial(settle, there=False)),
)
