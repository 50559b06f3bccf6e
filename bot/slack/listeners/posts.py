"""Deciding about posts: the card's buttons, the dialog before an approval, and the commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.ids import PostId
from bot.domain.typed_text import clean, first_word, plain
from bot.services import posts
from bot.services.posts import Refused
from bot.slack.listeners.desk import open_review
from bot.slack.listeners.post_form import duplicate, edit
from bot.slack.listeners.refusals import why_refused
from bot.slack.listeners.registry import Listener, action, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import cards, email_copy, payload, post_lists, replies, review
from bot.slack.views.payload import PostRef, Unreadable, read_ref
from bot.slack.views.text import Message, say

CardHandler = Callable[[SlackRequest, PostRef], Awaitable[Message | None]]


async def approve(request: SlackRequest) -> Message | None:
    """`/advocacy approve 14`: the post is read first, and what was read is approved."""
    post_id = read_post_id(request.rest)
    if post_id is None:
        return say(replies.NEEDS_NUMBER.format(command="approve"))
    return await open_review(request, post_id)


async def send_back(request: SlackRequest) -> Message:
    """`/advocacy send-back 14 why`."""
    typed, reason = first_word(request.rest)
    reason = clean(reason)
    post_id = read_post_id(typed)
    if post_id is None:
        return say(replies.NEEDS_NUMBER_AND_REASON)
    if not reason:
        return say(replies.NEEDS_REASON)
    return await _send_back(request, post_id, None, reason[: cards.LONGEST_REASON])


async def withdraw(request: SlackRequest) -> Message:
    """`/advocacy withdraw 14`, confirmed by a button."""
    post_id = read_post_id(request.rest)
    if post_id is None:
        return say(replies.NEEDS_NUMBER.format(command="withdraw"))
    post = await request.read(posts.find_post, post_id)
    if post is None:
        return say(replies.NO_SUCH_POST)
    return say(replies.ended(post)) if post.state.ended else cards.ask_withdraw(post)


async def copy(request: SlackRequest) -> Message | None:
    """`/advocacy duplicate 14`."""
    post_id = read_post_id(request.rest)
    if post_id is None:
        return say(replies.NEEDS_NUMBER.format(command="duplicate"))
    return await duplicate(request, PostRef(post_id, 0))


async def _approve(request: SlackRequest, ref: PostRef) -> Message:
    result = await request.write(posts.approve, request.user_id, ref.post_id, ref.revision)
    request.show_soon()
    if isinstance(result, Refused):
        return say(why_refused(result))
    return say(replies.approved(result.post, changed=result.changed))


async def _send_back(
    request: SlackRequest, post_id: PostId, revision: int | None, reason: str
) -> Message:
    result = await request.write(posts.send_back, request.user_id, post_id, revision, reason)
    request.show_soon()
    if isinstance(result, Refused):
        return say(why_refused(result))
    return say(replies.sent_back(result.post))


async def _withdraw(request: SlackRequest, post_id: PostId) -> Message:
    result = await request.write(posts.withdraw, request.user_id, post_id)
    request.show_soon()
    if isinstance(result, Refused):
        return say(why_refused(result))
    return say(replies.withdrawn(result.post, changed=result.changed, was_live=result.was_live))


async def approve_shown(request: SlackRequest, ref: PostRef) -> Message:
    """Approve the revision that the card shows."""
    return await _approve(request, ref)


async def withdraw_shown(request: SlackRequest, ref: PostRef) -> Message:
    """Withdraw the post of the card."""
    return await _withdraw(request, ref.post_id)


async def ask_reason(request: SlackRequest, ref: PostRef) -> Message | None:
    """Ask why the card's post is sent back."""
    return await request.open_dialog(cards.ask_reason(ref))


async def copy_as_email(request: SlackRequest, ref: PostRef) -> Message | None:
    """The approved post as an e-mail, to be copied by whoever pressed."""
    post = await request.read(posts.find_to_copy, ref.post_id)
    if post is None:
        return say(replies.NO_SUCH_POST)
    if post.state not in cards.APPROVED_STATES:
        return say(replies.NOT_APPROVED)
    context = request.context
    view = email_copy.render(post, context.disclosure, context.sharing_policy)
    return await request.open_dialog(view)


async def press_card(
    ack: AsyncAck,
    request: SlackRequest,
    *,
    handler: CardHandler,
    asked: bool = False,
) -> None:
    """A button of a card, which also stands in the dialog of a review.

    `asked` says that it stands below a private question as well, which its answer replaces.
    """
    ref = read_ref(request.value)
    message = await handler(request, ref)
    await ack()
    if message is not None and request.dialog_id is not None:
        await request.open_dialog(post_lists.closing(message))
    elif message is not None:
        request.reply(message, replace=asked and request.message is None)


async def submit_reason(ack: AsyncAck, request: SlackRequest) -> None:
    """Send the post back with the reason that was typed."""
    ref, reason = cards.read_reason(request.view)
    if not reason:
        await ack(response_action="errors", errors=cards.reason_missing())
        return
    message = await _send_back(request, ref.post_id, ref.revision, reason)
    await ack(response_action="update", view=cards.closing(message))


async def submit_review(ack: AsyncAck, request: SlackRequest) -> None:
    """Approve the revision that was read in the dialog."""
    ref = review.read_form(request.view)
    message = await _approve(request, ref)
    await ack(response_action="update", view=review.closing(message))


def read_post_id(typed: str) -> PostId | None:
    """The number of a post as somebody typed it, "14" or "#14"; None where it is none."""
    try:
        return PostId(payload.number(plain(typed).removeprefix("post ").lstrip("#")))
    except Unreadable:
        return None


LISTENERS: Final[tuple[Listener, ...]] = (
    action(cards.APPROVE, Access.COMMS, partial(press_card, handler=approve_shown)),
    action(cards.SEND_BACK, Access.COMMS, partial(press_card, handler=ask_reason)),
    action(cards.EDIT, Access.COMMS_AND_GUESTS, partial(press_card, handler=edit)),
    action(
        cards.COPY_AS_EMAIL, Access.COMMS_AND_GUESTS, partial(press_card, handler=copy_as_email)
    ),
    action(cards.DUPLICATE, Access.COMMS_AND_GUESTS, partial(press_card, handler=duplicate)),
    action(cards.WITHDRAW, Access.COMMS, partial(press_card, handler=withdraw_shown, asked=True)),
    form(review.FORM, Access.COMMS, submit_review),
    form(cards.REASON_FORM, Access.COMMS, submit_reason),
)
