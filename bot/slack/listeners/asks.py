"""What a member presses on a post that was proposed to them."""

from __future__ import annotations

from functools import partial
from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.ids import PostId
from bot.domain.model import Stage
from bot.domain.post import Post
from bot.domain.responses import Answer
from bot.services import ask_answers
from bot.services.ask_answers import AskClick
from bot.services.responses import Stored
from bot.slack import home_tab_publisher
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.responses import not_stored, open_share, show_in_ask
from bot.slack.listeners.share_dialog import record_click
from bot.slack.views import asks, membership, payload
from bot.slack.views.lessons import Place, offered
from bot.slack.views.payload import Unreadable, read_ref
from bot.slack.views.text import Message


async def skip(ack: AsyncAck, request: SlackRequest) -> None:
    """Skip on an ask."""
    post_id, message = read_ref(request.value).post_id, _ask_message(request)
    answer = Answer(Stage.SKIPPED, message=message, in_ask=True)
    stored = await record_click(request, post_id, answer)
    await ack()
    if isinstance(stored, Stored):
        show_in_ask(request, post_id, message, partial(_skipped, stored))
    else:
        request.reply(not_stored(stored))


async def share(ack: AsyncAck, request: SlackRequest) -> None:
    """Share on an ask."""
    post_id = read_ref(request.value).post_id
    failed = await open_share(request, post_id, _ask_message(request), in_ask=True)
    await ack()
    if failed is not None:
        request.reply(failed)


async def choose(ack: AsyncAck, request: SlackRequest) -> None:
    """The menu of an ask."""
    choice, ref = asks.read_menu(payload.pick(request.action, "selected_option", "value"))
    await _choose(request, choice, ref.post_id, _ask_message(request))
    await ack()
    home_tab_publisher.publish_soon(request.context, request.user_id)


async def _choose(
    request: SlackRequest, choice: str, post_id: PostId, message: tuple[str, str]
) -> None:
    """Store what was chosen, and answer after the acknowledgement."""
    click = AskClick(request.user_id, post_id, message)
    match choice:
        case asks.LATER:
            if await request.write(ask_answers.answer_later, click):
                show_in_ask(request, post_id, message, asks.saved)
            else:
                request.reply(membership.not_joined())
        case asks.LESS:
            less = await request.write(ask_answers.answer_less, click)
            if less.member is None:
                request.reply(membership.not_joined())
            else:
                pace = less.member.preferences.pace
                request.reply(asks.slower(pace, changed=less.changed))
        case asks.PAUSE:
            pause = await request.write(ask_answers.answer_pause, click)
            if pause.member is None or pause.member.paused_until is None:
                request.reply(membership.not_joined())
            else:
                until = pause.member.paused_until
                request.reply(membership.paused(until, pause.member, changed=pause.changed))
        case asks.LEAVE:
            await request.write(ask_answers.answer_leave, click)
            farewell = membership.left(request.context.advocacy_channel)
            show_in_ask(request, post_id, message, asks.left, beside=farewell)
        case _:
            await request.write(ask_answers.answer_who_sees, click)
            request.reply(asks.who_sees())


def _skipped(stored: Stored, post: Post) -> Message:
    answer = asks.skipped(post, stopped=stored.stopped, was_shared=stored.was_shared)
    return answer if stored.lesson is None else offered(answer, stored.lesson, Place.HERE)


def _ask_message(request: SlackRequest) -> tuple[str, str]:
    """The direct message that was clicked; raises Unreadable."""
    if request.message is None:
        raise Unreadable("no message")
    return request.message


LISTENERS: Final[tuple[Listener, ...]] = (
    action(asks.SKIP, skip),
    action(asks.SHARE, share),
    action(asks.MENU, choose),
)
