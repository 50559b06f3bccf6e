"""The share dialog: what it shows to one person, and what it shows after each step.

Listeners carry a dialog from click to click, views draw it; every transition is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from bot.domain import drafting
from bot.domain.ids import PostId, WordingId
from bot.domain.model import Stage
from bot.domain.post import Network, Wording
from bot.domain.share_options import ShareOptions

NO_WORDING: Final = WordingId(0)


@dataclass(frozen=True, slots=True)
class ShareDialog:
    """What the dialog shows: one text for one network, and how far the member got with the post.

    The text is a wording by its number (`NO_WORDING`: none is left), or the member's `own` in its
    place; `disclosed` tells that the own text says in its own way where they work. With `practice`
    nothing is stored anywhere else: the dialog itself keeps `stage`, and the `server` named in it.
    """

    post_id: PostId
    network: Network
    wording_id: WordingId = NO_WORDING
    own: str | None = None
    disclosed: bool = False
    stage: Stage | None = None
    practice: bool = False
    server: str = ""


def open_dialog(
    options: ShareOptions,
    preferred: Iterable[Network | None] = (),
    *,
    stage: Stage | None = None,
    practice: bool = False,
) -> ShareDialog:
    """The dialog as it opens: on the first preferred network that is offered, else on the first."""
    offered = set(options.networks)
    network = next((one for one in preferred if one in offered), None) or options.networks[0]
    dialog = ShareDialog(options.post_id, network, stage=stage, practice=practice)
    return choose_network(dialog, options, network)


def choose_network(dialog: ShareDialog, options: ShareOptions, network: Network) -> ShareDialog:
    """The dialog on a network, with the text to offer first there; an own text comes along."""
    first = options.first_wording(network)
    return replace(dialog, network=network, wording_id=first.id if first else NO_WORDING)


def show_next_wording(dialog: ShareDialog, options: ShareOptions) -> ShareDialog:
    """The dialog with the next suggested text, the first again after the last."""
    choice = wordings_to_choose(dialog, options)
    place = choice.index(dialog.wording_id) + 1 if dialog.wording_id in choice else 0
    following = [*choice[place:], *choice[:place]]
    shown = following[0] if following else NO_WORDING
    return show_suggested(replace(dialog, wording_id=shown))


def show_suggested(dialog: ShareDialog) -> ShareDialog:
    """The dialog with the suggested text in the place of the member's own."""
    return replace(dialog, own=None, disclosed=False)


def write_own(dialog: ShareDialog, options: ShareOptions, typed: str) -> ShareDialog:
    """The dialog with what the member typed, kept without the link tags of one network.

    That their text discloses they have said of that text only.
    """
    own = options.without_tags(dialog.network, typed)
    return replace(dialog, own=own, disclosed=dialog.disclosed and own == dialog.own)


def settle_disclosure(dialog: ShareDialog, *, disclosed: bool) -> ShareDialog:
    """The dialog after the question whether the own text says where the member works."""
    return replace(dialog, disclosed=disclosed)


def name_server(dialog: ShareDialog, server: str) -> ShareDialog:
    """The dialog of somebody who tries it out, with the server that they named."""
    return replace(dialog, server=server)


def record_stage(dialog: ShareDialog, stage: Stage | None) -> ShareDialog:
    """The dialog after a step that brought the member so far."""
    return replace(dialog, stage=stage)


def follow_correction(dialog: ShareDialog, options: ShareOptions) -> ShareDialog:
    """The dialog, unless a correction took its text away; then with the text to offer first."""
    if dialog.own is not None or chosen_wording(dialog, options) is not None:
        return dialog
    network = dialog.network if dialog.network in options.networks else options.networks[0]
    return choose_network(dialog, options, network)


def is_outdated(dialog: ShareDialog, options: ShareOptions) -> bool:
    """Whether a correction took away the suggested text that the dialog shows."""
    suggests = dialog.own is None and dialog.wording_id != NO_WORDING
    return suggests and chosen_wording(dialog, options) is None


def is_unchanged(dialog: ShareDialog, options: ShareOptions, typed: str) -> bool:
    """Whether the suggested text was submitted as it was: then it is not the member's own."""
    before = show_suggested(dialog)
    suggests = chosen_wording(before, options) is not None
    return suggests and drafting.own_words(full_text(before, options)) == typed


def is_used_up(dialog: ShareDialog, options: ShareOptions) -> bool:
    """Whether the dialog offers the link alone, since all suggested texts were used enough."""
    nothing = chosen_wording(dialog, options) is None and dialog.own is None
    return nothing and options.first_wording(dialog.network) is None


def chosen_wording(dialog: ShareDialog, options: ShareOptions) -> Wording | None:
    """The wording that the dialog shows, also one that was used enough in the meantime."""
    of_network = options.content.wordings_for(dialog.network)
    return next((each for each in of_network if each.id == dialog.wording_id), None)


def opened_wording(dialog: ShareDialog) -> WordingId | None:
    """The number of the wording that a composer is opened with; None for an own text or none."""
    return dialog.wording_id if dialog.own is None and dialog.wording_id else None


def wordings_to_choose(dialog: ShareDialog, options: ShareOptions) -> list[WordingId]:
    """The wordings to go round: those offered, and the one that is shown."""
    offered = [each.id for each in options.offered_wordings(dialog.network)]
    shown = chosen_wording(dialog, options)
    return offered if shown is None or shown.id in offered else [*offered, shown.id]


def full_text(dialog: ShareDialog, options: ShareOptions) -> str:
    """The whole text to share, with disclosure and link."""
    if dialog.own is not None:
        return options.full_text(dialog.network, dialog.own, disclosed=dialog.disclosed)
    wording = chosen_wording(dialog, options)
    if wording is None:
        return options.full_text(dialog.network, "")
    return options.full_text(dialog.network, wording.text, language=wording.language)
