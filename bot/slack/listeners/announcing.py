"""Freezing, and settling what nobody knows: the opt-in channel in comms' hands."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.services import announcing, curation
from bot.slack import messenger
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, Handler, from_click, message_of, press
from bot.slack.listeners.comms import for_comms, refusal
from bot.slack.views import notices
from bot.slack.views.text import Message


@for_comms()
async def ask_freeze(call: Call) -> Message:
    """`/advocacy freeze`, confirmed by a button."""
    if await call.kit.database.read(announcing.is_frozen, call.kit.workspace):
        return notices.freeze_answer(frozen=True, changed=False)
    return notices.ask_freeze()


@for_comms()
async def ask_unfreeze(call: Call) -> Message:
    """`/advocacy unfreeze`, confirmed by a button."""
    if not await call.kit.database.read(announcing.is_frozen, call.kit.workspace):
        return notices.freeze_answer(frozen=False, changed=False)
    return notices.ask_unfreeze()


@for_comms()
async def freeze(call: Call) -> Message:
    """Confirmed: nothing goes out."""
    changed = await call.kit.database.write(
        announcing.freeze, call.kit.workspace, call.user, call.now
    )
    call.delivery.refresh_soon()
    return notices.freeze_answer(frozen=True, changed=changed)


@for_comms()
async def unfreeze(call: Call) -> Message:
    """Confirmed: it goes on."""
    changed = await call.kit.database.write(
        announcing.unfreeze, call.kit.workspace, call.user, call.now
    )
    call.delivery.refresh_soon()
    return notices.freeze_answer(frozen=False, changed=changed)


async def _settle(call: Call, post: int, *, there: bool) -> Message:
    kit = call.kit
    if there:
        open_still = await kit.database.write(announcing.settle_uncertain, kit.workspace, post)
    else:
        open_still = await kit.database.write(announcing.send_again, kit.workspace, post)
    call.delivery.refresh_soon()
    stands = await kit.database.read(curation.read, kit.workspace, post)
    ended = stands is not None and stands.state.ended
    return notices.settled(post, call.user, there=there, was_open=open_still, ended=ended)


COMMANDS: dict[str, Handler] = {"freeze": ask_freeze, "unfreeze": ask_unfreeze}


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The buttons behind them."""
    for action, handler in ((notices.FREEZE, freeze), (notices.UNFREEZE, unfreeze)):
        press(app, kit, delivery, action, handler, replace=True)
    for action, there in ((notices.IT_IS_THERE, True), (notices.SEND_AGAIN, False)):
        _decide(app, kit, delivery, action, there=there)


def _decide(app: AsyncApp, kit: Kit, delivery: Delivery, name: str, *, there: bool) -> None:
    @app.action(name)
    async def decided(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        post = notices.read_post(action.get("value"))
        refused = await refusal(call)
        if refused is not None:
            await ack()
            call.reply(refused)
            return
        message = await _settle(call, post, there=there)
        await ack()
        place = message_of(body)
        if place is not None:  # the question itself gives way to its answer
            kit.afterwards.later(messenger.edit(kit.client, *place, message))
