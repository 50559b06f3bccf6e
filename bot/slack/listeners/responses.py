"""Share and Skip, wherever a post is shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.ids import PostId
from bot.domain.model import Stage
from bot.domain.post import Post
from bot.domain.responses import Answer, Unanswerable
from bot.services.responses import Stored
from bot.services.share_dialog import ShareDialogData
from bot.slack import messenger
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import (
    DIALOG_ID,
    first_view,
    load_share_dialog,
    record_click,
    why_unanswerable,
    with_id,
)
from bot.slack.views import announcements, asks, replies, responses, share_forms
from bot.slack.views.lessons import Place, offered
from bot.slack.views.payload import PostRef, read_ref
from bot.slack.views.text import Message, say


async def skip(ack: AsyncAck, request: SlackRequest) -> None:
    """Skip on an announcement or in a list."""
    ref = read_ref(request.value)
    answer = Answer(Stage.SKIPPED, message=request.message)
    stored = await record_click(request, ref.post_id, answer)
    await ack()
    request.reply(_skipped(stored, ref) if isinstance(stored, Stored) else not_stored(stored))


async def give_reason(ack: AsyncAck, request: SlackRequest) -> None:
    """A reason for a skip, or its undoing; only a direct message has reasons that stay."""
    post_id, reason = responses.read_value(request.value)
    message = request.message
    answer = Answer(
        Stage.SKIPPED,
        reason=reason,
        message=message,
        in_ask=message is not None,
        undo=reason is None,
    )
    stored = await record_click(request, post_id, answer)
    await ack()
    if not isinstance(stored, Stored):
        request.reply(not_stored(stored), replace=message is None)
    elif message is not None:
        render = partial(
            asks.reason_kept, reason=reason, slower=stored.slower, stopped=stored.stopped
        )
        show_in_ask(request, post_id, message, render)
    else:
        answered = asks.slower_by(responses.reason_kept(reason, PostRef(post_id, 0)), stored.slower)
        request.reply(asks.with_stop(answered, stopped=stored.stopped), replace=True)


async def share(ack: AsyncAck, request: SlackRequest) -> None:
    """Share on an announcement or in a list."""
    failed = await open_share(request, read_ref(request.value).post_id, request.message)
    await ack()
    if failed is not None:
        request.reply(failed)


async def share_instead(ack: AsyncAck, request: SlackRequest) -> None:
    """Share after a skip."""
    post_id, message = read_ref(request.value).post_id, request.message
    failed = await open_share(request, post_id, message, in_ask=message is not None)
    await ack()
    if message is None or failed is not None:
        request.reply(failed or responses.sharing_instead(), replace=failed is None)
    else:
        show_in_ask(request, post_id, message, asks.sharing)


async def open_share(
    request: SlackRequest,
    post_id: PostId,
    message: tuple[str, str] | None,
    *,
    in_ask: bool = False,
) -> Message | None:
    """Open the dialog, or the question for consent before it; what to say where neither opens."""
    data = await load_share_dialog(request, post_id)
    if not isinstance(data, ShareDialogData):
        if in_ask:  # late, but an answer to it
            answer = Answer(Stage.INTERESTED, message=message, in_ask=True)
            await record_click(request, post_id, answer)
        return say(why_unanswerable(data))
    if data.member is not None:
        answer = Answer(Stage.INTERESTED, message=message, in_ask=in_ask)
        return await _record_and_open(request, data, answer)
    client, form = request.context.client, share_forms.consent_form(post_id)
    opened = await messenger.open_view(client, request.trigger_id, form)
    return None if opened else say(replies.DIALOG_FAILED)


async def _record_and_open(
    request: SlackRequest, data: ShareDialogData, answer: Answer
) -> Message | None:
    """Store the interest and open the dialog side by side; what to say if it did not open."""
    client = request.context.client
    external_id = f"{DIALOG_ID}{request.trigger_id}"[:255]
    view = with_id(first_view(request.context, data), external_id)
    answer = Answer(
        answer.stage, dialog_id=external_id, message=answer.message, in_ask=answer.in_ask
    )
    stored, opened = await asyncio.gather(
        record_click(request, data.post.id, answer),
        messenger.open_view(client, request.trigger_id, view),
    )
    if not isinstance(stored, Stored):  # it ended between the look and the click
        why = why_unanswerable(stored)
        await messenger.update_view(client, share_forms.closing(why), external_id=external_id)
        return None if opened else say(why)
    return None if opened else say(replies.DIALOG_FAILED)


def show_in_ask(
    request: SlackRequest,
    post_id: PostId,
    message: tuple[str, str],
    render: Callable[[Post], Message],
    *,
    beside: Message | None = None,
) -> None:
    """Rewrite a direct message after a click, for as long as its post can be shown.

    `beside` is said privately in any case; without it, why nothing can be shown.
    """

    async def change() -> None:
        context = request.context
        data = await load_share_dialog(request, post_id)
        answer = beside
        if isinstance(data, ShareDialogData):
            await messenger.edit(context.client, *message, render(data.post))
        elif answer is None:
            answer = say(why_unanswerable(data))
        if answer is not None and request.response_url is not None:
            await messenger.answer(context.session, request.response_url, answer, replace=False)

    request.context.background_tasks.add(change())


def not_stored(why: Unanswerable) -> Message:
    """What to say where a click stored nothing."""
    if why is Unanswerable.NO_CONSENT:
        return responses.not_joined()
    return say(why_unanswerable(why))


def _skipped(stored: Stored, ref: PostRef) -> Message:
    """The sentence after a skip, with what else it brings: the bot's stop, or a lesson."""
    answer = responses.skipped(ref, was_shared=stored.was_shared)
    answer = asks.with_stop(answer, stopped=stored.stopped)
    if stored.lesson is None:
        return answer
    return offered(answer, stored.lesson, Place.SKIPPED, ref)


# Skip and Share stand first: Bolt asks the matchers in this order.
LISTENERS: Final[tuple[Listener, ...]] = (
    action(announcements.SKIP, skip),
    action(re.compile(f"^{responses.REASON}:"), give_reason),
    action(announcements.SHARE, share),
    action(responses.SHARE_INSTEAD, share_instead),
)
