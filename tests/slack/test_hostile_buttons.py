"""Hostile and broken payloads of the buttons in lessons, in direct messages and on the Home tab."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.sandbox import Message, Person
from bot.slack.views import announcement, ask, lessons, membership, pace_check, preferences, words
from tests.slack.direct import proposed
from tests.slack.hostile import NO_REF, PAGING, Json, click, told
from tests.support import Office, card_of, deliver, plainly, stored

pytestmark = pytest.mark.usefixtures("polite", "impatient")

NO_LESSON: list[Any] = [
    None, "", "|", "||", "|||", "x", "x|list", "x|nowhere|", "x|list|1:1", "x|skipped|",
    "x|skipped|1", "x|skipped|-1:1", f"x|skipped|{'9' * 400}:1", "x|HERE|", 5, True, [], {},
]  # fmt: skip


@pytest.mark.parametrize("action", [lessons.READ, lessons.NO_THANKS])
async def test_a_lessons_button_with_a_value_that_it_never_had(
    place: Office, runtime: Runtime, url: str, message: Message, action: str
) -> None:
    before = stored(url)
    for who in (place.amara, place.bo):
        for value in NO_LESSON:
            payload = click(place, who, message, action, value)
            assert await told(place, runtime, who, payload) == words.UNREADABLE, value
        assert who.view is None
    assert stored(url) == before


async def test_a_lesson_that_never_was_is_not_kept(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = stored(url)
    for name in ("", "no-such-lesson", "../../etc/passwd", PAGING, "x" * 1_900, "\ud800"):
        payload = click(place, place.amara, message, lessons.READ, f"{name}|here|")
        answer = await told(place, runtime, place.amara, payload)
        assert answer == plainly(words.NO_SUCH_LESSON), name
        payload = click(place, place.amara, message, lessons.NO_THANKS, f"{name}|list|")
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
        payload = click(place, place.amara, proposal, action, value)
        assert await told(place, runtime, place.amara, payload) == words.UNREADABLE, value
    payload = click(place, place.amara, proposal, action, "77:1")
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
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = stored(url)
    for who, where, answer in (
        (place.amara, message, words.NOT_COMMS),
        (place.bo, message, words.NOT_COMMS),
        (place.gus, card_of(place, 1), words.GUEST),
        (place.carl, card_of(place, 1), pace_check.nothing_to_acknowledge().text),
    ):
        for value in (None, "", "1:1", PAGING, 5, ["1:1"]):
            payload = click(place, who, where, pace_check.ACKNOWLEDGE, value)
            read = await told(place, runtime, who, payload)
            assert read.startswith(plainly(answer)), (who.name, value)
    assert stored(url) == before


async def on_home(place: Office, runtime: Runtime, who: Person, action: str, value: Any) -> str:
    """What a press on the Home tab is answered: the dialog that it opens, if it opens one."""
    await who.open_home()
    await runtime.kit.afterwards.drain()
    assert who.home is not None
    payload = copy.deepcopy(click(place, who, who.home, action, value))
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
    place: Office, runtime: Runtime, url: str, message: Message, action: str
) -> None:
    before = stored(url)
    for value in (None, "", "x", "-1:1", "1:x", PAGING, "9" * 400, 5, ["1:1"]):
        said = await on_home(place, runtime, place.amara, action, value)
        assert words.UNREADABLE in said, value
    assert stored(url) == before


async def test_what_is_gone_is_said_in_a_dialog_on_the_home_tab(
    place: Office, runtime: Runtime, url: str, message: Message
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
    place: Office, runtime: Runtime, url: str, message: Message
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
    place: Office, runtime: Runtime, url: str, message: Message, action: str
) -> None:
    before = stored(url)
    for value in (None, "", PAGING, 5):
        await on_home(place, runtime, place.bo, action, value)
        assert place.bo.home is not None
        assert place.bo.home.plain.startswith("You aren't taking part")
    assert place.bo.private == []
    assert stored(url) == before
