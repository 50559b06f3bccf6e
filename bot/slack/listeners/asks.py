"""What a member presses on a post that was proposed to them."""

from __future__ import annotations

from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.domain.responses import Unanswerable
from bot.services import ask_answers, preferences
from bot.services.ask_answers import AskClick
from bot.services.membership import Membership
from bot.slack.listeners import responses
from bot.slack.listeners.registry import Listener, action, button
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import show_answered
from bot.slack.views import asks, membership, payload
from bot.slack.views.asks import MenuChoice
from bot.slack.views.payload import Unreadable
from bot.slack.views.responses import saved
from bot.slack.views.text import Message


async def skip(ack: AsyncAck, request: SlackRequest) -> None:
    """Skip on an ask."""
    await responses.skip(ack, request, clicked=_message_of(request))


async def share(ack: AsyncAck, request: SlackRequest) -> None:
    """Share on an ask."""
    await responses.share(ack, request, clicked=_message_of(request))


async def opt_out(ack: AsyncAck, request: SlackRequest) -> None:
    """Opt out on an ask: consent ends with this click."""
    ref = payload.read_ref(request.value)
    click = AskClick(request.user_id, ref.post_id, _message_of(request))
    left = await request.write(ask_answers.answer_leave, click)
    await ack()
    channel = request.context.advocacy_channel
    if left.undo is None:
        request.reply(membership.already_out(channel=channel))
    else:
        request.reply(membership.left(channel, left.undo))
    show_answered(request)


async def less_again(request: SlackRequest) -> Message:
    """Less often still, from the answer to "less often"."""
    than = asks.read_pace(request.value)
    return _slower(await request.write(preferences.ask_less, request.user_id, than))


async def choose(ack: AsyncAck, request: SlackRequest) -> None:
    """The menu of an ask: answered in private, and nothing of it stays in the message."""
    chosen = asks.read_menu(payload.pick(request.action, "selected_option", "value"))
    answer = await _choose(request, chosen)
    await ack()
    request.reply(answer)
    show_answered(request)


async def _choose(request: SlackRequest, chosen: MenuChoice) -> Message:
    """Store what was chosen; what to say to it."""
    click = AskClick(request.user_id, chosen.ref.post_id, _message_of(request))
    match chosen.choice:
        case asks.LATER:
            obstacle = await request.write(ask_answers.answer_later, click)
            if obstacle is Unanswerable.NO_CONSENT:
                return membership.not_joined()
            return saved(chosen.ref) if obstacle is None else responses.not_stored(obstacle)
        case asks.LESS:
            return _slower(await request.write(ask_answers.answer_less, click, chosen.pace))
        case asks.PAUSE:
            member = await request.write(ask_answers.answer_look, click)
            if member is None:
                return membership.not_joined()
            return membership.ask_pause(member, request.now)
        case _:
            await request.write(ask_answers.answer_look, click)
            return asks.who_sees()


def _slower(less: Membership) -> Message:
    if less.member is None:
        return membership.not_joined()
    return asks.slower(less.member.preferences.pace, changed=less.changed)


def _message_of(request: SlackRequest) -> tuple[str, str]:
    """The direct message that was clicked; raises Unreadable."""
    if request.message is None:
        raise Unreadable("no message")
    return request.message


LISTENERS: Final[tuple[Listener, ...]] = (
    action(asks.SKIP, Access.MEMBERS, skip),
    action(asks.SHARE, Access.MEMBERS, share),
    action(asks.OPT_OUT, Access.ANYBODY, opt_out),
    action(asks.MENU, Access.MEMBERS, choose),
    button(asks.LESS_AGAIN, Access.MEMBERS, less_again, replace=True),
)
