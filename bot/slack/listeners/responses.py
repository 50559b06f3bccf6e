"""Share and Skip, wherever a post is shown."""

from __future__ import annotations

import asyncio
import re
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.ids import PostId
from bot.domain.model import Stage
from bot.domain.responses import Answer, Unanswerable
from bot.services import membership
from bot.services.responses import Stored, TakenBack
from bot.services.responses import take_back as take_back_answer
from bot.services.share_dialog import ShareDialogData
from bot.slack import messenger
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import (
    DIALOG_ID,
    first_view,
    load_share_dialog,
    record_click,
    show_answered,
    why_unanswerable,
    with_id,
)
from bot.slack.views import (
    announcements,
    asks,
    home_tab,
    payload,
    replies,
    responses,
    share_forms,
)
from bot.slack.views.lessons import Place, offered
from bot.slack.views.payload import PostRef, read_ref
from bot.slack.views.text import Message, say


async def skip(
    ack: AsyncAck, request: SlackRequest, *, clicked: tuple[str, str] | None = None
) -> None:
    """Skip on an announcement or in a list. `clicked` is the message of an ask."""
    ref = read_ref(request.value)
    answer = Answer(Stage.SKIPPED, message=request.message, in_ask=clicked is not None)
    stored = await record_click(request, ref.post_id, answer)
    await ack()
    request.reply(_skipped(stored, ref) if isinstance(stored, Stored) else not_stored(stored))


async def give_reason(ack: AsyncAck, request: SlackRequest) -> None:
    """A reason for a skip, or its undoing."""
    post_id, reason = responses.read_value(request.value)
    answer = Answer(Stage.SKIPPED, reason=reason, undo=reason is None)
    stored = await record_click(request, post_id, answer)
    await ack()
    if isinstance(stored, Stored):
        said = asks.reason_kept(
            reason,
            PostRef(post_id, 0),
            asked=stored.was_asked,
            slower=stored.slower,
            stopped=stored.stopped,
        )
    else:
        said = not_stored(stored)
    _replace(request, said)


async def share(
    ack: AsyncAck, request: SlackRequest, *, clicked: tuple[str, str] | None = None
) -> None:
    """Share on an announcement or in a list. `clicked` is the message of an ask."""
    await _share(ack, request, read_ref(request.value), in_ask=clicked is not None)


async def share_instead(ack: AsyncAck, request: SlackRequest) -> None:
    """Share after a skip."""
    # Messages from before answers left them still have this button.
    in_ask = request.message is not None
    failed = await _open_share(request, read_ref(request.value), in_ask=in_ask)
    await ack()
    _replace(request, failed or responses.sharing_instead())


async def take_back(ack: AsyncAck, request: SlackRequest) -> None:
    """Undo after a skip or “later”."""
    await _take_back(ack, request, read_ref(request.value).post_id)


async def choose_beside_answer(ack: AsyncAck, request: SlackRequest) -> None:
    """The menu beside an answer on the Home tab."""
    value = payload.pick(request.action, "selected_option", "value")
    choice, ref = home_tab.read_answer_menu(value)
    if choice == home_tab.SHARE_IT:
        await _share(ack, request, ref)
    else:
        await _take_back(ack, request, ref.post_id)


async def _share(
    ack: AsyncAck, request: SlackRequest, ref: PostRef, *, in_ask: bool = False
) -> None:
    failed = await _open_share(request, ref, in_ask=in_ask)
    await ack()
    if failed is not None:
        request.reply(failed)


async def _take_back(ack: AsyncAck, request: SlackRequest, post_id: PostId) -> None:
    undone = await request.write(take_back_answer, request.user_id, post_id)
    await ack()
    if isinstance(undone, TakenBack):
        _replace(request, asks.with_stop(responses.taken_back(), stopped=undone.stopped))
        show_answered(request)
    else:
        _replace(request, not_stored(undone))


async def _open_share(
    request: SlackRequest, ref: PostRef, *, in_ask: bool = False
) -> Message | None:
    """Open the dialog, or the question for consent before it; what to say where neither opens."""
    data = await load_share_dialog(request, ref.post_id)
    answer = Answer(Stage.INTERESTED, message=request.message, in_ask=in_ask)
    if not isinstance(data, ShareDialogData):
        if in_ask:  # late, but an answer to it
            await record_click(request, ref.post_id, answer)
        return say(why_unanswerable(data))
    if data.member is not None:
        return await _record_and_open(request, data, answer, ref)
    if in_ask:
        show_answered(request)  # they have left: what the message still shows gives way
    months = await request.read(membership.load_consent_months)
    return await request.open_dialog(share_forms.consent_form(ref.post_id, months))


async def _record_and_open(
    request: SlackRequest, data: ShareDialogData, answer: Answer, ref: PostRef
) -> Message | None:
    """Store the interest and open the dialog side by side; what to say if it did not open."""
    external_id = f"{DIALOG_ID}{request.trigger_id}"[:255]
    view = with_id(first_view(request.context, data), external_id)
    answer = Answer(
        answer.stage, dialog_id=external_id, message=answer.message, in_ask=answer.in_ask
    )
    stored, opened = await asyncio.gather(
        record_click(request, data.post.id, answer),
        request.open_view(view),
    )
    if not isinstance(stored, Stored):  # it ended between the look and the click
        why = why_unanswerable(stored)
        closing = messenger.update_view(
            request.context.client, share_forms.closing(why), external_id=external_id
        )
        request.context.background_tasks.add(closing)
        return None if opened else say(why)
    if opened:
        return None
    return responses.dialog_failed(ref) if stored.was_asked else say(replies.DIALOG_FAILED)


def _replace(request: SlackRequest, message: Message) -> None:
    """Say it in the place of a private answer; a message to one person keeps no answer."""
    request.reply(message, replace=request.message is None)


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


LISTENERS: Final[tuple[Listener, ...]] = (
    action(announcements.SKIP, Access.MEMBERS, skip),
    action(re.compile(f"^{responses.REASON}:"), Access.MEMBERS, give_reason),
    action(announcements.SHARE, Access.MEMBERS, share),
    action(responses.SHARE_INSTEAD, Access.MEMBERS, share_instead),
    action(responses.TAKE_BACK, Access.MEMBERS, take_back),
    action(home_tab.ANSWER_MENU, Access.MEMBERS, choose_beside_answer),
)
