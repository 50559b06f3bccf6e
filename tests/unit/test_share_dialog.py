"""The share dialog's steps: each is a function from one dialog to the next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import share_dialog
from bot.domain.ids import PostId, WordingId
from bot.domain.model import Stage
from bot.domain.post import Network
from bot.domain.share_dialog import NO_WORDING, ShareDialog
from tests.golden_values import DISCLOSURE, EVERYWHERE, FLINK, ONE_WORDING, share_options

OPTIONS = share_options()
OWN = "I worked on this, and I like it."


def on(network: Network = Network.LINKEDIN) -> ShareDialog:
    return share_dialog.open_dialog(OPTIONS, [network], stage=Stage.INTERESTED)


@pytest.mark.parametrize(
    ("preferred", "network"),
    [
        ((), Network.LINKEDIN),
        ((None, Network.X), Network.X),
        ((Network.TELEGRAM, Network.BLUESKY), Network.BLUESKY),
        ((Network.TELEGRAM,), Network.LINKEDIN),
    ],
)
def test_it_opens_on_the_first_network_of_the_member_that_the_post_has(
    preferred: tuple[Network | None, ...], network: Network
) -> None:
    dialog = share_dialog.open_dialog(OPTIONS, preferred)
    assert dialog.network is network
    assert dialog.wording_id == FLINK.wordings_for(network)[0].id


def test_the_next_text_goes_round() -> None:
    dialog, seen = on(), []
    for _ in FLINK.wordings_for(Network.LINKEDIN):
        seen.append(dialog.wording_id)
        dialog = share_dialog.show_next_wording(dialog, OPTIONS)
    assert seen == [one.id for one in FLINK.wordings_for(Network.LINKEDIN)]
    assert dialog == on()


def test_an_own_text_goes_along_to_another_network_and_gives_way_to_the_suggested_one() -> None:
    mine = share_dialog.write_own(on(), OPTIONS, OWN)
    there = share_dialog.choose_network(mine, OPTIONS, Network.X)
    assert (there.network, there.own, there.stage) == (Network.X, OWN, Stage.INTERESTED)
    assert share_dialog.opened_wording(there) is None
    suggested = share_dialog.show_suggested(there)
    assert suggested == on(Network.X)
    assert share_dialog.opened_wording(suggested) == FLINK.wordings_for(Network.X)[0].id


def test_saying_it_already_holds_for_that_text_only() -> None:
    mine = share_dialog.write_own(on(), OPTIONS, OWN)
    settled = share_dialog.settle_disclosure(mine, disclosed=True)
    assert DISCLOSURE not in share_dialog.full_text(settled, OPTIONS)
    assert share_dialog.write_own(settled, OPTIONS, OWN).disclosed
    assert not share_dialog.write_own(settled, OPTIONS, "Another text.").disclosed


def test_the_suggested_text_submitted_as_it_was_is_no_own_text() -> None:
    shown = share_dialog.full_text(on(), OPTIONS)
    assert share_dialog.is_unchanged(on(), OPTIONS, shown)
    assert not share_dialog.is_unchanged(on(), OPTIONS, f"{shown}.")


def test_a_correction_is_followed() -> None:
    gone = ShareDialog(PostId(14), Network.LINKEDIN, WordingId(99))
    assert share_dialog.is_outdated(gone, OPTIONS)
    assert share_dialog.follow_correction(gone, OPTIONS).wording_id == on().wording_id
    elsewhere = share_options(ONE_WORDING)
    [network] = elsewhere.networks
    assert share_dialog.follow_correction(gone, elsewhere).network is network
    mine = replace(gone, own=OWN)
    assert share_dialog.follow_correction(mine, OPTIONS) == mine


def test_where_all_texts_were_used_enough_the_link_comes_alone_and_they_go_round_after_it() -> None:
    used = share_options(fresh=False)
    dialog = share_dialog.open_dialog(used)
    assert dialog.wording_id == NO_WORDING
    assert share_dialog.is_used_up(dialog, used)
    assert not share_dialog.is_used_up(replace(dialog, own=OWN), used)
    again = share_dialog.show_next_wording(dialog, used)
    assert again.wording_id == FLINK.wordings_for(dialog.network)[0].id


def test_only_linkedin_has_a_page_of_its_own_for_phones() -> None:
    options = share_options(EVERYWHERE, instance="mastodon.social")
    for network in Network:
        page = options.phone_page(network, "A text.")
        assert (page is not None) is (network is Network.LINKEDIN)
    assert options.phone_page(Network.LINKEDIN, "\u00e4" * 2_000) is None, "its page takes no text"
