"""What a member presses on a post that was proposed to them."""

from __future__ import annotations

from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.responses import Unanswerable
from bot.services import ask_answers
from bot.services.ask_answers import AskClick
from bot.slack.listeners import responses
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import show_answered
from bot.slack.views import asks, membership, payload
from bot.slack.views.payload import PostRef, Unreadable
from bot.slack.views.responses import saved
from bot.slack.views.text import Message


async def skip(ack: AsyncAck, request: SlackRequest) -> None:
    """Skip on an ask."""
    await responses.skip(ack, request, clicked=_message_of(request))


async def share(ack: AsyncAck, request: SlackRequest) -> None:
    """Share on an ask."""
    await responses.share(ack, request, clicked=_message_of(request))


async def choose(ack: AsyncAck, request: SlackRequest) -> None:
    """The menu of an ask: answered in private, and nothing of it stays in the message."""
    choice, ref = asks.read_menu(payload.pick(request.action, "selected_option", "value"))
    answer = await _choose(request, choice, ref)
    await ack()
    request.reply(answer)
    show_answered(request)


async def _choose(request: SlackRequest, choice: str, ref: PostRef) -> Message:
    """Store what was chosen; what to say to it."""
    click = AskClick(request.user_id, ref.post_id, _message_of(request))
    match choice:
        case asks.LATER:
            obstacle = await request.write(ask_answers.answer_later, click)
            if obstacle is Unanswerable.NO_CONSENT:
                return membership.not_joined()
            return saved(ref) if obstacle is None else responses.not_stored(obstacle)
        case asks.LESS:
            less = await request.write(ask_answers.answer_less, click)
            if less.member is None:
                return membership.not_joined()
            return asks.slower(less.member.preferences.pace, changed=less.changed)
        case asks.PAUSE:
            pause = await request.write(ask_answers.answer_pause, click)
            if pause.member is None:
                return membership.not_joined()
            return membership.paused(pause.member, changed=pause.changed)
        case asks.LEAVE:
            left = await request.write(ask_answers.answer_leave, click)
            channel = request.context.advocacy_channel
            if not left.changed:
                return membership.already_out(channel=channel)
            return membership.left(channel)
        case _:
            await request.write(ask_answers.answer_who_sees, click)
            return asks.who_sees()


def _message_of(request: SlackRequest) -> tuple[str, str]:
    """The direct message that was clicked; raises Unreadable."""
    if request.message is None:
        raise Unreadable("no message")
    return request.message


LISTENERS: Final[tuple[Listener, ...]] = (
    action(asks.SKIP, skip),
    action(asks.SHARE, share),
    action(asks.MENU, choose),
)
