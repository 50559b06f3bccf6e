"""Practice is the real dialog on a post of its own: the composers open, and nothing is stored."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from bot.domain.networks import USUAL
from bot.runtime import Runtime
from bot.slack.views import asides, dialog, own_words
from tests.support import (
    DISCLOSURE,
    Office,
    asked,
    assert_polite,
    buttons_in,
    opened_text,
    press_in_dialog,
    stored,
    text_in,
    type_own,
)


def digest(url: str) -> list[str]:
    """What is in the database's files, to the last byte."""
    path = Path(url.removeprefix("sqlite:///"))
    files = (path, path.with_name(f"{path.name}-wal"))
    return [sha256(file.read_bytes()).hexdigest() for file in files if file.exists()]


@pytest.mark.parametrize("joined", [True, False])
async def test_everything_can_be_tried_and_nothing_is_stored(
    place: Office, runtime: Runtime, url: str, joined: bool
) -> None:
    amara = place.amara
    if joined:
        await asked(amara, "/advocacy join")
    before, rows = digest(url), stored(url)
    said = len(place.cleo.messages(place.comms))

    assert await asked(amara, "/advocacy practice") == ""
    view = amara.view
    assert view is not None
    assert "nothing is stored" in view.plain
    first = text_in(view)
    outcome = await press_in_dialog(runtime, amara, dialog.OPEN)
    assert opened_text(outcome) == first
    assert DISCLOSURE in first
    assert {dialog.SHARED, dialog.TAKE_BACK, dialog.SOMETHING_WRONG} < buttons_in(view)
    await press_in_dialog(runtime, amara, dialog.SHARED)
    assert "Marked as shared" in view.plain
    await press_in_dialog(runtime, amara, dialog.NOT_SHARED)
    await press_in_dialog(runtime, amara, dialog.TAKE_BACK)
    await press_in_dialog(runtime, amara, dialog.OTHER_WORDING)
    assert text_in(view) != first

    for network in USUAL[1:]:
        await press_in_dialog(runtime, amara, f"{dialog.OTHER_NETWORK}:{network}")
        if dialog.OPEN not in buttons_in(view):
            await press_in_dialog(runtime, amara, dialog.NAME_SERVER)
            amara.fill({"server": "mastodon.social"})
            await amara.submit()
        outcome = await press_in_dialog(runtime, amara, dialog.OPEN)
        assert str(outcome.url).startswith("https://")

    await press_in_dialog(runtime, amara, dialog.EDIT)
    type_own(amara, "My own.")
    await amara.submit()
    await press_in_dialog(runtime, amara, own_words.PUT_BACK)
    assert text_in(view).startswith(f"My own. {DISCLOSURE}")
    await press_in_dialog(runtime, amara, dialog.OPEN)
    await press_in_dialog(runtime, amara, dialog.SOMETHING_WRONG)
    assert view.callback_id == asides.WORD
    amara.fill({"words": "Nobody gets this."})
    await amara.submit()
    assert "your words went nowhere" in view.plain

    await runtime.kit.afterwards.drain()
    assert stored(url) == rows
    assert digest(url) == before
    assert len(place.cleo.messages(place.comms)) == said
    assert_polite(place)


@pytest.mark.parametrize("word", ["practice", "practise"])
async def test_both_spellings_are_understood(place: Office, runtime: Runtime, word: str) -> None:
    await asked(place.bo, f"/advocacy {word}")
    assert place.bo.view is not None
