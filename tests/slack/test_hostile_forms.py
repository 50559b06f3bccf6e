"""Hostile and broken payloads for the smaller forms, the lessons, the menu and the Home tab."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.model import Network
from bot.runtime import Runtime
from bot.sandbox import Message, Person, View
from bot.slack.views import (
    announcement,
    asides,
    ask,
    dialog,
    lessons,
    membership,
    own_words,
    pace_check,
    preferences,
    words,
)
from tests.slack.direct import assert_polite_to_members, proposed
from tests.slack.test_hostile import (
    NO_METADATA,
    NO_REF,
    Json,
    at_the_dialog,
    click,
    submission,
    told,
)
from tests.support import (
    Office,
    asked,
    bot_running,
    card_of,
    deliver,
    live_post,
    office,
    own_field,
    plainly,
    press_in_dialog,
    stored,
)

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
PAGING = "<!channel> <!here> <@U000000001> <!subteam^S1> @everyone"


@pytest.fixture
async def place() -> AsyncIterator[Office]:
    async with office() as place:
        yield place
        assert_polite_to_members(place)


@pytest.fixture
async def runtime(place: Office, url: str) -> AsyncIterator[Runtime]:
    async with bot_running(place, url, TOPICS="releases") as runtime:
        place.sandbox.dispatcher.acknowledge_within = 1.0
        yield runtime


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
        assert "of 3,000 on LinkedIn" in at_the_dialog(await deliver(place, payload))
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


NO_LESSON: list[Any] = [
    None, "", "|", "||", "|||", "x", "x|list", "x|nowhere|", "x|list|1:1", "x|skipped|",
    "x|skipped|1", "x|skipped|-1:1", f"x|skipped|{'9' * 400}:1", "x|HERE|", 5, True, [], {},
]  # fmt: skip


@pytest.mark.parametrize("action", [lessons.READ, lessons.NO_THANKS])
async def test_a_lessons_button_with_a_value_that_it_never_had(
    place: Office, runtime: Runtime, url: str, post: Message, action: str
) -> None:
    before = stored(url)
    for who in (place.amara, place.bo):
        for value in NO_LESSON:
            payload = click(place, who, post, action)
            payload["actions"][0]["value"] = value
            assert await told(place, runtime, who, payload) == words.UNREADABLE, value
        assert who.view is None
    assert stored(url) == before


async def test_a_lesson_that_never_was_is_not_kept(
    place: Office, runtime: Runtime, url: str, post: Message
) -> None:
    before = stored(url)
    for name in ("", "no-such-lesson", "../../etc/passwd", PAGING, "x" * 1_900, "\ud800"):
        payload = click(place, place.amara, post, lessons.READ)
        payload["actions"][0]["value"] = f"{name}|here|"
        answer = await told(place, runtime, place.amara, payload)
        assert answer == plainly(words.NO_SUCH_LESSON), name
        payload = click(place, place.amara, post, lessons.NO_THANKS)
        payload["actions"][0]["value"] = f"{name}|list|"
        assert (await deliver(place, payload)).acknowledged
        await runtime.kit.afterwards.drain()
    assert place.amara.view is None
    assert stored(url) == before


@pytest.fixture
async def proposal(place: Office, runtime: Runtime) -> Message:
    """A post proposed to Amara in a direct message."""
    return await proposed(place, runtime, place.amara)


def chosen(place: Office, who: Person, where: Message, option: Any) -> Json:
    """A choice in the menu of a direct message."""
    payload = click(place, who, where, ask.MENU)
    payload["actions"][0] |= {"type": "overflow", "selected_option": option}
    return payload


async def test_a_choice_that_the_menu_never_had_changes_nothing(
    place: Office, runtime: Runtime, url: str, proposal: Message
) -> None:
    before = stored(url)
    refs = [value for value in NO_REF if isinstance(value, str)]
    values: list[Any] = [
        None, "", ":", "1:1", "never:1:1", "LATER:1:1", "later :1:1", 5, [], {},
        *(f"{choice}:{ref}" for choice in (ask.LATER, ask.LEAVE) for ref in refs),
    ]  # fmt: skip
    options: list[Any] = [None, [], "later:1:1", {}, *({"value": value} for value in values)]
    for option in options:
        payload = chosen(place, place.amara, proposal, option)
        assert await told(place, runtime, place.amara, payload) == words.UNREADABLE, option
    assert stored(url) == before
    assert "[Share] [Skip]" in proposal.plain


async def test_a_menu_that_stands_in_no_message_changes_nothing(
    place: Office, runtime: Runtime, url: str, proposal: Message
) -> None:
    before = stored(url)
    containers: list[Any] = [
        None, [], "x", {}, {"message_ts": proposal.ts}, {"channel_id": 5, "message_ts": ["1"]},
        {"channel_id": "D1", "message_ts": "1.1", "is_ephemeral": True},
    ]  # fmt: skip
    for container in containers:
        for action in (ask.MENU, ask.SKIP, ask.SHARE):
            payload = chosen(place, place.amara, proposal, {"value": f"{ask.LEAVE}:1:1"})
            payload["actions"][0] |= {"action_id": action}
            payload["container"] = container
            assert await told(place, runtime, place.amara, payload) == words.UNREADABLE
    assert stored(url) == before


@pytest.mark.parametrize("action", [ask.SHARE, ask.SKIP])
async def test_the_buttons_of_a_direct_message_with_values_that_they_never_had(
    place: Office, runtime: Runtime, url: str, proposal: Message, action: str
) -> None:
    before = stored(url)
    for value in NO_REF:
        payload = click(place, place.amara, proposal, action)
        payload["actions"][0]["value"] = value
        assert await told(place, runtime, place.amara, payload) == words.UNREADABLE, value
    payload = click(place, place.amara, proposal, action)
    payload["actions"][0]["value"] = "77:1"
    assert await told(place, runtime, place.amara, payload) == words.GONE
    assert stored(url) == before
    assert place.amara.view is None


async def test_a_choice_about_a_post_that_never_was_says_so(
    place: Office, runtime: Runtime, url: str, proposal: Message
) -> None:
    before = stored(url)
    payload = chosen(place, place.amara, proposal, {"value": f"{ask.LATER}:77:1"})
    assert await told(place, runtime, place.amara, payload) == words.GONE
    assert stored(url) == before


@pytest.mark.parametrize("choice", [ask.LATER, ask.LESS, ask.PAUSE])
async def test_a_choice_of_somebody_who_has_not_joined_keeps_nothing(
    place: Office, runtime: Runtime, url: str, proposal: Message, choice: str
) -> None:
    before = stored(url)
    payload = chosen(place, place.bo, proposal, {"value": f"{choice}:1:1"})
    assert (await told(place, runtime, place.bo, payload)).startswith("You aren't taking part")
    assert stored(url) == before
    assert "[Share] [Skip]" in proposal.plain


async def test_only_comms_let_a_red_pace_go_on_and_only_when_it_is_red(
    place: Office, runtime: Runtime, url: str, post: Message
) -> None:
    before = stored(url)
    for who, where, answer in (
        (place.amara, post, words.NOT_COMMS),
        (place.bo, post, words.NOT_COMMS),
        (place.gus, card_of(place, 1), words.GUEST),
        (place.carl, card_of(place, 1), pace_check.nothing_to_acknowledge().text),
    ):
        for value in (None, "", "1:1", PAGING, 5, ["1:1"]):
            payload = click(place, who, where, pace_check.ACKNOWLEDGE)
            payload["actions"][0]["value"] = value
            read = await told(place, runtime, who, payload)
            assert read.startswith(plainly(answer)), (who.name, value)
    assert stored(url) == before


async def on_home(place: Office, runtime: Runtime, who: Person, action: str, value: Any) -> str:
    """What a press on the Home tab is answered: the dialog that it opens, if it opens one."""
    await who.open_home()
    await runtime.kit.afterwards.drain()
    assert who.home is not None
    payload = copy.deepcopy(click(place, who, who.home, action))
    payload["actions"][0]["value"] = value
    outcome = await deliver(place, payload)
    assert outcome.acknowledged, (action, value)
    await runtime.kit.afterwards.drain()
    if who.view is None:
        return ""
    said = who.view.plain
    await who.close()
    return said


@pytest.mark.parametrize(
    "action", [announcement.SHARE, announcement.SKIP, lessons.READ, lessons.NO_THANKS]
)
async def test_a_button_of_the_home_tab_with_a_value_that_it_never_had(
    place: Office, runtime: Runtime, url: str, post: Message, action: str
) -> None:
    before = stored(url)
    for value in (None, "", "x", "-1:1", "1:x", PAGING, "9" * 400, 5, ["1:1"]):
        said = await on_home(place, runtime, place.amara, action, value)
        assert words.UNREADABLE in said, value
    assert stored(url) == before


async def test_what_is_gone_is_said_in_a_dialog_on_the_home_tab(
    place: Office, runtime: Runtime, url: str, post: Message
) -> None:
    before = stored(url)
    for action, value, answer in (
        (announcement.SHARE, "77:1", words.GONE),
        (announcement.SKIP, "77:1", words.GONE),
        (lessons.READ, "no-such-lesson|list|", words.NO_SUCH_LESSON),
    ):
        said = await on_home(place, runtime, place.amara, action, value)
        assert plainly(answer) in said, action
    assert stored(url) == before


async def test_an_unknown_button_of_the_home_tab_is_answered(
    place: Office, runtime: Runtime, url: str, post: Message
) -> None:
    before = stored(url)
    for action in ("unknown", "SHARE", PAGING):
        said = await on_home(place, runtime, place.amara, action, "1:1")
        assert plainly(words.OLD_BUTTON) in said, action
    assert stored(url) == before


@pytest.mark.parametrize(
    "action",
    [
        membership.PAUSE,
        membership.RESUME,
        membership.LEAVE,
        membership.IN_CHANNEL,
        membership.BROWSE_ONLY,
        membership.PRACTISE,
        preferences.OPEN,
        ask.RENEW,
    ],
)
async def test_a_members_button_pressed_at_home_without_consent_keeps_nothing(
    place: Office, runtime: Runtime, url: str, post: Message, action: str
) -> None:
    before = stored(url)
    for value in (None, "", PAGING, 5):
        await on_home(place, runtime, place.bo, action, value)
        assert place.bo.home is not None
        assert place.bo.home.plain.startswith("You aren't taking part")
    assert place.bo.private == []
    assert stored(url) == before
