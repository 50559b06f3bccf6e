"""The member's own words: writing them, and whether they say where the member works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View

from bot.domain import drafting
from bot.domain.offer import Offer
from bot.services.responding import Sight
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, from_click
from bot.slack.listeners.lessons import undisclosed
from bot.slack.listeners.sight import look, offer_of
from bot.slack.listeners.turning import keep_id, next_view, obstacle, update, wrong
from bot.slack.views import dialog, own_words, payload
from bot.slack.views.dialog import PRACTICE, Dialog
from bot.slack.views.lessons import offered_in


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The field for own words, and the question about the employment."""
    _writing(app, kit, delivery)
    _disclosing(app, kit, delivery)


def _writing(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.EDIT)
    async def edit(ack: AsyncAck, body: dict[str, Any]) -> None:
        view = payload.pick(body, "view")
        shown = dialog.read(view)
        sight = await look(from_click(kit, delivery, body), shown.post)
        changed = obstacle(shown, sight)
        if changed is None and isinstance(sight, Sight):
            offer = offer_of(kit, sight, shown.server)
            changed = own_words.edit(dialog.still_offered(shown, offer), offer)
        await ack()
        if changed is not None:
            kit.afterwards.later(update(kit, view, changed))

    @app.view(own_words.FORM)
    async def written(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        shown, typed = dialog.read(view), own_words.read(view)
        sight = await look(call, shown.post)
        changed = obstacle(shown, sight)
        if changed is None and isinstance(sight, Sight):
            offer = offer_of(kit, sight, shown.server)
            if _unchanged(shown, offer, typed):
                changed = next_view(kit, dialog.suggested(shown), sight)
            else:
                mine = _with_own(shown, offer, typed)
                error = wrong(mine, offer)
                if error is not None:
                    await ack(response_action="errors", errors={own_words.field_of(view): error})
                    return
                changed = (
                    next_view(kit, mine, sight)
                    if mine.said or offer.says(typed)
                    else await _question(call, mine, offer, typed)
                )
        if changed is not None:
            await ack(response_action="update", view=keep_id(changed, view))


def _disclosing(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(own_words.PUT_BACK)
    async def put_back(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _settle(ack, body, said=False)

    @app.action(own_words.SAID_SO)
    async def said_so(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _settle(ack, body, said=True)

    async def _settle(ack: AsyncAck, body: dict[str, Any], *, said: bool) -> None:
        """Go on with what stands in the field now: typing may have gone on after the question."""
        view = payload.pick(body, "view")
        shown, typed = dialog.read(view), own_words.read(view)
        sight = await look(from_click(kit, delivery, body), shown.post)
        changed: View | None = obstacle(shown, sight)
        if changed is None and isinstance(sight, Sight):
            offer = offer_of(kit, sight, shown.server)
            mine = replace(_with_own(shown, offer, typed), said=said)
            changed = next_view(kit, mine, sight)
        await ack()
        if changed is not None:
            kit.afterwards.later(update(kit, view, changed))


async def _question(call: Call, mine: Dialog, offer: Offer, typed: str) -> View:
    """What was typed, the question where it says that they work there, and a lesson on it, once."""
    form = own_words.edit(mine, offer, typed=typed, undisclosed=True)
    practising = mine.post == PRACTICE
    lesson = None if practising else await undisclosed(call, typed, offer.disclosure)
    return form if lesson is None else offered_in(form, lesson)


def _with_own(shown: Dialog, offer: Offer, typed: str) -> Dialog:
    own = offer.untagged(shown.network, typed)
    # Whoever said that their words say it already said so of those words.
    return replace(shown, own=own, said=shown.said and own == shown.own)


def _unchanged(shown: Dialog, offer: Offer, typed: str) -> bool:
    """Whether the suggested words came back as they were: then they are not the member's own."""
    before = dialog.suggested(shown)
    shows_words = dialog.chosen(before, offer) is not None
    return shows_words and drafting.clean(dialog.text_of(before, offer)) == typed
