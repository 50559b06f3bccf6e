"""Skipping, the five optional reasons, and changing one's mind in every direction."""

from __future__ import annotations

import pytest

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.slack.views import announcements, responses, share_dialog
from slack_sandbox import Message
from tests.slack.share_dialog import STANDS
from tests.support import (
    SlackWorld,
    all_rows,
    announced,
    click,
    click_in_dialog,
    live_post,
    rows,
    run_command,
)


@pytest.fixture
async def message(world: SlackWorld, runtime: Runtime) -> Message:
    """A live post; Amara and Bo have joined."""
    post = await live_post(world, runtime)
    for person in (world.amara, world.bo):
        await run_command(person, "/advocacy join")
    return post


def history(url: str) -> list[object]:
    return [row[0] for row in rows(url, "SELECT stage FROM response_event ORDER BY id")]


async def test_skip_thanks_and_offers_five_reasons_that_nobody_has_to_give(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    words = await click(runtime, world.amara, message, announcements.SKIP)
    assert words.startswith("Skipped, thank you.")
    assert "You can say why if you like." in words
    for reason in ("Not my audience", "Not my voice", "Too promotional", "Too often", "Not now"):
        assert f"[{reason}]" in words
    assert rows(url, STANDS) == [("skipped", None, None)]
    assert world.bo.private[-1].plain.startswith("You're in until"), "nobody else reads it"


@pytest.mark.parametrize("reason", list(SkipReason))
async def test_every_reason_is_stored_and_can_be_changed(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, reason: SkipReason
) -> None:
    await click(runtime, world.amara, message, announcements.SKIP)
    answers = len(world.amara.private)
    words = await click(
        runtime, world.amara, world.amara.private[-1], responses.reason_action(reason)
    )
    assert responses.REASON_LABELS[reason] in words
    assert f"[{responses.REASON_LABELS[reason]}]" not in words
    assert rows(url, STANDS) == [("skipped", reason, None)]
    other = next(one for one in SkipReason if one is not reason)
    await click(runtime, world.amara, world.amara.private[-1], responses.reason_action(other))
    assert rows(url, STANDS) == [("skipped", other, None)]
    assert len(world.amara.private) == answers, "the answer changes in its place"
    reasons = rows(url, "SELECT reason FROM response_event ORDER BY id")
    assert reasons == [(None,), (reason,), (other,)]


async def test_a_reason_can_be_taken_back(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await click(runtime, world.amara, message, announcements.SKIP)
    why = responses.reason_action(SkipReason.NOT_MY_VOICE)
    await click(runtime, world.amara, world.amara.private[-1], why)
    none = responses.reason_action(None)
    words = await click(runtime, world.amara, world.amara.private[-1], none)
    assert words.startswith("Skipped, thank you.")
    assert "[No reason]" not in words
    assert rows(url, STANDS) == [("skipped", None, None)]


async def test_skipping_again_keeps_the_reason_and_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await click(runtime, world.amara, message, announcements.SKIP)
    why = responses.reason_action(SkipReason.TOO_OFTEN)
    await click(runtime, world.amara, world.amara.private[-1], why)
    before = all_rows(url)
    await click(runtime, world.amara, message, announcements.SKIP)
    assert all_rows(url) == before


async def test_a_double_click_on_skip_or_on_a_reason_is_one_skip(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    outcome = await world.amara.press(message, announcements.SKIP, times=3)
    assert all(one.acknowledged for one in (outcome, *outcome.repeats))
    await runtime.context.background_tasks.drain()
    assert history(url) == ["skipped"]
    why = responses.reason_action(SkipReason.NOT_NOW)
    await world.amara.press(world.amara.private[-1], why, times=3)
    await runtime.context.background_tasks.drain()
    assert history(url) == ["skipped", "skipped"]


async def test_skip_after_share_is_the_last_word(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await world.amara.press(message, announcements.SHARE)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    await click_in_dialog(runtime, world.amara, share_dialog.SHARED)
    await world.amara.close()
    words = await click(runtime, world.amara, message, announcements.SKIP)
    assert words.startswith("Skipped instead of shared, thank you.")
    assert rows(url, STANDS) == [("skipped", None, None)]
    assert history(url) == ["interested", "opened", "shared", "skipped"]


async def test_share_after_skip_is_the_last_word_and_forgets_the_reason(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await click(runtime, world.amara, message, announcements.SKIP)
    why = responses.reason_action(SkipReason.NOT_MY_VOICE)
    await click(runtime, world.amara, world.amara.private[-1], why)
    await world.amara.press(world.amara.private[-1], responses.SHARE_INSTEAD)
    assert world.amara.view is not None
    assert rows(url, STANDS) == [("interested", None, None)]
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert rows(url, STANDS) == [("opened", None, "linkedin")]
    assert history(url) == ["skipped", "skipped", "interested", "opened"]


async def test_a_dialog_left_open_counts_again_after_a_skip(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await world.amara.press(message, announcements.SHARE)
    await click(runtime, world.amara, message, announcements.SKIP)
    await click_in_dialog(runtime, world.amara, share_dialog.OPEN)
    assert rows(url, STANDS) == [("opened", None, "linkedin")]


async def test_a_skip_by_somebody_who_has_not_joined_keeps_nothing(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    message = await live_post(world, runtime)
    before = all_rows(url)
    words = await click(runtime, world.amara, message, announcements.SKIP)
    assert words == responses.not_joined().text
    assert all_rows(url) == before


async def test_nobody_sees_a_skip_or_its_reason(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    public = [one.plain for one in world.cleo.messages(world.comms)]
    await click(runtime, world.amara, message, announcements.SKIP)
    why = responses.reason_action(SkipReason.TOO_PROMOTIONAL)
    await click(runtime, world.amara, world.amara.private[-1], why)
    await runtime.tick()
    assert announced(world) == [message]
    assert [one.plain for one in world.cleo.messages(world.comms)] == public
    for person in (world.bo, world.cleo, world.carl):
        assert not [one for one in person.private if "promotional" in one.plain.lower()]


async def test_two_people_answer_one_post_each_in_their_own_way(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await click(runtime, world.amara, message, announcements.SKIP)
    await world.bo.press(message, announcements.SHARE)
    stages = rows(url, "SELECT stage FROM response ORDER BY stage")
    assert stages == [("interested",), ("skipped",)]
