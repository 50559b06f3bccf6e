"""Skipping, the five optional reasons, and changing one's mind in every direction."""

from __future__ import annotations

import pytest

from bot.domain.model import SkipReason
from bot.runtime import Runtime
from bot.sandbox import Message
from bot.slack.views import announcement, dialog, skip
from tests.slack.sharing import STANDS
from tests.support import (
    Office,
    announced,
    asked,
    live_post,
    press_in_dialog,
    pressed,
    rows,
    stored,
)


@pytest.fixture
async def message(place: Office, runtime: Runtime) -> Message:
    """A live post; Amara and Bo have joined."""
    post = await live_post(place, runtime)
    for person in (place.amara, place.bo):
        await asked(person, "/advocacy join")
    return post


def history(url: str) -> list[object]:
    return [row[0] for row in rows(url, "SELECT stage FROM response_event ORDER BY id")]


async def test_skip_thanks_and_offers_five_reasons_that_nobody_has_to_give(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    words = await pressed(runtime, place.amara, message, announcement.SKIP)
    assert words.startswith("Skipped, thank you.")
    assert "If you like" in words
    for reason in ("Not my audience", "Not my voice", "Too promotional", "Too often", "Not now"):
        assert f"[{reason}]" in words
    assert rows(url, STANDS) == [("skipped", None, None)]
    assert place.bo.private[-1].plain.startswith("You've joined"), "nobody else reads it"


@pytest.mark.parametrize("reason", list(SkipReason))
async def test_every_reason_is_stored_and_can_be_changed(
    place: Office, runtime: Runtime, url: str, message: Message, reason: SkipReason
) -> None:
    await pressed(runtime, place.amara, message, announcement.SKIP)
    answers = len(place.amara.private)
    words = await pressed(runtime, place.amara, place.amara.private[-1], skip.reason_action(reason))
    assert skip.WORDS[reason] in words
    assert f"[{skip.WORDS[reason]}]" not in words
    assert rows(url, STANDS) == [("skipped", reason, None)]
    other = next(one for one in SkipReason if one is not reason)
    await pressed(runtime, place.amara, place.amara.private[-1], skip.reason_action(other))
    assert rows(url, STANDS) == [("skipped", other, None)]
    assert len(place.amara.private) == answers, "the answer changes in its place"
    reasons = rows(url, "SELECT reason FROM response_event ORDER BY id")
    assert reasons == [(None,), (reason,), (other,)]


async def test_a_reason_can_be_taken_back(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await pressed(runtime, place.amara, message, announcement.SKIP)
    why = skip.reason_action(SkipReason.NOT_MY_VOICE)
    await pressed(runtime, place.amara, place.amara.private[-1], why)
    none = skip.reason_action(None)
    words = await pressed(runtime, place.amara, place.amara.private[-1], none)
    assert words.startswith("Skipped, thank you.")
    assert "[No reason]" not in words
    assert rows(url, STANDS) == [("skipped", None, None)]


async def test_skipping_again_keeps_the_reason_and_changes_nothing(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await pressed(runtime, place.amara, message, announcement.SKIP)
    why = skip.reason_action(SkipReason.TOO_OFTEN)
    await pressed(runtime, place.amara, place.amara.private[-1], why)
    before = stored(url)
    await pressed(runtime, place.amara, message, announcement.SKIP)
    assert stored(url) == before


async def test_a_double_click_on_skip_or_on_a_reason_is_one_skip(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    outcome = await place.amara.press(message, announcement.SKIP, times=3)
    assert all(one.acknowledged for one in (outcome, *outcome.repeats))
    await runtime.kit.afterwards.drain()
    assert history(url) == ["skipped"]
    why = skip.reason_action(SkipReason.NOT_NOW)
    await place.amara.press(place.amara.private[-1], why, times=3)
    await runtime.kit.afterwards.drain()
    assert history(url) == ["skipped", "skipped"]


async def test_skip_after_share_is_the_last_word(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await place.amara.press(message, announcement.SHARE)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    await press_in_dialog(runtime, place.amara, dialog.SHARED)
    await place.amara.close()
    words = await pressed(runtime, place.amara, message, announcement.SKIP)
    assert words.startswith("Skipped instead of shared, thank you.")
    assert rows(url, STANDS) == [("skipped", None, None)]
    assert history(url) == ["interested", "opened", "shared", "skipped"]


async def test_share_after_skip_is_the_last_word_and_forgets_the_reason(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await pressed(runtime, place.amara, message, announcement.SKIP)
    why = skip.reason_action(SkipReason.NOT_MY_VOICE)
    await pressed(runtime, place.amara, place.amara.private[-1], why)
    await place.amara.press(place.amara.private[-1], skip.SHARE_INSTEAD)
    assert place.amara.view is not None
    assert rows(url, STANDS) == [("interested", None, None)]
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert rows(url, STANDS) == [("opened", None, "linkedin")]
    assert history(url) == ["skipped", "skipped", "interested", "opened"]


async def test_a_dialog_left_open_counts_again_after_a_skip(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await place.amara.press(message, announcement.SHARE)
    await pressed(runtime, place.amara, message, announcement.SKIP)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    assert rows(url, STANDS) == [("opened", None, "linkedin")]


async def test_a_skip_by_somebody_who_has_not_joined_keeps_nothing(
    place: Office, runtime: Runtime, url: str
) -> None:
    message = await live_post(place, runtime)
    before = stored(url)
    words = await pressed(runtime, place.amara, message, announcement.SKIP)
    assert words == skip.not_joined().text
    assert stored(url) == before


async def test_nobody_sees_a_skip_or_its_reason(
    place: Office, runtime: Runtime, message: Message
) -> None:
    public = [one.plain for one in place.cleo.messages(place.comms)]
    await pressed(runtime, place.amara, message, announcement.SKIP)
    why = skip.reason_action(SkipReason.TOO_PROMOTIONAL)
    await pressed(runtime, place.amara, place.amara.private[-1], why)
    await runtime.tick()
    assert announced(place) == [message]
    assert [one.plain for one in place.cleo.messages(place.comms)] == public
    for person in (place.bo, place.cleo, place.carl):
        assert not [one for one in person.private if "promotional" in one.plain.lower()]


async def test_two_people_answer_one_post_each_in_their_own_way(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await pressed(runtime, place.amara, message, announcement.SKIP)
    await place.bo.press(message, announcement.SHARE)
    stages = rows(url, "SELECT stage FROM response ORDER BY stage")
    assert stages == [("interested",), ("skipped",)]
