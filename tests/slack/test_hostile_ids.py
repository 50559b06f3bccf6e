"""Ids that are none, such as halves of characters: no database is asked about them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.slack.views import announcements, replies, share_dialog, share_forms
from slack_sandbox import Message, View, payloads
from tests.slack.hostile import (
    Json,
    at_the_dialog,
    click_payload,
    send_payload,
    submission_payload,
)
from tests.support import SlackWorld, all_rows, click_in_dialog, deliver

pytestmark = pytest.mark.usefixtures("impatient")

NO_IDS = ("\ud800", "U\udfff1", "U" * 5_000, "U 1", "U1\n", "\u00fc")


def doctored(made: Callable[[], Json], *paths: str) -> Iterator[Json]:
    """A payload, each made anew, with each of those in each of some places, spelt with stops."""
    for path in paths:
        *way, last = path.split(".")
        for odd in NO_IDS:
            changed = json.loads(json.dumps(made()))
            holder: Any = changed
            for step in way:
                holder = holder[step]
            holder[last] = odd
            yield changed


@pytest.fixture
async def dialog(world: SlackWorld, runtime: Runtime, message: Message) -> View:
    """The share dialog, as a member has it open."""
    await world.amara.press(message, announcements.SHARE)
    await runtime.context.background_tasks.drain()
    return dialog_of(world)


def dialog_of(world: SlackWorld) -> View:
    """The one on top."""
    assert world.amara.view is not None
    return world.amara.view


async def test_a_command_with_one_is_unreadable(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    before = all_rows(url)
    state = world.sandbox.state
    sent = partial(payloads.command, state, world.bo, world.news, "/advocacy join")
    for odd in doctored(sent, "user_id", "trigger_id", "channel_id"):
        outcome = await deliver(world, odd, "slash_commands")
        assert outcome.response is not None
        assert outcome.response["text"] == replies.UNREADABLE, odd
    assert all_rows(url) == before


async def test_a_click_with_one_is_unreadable(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    click = partial(click_payload, world, world.amara, message, announcements.SKIP)
    places = ("user.id", "trigger_id", "channel.id", "container.channel_id", "container.message_ts")
    for odd in doctored(click, *places):
        assert await send_payload(world, runtime, world.amara, odd) == replies.UNREADABLE, odd
    assert all_rows(url) == before


async def test_a_form_with_one_is_unreadable(
    world: SlackWorld, runtime: Runtime, url: str, dialog: View
) -> None:
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.REPORT_PROBLEM)
    assert dialog_of(world).callback_id == share_forms.NOTE_FORM
    before = all_rows(url)
    sent = partial(submission_payload, world, world.amara, dialog_of(world))
    for odd in doctored(sent, "user.id", "trigger_id", "view.id"):
        assert at_the_dialog(await deliver(world, odd)) == replies.UNREADABLE, odd
    for kept in (r'{"post":1,"lesson":"\ud800"}', json.dumps({"post": 1, "x": "x" * 3_000})):
        odd = sent()
        odd["view"]["private_metadata"] = kept
        assert at_the_dialog(await deliver(world, odd)) == replies.UNREADABLE, kept
    assert all_rows(url) == before


async def test_a_dialog_with_one_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str, dialog: View
) -> None:
    before = all_rows(url)
    click = partial(click_payload, world, world.amara, dialog, share_dialog.EDIT)
    for odd in doctored(click, "view.id", "view.external_id"):
        assert (await deliver(world, odd)).acknowledged
        assert replies.UNREADABLE in str(dialog_of(world).body)
        await world.amara.close()
    assert all_rows(url) == before


async def test_an_event_with_one_shows_nobody_a_tab(world: SlackWorld, runtime: Runtime) -> None:
    opened = {"type": "app_home_opened", "tab": "home"}
    sent = partial(payloads.event, world.sandbox.state, opened)
    calls = len(world.sandbox.calls)
    for odd in doctored(sent, "event.user"):
        assert (await deliver(world, odd, "events_api")).acknowledged
    await runtime.context.background_tasks.drain()
    assert world.sandbox.calls[calls:] == []
