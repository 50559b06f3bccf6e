"""Hostile and broken payloads for the smaller forms."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.post import Network
from bot.runtime import Runtime
from bot.slack.views import announcements, own_words, replies, share_dialog, share_forms
from slack_sandbox import Message, Person, View
from tests.slack.hostile import NO_METADATA, PAGING, Json, at_the_dialog, submission_payload
from tests.slack.share_dialog import choose_network, own_field
from tests.support import SlackWorld, all_rows, click_in_dialog, deliver, live_post, run_command

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
async def post(world: SlackWorld, runtime: Runtime) -> Message:
    """A live post, and a member who may answer it."""
    message = await live_post(world, runtime, **{"mastodon:0": "Backups in half the time."})
    await run_command(world.amara, "/advocacy join")
    return message


async def form(runtime: Runtime, who: Person, post: Message, callback: str) -> View:
    """One of the share dialog's forms, opened as a member opens it."""
    await who.press(post, announcements.SHARE)
    await runtime.context.background_tasks.drain()
    steps = {
        own_words.FORM: [share_dialog.EDIT],
        share_forms.NOTE_FORM: [share_dialog.OPEN, share_dialog.REPORT_PROBLEM],
        share_forms.SERVER: [share_dialog.NAME_SERVER],
    }
    if callback == share_forms.SERVER:
        await choose_network(runtime, who, Network.MASTODON)
    for step in steps[callback]:
        await click_in_dialog(runtime, who, step)
    assert who.view is not None
    assert who.view.callback_id == callback
    return who.view


def field(view: View, callback: str) -> tuple[str, str]:
    """The block and the element in which the form's text is typed."""
    if callback == own_words.FORM:
        return own_field(view), "own"
    return ("words", "words") if callback == share_forms.NOTE_FORM else ("server", "server")


def typed(world: SlackWorld, who: Person, view: View, callback: str, value: Any) -> Json:
    """The form submitted with something typed in its one text field."""
    payload = submission_payload(world, who, view)
    block, element = field(view, callback)
    payload["view"]["state"]["values"][block] = {element: {"value": value}}
    return payload


FORMS = [own_words.FORM, share_forms.NOTE_FORM, share_forms.SERVER]


@pytest.mark.parametrize("callback", FORMS)
async def test_a_form_that_says_nothing_is_answered_at_its_field(
    world: SlackWorld, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, world.amara, post, callback)
    expected = {
        own_words.FORM: "Please write your own text first.",
        share_forms.NOTE_FORM: "Please write your note first.",
        share_forms.SERVER: "Please give your server's name",
    }[callback]
    before = all_rows(url)
    for value in NO_TEXT:
        outcome = await deliver(world, typed(world, world.amara, view, callback, value))
        assert at_the_dialog(outcome).startswith(expected), value
        assert outcome.response is not None
        assert list(outcome.response["errors"]) == [field(view, callback)[0]]
    assert all_rows(url) == before


@pytest.mark.parametrize("callback", FORMS)
async def test_a_form_without_its_field_is_unreadable(
    world: SlackWorld, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, world.amara, post, callback)
    block, element = field(view, callback)
    before = all_rows(url)
    states: list[Any] = [
        None, [], "x", 5, {}, {"values": None}, {"values": {}}, {"values": []}, {"values": "x"},
        {"values": {block: None}}, {"values": {block: {}}}, {"values": {block: []}},
        {"values": {block: {element: None}}}, {"values": {block: {element: {}}}},
        {"values": {block: {"other": {"value": "x"}}}},
        {"values": {"other": {element: {"value": "x"}}}},
    ]  # fmt: skip
    for state in states:
        payload = submission_payload(world, world.amara, view)
        payload["view"]["state"] = state
        assert at_the_dialog(await deliver(world, payload)) == replies.UNREADABLE, state
    assert all_rows(url) == before


@pytest.mark.parametrize("callback", [share_forms.NOTE_FORM, share_forms.SERVER])
async def test_a_form_that_kept_something_else_is_unreadable(
    world: SlackWorld, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, world.amara, post, callback)
    before = all_rows(url)
    for kept in NO_METADATA:
        payload = typed(world, world.amara, view, callback, "mastodon.social")
        payload["view"]["private_metadata"] = kept
        assert at_the_dialog(await deliver(world, payload)) == replies.UNREADABLE, kept
    assert all_rows(url) == before


@pytest.mark.parametrize("callback", [own_words.FORM, share_forms.NOTE_FORM])
async def test_a_form_about_a_post_that_never_was_says_so(
    world: SlackWorld, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, world.amara, post, callback)
    before = all_rows(url)
    for number in (2, 77, 2**31 - 1):
        payload = typed(world, world.amara, view, callback, "A few words.")
        kept = f'{{"post":{number},"network":"linkedin","wording":0,"own":null}}'
        payload["view"]["private_metadata"] = kept
        assert at_the_dialog(await deliver(world, payload)) == replies.GONE
    assert all_rows(url) == before


@pytest.mark.parametrize("callback", FORMS)
async def test_a_form_sent_by_somebody_who_has_not_joined_keeps_nothing(
    world: SlackWorld, runtime: Runtime, url: str, post: Message, callback: str
) -> None:
    view = await form(runtime, world.amara, post, callback)
    before = all_rows(url)
    payload = typed(world, world.bo, view, callback, "mastodon.social")
    assert at_the_dialog(await deliver(world, payload)) == replies.CONSENT_ENDED
    assert all_rows(url) == before


async def test_two_fields_for_own_words_are_one_too_many(
    world: SlackWorld, runtime: Runtime, url: str, post: Message
) -> None:
    view = await form(runtime, world.amara, post, own_words.FORM)
    before = all_rows(url)
    payload = typed(world, world.amara, view, own_words.FORM, "A few words.")
    payload["view"]["state"]["values"]["own:other"] = {"own": {"value": "Others."}}
    assert replies.UNREADABLE in at_the_dialog(await deliver(world, payload))
    assert all_rows(url) == before


async def test_own_words_without_end_are_refused_at_the_field(
    world: SlackWorld, runtime: Runtime, url: str, post: Message
) -> None:
    view = await form(runtime, world.amara, post, own_words.FORM)
    before = all_rows(url)
    for value in ("x" * 200_000, "\U0001f469\u200d" * 40_000, "e" + "\u0301" * 100_000):
        payload = typed(world, world.amara, view, own_words.FORM, value)
        assert "more than 2,800 characters" in at_the_dialog(await deliver(world, payload))
    assert all_rows(url) == before


async def test_own_words_that_call_everybody_call_nobody(
    world: SlackWorld, runtime: Runtime, post: Message
) -> None:
    view = await form(runtime, world.amara, post, own_words.FORM)
    payload = typed(world, world.amara, view, own_words.FORM, f"{PAGING} #AcmeEmployee")
    outcome = await deliver(world, payload)
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
    world: SlackWorld, runtime: Runtime, url: str, post: Message, server: str
) -> None:
    view = await form(runtime, world.amara, post, share_forms.SERVER)
    before = all_rows(url)
    outcome = await deliver(world, typed(world, world.amara, view, share_forms.SERVER, server))
    assert at_the_dialog(outcome).startswith("Please give your server's name")
    assert all_rows(url) == before


@pytest.mark.parametrize(
    "ticked",
    [None, "sign", 5, {}, {"value": "sign"}, [], [{"value": "x"}], [{"value": None}]],
    ids=str,
)
async def test_a_note_is_signed_only_by_the_box_itself(
    world: SlackWorld, runtime: Runtime, url: str, post: Message, ticked: Any
) -> None:
    view = await form(runtime, world.amara, post, share_forms.NOTE_FORM)
    before = all_rows(url)
    payload = typed(world, world.amara, view, share_forms.NOTE_FORM, PAGING)
    payload["view"]["state"]["values"]["sign"] = {"sign": {"selected_options": ticked}}
    outcome = await deliver(world, payload)
    assert "too few members now for a note without a name" in str(outcome.response)
    await runtime.tick()
    assert not [one for one in world.cleo.messages(world.comms) if "@everyone" in one.plain]
    assert all_rows(url) == before


@pytest.mark.parametrize("ticked", [["sign"], [None], [5], [{}]], ids=str)
async def test_a_box_that_was_never_there_is_unreadable(
    world: SlackWorld, runtime: Runtime, url: str, post: Message, ticked: Any
) -> None:
    view = await form(runtime, world.amara, post, share_forms.NOTE_FORM)
    before = all_rows(url)
    payload = typed(world, world.amara, view, share_forms.NOTE_FORM, "A few words.")
    payload["view"]["state"]["values"]["sign"] = {"sign": {"selected_options": ticked}}
    assert at_the_dialog(await deliver(world, payload)) == replies.UNREADABLE
    assert all_rows(url) == before
