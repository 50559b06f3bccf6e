"""Hostile and broken payloads of the buttons in lessons, in direct messages and on the Home tab."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.slack.views import (
    announcements,
    asks,
    lessons,
    membership,
    pace_check,
    preferences,
    replies,
)
from slack_sandbox import Message, Person
from tests.slack.direct_asks import receive_ask
from tests.slack.hostile import NO_REF, PAGING, Json, click_payload, send_payload
from tests.support import SlackWorld, all_rows, card_of, deliver, plainly

pytestmark = pytest.mark.usefixtures("polite", "impatient")

NO_LESSON: list[Any] = [
    None, "", "|", "||", "|||", "x", "x|list", "x|nowhere|", "x|list|1:1", "x|skipped|",
    "x|skipped|1", "x|skipped|-1:1", f"x|skipped|{'9' * 400}:1", "x|HERE|", 5, True, [], {},
]  # fmt: skip


@pytest.mark.parametrize("action", [lessons.READ, lessons.NO_THANKS])
async def test_a_lessons_button_with_a_value_that_it_never_had(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, action: str
) -> None:
    before = all_rows(url)
    for who in (world.amara, world.bo):
        for value in NO_LESSON:
            payload = click_payload(world, who, message, action, value)
            assert await send_payload(world, runtime, who, payload) == replies.UNREADABLE, value
        assert who.view is None
    assert all_rows(url) == before


async def test_a_lesson_that_never_was_is_not_kept(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    for name in ("", "no-such-lesson", "../../etc/passwd", PAGING, "x" * 1_900, "\ud800"):
        payload = click_payload(world, world.amara, message, lessons.READ, f"{name}|here|")
        answer = await send_payload(world, runtime, world.amara, payload)
        assert answer == plainly(replies.NO_SUCH_LESSON), name
        payload = click_payload(world, world.amara, message, lessons.NO_THANKS, f"{name}|list|")
        assert (await deliver(world, payload)).acknowledged
        await runtime.context.background_tasks.drain()
    assert world.amara.view is None
    assert all_rows(url) == before


@pytest.fixture
async def proposal(world: SlackWorld, runtime: Runtime) -> Message:
    """A post proposed to Amara in a direct message."""
    return await receive_ask(world, runtime, world.amara)


def chosen(world: SlackWorld, who: Person, where: Message, option: Any) -> Json:
    """A choice in the menu of a direct message."""
    payload = click_payload(world, who, where, asks.MENU)
    payload["actions"][0] |= {"type": "overflow", "selected_option": option}
    return payload


async def test_a_choice_that_the_menu_never_had_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str, proposal: Message
) -> None:
    before = all_rows(url)
    refs = [value for value in NO_REF if isinstance(value, str)]
    values: list[Any] = [
        None, "", ":", "1:1", "never:1:1", "LATER:1:1", "later :1:1", 5, [], {},
        *(f"{choice}:{ref}" for choice in (asks.LATER, asks.LESS) for ref in refs),
    ]  # fmt: skip
    options: list[Any] = [None, [], "later:1:1", {}, *({"value": value} for value in values)]
    for option in options:
        payload = chosen(world, world.amara, proposal, option)
        assert await send_payload(world, runtime, world.amara, payload) == replies.UNREADABLE, (
            option
        )
    assert all_rows(url) == before
    assert "[Share] [Skip]" in proposal.plain


async def test_a_menu_that_stands_in_no_message_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str, proposal: Message
) -> None:
    before = all_rows(url)
    containers: list[Any] = [
        None, [], "x", {}, {"message_ts": proposal.ts}, {"channel_id": 5, "message_ts": ["1"]},
        {"channel_id": "D1", "message_ts": "1.1", "is_ephemeral": True},
    ]  # fmt: skip
    for container in containers:
        for action in (asks.MENU, asks.SKIP, asks.SHARE):
            payload = chosen(world, world.amara, proposal, {"value": f"{asks.PAUSE}:1:1"})
            payload["actions"][0] |= {"action_id": action}
            payload["container"] = container
            assert await send_payload(world, runtime, world.amara, payload) == replies.UNREADABLE
    assert all_rows(url) == before


@pytest.mark.parametrize("action", [asks.SHARE, asks.SKIP])
async def test_the_buttons_of_a_direct_message_with_values_that_they_never_had(
    world: SlackWorld, runtime: Runtime, url: str, proposal: Message, action: str
) -> None:
    before = all_rows(url)
    for value in NO_REF:
        payload = click_payload(world, world.amara, proposal, action, value)
        assert await send_payload(world, runtime, world.amara, payload) == replies.UNREADABLE, value
    payload = click_payload(world, world.amara, proposal, action, "77:1")
    assert await send_payload(world, runtime, world.amara, payload) == replies.GONE
    assert all_rows(url) == before
    assert world.amara.view is None


async def test_a_choice_about_a_post_that_never_was_says_so(
    world: SlackWorld, runtime: Runtime, url: str, proposal: Message
) -> None:
    before = all_rows(url)
    payload = chosen(world, world.amara, proposal, {"value": f"{asks.LATER}:77:1"})
    assert await send_payload(world, runtime, world.amara, payload) == replies.GONE
    assert all_rows(url) == before


@pytest.mark.parametrize("choice", [asks.LATER, asks.LESS, asks.PAUSE])
async def test_a_choice_of_somebody_who_has_not_joined_keeps_nothing(
    world: SlackWorld, runtime: Runtime, url: str, proposal: Message, choice: str
) -> None:
    before = all_rows(url)
    payload = chosen(world, world.bo, proposal, {"value": f"{choice}:1:1"})
    assert (await send_payload(world, runtime, world.bo, payload)).startswith("Hi, I'm Advocacy")
    assert all_rows(url) == before
    assert "[Share] [Skip]" in proposal.plain


async def test_only_comms_let_a_red_pace_go_on_and_only_when_it_is_red(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    for who, where, answer in (
        (world.amara, message, replies.NOT_COMMS),
        (world.bo, message, replies.NOT_COMMS),
        (world.gus, card_of(world, 1), replies.GUEST),
        (world.carl, card_of(world, 1), pace_check.nothing_to_acknowledge().text),
    ):
        for value in (None, "", "1:1", PAGING, 5, ["1:1"]):
            payload = click_payload(world, who, where, pace_check.ACKNOWLEDGE, value)
            read = await send_payload(world, runtime, who, payload)
            assert read.startswith(plainly(answer)), (who.name, value)
    assert all_rows(url) == before


async def on_home(world: SlackWorld, runtime: Runtime, who: Person, action: str, value: Any) -> str:
    """What a press on the Home tab is answered: the dialog that it opens, if it opens one."""
    await who.open_home()
    await runtime.context.background_tasks.drain()
    assert who.home is not None
    payload = copy.deepcopy(click_payload(world, who, who.home, action, value))
    outcome = await deliver(world, payload)
    assert outcome.acknowledged, (action, value)
    await runtime.context.background_tasks.drain()
    if who.view is None:
        return ""
    said = who.view.plain
    await who.close()
    return said


@pytest.mark.parametrize(
    "action", [announcements.SHARE, announcements.SKIP, lessons.READ, lessons.NO_THANKS]
)
async def test_a_button_of_the_home_tab_with_a_value_that_it_never_had(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, action: str
) -> None:
    before = all_rows(url)
    for value in (None, "", "x", "-1:1", "1:x", PAGING, "9" * 400, 5, ["1:1"]):
        said = await on_home(world, runtime, world.amara, action, value)
        assert replies.UNREADABLE in said, value
    assert all_rows(url) == before


async def test_what_is_gone_is_said_in_a_dialog_on_the_home_tab(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    for action, value, answer in (
        (announcements.SHARE, "77:1", replies.GONE),
        (announcements.SKIP, "77:1", replies.GONE),
        (lessons.READ, "no-such-lesson|list|", replies.NO_SUCH_LESSON),
    ):
        said = await on_home(world, runtime, world.amara, action, value)
        assert plainly(answer) in said, action
    assert all_rows(url) == before


async def test_an_unknown_button_of_the_home_tab_is_answered(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    for action in ("unknown", "SHARE", PAGING):
        said = await on_home(world, runtime, world.amara, action, "1:1")
        assert plainly(replies.OLD_BUTTON) in said, action
    assert all_rows(url) == before


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
        asks.RENEW,
    ],
)
async def test_a_members_button_pressed_at_home_without_consent_keeps_nothing(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, action: str
) -> None:
    before = all_rows(url)
    for value in (None, "", PAGING, 5):
        await on_home(world, runtime, world.bo, action, value)
        assert world.bo.home is not None
        assert world.bo.home.plain.startswith("Hi, I'm Advocacy")
    assert world.bo.private == []
    assert all_rows(url) == before
