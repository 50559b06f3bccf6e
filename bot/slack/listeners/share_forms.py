"""What the share dialog asks besides: consent, the member's server, a note to comms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain import hosts, share_dialog
from bot.domain.admission import Access
from bot.domain.ids import PostId
from bot.domain.model import Stage
from bot.domain.responses import Answer
from bot.services import notes, preferences, responses
from bot.services.membership import NewMember
from bot.services.responses import Stored
from bot.services.share_dialog import ShareDialogData
from bot.slack.listeners.registry import Listener, action, button, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import (
    DIALOG_ID,
    OpenDialog,
    first_view,
    keep_id,
    load_open_dialog,
    load_share_dialog,
    next_view,
    why_unanswerable,
    with_id,
)
from bot.slack.views import payload, replies, share_forms
from bot.slack.views import share_dialog as share_dialog_view
from bot.slack.views.errors import closing_view
from bot.slack.views.lessons import offered_in
from bot.slack.views.text import Message

_NOTE_ID: Final = "word-"  # how the id of a share dialog begins while its note is being written


async def ask_server(ack: AsyncAck, request: SlackRequest) -> None:
    """Ask for the name of the member's server."""
    shown = share_dialog_view.read(request.view)
    dialog = await load_open_dialog(request, shown)
    if isinstance(dialog, OpenDialog):
        changed = share_forms.server_form(shown, dialog.options.instance)
    else:
        changed = dialog
    await ack()
    request.update_view(keep_id(changed, request.view))


async def submit_server(ack: AsyncAck, request: SlackRequest) -> None:
    """Remember the server, and go on; in practice only the dialog remembers it."""
    shown, typed = share_dialog_view.read(request.view), share_forms.read_server(request.view)
    try:
        host = hosts.public_host(typed)
    except ValueError as error:
        await ack(response_action="errors", errors=share_forms.server_error(str(error)))
        return
    if shown.practice:
        shown = share_dialog.name_server(shown, host)
    else:
        await request.write(preferences.remember_server, request.user_id, host)
    changed = next_view(await load_open_dialog(request, shown))
    await ack(response_action="update", view=keep_id(changed, request.view))


async def ask_note(ack: AsyncAck, request: SlackRequest) -> None:
    """Open the form for a note to comms.

    The end of the post closes the dialog, but not this form: the note is wanted still.
    """
    shown = share_dialog_view.read(request.view)
    may_be_unsigned = await request.read(notes.may_be_unsigned)
    await ack()
    show_note_form(request, share_forms.note_form(shown, may_be_unsigned=may_be_unsigned))


async def submit_note(ack: AsyncAck, request: SlackRequest) -> None:
    """Pass the note on, and go back to the dialog."""
    shown, (typed, signed) = (
        share_dialog_view.read(request.view),
        share_forms.read_note(request.view),
    )
    if not typed:
        await ack(response_action="errors", errors=share_forms.note_missing())
        return
    if not shown.practice and not await _passed_on(
        ack, request, shown.post_id, typed, signed=signed
    ):
        return
    note = replies.NOTE_PRACTISED if shown.practice else replies.note_sent(signed=signed)
    dialog = await load_open_dialog(request, shown)
    # Where the post has just ended, the note was taken all the same.
    open_still = isinstance(dialog, OpenDialog)
    changed = next_view(dialog, note=note) if open_still else share_forms.closing(note)
    await ack(response_action="update", view=back_to_dialog(request, changed))


async def ask_comms_note(request: SlackRequest) -> Message | None:
    """Open the form for a note to comms about no post."""
    may_be_unsigned = await request.read(notes.may_be_unsigned)
    return await request.open_dialog(share_forms.comms_form(may_be_unsigned=may_be_unsigned))


async def submit_comms_note(ack: AsyncAck, request: SlackRequest) -> None:
    """Pass a note about no post on to comms."""
    typed, signed = share_forms.read_note(request.view)
    if not typed:
        await ack(response_action="errors", errors=share_forms.note_missing())
    elif await _passed_on(ack, request, None, typed, signed=signed):
        told = closing_view(share_forms.NOTE_TITLE, replies.note_sent(signed=signed))
        await ack(response_action="update", view=told)


async def _passed_on(
    ack: AsyncAck, request: SlackRequest, post_id: PostId | None, typed: str, *, signed: bool
) -> bool:
    """Pass a note on; where it cannot be, say so in the form and return False."""
    limit = request.context.note_limit
    if limit.reached(request.user_id, request.now):
        await ack(response_action="errors", errors=share_forms.too_many_notes())
        return False
    refused = await request.write(notes.send_note, request.user_id, post_id, typed, signed=signed)
    if isinstance(refused, notes.NeedsName):
        await ack(response_action="errors", errors=share_forms.note_needs_name())
        return False
    if refused is not None:
        closing = share_forms.closing(why_unanswerable(refused))
        await ack(response_action="update", view=closing)
        return False
    limit.count(request.user_id, request.now)
    request.reconciler.refresh_soon()
    return True


async def submit_consent(ack: AsyncAck, request: SlackRequest) -> None:
    """Record consent, and go on with the post that the person wanted to share."""
    context, post_id = request.context, share_forms.read_consent(request.view)
    external_id = f"{DIALOG_ID}{request.view_id}"[:255]
    new = NewMember(request.user_id, request.time_zone)
    answer = Answer(Stage.INTERESTED, dialog_id=external_id)
    stored = await request.write(responses.join_and_record, new, post_id, answer, context.lessons)
    data = await load_share_dialog(request, post_id) if isinstance(stored, Stored) else stored
    if isinstance(data, ShareDialogData):
        changed = with_id(first_view(context, data), external_id)
        if isinstance(stored, Stored) and stored.lesson is not None:
            changed = offered_in(changed, stored.lesson)
    else:
        changed = share_forms.closing(why_unanswerable(data))
    await ack(response_action="update", view=changed)


def show_note_form(request: SlackRequest, form: View) -> None:
    """Show a form for a note in the place of the share dialog; it stays when the post ends."""
    request.update_view(keep_id(form, _renamed(request.view, DIALOG_ID, _NOTE_ID)))


def back_to_dialog(request: SlackRequest, changed: View) -> View:
    """The share dialog in the place of such a form."""
    return keep_id(changed, _renamed(request.view, _NOTE_ID, DIALOG_ID))


def _renamed(view: Mapping[str, Any], before: str, after: str) -> dict[str, Any]:
    """The view under the same id with another beginning."""
    known = payload.known_id(view.get("external_id")) or ""
    name = after + known.removeprefix(before) if known.startswith(before) else known
    return {**view, "external_id": name}


LISTENERS: Final[tuple[Listener, ...]] = (
    action(share_dialog_view.NAME_SERVER, Access.MEMBERS, ask_server),
    form(share_forms.SERVER, Access.MEMBERS, submit_server),
    action(share_dialog_view.REPORT_PROBLEM, Access.MEMBERS, ask_note),
    form(share_forms.NOTE_FORM, Access.MEMBERS, submit_note),
    button(replies.WRITE_TO_COMMS, Access.COMPANY, ask_comms_note, replace=False),
    form(share_forms.COMMS_FORM, Access.COMPANY, submit_comms_note),
    form(share_forms.CONSENT, Access.MEMBERS, submit_consent),
)
