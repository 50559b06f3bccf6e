"""What the share dialog asks besides: consent, the member's server, a private word to comms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain import hosts
from bot.domain.model import Stage
from bot.services import membership, responding
from bot.services.responding import Answer, Sight, Stored
from bot.slack import people
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import from_click
from bot.slack.listeners.sight import look, sentence
from bot.slack.listeners.turning import (
    SHARING,
    first_view,
    keep_id,
    next_view,
    obstacle,
    update,
    with_id,
)
from bot.slack.views import asides, dialog, payload, words
from bot.slack.views.dialog import PRACTICE
from bot.slack.views.lessons import offered_in

_TYPING = "word-"  # how the id of the form for a private word begins


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The dialog's other forms."""
    _server(app, kit, delivery)
    _private_word(app, kit, delivery)
    _consent(app, kit, delivery)


def _server(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.NAME_SERVER)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        view = payload.pick(body, "view")
        shown = dialog.read(view)
        sight = await look(from_click(kit, delivery, body), shown.post)
        member = sight.member if isinstance(sight, Sight) else None
        known = shown.server or ((member.mastodon_instance or "") if member is not None else "")
        changed = obstacle(shown, sight) or asides.server(shown, known)
        await ack()
        kit.afterwards.later(update(kit, view, changed))

    @app.view(asides.SERVER)
    async def named(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        shown, typed = dialog.read(view), asides.read_server(view)
        try:
            host = hosts.public_host(typed)
        except ValueError as error:
            await ack(response_action="errors", errors=asides.server_error(str(error)))
            return
        if shown.post == PRACTICE:
            shown = replace(shown, server=host)
        else:
            await kit.database.write(
                membership.remember_server, kit.workspace, call.user, host, call.now
            )
        changed = next_view(kit, shown, await look(call, shown.post))
        await ack(response_action="update", view=keep_id(changed, view))


def _private_word(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.SOMETHING_WRONG)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        view = payload.pick(body, "view")
        shown = dialog.read(view)
        await ack()
        # The end of the post closes the dialog, but not this form: the words are wanted still.
        kit.afterwards.later(update(kit, _renamed(view, SHARING, _TYPING), asides.word(shown)))

    @app.view(asides.WORD)
    async def given(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        shown, (typed, signed) = dialog.read(view), asides.read_word(view)
        if not typed:
            await ack(response_action="errors", errors=asides.word_missing())
            return
        if shown.post != PRACTICE:
            signer = call.user if signed else None
            why = await kit.database.write(
                responding.pass_on,
                kit.workspace,
                call.user,
                shown.post,
                typed,
                signer,
                call.now,
            )
            if why is not None:
                await ack(response_action="update", view=asides.closing(sentence(why)))
                return
            delivery.refresh_soon()
        sight = await look(call, shown.post)
        practised = shown.post == PRACTICE
        note = words.WORD_PRACTISED if practised else words.word_passed_on(signed=signed)
        if obstacle(shown, sight) is None:
            changed = next_view(kit, shown, sight, note=note)
        else:  # the post has just ended; the words were taken all the same
            changed = asides.closing(note)
        known = _renamed(view, _TYPING, SHARING)
        await ack(response_action="update", view=keep_id(changed, known))


def _renamed(view: Mapping[str, Any], before: str, after: str) -> dict[str, Any]:
    """The view under the same id with another beginning."""
    known = str(view.get("external_id") or "")
    name = after + known.removeprefix(before) if known.startswith(before) else known
    return {**view, "external_id": name}


def _consent(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.view(asides.CONSENT)
    async def given(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        post = asides.read_consent(view)
        zone = await people.zone(kit.client, call.user, kit.zone)
        external_id = f"{SHARING}{payload.text_at(view, 'id')}"
        stored = await kit.database.write(
            responding.join_and_respond,
            kit.workspace,
            call.user,
            zone,
            post,
            Answer(Stage.INTERESTED, dialog=external_id),
            call.now,
            kit.lessons,
        )
        sight = await look(call, post) if isinstance(stored, Stored) else stored
        if isinstance(sight, Sight):
            changed = with_id(first_view(kit, sight), external_id)
            if isinstance(stored, Stored) and stored.lesson is not None:
                changed = offered_in(changed, stored.lesson)
        else:
            changed = asides.closing(sentence(sight))
        await ack(response_action="update", view=changed)
