"""Hostile and broken payloads for the smaller forms."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.model import Network
from bot.runtime import Runtime
from bot.sandbox import Message, Person, View
from bot.slack.views import announcement, asides, dialog, own_words, words
from tests.slack.hostile import NO_METADATA, PAGING, Json, at_the_dialog, submission
from tests.slack.sharing import own_field
from tests.support import Office, asked, deliver, live_post, press_in_dialog, stored

pytestmark = pytest.mark.usefixtures("polite", "impatient")

NO_TEXT: list[Any] = [
    None,
    "",
    " \n\t ",
    "\x00\x07",
    "\ud800",
    "\ufffe\uffff",
    5,
    True,
    [],
    ["x"],
    {"a": 1},
]


@pytest.fixture
async def post(place: Office, runtime: Runtime) -> Message:
    """A live post, and a member who may answer it."""
    message = await live_post(place, runtime, **{"mastodon:0": "Backups in half the time."})
    await asked(place.amara, "/advocacy join")
    return message


async def form(runtime: Runtime, who: Person, post: Message, callback: str) -> View:
    """One of the share dialog's forms, opened as a member opens it."""
    await who.press(post, announcement.SHARE)
    await runtime.kit.afterwards.drain()
    steps = {
        own_words.FORM: [dialog.EDIT],
        asides.WORD: [dialog.OPEN, dialog.SOMETHING_WRONG],
        asides.SERVER: [f"{dialog.OTHER_NETWORK}:{Network.MASTODON}", dialog.NAME_SERVER],
    }
    for step in steps[callback]:
        await press_in_dialog(runtime, who, step)
    assert who.view is not None
    assert who.view.callback_id == callback
    return who.view


def field(view: View, callback: str) -> tuple[str, str]:
    """The block and the element in which the form's text is typed."""
    if callback == own_words.FORM:
        return own_field(view), "own"
    return ("words", "words") if callback == asides.WORD else ("server", "server")


def typed(place: Office, who: Person, view: View, callback: str, value: Any) -> Json:
    """The form submitted with something typed in its one text field."""
    payload = submission(place, who, view)
    block, element = field(view, callback)
    payload["view"]["state"]["values"][block] = {element: {"value": value}}
    return payload


FORMS = [own_words.FORM, asides.WORD, asides.SERVER]


@pytest.mark.parametrize("callback", FORMS)
async def test_a_form_that_says_nothing_is_answered_at_its_field(
    place: Office, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, place.amara, post, callback)
    expected = {
        own_words.FORM: "Please write a few words of your own first.",
        asides.WORD: "Please write a few words first.",
        asides.SERVER: "Please give your server's name",
    }[callback]
    before = stored(url)
    for value in NO_TEXT:
        outcome = await deliver(place, typed(place, place.amara, view, callback, value))
        assert at_the_dialog(outcome).startswith(expected), value
        assert outcome.response is not None
        assert list(outcome.response["errors"]) == [field(view, callback)[0]]
    assert stored(url) == before


@pytest.mark.parametrize("callback", FORMS)
async def test_a_form_without_its_field_is_unreadable(
    place: Office, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, place.amara, post, callback)
    block, element = field(view, callback)
    before = stored(url)
    states: list[Any] = [
        None, [], "x", 5, {}, {"values": None}, {"values": {}}, {"values": []}, {"values": "x"},
        {"values": {block: None}}, {"values": {block: {}}}, {"values": {block: []}},
        {"values": {block: {element: None}}}, {"values": {block: {element: {}}}},
        {"values": {block: {"other": {"value": "x"}}}},
        {"values": {"other": {element: {"value": "x"}}}},
    ]  # fmt: skip
    for state in states:
        payload = submission(place, place.amara, view)
        payload["view"]["state"] = state
        assert at_the_dialog(await deliver(place, payload)) == words.UNREADABLE, state
    assert stored(url) == before


@pytest.mark.parametrize("callback", [asides.WORD, asides.SERVER])
async def test_a_form_that_kept_something_else_is_unreadable(
    place: Office, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, place.amara, post, callback)
    before = stored(url)
    for kept in NO_METADATA:
        payload = typed(place, place.amara, view, callback, "mastodon.social")
        payload["view"]["private_metadata"] = kept
        assert at_the_dialog(await deliver(place, payload)) == words.UNREADABLE, kept
    assert stored(url) == before


@pytest.mark.parametrize("callback", [own_words.FORM, asides.WORD])
async def test_a_form_about_a_post_that_never_was_says_so(
    place: Office, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, place.amara, post, callback)
    before = stored(url)
    for number in (2, 77, 2**31 - 1):
        payload = typed(place, place.amara, view, callback, "A few words.")
        kept = f'{{"post":{number},"network":"linkedin","wording":0,"own":null}}'
        payload["view"]["private_metadata"] = kept
        assert at_the_dialog(await deliver(place, payload)) == words.GONE
    assert stored(url) == before


@pytest.mark.parametrize("callback", FORMS)
async def test_a_form_sent_by_somebody_who_has_not_joined_keeps_nothing(
    place: Office, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, place.amara, post, callback)
    before = stored(url)
    payload = typed(place, place.bo, view, callback, "mastodon.social")
    assert at_the_dialog(await deliver(place, payload)) == words.CONSENT_ENDED
    assert stored(url) == before


async def test_two_fields_for_own_words_are_one_too_many(
    place: Office, runtime: Runtime, url: str, post: Message
) -> None:
    view = await form(runtime, place.amara, post, own_words.FORM)
    before = stored(url)
    payload = typed(place, place.amara, view, own_words.FORM, "A few words.")
    payload["view"]["state"]["values"]["own:other"] = {"own": {"value": "Others."}}
    assert words.UNREADABLE in at_the_dialog(await deliver(place, payload))
    assert stored(url) == before


async def test_own_words_without_end_are_refused_at_the_field(
    place: Office, runtime: Runtime, url: str, post: Message
) -> None:
    view = await form(runtime, place.amara, post, own_words.FORM)
    before = stored(url)
    for value in ("x" * 200_000, "\U0001f469\u200d" * 40_000, "e" + "\u0301" * 100_000):
        payload = typed(place, place.amara, view, own_words.FORM, value)
        assert "more than 2,800 characters" in at_the_dialog(await deliver(place, payload))
    assert stored(url) == before


async def test_own_words_that_call_everybody_call_nobody(
    place: Office, runtime: Runtime, post: Message
) -> None:
    view = await form(runtime, place.amara, post, own_words.FORM)
    payload = typed(place, place.amara, view, own_words.FORM, f"{PAGING} #AcmeEmployee")
    outcome = await deliver(place, payload)
    assert outcome.response is not None
    assert outcome.response["response_action"] == "update"
    shown = outcome.response["view"]["blocks"]
    marked = [block["text"] for block in shown if block["type"] == "section"]
    assert all("<!" not in text["text"] and "<@" not in text["text"] for text in marked)
    assert PAGING in str(shown), "in the frame, which Slack shows as it is"


@pytest.mark.parametrize(
    "server",
    [
        "localhost",
        "127.0.0.1",
        "2130706433",
        "[::1]",
        "http://169.254.169.254/latest/meta-data",
        "javascript:alert(1)",
        "mastodon.social:99999/../..",
        "evil.example@127.0.0.1",
        "intranet.acme.internal",
        PAGING,
        "a" * 5_000,
        "a." * 2_000 + "com",
        "mastodon.social\u202e.example",
        "'; DROP TABLE member; --",
    ],
    ids=lambda server: ascii(server)[:40],
)
async def test_a_server_that_leads_elsewhere_is_refused_and_not_remembered(
    place: Office, runtime: Runtime, url: str, post: Message, server: str
) -> None:
    view = await form(runtime, place.amara, post, asides.SERVER)
    before = stored(url)
    outcome = await deliver(place, typed(place, place.amara, view, asides.SERVER, server))
    assert at_the_dialog(outcome).startswith("Please give your server's name")
    assert stored(url) == before


@pytest.mark.parametrize(
    "ticked",
    [None, "sign", 5, {}, {"value": "sign"}, [], [{"value": "x"}], [{"value": None}]],
    ids=str,
)
async def test_a_word_is_signed_only_by_the_box_itself(
    place: Office, runtime: Runtime, post: Message, ticked: Any
) -> None:
    view = await form(runtime, place.amara, post, asides.WORD)
    payload = typed(place, place.amara, view, asides.WORD, PAGING)
    payload["view"]["state"]["values"]["sign"] = {"sign": {"selected_options": ticked}}
    outcome = await deliver(place, payload)
    assert "without your name" in str(outcome.response)
    await runtime.tick()
    await runtime.kit.afterwards.drain()
    [word] = [one for one in place.cleo.messages(place.comms) if "@everyone" in one.plain]
    assert word.pings == []
    assert place.amara.id not in str(word.blocks)
    assert "Amara" not in word.plain


@pytest.mark.parametrize("ticked", [["sign"], [None], [5], [{}]], ids=str)
async def test_a_box_that_was_never_there_is_unreadable(
    place: Office, runtime: Runtime, url: str, post: Message, ticked: Any
) -> None:
    view = await form(runtime, place.amara, post, asides.WORD)
    before = stored(url)
    payload = typed(place, place.amara, view, asides.WORD, "A few words.")
    payload["view"]["state"]["values"]["sign"] = {"sign": {"selected_options": ticked}}
    assert at_the_dialog(await deliver(place, payload)) == words.UNREADABLE
    assert stored(url) == before
