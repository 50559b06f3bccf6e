"""One's own voice: disclosing in one's own way, a picture, a language, and a way back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.domain.model import Network
from bot.runtime import Runtime
from bot.sandbox import Fault, Person, payloads
from bot.slack.views import asides, dialog, own_words, words
from tests.slack.sharing import (
    STANDS,
    buttons_in,
    opened_text,
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
    bot_running,
    card_of,
    deliver,
    live_post,
    meddle,
    press_in_dialog,
    rows,
    stored,
)

FIRST = "Backups now take half the time. Here is how we got there."


async def writes(runtime: Runtime, person: Person, words: str) -> None:
    await press_in_dialog(runtime, person, dialog.EDIT)
    type_own(person, words)
    outcome = await person.submit()
    assert outcome.acknowledged, outcome.error


# Disclosure.


async def test_dropping_the_disclosure_is_explained_and_put_back_by_one_button(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await shared_anew(place, runtime, place.amara)
    await writes(runtime, place.amara, f"Proud of this.\n\n{LINK}")
    assert "in many countries the law asks for it" in view.plain
    assert own_typed(view) == f"Proud of this.\n\n{LINK}", "what was typed stays"
    before = stored(url)
    await press_in_dialog(runtime, place.amara, own_words.PUT_BACK)
    assert text_in(view) == f"Proud of this. {DISCLOSURE}\n\n{LINK}"
    assert stored(url) == before
    outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert opened_text(outcome) == text_in(view)


async def test_words_typed_after_the_question_are_the_ones_that_count(
    place: Office, runtime: Runtime
) -> None:
    view = await shared_anew(place, runtime, place.amara)
    await writes(runtime, place.amara, "Proud of this.")
    type_own(place.amara, "Proud of all of this.")
    await press_in_dialog(runtime, place.amara, own_words.PUT_BACK)
    assert text_in(view) == f"Proud of all of this. {DISCLOSURE}\n\n{LINK}"


async def test_a_member_may_keep_their_own_phrase(place: Office, runtime: Runtime) -> None:
    said = "Ich arbeite bei Acme und bin stolz darauf."
    view = await shared_anew(place, runtime, place.amara)
    await writes(runtime, place.amara, said)
    await press_in_dialog(runtime, place.amara, own_words.SAID_SO)
    assert text_in(view) == f"{said}\n\n{LINK}"
    await press_in_dialog(runtime, place.amara, f"{dialog.OTHER_NETWORK}:{Network.X}")
    assert text_in(view) == f"{said} {LINK}"
    outcome = await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert opened_text(outcome) == text_in(view)
    await press_in_dialog(runtime, place.amara, dialog.BACK)
    assert DISCLOSURE in text_in(view)


@pytest.fixture
async def phrased(place: Office, url: str) -> AsyncIterator[Runtime]:
    phrases = "Ich arbeite bei Acme; #AcmeTeam"
    async with bot_running(place, url, DISCLOSURE_PHRASES=phrases) as runtime:
        yield runtime


async def test_a_phrase_that_the_workspace_accepts_is_not_asked_about(
    place: Office, phrased: Runtime
) -> None:
    view = await shared_anew(place, phrased, place.amara)
    await writes(phrased, place.amara, "Neu: ich arbeite bei Acme.")
    assert text_in(view) == f"Neu: ich arbeite bei Acme.\n\n{LINK}"


async def test_suggested_words_left_as_they_are_stay_suggested(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await shared_anew(place, runtime, place.amara)
    await press_in_dialog(runtime, place.amara, dialog.EDIT)
    await place.amara.submit()
    assert "in your own words" not in view.plain
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    opened = "SELECT count(*) FROM response_event WHERE wording_id IS NOT NULL"
    assert rows(url, opened) == [(1,)]


async def test_other_words_come_in_another_field(place: Office, runtime: Runtime) -> None:
    """Slack keeps what was typed into a block as long as the block stays the same."""
    view = await shared_anew(place, runtime, place.amara)
    await press_in_dialog(runtime, place.amara, dialog.EDIT)
    [first] = view.values
    await press_in_dialog(runtime, place.amara, dialog.BACK)
    await press_in_dialog(runtime, place.amara, f"{dialog.OTHER_NETWORK}:{Network.X}")
    await press_in_dialog(runtime, place.amara, dialog.EDIT)
    [second] = view.values
    assert first != second
    assert own_typed(view).startswith("Backups in half the time.")


# Pictures and languages.


async def test_a_picture_is_offered_to_save_and_its_description_to_copy(
    place: Office, runtime: Runtime
) -> None:
    picture = "https://acme.example/a.png?b=1&c"
    alt = "Two clocks, & one of them: <fast>."
    view = await shared_anew(place, runtime, place.amara, picture=picture, picture_alt=alt)
    assert alt in view.plain
    outcome = await press_in_dialog(runtime, place.amara, dialog.PICTURE)
    assert outcome.url == picture
    assert alt in card_of(place, 1).plain


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"picture": "https://a.example/a.png"}, "picture_alt", "what the picture shows"),
        ({"picture": "a.png", "picture_alt": "A"}, "picture", "Please give a full link"),
        ({"picture": "javascript:x", "picture_alt": "A"}, "picture", "Please give a full link"),
    ],
)
async def test_a_picture_needs_an_address_and_a_description(
    place: Office, runtime: Runtime, url: str, changed: dict[str, str], field: str, words: str
) -> None:
    before = stored(url)
    await place.cleo.command("/advocacy queue")
    place.cleo.fill({"title": "A", "link": LINK, "why": "B", "x:0": "C", **changed})
    await place.cleo.submit()
    assert place.cleo.view is not None
    assert list(place.cleo.view.errors) == [field]
    assert words in place.cleo.view.errors[field]
    assert stored(url) == before


async def test_a_member_gets_their_own_language_first_and_can_see_the_others(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await live_post(
        place, runtime, **{"x:0": "[de] Alles neu.", "bluesky:0": "[ad] New."}
    )
    await asked(place.amara, "/advocacy join")
    words = "SELECT network, text, language FROM wording WHERE network != 'linkedin'"
    assert sorted(rows(url, words)) == [("bluesky", "[ad] New.", None), ("x", "Alles neu.", "de")]
    meddle(url, "UPDATE member SET language = 'de', network = 'x'")
    view = await shared(place.amara, message)
    assert text_in(view).startswith("Alles neu.")
    assert "For X, in German" in view.plain


# A way back, and a private word.


async def test_a_changed_mind_leaves_nothing_that_says_opened(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await shared_anew(place, runtime, place.amara)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SHARED)
    await press_in_dialog(runtime, place.amara, dialog.NOT_SHARED)
    await press_in_dialog(runtime, place.amara, dialog.TAKE_BACK)
    assert rows(url, "SELECT stage, network FROM response") == [("interested", None)]
    assert rows(url, "SELECT DISTINCT stage, wording_id FROM response_event") == [
        ("interested", None)
    ]
    assert rows(url, "SELECT network FROM member") == [(None,)]
    assert text_in(view).startswith(FIRST)
    assert words.TAKEN_BACK in view.plain
    assert not {dialog.SHARED, dialog.TAKE_BACK} & buttons_in(view)


async def test_an_error_can_be_told_before_anything_was_opened(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await shared_anew(place, runtime, place.amara)
    await word(runtime, place.amara, "The link is broken.")
    assert "gets your words" in view.plain
    assert rows(url, STANDS) == [("interested", None, None)]
    await runtime.tick()
    assert len(told(place, "The link is broken.")) == 1


async def word(runtime: Runtime, person: Person, words: str, *, sign: bool = False) -> None:
    await press_in_dialog(runtime, person, dialog.SOMETHING_WRONG)
    person.fill({"words": words, "sign": ["sign"] if sign else []})
    await person.submit()


def told(place: Office, words: str) -> list[str]:
    """The messages to comms with these words."""
    said = [message.plain for message in place.cleo.messages(place.comms)]
    return [plain for plain in said if words in plain]


@pytest.mark.parametrize("sign", [True, False])
async def test_a_private_word_reaches_comms_as_typed_and_unsigned_unless_wanted(
    place: Office, runtime: Runtime, url: str, sign: bool
) -> None:
    words = "The *date* is wrong, <!channel> & co."
    view = await shared_anew(place, runtime, place.amara)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await word(runtime, place.amara, words, sign=sign)
    assert ("with your name" in view.plain) is sign
    assert dialog.SHARED in buttons_in(view), "the dialog goes on"
    await runtime.tick()
    [said] = told(place, words)
    assert ("amara" in said) is sign
    assert "post 1" in said
    assert rows(url, "SELECT who, detail FROM notice WHERE kind = 'private_word'") == [(None, None)]
    assert "is wrong" not in str(stored(url)), "once it is there, it is kept nowhere else"
    [message] = [one for one in place.cleo.messages(place.comms) if words in one.plain]
    assert "<!channel>" not in message.pings


async def test_a_private_word_waits_until_slack_takes_it_and_comes_once(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await shared_anew(place, runtime, place.amara)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SOMETHING_WRONG)
    place.amara.fill({"words": "Once only."})
    payload = payloads.view_submission(place.sandbox.state, place.amara, view)
    place.sandbox.faults.add(Fault("chat.postMessage", status=429, times=2))
    for _ in range(2):
        assert (await deliver(place, payload)).acknowledged
    await runtime.kit.afterwards.drain()
    await runtime.tick()
    await runtime.tick()
    assert len(told(place, "Once only.")) == 1


async def test_an_empty_word_is_not_sent_and_the_longest_is(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await shared_anew(place, runtime, place.amara)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    before = stored(url)
    await word(runtime, place.amara, " \n ")
    assert view.errors == {"words": "Please write a few words first."}
    assert stored(url) == before
    place.amara.fill({"words": "&" * asides.LONGEST_WORD})
    await place.amara.submit()
    await runtime.tick()
    assert len(told(place, "&" * asides.LONGEST_WORD)) == 1


async def test_a_word_about_a_post_that_has_just_ended_is_taken_and_said_to_be(
    place: Office, runtime: Runtime, url: str
) -> None:
    view = await shared_anew(place, runtime, place.amara)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SOMETHING_WRONG)
    place.amara.fill({"words": "It was withdrawn, rightly."})
    payload = payloads.view_submission(place.sandbox.state, place.amara, view)
    await place.carl.command("/advocacy withdraw 1")
    outcome = await deliver(place, payload)
    assert outcome.acknowledged
    assert "gets your words" in str(outcome.response)
    await runtime.tick()
    assert len(told(place, "It was withdrawn, rightly.")) == 1
