"""Links say which network and which post a reader came through, in the text and in the composer."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.model import Network
from bot.runtime import Runtime
from bot.slack.views import dialog
from tests.slack.sharing import opened_text, own_typed, shared_anew, text_in, type_own
from tests.support import (
    DISCLOSURE,
    LINK,
    Office,
    bot_running,
    card_of,
    press_in_dialog,
    write_post,
)


def tagged(network: str, post: int = 1) -> str:
    return f"{LINK}?utm_source={network}&utm_medium=employee_advocacy&utm_campaign=post-{post}"


@pytest.fixture
async def tagging(place: Office, url: str) -> AsyncIterator[Runtime]:
    """The bot with the setting as it is by default."""
    async with bot_running(place, url, LINK_TAGS="") as runtime:
        yield runtime


async def test_the_text_and_the_composer_carry_the_tagged_link(
    place: Office, tagging: Runtime
) -> None:
    view = await shared_anew(place, tagging, place.amara)
    for network in (Network.LINKEDIN, Network.X, Network.BLUESKY):
        if network is not Network.LINKEDIN:
            await press_in_dialog(tagging, place.amara, f"{dialog.OTHER_NETWORK}:{network}")
        assert text_in(view).endswith(tagged(network))
        outcome = await press_in_dialog(tagging, place.amara, dialog.OPEN)
        assert opened_text(outcome) == text_in(view)
        assert tagged(network) in card_of(place, 1).plain


async def test_own_words_take_the_tags_of_the_network_they_go_to(
    place: Office, tagging: Runtime
) -> None:
    view = await shared_anew(place, tagging, place.amara)
    await press_in_dialog(tagging, place.amara, dialog.EDIT)
    assert tagged("linkedin") in own_typed(view)
    type_own(place.amara, f"Mine: {tagged('linkedin')} {DISCLOSURE}")
    await place.amara.submit()
    assert text_in(view) == f"Mine: {tagged('linkedin')} {DISCLOSURE}"
    await press_in_dialog(tagging, place.amara, f"{dialog.OTHER_NETWORK}:bluesky")
    assert text_in(view) == f"Mine: {tagged('bluesky')} {DISCLOSURE}"


async def test_the_form_counts_the_tagged_link(place: Office, tagging: Runtime) -> None:
    await write_post(place.cleo, **{"bluesky:0": "a" * 237})
    assert place.cleo.view is not None
    [error] = place.cleo.view.errors.items()
    assert error[0] == "bluesky:0"
    assert "of 300 on Bluesky" in error[1]
    place.cleo.fill({"bluesky:0": None, "x:0": "a" * 242})
    await place.cleo.submit()
    assert place.cleo.view is None, "X counts any link as 23"
