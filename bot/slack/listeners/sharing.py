"""The share dialog: which network and words, opening a composer, and what comes after it."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.model import Stage
from bot.services.responding import Answer, Sight, Stored, Unanswerable
from bot.slack import messenger
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, Handler, from_click, press
from bot.slack.listeners.sight import look, offer_of, sentence, store
from bot.slack.listeners.turning import first_view, next_view, update
from bot.slack.views import dialog, membership, payload, words
from bot.slack.views.dialog import PRACTICE, Dialog
from bot.slack.views.text import Message, say


async def practise(call: Call) -> Message | None:
    """`/advocacy practice` and its button: the dialog on a post of its own, for anybody."""
    sight = await look(call, PRACTICE)
    if not isinstance(sight, Sight):
        return say(sentence(sight))
    view = first_view(call.kit, sight)
    opened = await messenger.open_view(call.kit.client, call.trigger, view)
    return None if opened else say(words.DIALOG_FAILED)


COMMANDS: dict[str, Handler] = {"practice": practise, "practise": practise}


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The dialog's buttons, and the one that opens it to practise."""
    press(app, kit, delivery, membership.PRACTISE, practise, replace=False)
    _opening(app, kit, delivery)
    _choosing(app, kit, delivery)


def _opening(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.OPEN)
    async def opened(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        wording = dialog.opened(shown)
        await _step(ack, body, shown, Answer(Stage.OPENED, shown.network, wording=wording))

    @app.action(dialog.SHARED)
    async def marked(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        await _step(ack, body, shown, Answer(Stage.SHARED, shown.network))

    @app.action(dialog.NOT_SHARED)
    async def unmarked(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        await _step(ack, body, shown, Answer(Stage.OPENED, shown.network, undo=True))

    @app.action(dialog.TAKE_BACK)
    async def taken_back(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        note = words.TAKEN_BACK if shown.post != PRACTICE else words.TAKEN_BACK_PRACTISED
        await _step(ack, body, shown, Answer(Stage.INTERESTED, undo=True), note)

    @app.action(dialog.PICTURE)
    async def picture_opened(ack: AsyncAck) -> None:
        await ack()  # a link opens by itself, and nobody is told

    async def _step(
        ack: AsyncAck,
        body: dict[str, Any],
        shown: Dialog,
        answer: Answer,
        note: str | None = None,
    ) -> None:
        call = from_click(kit, delivery, body)
        stored = await store(call, shown.post, answer)
        sight: Sight | Unanswerable
        if isinstance(stored, Stored):
            sight = await look(call, shown.post, stored.stage)
        else:
            sight = stored
        view = next_view(kit, shown, sight, note=note)
        await ack()
        kit.afterwards.later(update(kit, payload.pick(body, "view"), view))


def _choosing(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.OTHER_WORDING)
    async def reworded(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        sight = await look(from_click(kit, delivery, body), shown.post)
        if isinstance(sight, Sight):
            shown = dialog.next_wording(shown, offer_of(kit, sight))
        await _turn(ack, body, shown, sight)

    @app.action(re.compile(f"^{dialog.OTHER_NETWORK}:"))
    async def elsewhere(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        chosen = payload.network(action)
        sight = await look(from_click(kit, delivery, body), shown.post)
        if isinstance(sight, Sight):
            shown = dialog.on(shown, offer_of(kit, sight), chosen)
        await _turn(ack, body, shown, sight)

    @app.action(dialog.BACK)
    async def back(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.suggested(dialog.read(payload.pick(body, "view")))
        await _turn(ack, body, shown, await look(from_click(kit, delivery, body), shown.post))

    async def _turn(
        ack: AsyncAck, body: dict[str, Any], shown: Dialog, sight: Sight | Unanswerable
    ) -> None:
        view = next_view(kit, shown, sight)
        await ack()
        kit.afterwards.later(update(kit, payload.pick(body, "view"), view))
