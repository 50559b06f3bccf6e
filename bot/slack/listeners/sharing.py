"""Everything inside the share dialog, from the first consent to what was opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View

from bot.domain import drafting, hosts
from bot.domain.model import Stage
from bot.domain.offer import Offer
from bot.services import membership, responding
from bot.services.responding import Answer, Sight, Stored, Unanswerable
from bot.slack import messenger, people
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import from_click
from bot.slack.listeners.lessons import undisclosed
from bot.slack.listeners.sight import look, offer_of, sentence, store
from bot.slack.views import dialog, payload, words
from bot.slack.views.dialog import Dialog
from bot.slack.views.lessons import offered_in


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The dialog's buttons and forms."""
    _inside(app, kit, delivery)
    _own_words(app, kit, delivery)
    _server(app, kit, delivery)
    _consent(app, kit, delivery)


def first_view(kit: Kit, sight: Sight) -> View:
    """The dialog as it opens."""
    offer = offer_of(kit, sight)
    member = sight.member
    best = (member.network, *member.preferences.networks) if member is not None else ()
    preferred = next((network for network in best if network in offer.networks), None)
    return dialog.share(dialog.first(offer, preferred), offer, sight.stage)


def _inside(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.OPEN)
    async def opened(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        answer = Answer(Stage.OPENED, network=shown.network, wording=dialog.opened(shown))
        await _step(ack, body, shown, answer)

    @app.action(dialog.SHARED)
    async def marked(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        await _step(ack, body, shown, Answer(Stage.SHARED, network=shown.network))

    @app.action(dialog.NOT_SHARED)
    async def unmarked(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        await _step(ack, body, shown, Answer(Stage.OPENED, network=shown.network, undo=True))

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
        sight = await look(from_click(kit, delivery, body), shown.post)
        chosen = payload.network(action)
        if isinstance(sight, Sight):
            shown = dialog.on(shown, offer_of(kit, sight), chosen)
        await _turn(ack, body, shown, sight)

    async def _step(ack: AsyncAck, body: dict[str, Any], shown: Dialog, answer: Answer) -> None:
        call = from_click(kit, delivery, body)
        stored = await store(call, shown.post, answer)
        sight = await look(call, shown.post) if isinstance(stored, Stored) else stored
        await _turn(ack, body, shown, sight)

    async def _turn(
        ack: AsyncAck, body: dict[str, Any], shown: Dialog, sight: Sight | Unanswerable
    ) -> None:
        view = _next_view(kit, shown, sight)
        await ack()
        kit.afterwards.later(_update(kit, payload.pick(body, "view"), view))


def _own_words(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.EDIT)
    async def edit(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _rewrite(ack, body, editing=True)

    @app.action(dialog.BACK)
    async def back(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _rewrite(ack, body, editing=False)

    async def _rewrite(ack: AsyncAck, body: dict[str, Any], *, editing: bool) -> None:
        call = from_click(kit, delivery, body)
        view = payload.pick(body, "view")
        shown = dialog.read(view)
        sight = await look(call, shown.post)
        if editing and isinstance(sight, Sight) and sight.member is not None:
            offer = offer_of(kit, sight)
            changed = dialog.edit(dialog.still_offered(shown, offer), offer)
        else:
            changed = _next_view(kit, replace(shown, own=None), sight)
        await ack()
        kit.afterwards.later(_update(kit, view, changed))

    @app.view(dialog.OWN_WORDS)
    async def written(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        shown, typed = dialog.read(view), dialog.read_own(view)
        sight = await look(call, shown.post)
        if isinstance(sight, Sight):
            offer = offer_of(kit, sight)
            typed = offer.untagged(shown.network, typed)
            error = _wrong(replace(shown, own=typed), offer)
            if error is not None:
                lesson = await undisclosed(call, typed, offer.disclosure)
                if lesson is None:
                    await ack(response_action="errors", errors=dialog.own_error(error))
                else:  # errors leave no room for an offer: the same form again, with both
                    form = dialog.edit(shown, offer, typed=typed)
                    form = offered_in(form, lesson, because=error)
                    await ack(response_action="update", view=_keep_id(form, view))
                return
        changed = _next_view(kit, replace(shown, own=typed), sight)
        await ack(response_action="update", view=_keep_id(changed, view))


def _server(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.NAME_SERVER)
    async def ask(ack: AsyncAck, body: dict[str, Any]) -> None:
        view = payload.pick(body, "view")
        shown = dialog.read(view)
        sight = await look(from_click(kit, delivery, body), shown.post)
        if isinstance(sight, Sight) and sight.member is not None:
            changed = dialog.server(shown, sight.member.mastodon_instance or "")
        else:
            changed = _next_view(kit, shown, sight)
        await ack()
        kit.afterwards.later(_update(kit, view, changed))

    @app.view(dialog.SERVER)
    async def named(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        shown, typed = dialog.read(view), dialog.read_server(view)
        try:
            host = hosts.public_host(typed)
        except ValueError as error:
            await ack(response_action="errors", errors=dialog.server_error(str(error)))
            return
        await kit.database.write(
            membership.remember_server, kit.workspace, call.user, host, call.now
        )
        changed = _next_view(kit, shown, await look(call, shown.post))
        await ack(response_action="update", view=_keep_id(changed, view))


def _consent(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.view(dialog.CONSENT)
    async def given(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        post = dialog.read_consent(view)
        zone = await people.zone(kit.client, call.user, kit.zone)
        external_id = f"share-{payload.text_at(view, 'id')}"
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
            changed = dialog.closing(sentence(sight))
        await ack(response_action="update", view=changed)


def _next_view(kit: Kit, shown: Dialog, sight: Sight | Unanswerable) -> View:
    """The dialog after a step; consent may have ended, and the post too."""
    if not isinstance(sight, Sight):
        return dialog.closing(sentence(sight))
    if sight.member is None:
        return dialog.closing(words.CONSENT_ENDED)
    offer = offer_of(kit, sight)
    shown = dialog.still_offered(shown, offer)
    if shown.own is not None and _wrong(shown, offer):
        # Written for one network and too long for another: to be shortened, not lost.
        return dialog.edit(shown, offer, typed=shown.own)
    return dialog.share(shown, offer, sight.stage)


def _wrong(shown: Dialog, offer: Offer) -> str | None:
    """What keeps the member's own words from being shared as they are."""
    return drafting.check_own_words(
        shown.network,
        shown.own or "",
        offer.content.link,
        offer.disclosure,
        tagged=offer.link(shown.network),
    ) or dialog.too_long_to_keep(shown)


async def _update(kit: Kit, view: Mapping[str, Any], changed: View) -> None:
    await messenger.update_view(
        kit.client, _keep_id(changed, view), view_id=payload.text_at(view, "id")
    )


def with_id(view: View, external_id: str) -> View:
    """The view under an id of the bot's own, so that it can be reached later."""
    view.external_id = external_id
    return view


def _keep_id(changed: View, view: Mapping[str, Any]) -> View:
    """A view stays reachable under the id that the bot once gave it."""
    known = view.get("external_id")
    return with_id(changed, known) if isinstance(known, str) and known else changed
