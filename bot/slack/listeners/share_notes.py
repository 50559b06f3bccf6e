"""Telling comms that one shared, and their thanks."""

from __future__ import annotations

from typing import Final

from slack_bolt.async_app import AsyncAck

from bot.domain.admission import Access
from bot.services import notes
from bot.services import share_notes as service
from bot.slack.listeners.registry import Listener, action, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import (
    OpenDialog,
    load_open_dialog,
    next_view,
    why_unanswerable,
)
from bot.slack.listeners.share_forms import back_to_dialog, show_note_form
from bot.slack.views import replies, share_forms
from bot.slack.views import share_dialog as share_dialog_view
from bot.slack.views import share_notes as view
from bot.slack.views.text import say


async def ask(ack: AsyncAck, request: SlackRequest) -> None:
    """Open the form that tells comms that one shared."""
    shown = share_dialog_view.read(request.view)
    unsigned = await request.read(notes.may_be_unsigned)
    await ack()
    show_note_form(request, view.form(shown, may_be_unsigned=unsigned))


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Tell comms that one shared, and go back to the dialog."""
    shown = share_dialog_view.read(request.view)
    words, signed, may_answer = view.read_form(request.view)
    told = replies.NOTE_PRACTISED if shown.practice else view.sent(signed=signed)
    if not shown.practice:
        limit = request.context.share_note_limit
        if limit.reached(request.user_id, request.now):
            await ack(response_action="errors", errors=view.too_many())
            return
        refused = await request.write(
            service.tell,
            request.user_id,
            shown.post_id,
            words,
            signed=signed,
            may_answer=may_answer,
        )
        match refused:
            case None:
                limit.count(request.user_id, request.now)
            case notes.NeedsName():
                await ack(response_action="errors", errors=share_forms.note_needs_name())
                return
            case service.NotShared():
                told = view.NOT_SHARED
            case _:
                told = why_unanswerable(refused)
    dialog = await load_open_dialog(request, shown)
    open_still = isinstance(dialog, OpenDialog)
    changed = next_view(dialog, note=told) if open_still else share_forms.closing(told)
    await ack(response_action="update", view=back_to_dialog(request, changed))


async def ask_thanks(ack: AsyncAck, request: SlackRequest) -> None:
    """Open the form for thanks to who told that they shared, unless a colleague was first."""
    batch = view.read_thank(request.value)
    why = await request.read(service.why_unthankable, batch)
    failed = None if why else await request.open_dialog(view.thanks_form(batch))
    await ack()
    if why is not None:
        request.reply(say(view.unthankable(why)))
    elif failed is not None:
        request.reply(failed)


async def thank(ack: AsyncAck, request: SlackRequest) -> None:
    """Say thanks to those of them whom comms may answer."""
    batch, words = view.read_thanks_form(request.view)
    why = await request.write(service.thank, request.user_id, batch, words)
    changed = view.thanked() if why is None else view.not_thanked(why)
    await ack(response_action="update", view=changed)


LISTENERS: Final[tuple[Listener, ...]] = (
    action(share_dialog_view.TELL_COMMS, Access.MEMBERS, ask),
    form(view.FORM, Access.MEMBERS, submit),
    action(view.THANK, Access.COMMS, ask_thanks),
    form(view.THANK_FORM, Access.COMMS, thank),
)
