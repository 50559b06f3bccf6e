"""Sharing when something stands in the way: no consent yet, an ended post, a slow Slack."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.domain.post import PostState
from bot.runtime import Runtime
from bot.slack.views import announcements, replies, share_dialog, share_forms
from slack_sandbox import Fault, Message, Person
from tests.slack.share_dialog import STANDS, take_step
from tests.support import (
    SlackWorld,
    all_rows,
    approved_post,
    click,
    click_in_dialog,
    rows,
    run_command,
    withdraw,
)


async def withdrawn(world: SlackWorld, runtime: Runtime) -> None:
    await withdraw(world.carl, 1)
    await runtime.context.background_tasks.drain()


def shown(person: Person) -> str:
    assert person.view is not None
    return person.view.plain


def callback(person: Person) -> str:
    """Which dialog is open."""
    assert person.view is not None
    return person.view.callback_id


def calls(world: SlackWorld, method: str) -> int:
    return len([call for call in world.sandbox.calls if call.method == method])


# Consent first.


async def test_consent_is_asked_first_and_the_same_dialog_goes_on(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    await world.bo.press(message, announcements.SHARE)
    assert callback(world.bo) == share_forms.CONSENT
    assert all_rows(url) == before
    view, opened = world.bo.view, calls(world, "views.open")
    outcome = await world.bo.submit()
    assert outcome.error is None
    assert world.bo.views == [view]
    assert callback(world.bo) == share_dialog.DIALOG
    assert calls(world, "views.open") == opened, "never a second opening"
    assert rows(url, STANDS) == [("interested", None, None)]
    await click_in_dialog(runtime, world.bo, share_dialog.OPEN)
    assert rows(url, STANDS) == [("opened", None, "linkedin")]


async def test_not_now_stores_nothing(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    await world.bo.press(message, announcements.SHARE)
    await world.bo.close()
    await runtime.tick()
    assert all_rows(url) == before


async def test_consent_given_twice_is_one(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await world.bo.press(message, announcements.SHARE)
    await asyncio.gather(world.bo.submit(), world.bo.submit())
    assert rows(url, "SELECT count(*) FROM member") == [(2,)]
    assert rows(url, STANDS) == [("interested", None, None)]
    assert rows(url, "SELECT stage FROM response_event") == [("interested",)]


async def test_consent_for_a_post_that_has_ended_is_told_as_it_is_stored(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await world.bo.press(message, announcements.SHARE)
    await withdrawn(world, runtime)
    await world.bo.submit()
    assert "has ended" in shown(world.bo)
    joined = rows(url, "SELECT count(*) FROM member") == [(2,)]
    assert joined != ("othing was stored" in shown(world.bo))
    assert rows(url, STANDS) == []


# Posts that are not there to be shared.


async def test_a_click_on_a_post_that_is_not_live_is_answered(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await approved_post(world, runtime, title="Waits")
    await withdrawn(world, runtime)
    before = all_rows(url)
    for post, sentence in ((1, replies.POST_ENDED), (2, replies.NOT_LIVE), (99, replies.GONE)):
        old = world.sandbox.state.post(
            world.news, "old", _with_buttons(post), ephemeral_to=world.amara
        )
        for action in (announcements.SHARE, announcements.SKIP):
            assert await click(runtime, world.amara, old, action) == sentence
            assert world.amara.view is None
    assert all_rows(url) == before


def _with_buttons(post: int) -> list[dict[str, object]]:
    """The two buttons as the channel message of a post carries them."""
    return [
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": name},
                    "action_id": name,
                    "value": f"{post}:1",
                }
                for name in (announcements.SHARE, announcements.SKIP)
            ],
        }
    ]


@pytest.mark.parametrize("editing", [False, True])
async def test_an_open_dialog_is_closed_with_its_post(
    world: SlackWorld, runtime: Runtime, message: Message, editing: bool
) -> None:
    await world.amara.press(message, announcements.SHARE)
    if editing:
        await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    await withdrawn(world, runtime)
    assert shown(world.amara) == f"Share\n{announcements.why_ended(PostState.WITHDRAWN)}\n[Close]"


async def test_a_dialog_that_began_with_consent_is_closed_with_its_post(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await world.bo.press(message, announcements.SHARE)
    await world.bo.submit()
    await withdrawn(world, runtime)
    assert announcements.why_ended(PostState.WITHDRAWN) in shown(world.bo)


@pytest.mark.parametrize(
    "button",
    [
        share_dialog.OPEN,
        share_dialog.EDIT,
        share_dialog.NETWORK,
        share_dialog.SHARED,
    ],
)
async def test_a_late_click_in_a_dialog_is_answered_there(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, button: str
) -> None:
    await world.amara.press(message, announcements.SHARE)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    world.sandbox.faults.add(Fault("views.update", error="internal_error"))
    await withdrawn(world, runtime)
    before = all_rows(url)
    await take_step(runtime, world.amara, button)
    assert replies.POST_ENDED in shown(world.amara)
    assert all_rows(url) == before


async def test_own_words_submitted_too_late_are_answered_there(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await world.amara.press(message, announcements.SHARE)
    await click_in_dialog(runtime, world.amara, share_dialog.EDIT)
    world.sandbox.faults.add(Fault("views.update", error="internal_error"))
    await withdrawn(world, runtime)
    outcome = await world.amara.submit()
    assert outcome.error is None
    assert replies.POST_ENDED in shown(world.amara)


# Somebody who left.


async def test_somebody_who_left_is_asked_anew_before_sharing(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await run_command(world.amara, "/advocacy leave")
    before = all_rows(url)
    await world.amara.press(message, announcements.SHARE)
    assert callback(world.amara) == share_forms.CONSENT
    await click(runtime, world.amara, message, announcements.SKIP)
    assert all_rows(url) == before


@pytest.mark.parametrize("button", [share_dialog.OPEN, share_dialog.EDIT, share_dialog.NETWORK])
async def test_a_dialog_from_before_leaving_stores_nothing_more(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, button: str
) -> None:
    await world.amara.press(message, announcements.SHARE)
    await run_command(world.amara, "/advocacy leave")
    before = all_rows(url)
    await take_step(runtime, world.amara, button)
    assert replies.CONSENT_ENDED.replace("`", "") in shown(world.amara)
    assert all_rows(url) == before


async def test_an_old_reason_button_stores_nothing_after_leaving(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await click(runtime, world.amara, message, announcements.SKIP)
    old = world.amara.private[-1]
    await run_command(world.amara, "/advocacy leave")
    before = all_rows(url)
    await click(runtime, world.amara, old, "skip_reason:not_now")
    assert all_rows(url) == before
    assert "Thank you." not in old.plain


# Slack itself in the way.


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"error": "expired_trigger_id"}, id="expired"),
        pytest.param({"delay": 2.3}, id="too slow"),
        pytest.param({"status": 503}, id="503"),
        pytest.param({"cut": True}, id="cut"),
    ],
)
async def test_a_dialog_that_does_not_open_is_said_so_and_the_interest_is_stored_once(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, how: dict[str, Any]
) -> None:
    world.sandbox.faults.add(Fault("views.open", **how))
    assert await click(runtime, world.amara, message, announcements.SHARE) == replies.DIALOG_FAILED
    assert rows(url, STANDS) == [("interested", None, None)]
    await world.amara.press(message, announcements.SHARE)
    assert callback(world.amara) == share_dialog.DIALOG
    assert rows(url, "SELECT stage FROM response_event") == [("interested",)]


async def test_a_consent_dialog_that_does_not_open_is_said_so(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    world.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    assert await click(runtime, world.bo, message, announcements.SHARE) == replies.DIALOG_FAILED
    assert all_rows(url) == before


async def test_a_double_click_on_share_is_one_interest_and_one_dialog(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    outcome = await world.amara.press(message, announcements.SHARE, times=2)
    assert all(one.acknowledged for one in (outcome, *outcome.repeats))
    await runtime.context.background_tasks.drain()
    assert len(world.amara.views) == 1
    assert rows(url, "SELECT stage FROM response_event") == [("interested",)]


@pytest.mark.parametrize("how", [{"status": 500}, {"cut": True}])
async def test_an_answer_that_cannot_be_given_does_not_fail_the_click(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, how: dict[str, Any]
) -> None:
    before = len(world.amara.private)
    world.sandbox.faults.add(Fault("response_url", **how))
    outcome = await world.amara.press(message, announcements.SKIP)
    assert outcome.acknowledged
    await runtime.context.background_tasks.drain()
    assert len(world.amara.private) == before
    assert rows(url, STANDS) == [("skipped", None, None)]
    answer = await click(runtime, world.amara, message, announcements.SKIP)
    assert answer.startswith("Skipped, thank you.")
