"""Turns of the share dialog that are easily forgotten: each says why, and keeps what was typed."""

from __future__ import annotations

import pytest

from bot.domain.model import Network
from bot.runtime import Runtime
from bot.sandbox import Message, Person
from bot.slack.views import asides, card, dialog, own_words, words
from tests.slack.sharing import (
    buttons_in,
    instead,
    own_typed,
    shared,
    shared_anew,
    text_in,
    type_own,
)
from tests.support import (
    DISCLOSURE,
    LINK,
    Office,
    asked,
    card_of,
    live_post,
    press_in_dialog,
    rows,
)

FIRST = "Backups now take half the time."


@pytest.fixture
async def message(place: Office, runtime: Runtime) -> Message:
    """A live post; Amara has joined."""
    post = await live_post(place, runtime, **{"linkedin:0": FIRST, "facebook:0": FIRST})
    await asked(place.amara, "/advocacy join")
    return post


async def written(runtime: Runtime, person: Person, text: str) -> None:
    """Press Edit, type, and submit."""
    await press_in_dialog(runtime, person, dialog.EDIT)
    type_own(person, text)
    outcome = await person.submit()
    assert outcome.error is None, outcome.error


async def put_back(runtime: Runtime, person: Person, text: str) -> None:
    """Go on typing after the question, then have the disclosure put back."""
    type_own(person, text)
    await press_in_dialog(runtime, person, own_words.PUT_BACK)


async def test_words_too_long_to_keep_can_still_be_shortened(
    place: Office, runtime: Runtime, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    view = await shared(place.amara, message)
    await written(runtime, place.amara, "Short.")
    await put_back(runtime, place.amara, "x" * 2_990)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert "more than 2,800 characters" in view.plain, "the number that the hint gave"
    assert own_typed(view).startswith("x" * 2_900)
    await written_again(place.amara, f"Short. {DISCLOSURE}")
    assert text_in(view).startswith(f"Short. {DISCLOSURE}")


async def written_again(person: Person, text: str) -> None:
    """Type into the field that is there, and submit."""
    type_own(person, text)
    outcome = await person.submit()
    assert outcome.error is None, outcome.error


async def test_saying_so_of_the_longest_words_is_answered(
    place: Office, runtime: Runtime, message: Message, caplog: pytest.LogCaptureFixture
) -> None:
    view = await shared(place.amara, message)
    await instead(runtime, place.amara, Network.FACEBOOK)
    await written(runtime, place.amara, "y" * 2_945)
    await press_in_dialog(runtime, place.amara, own_words.SAID_SO)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert "y" * 2_945 in view.plain


@pytest.mark.parametrize(
    ("network", "typed", "why"),
    [(Network.LINKEDIN, "", "write a few words"), (Network.X, "a" * 270, "of 280 on X")],
)
async def test_what_cannot_be_put_back_says_why(
    place: Office, runtime: Runtime, message: Message, network: Network, typed: str, why: str
) -> None:
    view = await shared(place.amara, message)
    if network is not Network.LINKEDIN:
        await instead(runtime, place.amara, network)
    await written(runtime, place.amara, "Short.")
    await put_back(runtime, place.amara, typed)
    assert why in view.plain


async def test_words_too_long_for_another_network_say_why(
    place: Office, runtime: Runtime, message: Message
) -> None:
    view = await shared(place.amara, message)
    await written(runtime, place.amara, f"{'My own words. ' * 30}{DISCLOSURE}")
    await instead(runtime, place.amara, Network.X)
    assert "of 280 on X" in view.plain
    assert own_typed(view).startswith("My own words. ")


async def test_saying_it_already_holds_for_those_words_only(
    place: Office, runtime: Runtime, message: Message
) -> None:
    view = await shared(place.amara, message)
    await written(runtime, place.amara, "Ich arbeite bei Acme.")
    await press_in_dialog(runtime, place.amara, own_words.SAID_SO)
    assert DISCLOSURE not in text_in(view)
    await written(runtime, place.amara, "Something else entirely.")
    assert own_words.PUT_BACK in buttons_in(view)


async def test_an_own_phrase_is_enough_where_text_is_pasted(
    place: Office, runtime: Runtime, message: Message
) -> None:
    view = await shared(place.amara, message)
    await instead(runtime, place.amara, Network.FACEBOOK)
    assert f"your post needs {DISCLOSURE} in it" in view.plain
    await written(runtime, place.amara, "I work at Acme and I like this.")
    assert DISCLOSURE not in view.plain
    assert "your post needs the words that name your employer" in view.plain


async def test_a_long_wording_is_edited_whole(place: Office, runtime: Runtime) -> None:
    only = {"facebook:0": "w" * 2_980, "linkedin:0": "", "x:0": "", "bluesky:0": ""}
    view = await shared_anew(place, runtime, place.amara, **only)
    assert text_in(view).endswith(LINK)
    await press_in_dialog(runtime, place.amara, dialog.EDIT)
    assert own_typed(view) == "w" * 2_980


async def test_a_colleague_in_the_wording_is_no_disclosure(place: Office, runtime: Runtime) -> None:
    wording = "An Acme employee, Jane Doe, tells how backups got faster."
    view = await shared_anew(place, runtime, place.amara, **{"linkedin:0": wording})
    assert DISCLOSURE in text_in(view)


async def test_a_private_word_is_not_lost_when_the_post_ends(
    place: Office, runtime: Runtime, message: Message, url: str
) -> None:
    view = await shared(place.amara, message)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SOMETHING_WRONG)
    place.amara.fill({"words": "The price is not public yet."})
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    assert view.callback_id == asides.WORD
    await place.amara.submit()
    assert rows(url, "SELECT detail FROM notice WHERE detail LIKE 'The price%'") == [
        ("The price is not public yet.",)
    ]
    assert dialog.OPEN not in buttons_in(view)


async def test_after_a_private_word_the_dialog_still_ends_with_its_post(
    place: Office, runtime: Runtime, message: Message
) -> None:
    view = await shared(place.amara, message)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SOMETHING_WRONG)
    place.amara.fill({"words": "The second sentence is odd."})
    await place.amara.submit()
    assert dialog.OPEN in buttons_in(view)
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()
    assert dialog.OPEN not in buttons_in(view)


async def test_words_that_were_corrected_meanwhile_are_said_to_be(
    place: Office, runtime: Runtime, message: Message
) -> None:
    view = await shared(place.amara, message)
    assert words.CORRECTED not in view.plain
    await place.cleo.press(card_of(place, 1), card.EDIT)
    place.cleo.fill({"linkedin:0": "Corrected: backups take a third less."})
    await place.cleo.submit()
    await asked(place.carl, "/advocacy approve 1")
    await runtime.kit.afterwards.drain()
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert words.CORRECTED in view.plain
    assert text_in(view).startswith("Corrected: ")
