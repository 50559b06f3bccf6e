"""Skip and Share, wherever a post is shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.model import Post, Stage
from bot.services.responding import Answer, Sight, Stored, Unanswerable
from bot.slack import messenger
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, from_click, message_of
from bot.slack.listeners.sight import look, sentence, store
from bot.slack.listeners.turning import SHARING, first_view, with_id
from bot.slack.views import announcement, asides, ask, skip, words
from bot.slack.views.lessons import Place, offered
from bot.slack.views.payload import PostRef, read_ref
from bot.slack.views.text import Message, say


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """Skip and Share first: Bolt asks the matchers in this order."""
    _skip(app, kit, delivery)
    _share(app, kit, delivery)


def _skip(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(announcement.SKIP)
    async def skipped(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        ref = read_ref(action.get("value"))
        answer = Answer(Stage.SKIPPED, message=message_of(body))
        stored = await store(call, ref.post, answer)
        await ack()
        call.reply(unanswered(stored) or _skipped(stored, ref))

    @app.action(re.compile(f"^{skip.REASON}:"))
    async def reasoned(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        post, reason = skip.read_value(action.get("value"))
        place = message_of(body)  # only a direct message has reasons that stay
        answer = Answer(
            Stage.SKIPPED,
            reason=reason,
            message=place,
            asked=place is not None,
            undo=reason is None,
        )
        stored = await store(call, post, answer)
        await ack()
        refused = unanswered(stored)
        if place is not None and isinstance(stored, Stored):
            render = partial(
                ask.reason_kept, reason=reason, slower=stored.slower, stopped=stored.stopped
            )
            show_ask(call, post, place, render)
        else:
            kept = skip.reason_kept(reason, PostRef(post, 0))
            if isinstance(stored, Stored):
                kept = ask.with_stop(ask.slower_by(kept, stored.slower), stopped=stored.stopped)
            call.reply(refused or kept, replace=place is None)


def _share(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(announcement.SHARE)
    async def shared(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        failed = await begin(call, read_ref(action.get("value")).post, message_of(body))
        await ack()
        if failed is not None:
            call.reply(failed)

    @app.action(skip.SHARE_INSTEAD)
    async def shared_instead(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        post, place = read_ref(action.get("value")).post, message_of(body)
        failed = await begin(call, post, place, asked=place is not None)
        await ack()
        if place is None or failed is not None:
            call.reply(failed or skip.sharing_instead(), replace=failed is None)
        else:
            show_ask(call, post, place, ask.sharing)


async def begin(
    call: Call, post: int, place: tuple[str, str] | None, *, asked: bool = False
) -> Message | None:
    """Open the dialog, or the question for consent before it; what to say where neither opens."""
    sight = await look(call, post)
    if not isinstance(sight, Sight):
        if asked:  # late, but an answer to it
            await store(call, post, Answer(Stage.INTERESTED, message=place, asked=True))
        return say(sentence(sight))
    if sight.member is not None:
        return await _open(call, sight, place, asked=asked)
    opened = await messenger.open_view(call.kit.client, call.trigger, asides.consent(post))
    return None if opened else say(words.DIALOG_FAILED)


async def _open(
    call: Call, sight: Sight, place: tuple[str, str] | None, *, asked: bool
) -> Message | None:
    """Store the interest and open the dialog side by side; what to say if it did not open."""
    external_id = f"{SHARING}{call.trigger}"[:255]
    view = with_id(first_view(call.kit, sight), external_id)
    answer = Answer(Stage.INTERESTED, dialog=external_id, message=place, asked=asked)
    stored, opened = await asyncio.gather(
        store(call, sight.post.id, answer),
        messenger.open_view(call.kit.client, call.trigger, view),
    )
    if isinstance(stored, Unanswerable):  # it ended between the look and the click
        why = sentence(stored)
        await messenger.update_view(call.kit.client, asides.closing(why), external_id=external_id)
        return None if opened else say(why)
    return None if opened else say(words.DIALOG_FAILED)


def show_ask(
    call: Call,
    post: int,
    place: tuple[str, str],
    render: Callable[[Post], Message],
    *,
    otherwise: Message | None = None,
) -> None:
    """What a direct message says after a click takes its place, for as long as it is kept.

    Where the post has ended, `otherwise` is said beside it, or why nothing can be.
    """

    async def change() -> None:
        sight = await look(call, post)
        if isinstance(sight, Sight):
            await messenger.edit(call.kit.client, *place, render(sight.post))
        elif call.url is not None:
            said = otherwise or say(sentence(sight))
            await messenger.answer(call.kit.session, call.url, said, replace=False)

    call.kit.afterwards.later(change())


def _skipped(stored: Stored | Unanswerable, ref: PostRef) -> Message:
    if not isinstance(stored, Stored):
        return skip.skipped(ref)
    answer = skip.skipped(ref, was_shared=stored.was_shared)
    answer = ask.with_stop(answer, stopped=stored.stopped)
    if stored.lesson is None:
        return answer
    return offered(answer, stored.lesson, Place.SKIPPED, ref)


def unanswered(stored: Stored | Unanswerable) -> Message | None:
    """What to say where a click stored nothing."""
    if isinstance(stored, Stored):
        return None
    if stored is Unanswerable.NO_CONSENT:
        return skip.not_joined()
    return say(sentence(stored))
