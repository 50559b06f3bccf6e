"""The share dialog: which network and text, opening a composer, and what comes after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain import drafting, networks, share_dialog
from bot.domain.admission import Access
from bot.domain.ids import PostId
from bot.domain.model import Stage
from bot.domain.responses import Answer, Unanswerable
from bot.domain.share_dialog import ShareDialog
from bot.domain.share_options import ShareOptions
from bot.services import practice, responses
from bot.services import share_dialog as share_dialog_service
from bot.services.responses import Stored
from bot.services.share_dialog import ShareDialogData
from bot.slack import ask_messages, home_tab_publisher
from bot.slack.context import AppContext
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import own_words, payload, replies, share_forms
from bot.slack.views import share_dialog as share_dialog_view

DIALOG_ID: Final = "share-"  # how the ids of share dialogs begin


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """A share dialog that can go on: what it shows, and what can be shared."""

    shown: ShareDialog
    options: ShareOptions


async def record_click(
    request: SlackRequest, post_id: PostId, answer: Answer
) -> Stored | Unanswerable:
    """Store a click, before it is acknowledged."""
    catalog = request.context.lessons
    stored = await request.write(
        responses.record_response, request.user_id, post_id, answer, catalog
    )
    if answer.in_ask or (isinstance(stored, Stored) and stored.was_asked):
        show_answered(request)
    return stored


def show_answered(request: SlackRequest) -> None:
    """Show an answer where its giver sees it: in the messages of their asks, and on their Home."""
    ask_messages.refresh_soon(request.context, request.user_id)
    home_tab_publisher.publish_soon(request.context, request.user_id)


async def load_share_dialog(
    request: SlackRequest, post_id: PostId
) -> ShareDialogData | Unanswerable:
    """What the share dialog of this person on this post shows."""
    return await request.read(share_dialog_service.load_share_dialog, request.user_id, post_id)


async def load_open_dialog(request: SlackRequest, shown: ShareDialog) -> OpenDialog | View:
    """The dialog with its data; its last view where it cannot go on."""
    if shown.practice:
        data = await request.read(practice.load_share_dialog, request.user_id)
        options = share_options(request.context, data, practice=True)
        return OpenDialog(shown, replace(options, instance=shown.server or options.instance))
    return continue_dialog(request.context, shown, await load_share_dialog(request, shown.post_id))


def continue_dialog(
    context: AppContext, shown: ShareDialog, data: ShareDialogData | Unanswerable
) -> OpenDialog | View:
    """The same with data that is known already: consent may have ended, and the post too."""
    if not isinstance(data, ShareDialogData):
        return share_forms.closing(why_unanswerable(data))
    if data.member is None:
        return share_forms.closing(replies.CONSENT_ENDED)
    shown = share_dialog.record_stage(shown, data.stage)
    return OpenDialog(shown, share_options(context, data))


def share_options(
    context: AppContext, data: ShareDialogData, *, practice: bool = False
) -> ShareOptions:
    """What this person can share of the post; a link to try it out with has no tags."""
    member, policy = data.member, replace(context.sharing_policy, named=data.named)
    return ShareOptions(
        post_id=data.post.id,
        content=data.post.content,
        disclosure=context.disclosure,
        wordings=data.wordings,
        used=data.used,
        sharing_policy=replace(policy, tags=None) if practice else policy,
        instance=(member.mastodon_instance or "") if member is not None else "",
    )


def first_view(context: AppContext, data: ShareDialogData, *, practice: bool = False) -> View:
    """The dialog as it opens."""
    options, member = share_options(context, data, practice=practice), data.member
    preferred = (member.network, *member.preferences.networks) if member is not None else ()
    dialog = share_dialog.open_dialog(options, preferred, stage=data.stage, practice=practice)
    return share_dialog_view.render_share(dialog, options)


def next_view(dialog: OpenDialog | View, *, note: str | None = None) -> View:
    """The dialog after a step; `note` is a line at its top."""
    if isinstance(dialog, View):
        return dialog
    shown, options = dialog.shown, dialog.options
    if share_dialog.is_outdated(shown, options):
        note = f"{replies.CORRECTED} {note}" if note else replies.CORRECTED
    shown = share_dialog.follow_correction(shown, options)
    if shown.own is not None and (error := own_words_error(shown, options)) is not None:
        # Written for one network and too long for another: to be shortened, not lost.
        return own_words.edit(shown, options, typed=shown.own, why=error)
    return share_dialog_view.render_share(shown, options, note=note)


def own_words_error(shown: ShareDialog, options: ShareOptions) -> str | None:
    """What keeps the member's own text from being shared, with the disclosure it lacks."""
    own = shown.own or ""
    lacking = "" if shown.disclosed or options.discloses(own) else options.disclosure
    link, tagged = options.content.link, options.tagged_link(shown.network)
    error = drafting.check_own_words(shown.network, own, link, lacking, tagged=tagged)
    too_long = share_dialog_view.too_long_to_keep(shown)
    limit = networks.limit(shown.network)
    # Where the network takes more than the dialog can keep, the dialog's number is the one to say.
    roomy = limit is None or limit > share_dialog_view.LONGEST_OWN
    return (too_long or error) if roomy else (error or too_long)


def with_id(view: View, external_id: str) -> View:
    """The view under an id of the bot's own, so that it can be reached later."""
    view.external_id = external_id
    return view


def keep_id(changed: View, view: Mapping[str, Any]) -> View:
    """The changed view under the id that the bot once gave it."""
    known = payload.known_id(view.get("external_id"))
    return changed if known is None else with_id(changed, known)


def why_unanswerable(why: Unanswerable) -> str:
    """Why nothing was stored."""
    match why:
        case Unanswerable.NO_SUCH_POST:
            return replies.GONE
        case Unanswerable.NOT_LIVE:
            return replies.NOT_LIVE
        case Unanswerable.ENDED:
            return replies.POST_ENDED
        case Unanswerable.NO_CONSENT:
            return replies.CONSENT_ENDED


async def open_composer(ack: AsyncAck, request: SlackRequest) -> None:
    """A composer was opened."""
    shown = share_dialog_view.read(request.view)
    wording = share_dialog.opened_wording(shown)
    answer = Answer(Stage.OPENED, shown.network, wording_id=wording)
    await _record_step(ack, request, shown, answer)


async def mark_shared(ack: AsyncAck, request: SlackRequest) -> None:
    """The member marked the post as shared."""
    shown = share_dialog_view.read(request.view)
    await _record_step(ack, request, shown, Answer(Stage.SHARED, shown.network))


async def unmark_shared(ack: AsyncAck, request: SlackRequest) -> None:
    """The member did not share it after all."""
    shown = share_dialog_view.read(request.view)
    await _record_step(ack, request, shown, Answer(Stage.OPENED, shown.network, undo=True))


async def take_back(ack: AsyncAck, request: SlackRequest) -> None:
    """Nothing says any more that the member opened a composer."""
    shown = share_dialog_view.read(request.view)
    note = replies.TAKEN_BACK_PRACTISED if shown.practice else replies.TAKEN_BACK
    await _record_step(ack, request, shown, Answer(Stage.INTERESTED, undo=True), note)


async def open_picture(ack: AsyncAck, _request: SlackRequest) -> None:
    """A link opens by itself, and nobody is told."""
    await ack()


async def show_next_wording(ack: AsyncAck, request: SlackRequest) -> None:
    """Another suggested text."""
    dialog = await load_open_dialog(request, share_dialog_view.read(request.view))
    if isinstance(dialog, OpenDialog):
        shown = share_dialog.show_next_wording(dialog.shown, dialog.options)
        dialog = replace(dialog, shown=shown)
    await _show(ack, request, next_view(dialog))


async def choose_network(ack: AsyncAck, request: SlackRequest) -> None:
    """Another network."""
    network = share_dialog_view.read_network(request.action)
    dialog = await load_open_dialog(request, share_dialog_view.read(request.view))
    if isinstance(dialog, OpenDialog):
        shown = share_dialog.choose_network(dialog.shown, dialog.options, network)
        dialog = replace(dialog, shown=shown)
    await _show(ack, request, next_view(dialog))


async def show_suggested(ack: AsyncAck, request: SlackRequest) -> None:
    """Back from the member's own text to the suggested one."""
    shown = share_dialog.show_suggested(share_dialog_view.read(request.view))
    await _show(ack, request, next_view(await load_open_dialog(request, shown)))


async def _record_step(
    ack: AsyncAck,
    request: SlackRequest,
    shown: ShareDialog,
    answer: Answer,
    note: str | None = None,
) -> None:
    """Store a step, and show the dialog after it; somebody who tries it out has nothing stored."""
    stored: Stored | Unanswerable = Stored(answer.stage, changed=False)
    if not shown.practice:
        stored = await record_click(request, shown.post_id, answer)
    if isinstance(stored, Stored):
        dialog = await load_open_dialog(request, share_dialog.record_stage(shown, stored.stage))
    else:
        dialog = continue_dialog(request.context, shown, stored)
    await _show(ack, request, next_view(dialog, note=note))


async def _show(ack: AsyncAck, request: SlackRequest, changed: View) -> None:
    await ack()
    request.update_view(keep_id(changed, request.view))


LISTENERS: Final[tuple[Listener, ...]] = (
    action(share_dialog_view.OPEN, Access.MEMBERS, open_composer),
    action(share_dialog_view.OPEN_ON_PHONE, Access.MEMBERS, open_composer),
    action(share_dialog_view.SHARED, Access.MEMBERS, mark_shared),
    action(share_dialog_view.NOT_SHARED, Access.MEMBERS, unmark_shared),
    action(share_dialog_view.TAKE_BACK, Access.MEMBERS, take_back),
    action(share_dialog_view.PICTURE, Access.ANYBODY, open_picture),
    action(share_dialog_view.OTHER_WORDING, Access.MEMBERS, show_next_wording),
    action(share_dialog_view.NETWORK, Access.MEMBERS, choose_network),
    action(share_dialog_view.BACK, Access.MEMBERS, show_suggested),
)
