"""Writing posts and deciding about them: the form, the card's buttons, and the commands."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View

from bot.domain import drafting
from bot.domain.drafting import Errors, Fields
from bot.services import curation
from bot.services.curation import Edition, Kept, Refusal, Refused
from bot.slack import messenger
from bot.slack.delivery import Delivery
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call, Handler, from_click
from bot.slack.listeners.comms import for_comms, refusal
from bot.slack.views import card, home, lists, payload, post_form, words
from bot.slack.views.payload import PostRef, Unreadable, read_ref
from bot.slack.views.post_form import Form
from bot.slack.views.text import Message, bare, say


@for_comms(guests=True)
async def queue(call: Call) -> Message | None:
    """`/advocacy queue [link]`."""
    link = call.rest.strip("<>")
    if len(link.split()) > 1:
        return say(words.NEEDS_ONE_LINK)
    problem = drafting.link_error(link) if link else None
    if problem is not None:
        return say(problem)
    return await _open_form(call, *post_form.blank(link=link, house=call.kit.house))


@for_comms(guests=True)
async def posts(call: Call) -> Message:
    """`/advocacy posts`."""
    kit = call.kit
    found = await kit.database.read(curation.overview, kit.workspace, call.now)
    return lists.overview(found.posts, found.outlook, found.workspace)


@for_comms()
async def approve(call: Call) -> Message:
    """`/advocacy approve 14`."""
    post = _number(call.rest)
    if post is None:
        return say(words.NEEDS_NUMBER.format(command="approve"))
    return await _approve(call, post, None)


@for_comms()
async def send_back(call: Call) -> Message:
    """`/advocacy send-back 14 why`."""
    typed, _, reason = call.rest.partition(" ")
    reason = drafting.clean(reason)
    post = _number(typed)
    if post is None:
        return say(words.NEEDS_NUMBER_AND_REASON)
    if not reason:
        return say(words.NEEDS_REASON)
    return await _send_back(call, post, None, reason[: card.LONGEST_REASON])


@for_comms()
async def withdraw(call: Call) -> Message:
    """`/advocacy withdraw 14`."""
    post = _number(call.rest)
    if post is None:
        return say(words.NEEDS_NUMBER.format(command="withdraw"))
    return await _withdraw(call, post)


COMMANDS: dict[str, Handler] = {
    "queue": queue,
    "posts": posts,
    "approve": approve,
    "send-back": send_back,
    "withdraw": withdraw,
}


async def _approve(call: Call, post: int, revision: int | None) -> Message:
    kit = call.kit
    result = await kit.database.write(
        curation.approve, kit.workspace, call.user, post, revision, call.now
    )
    call.delivery.refresh_soon()
    if isinstance(result, Refused):
        return say(_why(result))
    return say(words.approved(result.post, changed=result.changed))


async def _send_back(call: Call, post: int, revision: int | None, reason: str) -> Message:
    kit = call.kit
    result = await kit.database.write(
        curation.send_back, kit.workspace, call.user, post, revision, reason, call.now
    )
    call.delivery.refresh_soon()
    return say(_why(result) if isinstance(result, Refused) else words.sent_back(result.post))


async def _withdraw(call: Call, post: int) -> Message:
    kit = call.kit
    result = await kit.database.write(curation.withdraw, kit.workspace, call.user, post, call.now)
    call.delivery.refresh_soon()
    if isinstance(result, Refused):
        return say(_why(result))
    return say(words.withdrawn(result.post, changed=result.changed, was_live=result.was_live))


async def _edit(call: Call, ref: PostRef) -> Message | None:
    kit = call.kit
    post = await kit.database.read(curation.read, kit.workspace, ref.post)
    if post is None:
        return say(words.NO_SUCH_POST)
    if post.state.ended:
        return say(words.ended(post))
    form, fields = post_form.for_content(post.id, post.revision, post.content, house=kit.house)
    return await _open_form(call, form, fields, words.edit_note(post))


@for_comms()
async def _all_posts(call: Call) -> Message | None:
    kit = call.kit
    found = await kit.database.read(curation.overview, kit.workspace, call.now)
    return await _open(call, lists.all_posts(found.posts, found.outlook, found.workspace))


async def _ask_reason(call: Call, ref: PostRef) -> Message | None:
    return await _open(call, card.ask_reason(ref))


async def _open_form(
    call: Call, form: Form, fields: Fields, note: str | None = None
) -> Message | None:
    in_sight = call.channel == call.kit.comms_channel
    return await _open(call, post_form.render(replace(form, in_sight=in_sight), fields, note=note))


async def _open(call: Call, view: View) -> Message | None:
    """As a dialog of its own, or in the place of the one in which it was asked for."""
    if call.dialog is not None:
        await messenger.update_view(call.kit.client, view, view_id=call.dialog)
        return None
    opened = await messenger.open_view(call.kit.client, call.trigger, view)
    return None if opened else say(words.DIALOG_FAILED)


def register(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    """The card's buttons, those of the Home tab, and the two forms."""
    _card_buttons(app, kit, delivery)
    _home_button(app, kit, delivery, home.WRITE_POST, queue)
    _home_button(app, kit, delivery, home.ALL_POSTS, _all_posts)
    _reason_form(app, kit, delivery)
    _post_form(app, kit, delivery)


def _card_buttons(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    async def approve_shown(call: Call, ref: PostRef) -> Message:
        return await _approve(call, ref.post, ref.revision)

    async def withdraw_shown(call: Call, ref: PostRef) -> Message:
        return await _withdraw(call, ref.post)

    _card_button(app, kit, delivery, card.APPROVE, approve_shown)
    _card_button(app, kit, delivery, card.SEND_BACK, _ask_reason)
    _card_button(app, kit, delivery, card.EDIT, _edit, guests=True)
    _card_button(app, kit, delivery, card.WITHDRAW, withdraw_shown)


def _card_button(
    app: AsyncApp,
    kit: Kit,
    delivery: Delivery,
    name: str,
    deed: Callable[[Call, PostRef], Awaitable[Message | None]],
    *,
    guests: bool = False,
) -> None:
    @app.action(name)
    async def pressed(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        ref = read_ref(action.get("value"))
        refused = await refusal(call, guests=guests)
        message = refused if refused is not None else await deed(call, ref)
        await ack()
        if message is not None and call.dialog is not None:
            await _open(call, lists.closing(message))
        elif message is not None:
            call.reply(message)


def _home_button(app: AsyncApp, kit: Kit, delivery: Delivery, name: str, deed: Handler) -> None:
    @app.action(name)
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        message = await deed(call)
        await ack()
        if message is not None:
            call.reply(message)


def _reason_form(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.view(card.REASON_FORM)
    async def given(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        ref, typed = card.read_reason(view)
        reason = drafting.clean(typed)
        if not reason:
            await ack(response_action="errors", errors=card.reason_missing())
            return
        refused = await refusal(call)
        message = refused or await _send_back(call, ref.post, ref.revision, reason)
        await ack(response_action="update", view=card.closing(message))


def _post_form(app: AsyncApp, kit: Kit, delivery: Delivery) -> None:
    @app.action(post_form.SAVE)
    async def save(ack: AsyncAck, body: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        view = payload.pick(body, "view")
        form, fields = post_form.read_form(view), post_form.read_fields(view)
        refused = await refusal(call, guests=True)
        if refused is None:
            result = await kit.database.write(
                curation.save_draft,
                kit.workspace,
                call.user,
                _edition(view, form),
                drafting.lenient(fields),
                call.now,
            )
            if isinstance(result, Kept):
                form = replace(form, post=result.post.id, revision=result.post.revision)
                delivery.refresh_soon()
            note = _why(result) if isinstance(result, Refused) else words.draft_saved(result.post)
        else:
            note = refused.text
        await ack()
        kit.afterwards.later(_show(kit, view, post_form.render(form, fields, note=note)))

    @app.action(re.compile(f"^{post_form.ADD_WORDING}:"))
    async def more(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any]) -> None:
        view = payload.pick(body, "view")
        form, fields = post_form.read_form(view), post_form.read_fields(view)
        form = form.with_one_more(payload.network(action))
        await ack()
        kit.afterwards.later(_show(kit, view, post_form.render(form, fields)))

    @app.view(post_form.FORM)
    async def submit(ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        call = from_click(kit, delivery, body)
        form, fields = post_form.read_form(view), post_form.read_fields(view)
        checked = drafting.check(fields, kit.disclosure, call.now, house=kit.house, post=form.post)
        if isinstance(checked, Errors):
            await ack(response_action="errors", errors=checked.by_field)
            return
        refused = await refusal(call, guests=True)
        if refused is not None:
            await ack(response_action="errors", errors={"title": bare(refused.text)})
            return
        result = await kit.database.write(
            curation.submit, kit.workspace, call.user, _edition(view, form), checked, call.now
        )
        if isinstance(result, Refused):
            await ack(response_action="errors", errors={"title": bare(_why(result))})
            return
        delivery.refresh_soon()
        if form.in_sight:
            await ack()
        else:
            closing = post_form.closing(form, words.submitted(result.post))
            await ack(response_action="update", view=closing)


def _edition(view: dict[str, Any], form: post_form.Form) -> Edition:
    """Slack's id of the view tells one filling of the form from another."""
    return Edition(payload.text_at(view, "id"), form.post, form.revision)


async def _show(kit: Kit, view: dict[str, Any], changed: View) -> None:
    await messenger.update_view(kit.client, changed, view_id=payload.text_at(view, "id"))


def _number(typed: str) -> int | None:
    try:
        return payload.number(typed.strip().lstrip("#"))
    except Unreadable:
        return None


def _why(refused: Refused) -> str:
    if refused.post is None:
        return words.NO_SUCH_POST
    match refused.why:
        case Refusal.NO_SUCH_POST:
            return words.NO_SUCH_POST
        case Refusal.ENDED:
            return words.ended(refused.post)
        case Refusal.OWN_POST:
            return words.own_post(refused.post)
        case Refusal.CHANGED_MEANWHILE:
            return words.CHANGED_MEANWHILE
        case Refusal.NOT_IN_REVIEW:
            return words.not_in_review(refused.post)
        case Refusal.EXPIRY_PASSED:
            return words.expiry_passed(refused.post)
        case _ as never:
            assert_never(never)
