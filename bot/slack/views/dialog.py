"""The share dialog in all its states, and the reader of what it sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InputBlock,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.domain import drafting, hosts, networks
from bot.domain.model import Network, Stage, Wording
from bot.domain.networks import Composer
from bot.domain.offer import Offer
from bot.slack.views import payload
from bot.slack.views.membership import PROMISES
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import context, copyable, escape, header, plain, section
from bot.slack.views.trouble import closing_view

DIALOG = "share_dialog"
SERVER = "server_form"
OWN_WORDS = "own_words_form"
CONSENT = "consent_form"
OPEN = "open_composer"
OTHER_WORDING = "other_wording"
OTHER_NETWORK = "other_network"
EDIT = "own_words"
BACK = "suggested_words"
SHARED = "mark_shared"
NOT_SHARED = "not_shared"
NAME_SERVER = "name_server"

LONGEST_OWN = 2_800  # the dialog keeps the words in 3,000 characters, with a few facts beside
_LONGEST_KEPT = 3_000  # Slack's limit for private_metadata
_LONGEST_FIELD = 3_000  # a wording may be longer than what the dialog can keep
_FIELD = "own"
_HOST = "server"


@dataclass(frozen=True, slots=True)
class Dialog:
    """What the dialog shows: a wording by its number (0: none is left), or a member's own words."""

    post: int
    network: Network
    wording: int = 0
    own: str | None = None


def first(offer: Offer, preferred: Network | None) -> Dialog:
    """What opens: the member's network if the post has words for it, else the first that has."""
    chosen = preferred if preferred in offer.networks else None
    return on(Dialog(offer.post, chosen or offer.networks[0]), offer)


def on(dialog: Dialog, offer: Offer, network: Network | None = None) -> Dialog:
    """The dialog on a network, with the words to offer first there; own words come along."""
    chosen = network or dialog.network
    fresh = offer.next_for(chosen)
    return replace(dialog, network=chosen, wording=fresh.id if fresh else 0)


def chosen(dialog: Dialog, offer: Offer) -> Wording | None:
    """The wording that the dialog shows, also one that others have used up in the meantime."""
    of_network = offer.content.wordings_for(dialog.network)
    return next((each for each in of_network if each.id == dialog.wording), None)


def opened(dialog: Dialog) -> int | None:
    """The number of the wording that the Open button carries; None for own words or none."""
    return dialog.wording if dialog.own is None and dialog.wording else None


def text_of(dialog: Dialog, offer: Offer) -> str:
    """The whole text to share, with disclosure and link."""
    wording = chosen(dialog, offer)
    words = dialog.own if dialog.own is not None else wording.text if wording else ""
    return offer.text(dialog.network, words)


def share(dialog: Dialog, offer: Offer, stage: Stage | None) -> View:
    """One network, one wording, one button that opens it there."""
    content = offer.content
    shown = networks.name(dialog.network)
    text = text_of(dialog, offer)
    composer = offer.composer(dialog.network, text)
    choice = _choice(dialog, offer)
    blocks: list[Block] = [
        header(content.title),
        context(_which(dialog, choice)),
        copyable(text, block_id=f"text:{dialog.network}:{dialog.wording}"),
    ]
    if not choice and dialog.own is None:
        blocks.append(
            section(
                f"Colleagues have used all the suggested words for {shown} this week, so here is "
                "the link alone. Your own words are best now."
            )
        )
    if composer is None:
        blocks.append(
            section("Mastodon is many servers. Name yours once, and I open your posts there.")
        )
    elif not composer.carries_text:
        blocks.append(section(_paste(dialog.network, offer.disclosure)))
    buttons = [
        _open(dialog.network, composer),
        ButtonElement(text=plain("Use my own words"), action_id=EDIT, value=EDIT),
    ]
    if dialog.own is not None:
        buttons.append(
            ButtonElement(text=plain("Back to the suggested words"), action_id=BACK, value=BACK)
        )
    elif len(choice) > 1:
        other = ButtonElement(text=plain("Another wording"), action_id=OTHER_WORDING, value="next")
        buttons.append(other)
    if networks.own_server(dialog.network) and composer is not None:
        other = ButtonElement(
            text=plain("Another server"), action_id=NAME_SERVER, value=NAME_SERVER
        )
        buttons.append(other)
    blocks.append(ActionsBlock(block_id="open", elements=buttons))
    if dialog.network is Network.LINKEDIN and composer is not None and composer.carries_text:
        blocks.append(
            context(
                "If LinkedIn opens empty, as it may on a phone, copy the text above and paste it "
                "there."
            )
        )
    blocks += _others(dialog, offer)
    blocks += _after(stage)
    blocks.append(context("Only you see this, and nobody is told what you choose."))
    return _view(DIALOG, "Share", blocks, dialog, close="Done")


def _open(network: Network, composer: Composer | None) -> ButtonElement:
    if composer is None:
        return ButtonElement(
            text=plain("Name my server"),
            action_id=NAME_SERVER,
            value=NAME_SERVER,
            style="primary",
        )
    return ButtonElement(
        text=plain(f"Open in {networks.name(network)}"),
        action_id=OPEN,
        value=network.value,
        url=composer.url,
        style="primary",
    )


def _paste(network: Network, disclosure: str) -> str:
    """The text does not travel, so nor does the disclosure in it: what to do, and why."""
    shown, keep = networks.name(network), escape(disclosure)
    if networks.takes_text(network):
        return (
            f"I can't fill in a text of this length on {shown}. Copy the text above first, then "
            f"paste it there. Please keep {keep}, so that readers know where you work."
        )
    return (
        f"{shown} takes only the link from me, not the text. Copy the text above first, then "
        f"paste it there: your post needs {keep} in it, so that readers know where you work."
    )


def _choice(dialog: Dialog, offer: Offer) -> list[int]:
    """The wordings to go round: those still offered, and the one that is shown."""
    shown = chosen(dialog, offer)
    fresh = offer.fresh(dialog.network)
    of_network = offer.content.wordings_for(dialog.network)
    return [each.id for each in of_network if each in fresh or each == shown]


def _which(dialog: Dialog, choice: list[int]) -> str:
    shown = networks.name(dialog.network)
    if dialog.own is not None:
        return f"For {shown}, in your own words"
    if len(choice) > 1 and dialog.wording in choice:
        return f"For {shown}, wording {choice.index(dialog.wording) + 1} of {len(choice)}"
    return f"For {shown}"


def _others(dialog: Dialog, offer: Offer) -> list[Block]:
    buttons = [
        ButtonElement(
            text=plain(f"Share on {networks.name(network)} instead"),
            action_id=f"{OTHER_NETWORK}:{network}",
            value=network.value,
        )
        for network in offer.networks
        if network is not dialog.network
    ]
    return [ActionsBlock(block_id="networks", elements=buttons)] if buttons else []


def _after(stage: Stage | None) -> list[Block]:
    if stage is Stage.SHARED:
        undo = ButtonElement(text=plain("Undo “shared”"), action_id=NOT_SHARED, value=NOT_SHARED)
        return [section("Marked as shared. Thank you.", block_id="after", accessory=undo)]
    if stage is Stage.OPENED:
        mark = ButtonElement(
            text=plain("Mark as shared (optional)"), action_id=SHARED, value=SHARED
        )
        return [ActionsBlock(block_id="after", elements=[mark])]
    return []


def edit(dialog: Dialog, offer: Offer, *, typed: str | None = None) -> View:
    """The text as a field."""
    shown = networks.name(dialog.network)
    text = typed if typed is not None else text_of(dialog, offer)
    field = PlainTextInputElement(
        action_id=_FIELD,
        multiline=True,
        max_length=_LONGEST_FIELD,
        initial_value=text[:_LONGEST_FIELD],
        focus_on_load=True,
    )
    limit = min(networks.limit(dialog.network) or LONGEST_OWN, LONGEST_OWN)
    blocks: list[Block] = [
        section("One sentence of your own often says more than a polished text."),
        InputBlock(
            block_id=_FIELD,
            label=plain(f"Your words for {shown}"),
            element=field,
            hint=plain(
                f"Up to {limit:,} characters. Please keep {offer.disclosure}, or say where you "
                "work, for example “I work at …”, so that readers know."
            ),
        ),
        ActionsBlock(
            block_id="back",
            elements=[
                ButtonElement(text=plain("Back to the suggested words"), action_id=BACK, value=BACK)
            ],
        ),
    ]
    return _view(OWN_WORDS, "Your own words", blocks, dialog, submit="Use this text", close="Close")


def server(dialog: Dialog, instance: str) -> View:
    """Which server the member's account is on."""
    blocks: list[Block] = [
        InputBlock(
            block_id=_HOST,
            label=plain("Your server"),
            element=PlainTextInputElement(
                action_id=_HOST,
                max_length=hosts.MAX_TYPED,
                initial_value=instance or None,
                placeholder=plain("mastodon.social"),
                focus_on_load=True,
            ),
            hint=plain("Its name, or your address there, such as @you@mastodon.social."),
        ),
        context("I remember the server's name only. Only you see it."),
    ]
    return _view(SERVER, "Your server", blocks, dialog, submit="Remember it", close="Close")


def read_server(view: Mapping[str, Any]) -> str:
    """What was typed; raises Unreadable."""
    typed = payload.pick(view, "state", "values", _HOST, _HOST, "value")
    return drafting.clean(typed) if isinstance(typed, str) else ""


def server_error(sentence: str) -> dict[str, str]:
    """The error at the field."""
    return {_HOST: sentence}


def consent(post: int) -> View:
    """Asked once, before a first share; then it goes on with the post."""
    return View(
        type="modal",
        callback_id=CONSENT,
        title=plain("Before you share"),
        submit=plain("Join and continue"),
        close=plain("Not now"),
        private_metadata=payload.dump({"post": post}),
        blocks=[
            section(
                "You aren't taking part, so this click was not kept. This is what joining means:"
            ),
            section(PROMISES),
            context("Your consent ends by itself after six months."),
        ],
    )


def closing(sentence: str) -> View:
    """A dialog that has nothing more to offer, with one line why."""
    return closing_view("Share", sentence)


def read(view: Mapping[str, Any]) -> Dialog:
    """What the dialog was showing; raises Unreadable."""
    kept = payload.metadata(view)
    network, own = kept.get("network"), kept.get("own")
    if network not in list(Network) or not (own is None or isinstance(own, str)):
        raise Unreadable("no network")
    return Dialog(
        payload.whole(kept, "post"), Network(network), payload.whole(kept, "wording"), own
    )


def read_own(view: Mapping[str, Any]) -> str:
    """The words typed; raises Unreadable."""
    typed = payload.pick(view, "state", "values", _FIELD, _FIELD, "value")
    return drafting.clean(typed) if isinstance(typed, str) else ""


def read_consent(view: Mapping[str, Any]) -> int:
    """The post that the person wanted to share; raises Unreadable."""
    return payload.whole(payload.metadata(view), "post")


def own_error(sentence: str) -> dict[str, str]:
    """The error at the field."""
    return {_FIELD: sentence}


def too_long_to_keep(dialog: Dialog) -> str | None:
    """Why the words cannot be kept in the dialog, or None: Slack gives it 3,000 characters."""
    if len(payload.dump(_kept(dialog))) <= _LONGEST_KEPT:
        return None
    return (
        "This is too long for this dialog. Please shorten it; line breaks and quotation marks "
        "count twice."
    )


def next_wording(dialog: Dialog, offer: Offer) -> Dialog:
    """The dialog with the next wording that is still offered, the first again after the last."""
    choice = _choice(dialog, offer)
    place = choice.index(dialog.wording) + 1 if dialog.wording in choice else 0
    following = [*choice[place:], *choice[:place]]
    return replace(dialog, wording=following[0] if following else 0, own=None)


def still_offered(dialog: Dialog, offer: Offer) -> Dialog:
    """The dialog, unless a correction took its words away; then those to offer first."""
    if dialog.own is not None or chosen(dialog, offer) is not None:
        return dialog
    return on(dialog, offer) if dialog.network in offer.networks else first(offer, None)


def _view(
    callback: str,
    title: str,
    blocks: list[Block],
    dialog: Dialog,
    *,
    close: str,
    submit: str | None = None,
) -> View:
    return View(
        type="modal",
        callback_id=callback,
        title=plain(title),
        submit=plain(submit) if submit else None,
        close=plain(close),
        private_metadata=payload.dump(_kept(dialog)),
        blocks=blocks,
    )


def _kept(dialog: Dialog) -> dict[str, str | int | None]:
    return {
        "post": dialog.post,
        "network": dialog.network.value,
        "wording": dialog.wording,
        "own": dialog.own,
    }
