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

from bot.domain import drafting, networks
from bot.domain.model import Content, Network, Post, Stage
from bot.slack.views import payload
from bot.slack.views.membership import PROMISES
from bot.slack.views.payload import Unreadable
from bot.slack.views.text import context, copyable, escape, header, plain, section
from bot.slack.views.trouble import closing_view

DIALOG = "share_dialog"
OWN_WORDS = "own_words_form"
CONSENT = "consent_form"
OPEN = "open_composer"
OTHER_WORDING = "other_wording"
OTHER_NETWORK = "other_network"
EDIT = "own_words"
BACK = "suggested_words"
SHARED = "mark_shared"
NOT_SHARED = "not_shared"

LONGEST_OWN = 2_800  # the dialog keeps the words in 3,000 characters, with a few facts beside
_LONGEST_KEPT = 3_000  # Slack's limit for private_metadata
_LONGEST_FIELD = 3_000  # a wording may be longer than what the dialog can keep
_FIELD = "own"


@dataclass(frozen=True, slots=True)
class Dialog:
    """What the dialog shows: a wording (counted within its network) or the member's own words."""

    post: int
    network: Network
    wording: int = 0
    own: str | None = None


def first(post: Post, preferred: Network | None) -> Dialog:
    """What opens: the member's network if the post has words for it, else the first that has."""
    offered = post.content.networks
    chosen = preferred if preferred in offered else offered[0]
    return Dialog(post.id, chosen or offered[0])


def text_of(dialog: Dialog, content: Content, disclosure: str) -> str:
    """The whole text to share, with disclosure and link."""
    if dialog.own is not None:
        words = dialog.own
    else:
        wordings = content.wordings_for(dialog.network)
        words = wordings[dialog.wording % len(wordings)].text
    return networks.full_text(dialog.network, words, disclosure, content.link)


def share(dialog: Dialog, content: Content, disclosure: str, stage: Stage | None) -> View:
    """One network, one wording, one button that opens it there."""
    shown = networks.name(dialog.network)
    text = text_of(dialog, content, disclosure)
    composer = networks.composer(dialog.network, text, content.link)
    wordings = content.wordings_for(dialog.network)
    blocks: list[Block] = [
        header(content.title),
        context(_which(dialog, len(wordings))),
        copyable(text, block_id=f"text:{dialog.network}:{dialog.wording}"),
    ]
    if not composer.carries_text:
        blocks.append(
            section(
                f"I can't fill in a text of this length on {shown}. Copy the text above first, "
                f"then paste it there. Please keep {escape(disclosure)}, so that readers know "
                "where you work."
            )
        )
    buttons = [
        ButtonElement(
            text=plain(f"Open in {shown}"),
            action_id=OPEN,
            value=dialog.network.value,
            url=composer.url,
            style="primary",
        ),
        ButtonElement(text=plain("Use my own words"), action_id=EDIT, value=EDIT),
    ]
    if dialog.own is not None:
        buttons.append(
            ButtonElement(text=plain("Back to the suggested words"), action_id=BACK, value=BACK)
        )
    elif len(wordings) > 1:
        other = ButtonElement(text=plain("Another wording"), action_id=OTHER_WORDING, value="next")
        buttons.append(other)
    blocks.append(ActionsBlock(block_id="open", elements=buttons))
    if dialog.network is Network.LINKEDIN and composer.carries_text:
        blocks.append(
            context(
                "If LinkedIn opens empty, as it may on a phone, copy the text above and paste it "
                "there."
            )
        )
    blocks += _others(dialog, content)
    blocks += _after(stage)
    blocks.append(context("Only you see this, and nobody is told what you choose."))
    return _view(DIALOG, "Share", blocks, dialog, close="Done")


def _which(dialog: Dialog, count: int) -> str:
    shown = networks.name(dialog.network)
    if dialog.own is not None:
        return f"For {shown}, in your own words"
    if count > 1:
        return f"For {shown}, wording {dialog.wording % count + 1} of {count}"
    return f"For {shown}"


def _others(dialog: Dialog, content: Content) -> list[Block]:
    buttons = [
        ButtonElement(
            text=plain(f"Share on {networks.name(network)} instead"),
            action_id=f"{OTHER_NETWORK}:{network}",
            value=network.value,
        )
        for network in content.networks
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


def edit(dialog: Dialog, content: Content, disclosure: str, *, typed: str | None = None) -> View:
    """The text as a field."""
    shown = networks.name(dialog.network)
    text = typed if typed is not None else text_of(dialog, content, disclosure)
    field = PlainTextInputElement(
        action_id=_FIELD,
        multiline=True,
        max_length=_LONGEST_FIELD,
        initial_value=text[:_LONGEST_FIELD],
        focus_on_load=True,
    )
    limit = min(networks.limit(dialog.network), LONGEST_OWN)
    blocks: list[Block] = [
        section("One sentence of your own often says more than a polished text."),
        InputBlock(
            block_id=_FIELD,
            label=plain(f"Your words for {shown}"),
            element=field,
            hint=plain(
                f"Up to {limit:,} characters. Please keep {disclosure}, or say where you work, for "
                "example “I work at …”, so that readers know."
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


def next_wording(dialog: Dialog, content: Content) -> Dialog:
    """The dialog with the network's next wording, the first again after the last."""
    count = max(1, len(content.wordings_for(dialog.network)))
    return replace(dialog, wording=(dialog.wording + 1) % count, own=None)


def still_offered(dialog: Dialog, post: Post) -> Dialog:
    """The dialog, unless a correction took its network's words away; then the first again."""
    if dialog.own is None and not post.content.wordings_for(dialog.network):
        return first(post, None)
    return dialog


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
