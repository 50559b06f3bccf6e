"""Practice is the real dialog on a post of its own: the composers open, and nothing is stored."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from bot.domain.networks import USUAL
from bot.runtime import Runtime
from bot.sandbox import Fault
from bot.slack.views import asides, dialog, membership, own_words, words
from tests.slack.sharing import buttons_in, opened_text, text_in, type_own
from tests.support import DISCLOSURE, Office, asked, assert_polite, press_in_dialog, stored


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
    assert "page that opens is real, so close it there without posting" in view.plain
    first = text_in(view)
    outcome = await press_in_dialog(runtime, amara, dialog.OPEN)
    assert opened_text(outcome) == first
    assert DISCLOSURE in first
    assert {dialog.SHARED, dialog.TAKE_BACK, dialog.SOMETHING_WRONG} < buttons_in(view)
    await press_in_dialog(runtime, amara, dialog.SHARED)
    assert "Marked as shared" in view.plain
    await press_in_dialog(runtime, amara, dialog.NOT_SHARED)
    await press_in_dialog(runtime, amara, dialog.TAKE_BACK)
    assert words.TAKEN_BACK_PRACTISED in view.plain
    await press_in_dialog(runtime, amara, dialog.OTHER_WORDING)
    assert text_in(view) != first

    for network in USUAL[1:]:
        await press_in_dialog(runtime, amara, f"{dialog.OTHER_NETWORK}:{network}")
        if dialog.OPEN not in buttons_in(view):
            await press_in_dialog(runtime, amara, dialog.NAME_SERVER)
            assert "I forget it when you close the dialog" in view.plain
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


async def test_the_status_has_a_button_for_it_whether_one_has_joined_or_not(
    place: Office, runtime: Runtime, url: str
) -> None:
    await asked(place.amara, "/advocacy join")
    before = stored(url)
    for person in (place.amara, place.bo):
        await asked(person, "/advocacy")
        status = person.private[-1]
        assert "[Short lessons] [Practise]" in status.plain
        outcome = await person.press(status, membership.PRACTISE)
        assert outcome.acknowledged, outcome.error
        await runtime.kit.afterwards.drain()
        assert person.private[-1] is status, "the dialog is the whole answer"
        assert person.view is not None
        assert "nothing is stored" in person.view.plain
        assert "[Practise]" in status.plain, "its buttons stay"
    assert stored(url) == before
    assert_polite(place)


async def test_the_home_tab_has_a_button_for_it_whether_one_has_joined_or_not(
    place: Office, runtime: Runtime, url: str
) -> None:
    await asked(place.amara, "/advocacy join")
    before = stored(url)
    for person in (place.amara, place.bo):
        await person.open_home()
        await runtime.kit.afterwards.drain()
        assert person.home is not None
        said = len(person.private)
        outcome = await person.press(person.home, membership.PRACTISE)
        assert outcome.acknowledged, outcome.error
        await runtime.kit.afterwards.drain()
        [view] = person.views
        assert view.callback_id == dialog.DIALOG
        assert "nothing is stored" in view.plain
        await press_in_dialog(runtime, person, dialog.OPEN)
        assert len(person.private) == said
    assert stored(url) == before
    assert_polite(place)


async def test_a_dialog_that_slack_does_not_open_is_said_so(
    place: Office, runtime: Runtime
) -> None:
    await asked(place.bo, "/advocacy")
    place.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    await place.bo.press(place.bo.private[-1], membership.PRACTISE)
    await runtime.kit.afterwards.drain()
    assert place.bo.view is None
    assert place.bo.private[-1].plain == words.DIALOG_FAILED
