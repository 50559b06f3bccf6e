"""The member's own text: writing it, and whether it says where the member works."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain import share_dialog
from bot.domain.admission import Access
from bot.slack.listeners.lessons import offer_on_disclosure
from bot.slack.listeners.registry import Listener, action, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.listeners.share_dialog import (
    OpenDialog,
    keep_id,
    load_open_dialog,
    next_view,
    own_words_error,
)
from bot.slack.views import own_words
from bot.slack.views import share_dialog as share_dialog_view
from bot.slack.views.lessons import offered_in


async def edit(ack: AsyncAck, request: SlackRequest) -> None:
    """Open the field for own words."""
    dialog = await load_open_dialog(request, share_dialog_view.read(request.view))
    if isinstance(dialog, OpenDialog):
        shown = share_dialog.follow_correction(dialog.shown, dialog.options)
        changed = own_words.edit(shown, dialog.options)
    else:
        changed = dialog
    await ack()
    request.update_view(keep_id(changed, request.view))


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Go on with what was typed, or say at the field what is wrong with it."""
    shown, typed = share_dialog_view.read(request.view), own_words.read(request.view)
    dialog = await load_open_dialog(request, shown)
    if not isinstance(dialog, OpenDialog):
        changed = dialog
    elif share_dialog.is_unchanged(dialog.shown, dialog.options, typed):
        shown = share_dialog.show_suggested(dialog.shown)
        changed = next_view(replace(dialog, shown=shown))
    else:
        own = share_dialog.write_own(dialog.shown, dialog.options, typed)
        mine = replace(dialog, shown=own)
        error = own_words_error(mine.shown, mine.options)
        if error is not None:
            field = own_words.field_of(request.view)
            await ack(response_action="errors", errors={field: error})
            return
        disclosed = mine.shown.disclosed or mine.options.discloses(typed)
        changed = next_view(mine) if disclosed else await _ask_disclosure(request, mine, typed)
    await ack(response_action="update", view=keep_id(changed, request.view))


async def put_back(ack: AsyncAck, request: SlackRequest) -> None:
    """The disclosure is added to the member's own text."""
    await _settle_disclosure(ack, request, disclosed=False)


async def say_said_so(ack: AsyncAck, request: SlackRequest) -> None:
    """The member's own text says in its own way where they work."""
    await _settle_disclosure(ack, request, disclosed=True)


async def _settle_disclosure(ack: AsyncAck, request: SlackRequest, *, disclosed: bool) -> None:
    """Go on with what stands in the field now: typing may have gone on after the question."""
    shown, typed = share_dialog_view.read(request.view), own_words.read(request.view)
    dialog = await load_open_dialog(request, shown)
    if isinstance(dialog, OpenDialog):
        mine = share_dialog.write_own(dialog.shown, dialog.options, typed)
        settled = share_dialog.settle_disclosure(mine, disclosed=disclosed)
        dialog = replace(dialog, shown=settled)
    changed = next_view(dialog)
    await ack()
    request.update_view(keep_id(changed, request.view))


async def _ask_disclosure(request: SlackRequest, mine: OpenDialog, typed: str) -> View:
    """What was typed, the question where it says that they work there, and a lesson, once."""
    view = own_words.edit(mine.shown, mine.options, typed=typed, undisclosed=True)
    if mine.shown.practice:
        return view
    lesson = await offer_on_disclosure(request, typed, mine.options.disclosure)
    return view if lesson is None else offered_in(view, lesson)


LISTENERS: Final[tuple[Listener, ...]] = (
    action(share_dialog_view.EDIT, Access.MEMBERS, edit),
    form(own_words.FORM, Access.MEMBERS, submit),
    action(own_words.PUT_BACK, Access.MEMBERS, put_back),
    action(own_words.SAID_SO, Access.MEMBERS, say_said_so),
)
