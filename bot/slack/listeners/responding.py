"""Share, skip, and everything inside the share dialog."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View

from bot.domain import drafting
from bot.domain.model import Stage
from bot.services import responding
from bot.services.responding import Answer, Sight, Stored, Unanswerable
from bot.slack import messenger, people
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, from_click, message_of
from bot.slack.listeners.lessons import undisclosed
from bot.slack.views import announcement, dialog, payload, skip, words
from bot.slack.views.dialog import Dialog
from bot.slack.views.lessons import Place, offered, offered_in
from bot.slack.views.payload import PostRef, read_ref
from bot.slack.views.text import Message, say


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """Skip and Share first: Bolt asks the matchers in this order."""
    _skip(app, kit, delivery)
    _share(app, kit, delivery)
    _inside(app, kit, delivery)
    _own_words(app, kit, delivery)
    _consent(app, kit, delivery)


def _skip(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(announcement.SKIP)
    async def skipped(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        ref = read_ref(action.get("value"))
        answer = Answer(Stage.SKIPPED, message=message_of(body))
        stored = await _store(call, ref.post, answer)
        await ack()
        call.reply(_unanswered(stored) or _skipped(stored, ref))

    @app.action(re.compile(f"^{skip.REASON}:"))
    async def reasoned(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        post, reason = skip.read_value(action.get("value"))
        stored = await _store(call, post, Answer(Stage.SKIPPED, reason=reason))
        await ack()
        ref = PostRef(post, 0)
        call.reply(_unanswered(stored) or skip.reason_kept(reason, ref), replace=True)


def _share(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(announcement.SHARE)
    async def shared(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        failed = await _begin(call, read_ref(action.get("value")).post, message_of(body))
        await ack()
        if failed is not None:
            call.reply(failed)

    @app.action(skip.SHARE_INSTEAD)
    async def shared_instead(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        failed = await _begin(call, read_ref(action.get("value")).post, None)
        await ack()
        call.reply(failed or skip.sharing_instead(), replace=failed is None)


async def _begin(call: Call, post: int, place: tuple[str, str] | None) -> Message | None:
    """Open the dialog, or the question for consent before it; what to say where neither opens."""
    sight = await _look(call, post)
    if not isinstance(sight, Sight):
        return say(_sentence(sight))
    if sight.member is not None:
        return await _open(call, sight, place)
    opened = await messenger.open_view(call.kit.client, call.trigger, dialog.consent(post))
    return None if opened else say(words.DIALOG_FAILED)


async def _open(call: Call, sight: Sight, place: tuple[str, str] | None) -> Message | None:
    """Store the interest and open the dialog side by side; what to say if it did not open."""
    shown = _first(sight)
    external_id = f"share-{call.trigger}"[:255]
    view = _with_id(_render(shown, sight, sight.stage), external_id)
    answer = Answer(Stage.INTERESTED, dialog=external_id, message=place)
    stored, opened = await asyncio.gather(
        _store(call, sight.post.id, answer),
        messenger.open_view(call.kit.client, call.trigger, view),
    )
    if isinstance(stored, Unanswerable):  # it ended between the look and the click
        sentence = _sentence(stored)
        await messenger.update_view(
            call.kit.client, dialog.closing(sentence), external_id=external_id
        )
        return None if opened else say(sentence)
    return None if opened else say(words.DIALOG_FAILED)


def _inside(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(dialog.OPEN)
    async def opened(ack: AsyncAck, body: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        answer = Answer(Stage.OPENED, network=shown.network)
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
        sight = await _look(from_click(kit, delivery, body), shown.post)
        if isinstance(sight, Sight):
            shown = dialog.next_wording(shown, sight.post.content)
        await _turn(ack, body, shown, sight)

    @app.action(re.compile(f"^{dialog.OTHER_NETWORK}:"))
    async def elsewhere(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        shown = dialog.read(payload.pick(body, "view"))
        sight = await _look(from_click(kit, delivery, body), shown.post)
        chosen = replace(shown, network=payload.network(action), wording=0)
        await _turn(ack, body, chosen, sight)

    async def _step(ack: AsyncAck, body: dict[str, Any], shown: Dialog, answer: Answer) -> None:
        call = from_click(kit, delivery, body)
        stored = await _store(call, shown.post, answer)
        sight = await _look(call, shown.post) if isinstance(stored, Stored) else stored
        await _turn(ack, body, shown, sight)

    async def _turn(
        ack: AsyncAck, body: dict[str, Any], shown: Dialog, sight: Sight | Unanswerable
    ) -> None:
        view = _next_view(shown, sight)
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
        sight = await _look(call, shown.post)
        if editing and isinstance(sight, Sight) and sight.member is not None:
            shown = dialog.still_offered(shown, sight.post)
            changed = dialog.edit(shown, sight.post.content, sight.workspace.disclosure)
        else:
            changed = _next_view(replace(shown, own=None), sight)
        await ack()
        kit.afterwards.later(_update(kit, view, changed))

    @app.view(dialog.OWN_WORDS)
    async def written(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        shown, typed = dialog.read(view), dialog.read_own(view)
        sight = await _look(call, shown.post)
        if isinstance(sight, Sight):
            disclosure = sight.workspace.disclosure
            error = drafting.check_own_words(
                shown.network, typed, sight.post.content.link, disclosure
            ) or dialog.too_long_to_keep(replace(shown, own=typed))
            if error is not None:
                lesson = await undisclosed(call, typed, disclosure)
                if lesson is None:
                    await ack(response_action="errors", errors=dialog.own_error(error))
                else:  # errors leave no room for an offer: the same form again, with both
                    form = dialog.edit(shown, sight.post.content, disclosure, typed=typed)
                    form = offered_in(form, lesson, because=error)
                    await ack(response_action="update", view=_keep_id(form, view))
                return
        changed = _next_view(replace(shown, own=typed), sight)
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
        sight = await _look(call, post) if isinstance(stored, Stored) else stored
        if isinstance(sight, Sight):
            changed = _with_id(_render(_first(sight), sight, sight.stage), external_id)
            if isinstance(stored, Stored) and stored.lesson is not None:
                changed = offered_in(changed, stored.lesson)
        else:
            changed = dialog.closing(_sentence(sight))
        await ack(response_action="update", view=changed)


async def _store(call: Call, post: int, answer: Answer) -> Stored | Unanswerable:
    kit = call.kit
    return await kit.database.write(
        responding.respond, kit.workspace, call.user, post, answer, call.now, kit.lessons
    )


async def _look(call: Call, post: int) -> Sight | Unanswerable:
    return await call.kit.database.read(
        responding.look, call.kit.workspace, call.user, post, call.now
    )


def _next_view(shown: Dialog, sight: Sight | Unanswerable) -> View:
    """The dialog after a step; consent may have ended, and the post too."""
    if not isinstance(sight, Sight):
        return dialog.closing(_sentence(sight))
    if sight.member is None:
        return dialog.closing(words.CONSENT_ENDED)
    shown = dialog.still_offered(shown, sight.post)
    content, disclosure = sight.post.content, sight.workspace.disclosure
    if shown.own is not None and drafting.check_own_words(
        shown.network, shown.own, content.link, disclosure
    ):  # written for one network and too long for another: to be shortened, not lost
        return dialog.edit(shown, content, disclosure, typed=shown.own)
    return _render(shown, sight, sight.stage)


def _first(sight: Sight) -> Dialog:
    return dialog.first(sight.post, sight.member.network if sight.member else None)


def _render(shown: Dialog, sight: Sight, stage: Stage | None) -> View:
    return dialog.share(shown, sight.post.content, sight.workspace.disclosure, stage)


async def _update(kit: Kit, view: Mapping[str, Any], changed: View) -> None:
    await messenger.update_view(
        kit.client, _keep_id(changed, view), view_id=payload.text_at(view, "id")
    )


def _with_id(view: View, external_id: str) -> View:
    view.external_id = external_id
    return view


def _keep_id(changed: View, view: Mapping[str, Any]) -> View:
    """A view stays reachable under the id that the bot once gave it."""
    known = view.get("external_id")
    return _with_id(changed, known) if isinstance(known, str) and known else changed


def _skipped(stored: Stored | Unanswerable, ref: PostRef) -> Message:
    answer = skip.skipped(ref)
    if not isinstance(stored, Stored) or stored.lesson is None:
        return answer
    return offered(answer, stored.lesson, Place.SKIPPED, ref)


def _unanswered(stored: Stored | Unanswerable) -> Message | None:
    if isinstance(stored, Stored):
        return None
    if stored is Unanswerable.NO_CONSENT:
        return skip.not_joined()
    return say(_sentence(stored))


def _sentence(why: Unanswerable) -> str:
    return {
        Unanswerable.NO_SUCH_POST: words.GONE,
        Unanswerable.NOT_LIVE: words.NOT_LIVE,
        Unanswerable.ENDED: words.POST_ENDED,
        Unanswerable.NO_CONSENT: words.CONSENT_ENDED,
    }[why]
