"""The desk: reading a post before it is approved, the schedule, and the lists of posts."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.channel_queue import Move
from bot.domain.ids import PostId
from bot.services import post_lists as post_lists_service
from bot.services import posts, reviews
from bot.services import schedule as schedule_service
from bot.slack.listeners.post_form import queue
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import Handler, SlackRequest
from bot.slack.views import cards, post_lists, replies, review, schedule
from bot.slack.views.cards import REVIEW
from bot.slack.views.payload import Unreadable, read_ref, text_at
from bot.slack.views.text import Message, say


async def list_posts(request: SlackRequest) -> Message:
    """`/advocacy posts`."""
    return post_lists.overview(await request.read(post_lists_service.load_overview), request.viewer)


async def press(ack: AsyncAck, request: SlackRequest, *, handler: Handler) -> None:
    """A button of the desk, wherever it stands."""
    message = await handler(request)
    await ack()
    if message is not None and request.dialog_id is not None:
        await request.open_dialog(post_lists.closing(message))
    elif message is not None:
        request.reply(message)


async def write_post(request: SlackRequest) -> Message | None:
    """The form, as `/advocacy queue` opens it."""
    return await queue(request)


async def show_all(request: SlackRequest) -> Message | None:
    """All posts in a dialog, from the Home tab."""
    found = await request.read(post_lists_service.load_overview)
    return await request.open_dialog(post_lists.all_posts(found, request.viewer))


async def show_schedule(request: SlackRequest) -> Message | None:
    """The schedule in a dialog, from the Home tab."""
    found = await request.read(post_lists_service.load_schedule)
    return await request.open_dialog(schedule.dialog(found, request.viewer))


async def show_review(request: SlackRequest) -> Message | None:
    """A post as it is read before it is approved."""
    return await open_review(request, read_ref(request.value).post_id)


async def open_review(request: SlackRequest, post_id: PostId) -> Message | None:
    """The newest text of a post in a dialog, which approves that text and no later one."""
    found = await request.read(reviews.load_review, request.viewer, post_id)
    if found is None:
        return say(replies.NO_SUCH_POST)
    return await request.open_dialog(review.render(found, found.workspace.sharing_policy))


async def move(request: SlackRequest) -> Message | None:
    """Move a post in the queue, and show where it stands now."""
    to, ref = _direction(request), read_ref(request.value)
    moved = await request.write(schedule_service.move, request.user_id, ref.post_id, to)
    request.show_soon()
    note = schedule.moved(await request.read(posts.find_post, ref.post_id), moved)
    if request.on_home:
        return None if note is None else say(note)
    viewer = request.viewer
    if request.dialog_id is not None and request.view.get("callback_id") == schedule.DIALOG:
        planned = await request.read(post_lists_service.load_schedule)
        request.update_view(schedule.dialog(planned, viewer, note))
        return None
    found = await request.read(post_lists_service.load_overview)
    if request.dialog_id is None:
        request.reply(post_lists.overview(found, viewer, note), replace=True)
    else:
        request.update_view(post_lists.all_posts(found, viewer, note))
    return None


def _direction(request: SlackRequest) -> Move:
    _, _, to = text_at(request.action, "action_id").partition(":")
    if to not in list(Move):
        raise Unreadable("no such move")
    return Move(to)


LISTENERS: Final[tuple[Listener, ...]] = (
    action(REVIEW, Access.COMMS_AND_GUESTS, partial(press, handler=show_review)),
    action(re.compile(f"^{schedule.MOVE}:"), Access.COMMS, partial(press, handler=move)),
    action(cards.WRITE, Access.COMMS_AND_GUESTS, partial(press, handler=write_post)),
    action(cards.ALL_POSTS, Access.COMMS_AND_GUESTS, partial(press, handler=show_all)),
    action(schedule.OPEN, Access.COMMS_AND_GUESTS, partial(press, handler=show_schedule)),
)
