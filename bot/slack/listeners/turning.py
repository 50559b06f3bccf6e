"""Bringing an open dialog to its next state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.views import View

from bot.domain import drafting, networks
from bot.domain.offer import Offer
from bot.services.responding import Sight, Unanswerable
from bot.slack import messenger
from bot.slack.kit import Kit
from bot.slack.listeners.sight import offer_of, sentence
from bot.slack.views import asides, dialog, own_words, payload, words
from bot.slack.views.dialog import PRACTICE, Dialog

SHARING = "share-"  # how the ids of share dialogs begin


def first_view(kit: Kit, sight: Sight) -> View:
    """The dialog as it opens."""
    offer = offer_of(kit, sight)
    member = sight.member
    best = (member.network, *member.preferences.networks) if member is not None else ()
    preferred = next((network for network in best if network in offer.networks), None)
    return dialog.share(dialog.first(offer, preferred), offer, sight.stage)


def obstacle(shown: Dialog, sight: Sight | Unanswerable) -> View | None:
    """The dialog's last words where it cannot go on: consent may have ended, and the post too."""
    if not isinstance(sight, Sight):
        return asides.closing(sentence(sight))
    if sight.member is None and shown.post != PRACTICE:
        return asides.closing(words.CONSENT_ENDED)
    return None


def next_view(
    kit: Kit, shown: Dialog, sight: Sight | Unanswerable, *, note: str | None = None
) -> View:
    """The dialog after a step."""
    closed = obstacle(shown, sight)
    if closed is not None or not isinstance(sight, Sight):
        return closed or asides.closing(words.GONE)
    offer = offer_of(kit, sight, shown.server)
    if dialog.is_outdated(shown, offer):
        note = f"{words.CORRECTED} {note}" if note else words.CORRECTED
    shown = dialog.still_offered(shown, offer)
    if shown.own is not None and (why := wrong(shown, offer)) is not None:
        # Written for one network and too long for another: to be shortened, not lost.
        return own_words.edit(shown, offer, typed=shown.own, why=why)
    return dialog.share(shown, offer, sight.stage, note=note)


def wrong(shown: Dialog, offer: Offer) -> str | None:
    """What keeps the member's own words from being shared, with the disclosure they lack."""
    own = shown.own or ""
    lacking = "" if shown.said or offer.says(own) else offer.disclosure
    error = drafting.check_own_words(
        shown.network, own, offer.content.link, lacking, tagged=offer.link(shown.network)
    )
    too_long = dialog.too_long_to_keep(shown)
    limit = networks.limit(shown.network)
    # Where the network takes more than the dialog can keep, the dialog's number is the one to say.
    roomy = limit is None or limit > dialog.LONGEST_OWN
    return (too_long or error) if roomy else (error or too_long)


async def update(kit: Kit, view: Mapping[str, Any], changed: View) -> None:
    """Show the dialog changed."""
    await messenger.update_view(
        kit.client, keep_id(changed, view), view_id=payload.text_at(view, "id")
    )


def with_id(view: View, external_id: str) -> View:
    """The view under an id of the bot's own, so that it can be reached later."""
    view.external_id = external_id
    return view


def keep_id(changed: View, view: Mapping[str, Any]) -> View:
    """A view stays reachable under the id that the bot once gave it."""
    known = view.get("external_id")
    return with_id(changed, known) if isinstance(known, str) and known else changed
