"""What a member presses on a post that was proposed to them."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.model import Post, Stage
from bot.services import asking
from bot.services.responding import Answer, Stored
from bot.slack import homes
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, from_click, message_of
from bot.slack.listeners.responding import begin, show_ask, unanswered
from bot.slack.listeners.sight import store
from bot.slack.views import ask, membership, payload
from bot.slack.views.lessons import Place, offered
from bot.slack.views.payload import Unreadable, read_ref
from bot.slack.views.text import Message


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """Share, Skip, and the menu beside them."""

    @app.action(ask.SKIP)
    async def skipped(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        post, place = read_ref(action.get("value")).post, _place(body)
        stored = await store(call, post, Answer(Stage.SKIPPED, message=place, asked=True))
        await ack()
        refused = unanswered(stored)
        if refused is not None:
            call.reply(refused)
        elif isinstance(stored, Stored):
            show_ask(call, post, place, partial(_skipped, stored))

    @app.action(ask.SHARE)
    async def shared(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        failed = await begin(call, read_ref(action.get("value")).post, _place(body), asked=True)
        await ack()
        if failed is not None:
            call.reply(failed)

    @app.action(ask.MENU)
    async def chosen(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        choice, ref = ask.read_menu(payload.pick(action, "selected_option", "value"))
        await _choose(call, choice, ref.post, _place(body))
        await ack()
        homes.publish_soon(kit, call.user)


async def _choose(call: Call, choice: str, post: int, place: tuple[str, str]) -> None:
    """Store what was chosen, and answer after the acknowledgement."""
    kit = call.kit
    click = asking.Click(kit.workspace, call.user, post, place)
    match choice:
        case ask.LATER:
            if await kit.database.write(asking.answer_later, click, call.now):
                show_ask(call, post, place, ask.saved)
            else:
                call.reply(membership.not_joined())
        case ask.LESS:
            less = await kit.database.write(asking.answer_less, click, call.now)
            if less.member is None:
                call.reply(membership.not_joined())
            else:
                call.reply(ask.slower(less.member.preferences.pace, changed=less.changed))
        case ask.PAUSE:
            pause = await kit.database.write(asking.answer_pause, click, call.now)
            if pause.member is None or pause.member.paused_until is None:
                call.reply(membership.not_joined())
            else:
                until = pause.member.paused_until
                call.reply(membership.paused(until, pause.member, changed=pause.changed))
        case ask.LEAVE:
            await kit.database.write(asking.answer_leave, click, call.now)
            gone = membership.left(kit.advocacy_channel)
            show_ask(call, post, place, partial(ask.left, farewell=gone), otherwise=gone)
        case _:
            await kit.database.write(asking.answer_who_sees, click, call.now)
            call.reply(ask.who_sees())


def _skipped(stored: Stored, post: Post) -> Message:
    answer = ask.skipped(post, stopped=stored.stopped, was_shared=stored.was_shared)
    return answer if stored.lesson is None else offered(answer, stored.lesson, Place.HERE)


def _place(body: dict[str, Any]) -> tuple[str, str]:
    """The direct message that was clicked; raises Unreadable."""
    place = message_of(body)
    if place is None:
        raise Unreadable("no message")
    return place
