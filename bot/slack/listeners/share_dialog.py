"""The share dialog: which network and text, opening a composer, and what comes after it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain import drafting, networks
from bot.domain.ids import PostId
from bot.domain.model import Stage
from bot.domain.responses import Answer, Unanswerable
from bot.domain.share_options import ShareOptions
from bot.services import membership, practice, responses
from bot.services import share_dialog as share_dialog_service
from bot.services.responses import Stored
from bot.services.share_dialog import ShareDialogData
from bot.slack import ask_messages, home_tab_publisher
from bot.slack.context import AppContext
from bot.slack.listeners.registry import Listener, action
from bot.slack.listeners.request import SlackRequest
from bot.slack.views import own_words, payload, replies, share_dialog, share_forms
from bot.slack.views.share_dialog import PRACTICE, Dialog

DIALOG_ID: Final = "share-"  # how the ids of share dialogs begin


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """A share dialog that can go on: what it shows, its data, and what can be shared."""

    shown: Dialog
    data: ShareDialogData
    options: ShareOptions


async def record_click(
    request: SlackRequest, post_id: PostId, answer: Answer
) -> Stored | Unanswerable:
    """Store a click, before it is acknowledged; practice is stored nowhere."""
    if post_id == PRACTICE:
        return Stored(answer.stage, changed=False)
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
    request: SlackRequest, post_id: PostId, stage: Stage | None = None
) -> ShareDialogData | Unanswerable:
    """What the share dialog of this person on this post shows.

    `stage` is how far a person got who only practises: nobody remembers it for them.
    """
    if post_id != PRACTICE:
        return await request.read(share_dialog_service.load_share_dialog, request.user_id, post_id)
    known = await request.read(membership.find_member, request.user_id)
    member = known if known is not None and known.consents(request.now) else None
    return ShareDialogData(practice.POST, member, stage, practice.POST.content.wordings)


async def load_open_dialog(
    request: SlackRequest, shown: Dialog, stage: Stage | None = None
) -> OpenDialog | View:
    """The dialog with its data; its last view where it cannot go on."""
    return open_dialog(
        request.context, shown, await load_share_dialog(request, shown.post_id, stage)
    )


def open_dialog(
    context: AppContext, shown: Dialog, data: ShareDialogData | Unanswerable
) -> OpenDialog | View:
    """The same with data that is known already: consent may have ended, and the post too."""
    if not isinstance(data, ShareDialogData):
        return share_forms.closing(why_unanswerable(data))
    if data.member is None and shown.post_id != PRACTICE:
        return share_forms.closing(replies.CONSENT_ENDED)
    return OpenDialog(shown, data, share_options(context, data, shown.server))


def share_options(context: AppContext, data: ShareDialogData, server: str = "") -> ShareOptions:
    """What this person can share of the post; `server` is one that they only practise with."""
    member, policy = data.member, replace(context.sharing_policy, named=data.named)
    return ShareOptions(
        post_id=data.post.id,
        content=data.post.content,
        disclosure=context.disclosure,
        wordings=data.wordings,
        used=data.used,
        # The post to practise on has texts for every network; only those switched on are offered.
        sharing_policy=policy if data.post.id != PRACTICE else replace(policy, tags=None),
        instance=server or ((member.mastodon_instance or "") if member is not None else ""),
    )


def first_view(context: AppContext, data: ShareDialogData) -> View:
    """The dialog as it opens."""
    options, member = share_options(context, data), data.member
    best = (member.network, *member.preferences.networks) if member is not None else ()
    preferred = next((network for network in best if network in options.networks), None)
    return share_dialog.render_share(share_dialog.first(options, preferred), options, data.stage)


def next_view(dialog: OpenDialog | View, *, note: str | None = None) -> View:
    """The dialog after a step; `note` is a line at its top."""
    if isinstance(dialog, View):
        return dialog
    shown, options = dialog.shown, dialog.options
    if share_dialog.is_outdated(shown, options):
        note = f"{replies.CORRECTED} {note}" if note else replies.CORRECTED
    shown = share_dialog.still_offered(shown, options)
    if shown.own is not None and (error := own_words_error(shown, options)) is not None:
        # Written for one network and too long for another: to be shortened, not lost.
        return own_words.edit(shown, options, typed=shown.own, why=error)
    return share_dialog.render_share(shown, options, dialog.data.stage, note=note)


def own_words_error(shown: Dialog, options: ShareOptions) -> str | None:
    """What keeps the member's own text from being shared, with the disclosure it lacks."""
    own = shown.own or ""
    lacking = "" if shown.disclosed or options.discloses(own) else options.disclosure
    link, tagged = options.content.link, options.tagged_link(shown.network)
    error = drafting.check_own_words(shown.network, own, link, lacking, tagged=tagged)
    too_long = share_dialog.too_long_to_keep(shown)
    limit = networks.limit(shown.network)
    # Where the network takes more than the dialog can keep, the dialog's number is the one to say.
    roomy = limit is None or limit > share_dialog.LONGEST_OWN
    return (too_long or error) if roomy else (error or too_long)


def with_id(view: View, external_id: str) -> View:
    """The view under an id of the bot's own, so that it can be reached later."""
    view.external_id = external_id
    return view


def keep_id(changed: View, view: Mapping[str, Any]) -> View:
    """The changed view under the id that the bot once gave it."""
    known = view.get("external_id")
    return with_id(changed, known) if isinstance(known, str) and known else changed


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
    shown = share_dialog.read(request.view)
    answer = Answer(Stage.OPENED, shown.network, wording_id=share_dialog.opened(shown))
    await _record_step(ack, request, shown, answer)


async def mark_shared(ack: AsyncAck, request: SlackRequest) -> None:
    """The member marked the post as shared."""
    shown = share_dialog.read(request.view)
    await _record_step(ack, request, shown, Answer(Stage.SHARED, shown.network))


async def unmark_shared(ack: AsyncAck, request: SlackRequest) -> None:
    """The member did not share it after all."""
    shown = share_dialog.read(request.view)
    await _record_step(ack, request, shown, Answer(Stage.OPENED, shown.network, undo=True))


async def take_back(ack: AsyncAck, request: SlackRequest) -> None:
    """Nothing says any more that the member opened a composer."""
    shown = share_dialog.read(request.view)
    practised = shown.post_id == PRACTICE
    note = replies.TAKEN_BACK_PRACTISED if practised else replies.TAKEN_BACK
    await _record_step(ack, request, shown, Answer(Stage.INTERESTED, undo=True), note)


async def open_picture(ack: AsyncAck, _request: SlackRequest) -> None:
    """A link opens by itself, and nobody is told."""
    await ack()


async def show_next_wording(ack: AsyncAck, request: SlackRequest) -> None:
    """Another suggested text."""
    dialog = await load_open_dialog(request, share_dialog.read(request.view))
    if isinstance(dialog, OpenDialog):
        shown = share_dialog.next_wording(dialog.shown, dialog.options)
        dialog = replace(dialog, shown=shown)
    await _show(ack, request, next_view(dialog))


async def show_other_network(ack: AsyncAck, request: SlackRequest) -> None:
    """Another network."""
    network = payload.network(request.action)
    dialog = await load_open_dialog(request, share_dialog.read(request.view))
    if isinstance(dialog, OpenDialog):
        dialog = replace(dialog, shown=share_dialog.on(dialog.shown, dialog.options, network))
    await _show(ack, request, next_view(dialog))


async def show_suggested(ack: AsyncAck, request: SlackRequest) -> None:
    """Back from the member's own text to the suggested one."""
    shown = share_dialog.suggested(share_dialog.read(request.view))
    await _show(ack, request, next_view(await load_open_dialog(request, shown)))


async def _record_step(
    ack: AsyncAck,
    request: SlackRequest,
    shown: Dialog,
    answer: Answer,
    note: str | None = None,
) -> None:
    stored = await record_click(request, shown.post_id, answer)
    if isinstance(stored, Stored):
        dialog = await load_open_dialog(request, shown, stored.stage)
    else:
        dialog = open_dialog(request.context, shown, stored)
    await _show(ack, request, next_view(dialog, note=note))


async def _show(ack: AsyncAck, request: SlackRequest, changed: View) -> None:
    await ack()
    request.update_view(keep_id(changed, request.view))


LISTENERS: Final[tuple[Listener, ...]] = (
    action(share_dialog.OPEN, open_composer),
    action(share_dialog.SHARED, mark_shared),
    action(share_dialog.NOT_SHARED, unmark_shared),
    action(share_dialog.TAKE_BACK, take_back),
    action(share_dialog.PICTURE, open_picture),
    action(share_dialog.OTHER_WORDING, show_next_wording),
    action(re.compile(f"^{share_dialog.OTHER_NETWORK}:"), show_other_network),
    action(share_dialog.BACK, show_suggested),
)
