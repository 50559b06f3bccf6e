"""Sharing when something stands in the way: no consent yet, an ended post, a slow Slack."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.domain.model import PostState
from bot.runtime import Runtime
from bot.sandbox import Fault, Message, Person
from bot.slack.views import announcement, asides, dialog, words
from tests.slack.sharing import STANDS
from tests.support import Office, approved_post, asked, press_in_dialog, pressed, rows, stored


async def withdrawn(place: Office, runtime: Runtime) -> None:
    await asked(place.carl, "/advocacy withdraw 1")
    await runtime.kit.afterwards.drain()


def shown(person: Person) -> str:
    assert person.view is not None
    return person.view.plain


def callback(person: Person) -> str:
    """Which dialog is open."""
    assert person.view is not None
    return person.view.callback_id


def calls(place: Office, method: str) -> int:
    return len([call for call in place.sandbox.calls if call.method == method])


# Consent first.


async def test_consent_is_asked_first_and_the_same_dialog_goes_on(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = stored(url)
    await place.bo.press(message, announcement.SHARE)
    assert callback(place.bo) == asides.CONSENT
    assert stored(url) == before
    view, opened = place.bo.view, calls(place, "views.open")
    outcome = await place.bo.submit()
    assert outcome.error is None
    assert place.bo.views == [view]
    assert callback(place.bo) == dialog.DIALOG
    assert calls(place, "views.open") == opened, "never a second opening"
    assert rows(url, STANDS) == [("interested", None, None)]
    await press_in_dialog(runtime, place.bo, dialog.OPEN)
    assert rows(url, STANDS) == [("opened", None, "linkedin")]


async def test_not_now_stores_nothing(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = stored(url)
    await place.bo.press(message, announcement.SHARE)
    await place.bo.close()
    await runtime.tick()
    assert stored(url) == before


async def test_consent_given_twice_is_one(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await place.bo.press(message, announcement.SHARE)
    await asyncio.gather(place.bo.submit(), place.bo.submit())
    assert rows(url, "SELECT count(*) FROM member") == [(2,)]
    assert rows(url, STANDS) == [("interested", None, None)]
    assert rows(url, "SELECT stage FROM response_event") == [("interested",)]


async def test_consent_for_a_post_that_has_ended_is_told_as_it_is_stored(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await place.bo.press(message, announcement.SHARE)
    await withdrawn(place, runtime)
    await place.bo.submit()
    assert "has ended" in shown(place.bo)
    joined = rows(url, "SELECT count(*) FROM member") == [(2,)]
    assert joined != ("othing was stored" in shown(place.bo))
    assert rows(url, STANDS) == []


# Posts that are not there to be shared.


async def test_a_click_on_a_post_that_is_not_live_is_answered(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await approved_post(place, runtime, title="Waits")
    await withdrawn(place, runtime)
    before = stored(url)
    for post, sentence in ((1, words.POST_ENDED), (2, words.NOT_LIVE), (99, words.GONE)):
        old = place.sandbox.state.post(
            place.news, "old", _with_buttons(post), ephemeral_to=place.amara
        )
        for action in (announcement.SHARE, announcement.SKIP):
            assert await pressed(runtime, place.amara, old, action) == sentence
            assert place.amara.view is None
    assert stored(url) == before


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
                for name in (announcement.SHARE, announcement.SKIP)
            ],
        }
    ]


@pytest.mark.parametrize("editing", [False, True])
async def test_an_open_dialog_is_closed_with_its_post(
    place: Office, runtime: Runtime, message: Message, editing: bool
) -> None:
    await place.amara.press(message, announcement.SHARE)
    if editing:
        await press_in_dialog(runtime, place.amara, dialog.EDIT)
    await withdrawn(place, runtime)
    assert shown(place.amara) == f"Share\n{announcement.why_ended(PostState.WITHDRAWN)}\n[Close]"


async def test_a_dialog_that_began_with_consent_is_closed_with_its_post(
    place: Office, runtime: Runtime, message: Message
) -> None:
    await place.bo.press(message, announcement.SHARE)
    await place.bo.submit()
    await withdrawn(place, runtime)
    assert announcement.why_ended(PostState.WITHDRAWN) in shown(place.bo)


@pytest.mark.parametrize(
    "button",
    [
        dialog.OPEN,
        dialog.EDIT,
        f"{dialog.OTHER_NETWORK}:x",
        dialog.SHARED,
    ],
)
async def test_a_late_click_in_a_dialog_is_answered_there(
    place: Office, runtime: Runtime, url: str, message: Message, button: str
) -> None:
    await place.amara.press(message, announcement.SHARE)
    await press_in_dialog(runtime, place.amara, dialog.OPEN)
    place.sandbox.faults.add(Fault("views.update", error="internal_error"))
    await withdrawn(place, runtime)
    before = stored(url)
    await press_in_dialog(runtime, place.amara, button)
    assert words.POST_ENDED in shown(place.amara)
    assert stored(url) == before


async def test_own_words_submitted_too_late_are_answered_there(
    place: Office, runtime: Runtime, message: Message
) -> None:
    await place.amara.press(message, announcement.SHARE)
    await press_in_dialog(runtime, place.amara, dialog.EDIT)
    place.sandbox.faults.add(Fault("views.update", error="internal_error"))
    await withdrawn(place, runtime)
    outcome = await place.amara.submit()
    assert outcome.error is None
    assert words.POST_ENDED in shown(place.amara)


# Somebody who left.


async def test_somebody_who_left_is_asked_anew_before_sharing(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await asked(place.amara, "/advocacy leave")
    before = stored(url)
    await place.amara.press(message, announcement.SHARE)
    assert callback(place.amara) == asides.CONSENT
    await pressed(runtime, place.amara, message, announcement.SKIP)
    assert stored(url) == before


@pytest.mark.parametrize("button", [dialog.OPEN, dialog.EDIT, f"{dialog.OTHER_NETWORK}:x"])
async def test_a_dialog_from_before_leaving_stores_nothing_more(
    place: Office, runtime: Runtime, url: str, message: Message, button: str
) -> None:
    await place.amara.press(message, announcement.SHARE)
    await asked(place.amara, "/advocacy leave")
    before = stored(url)
    await press_in_dialog(runtime, place.amara, button)
    assert words.CONSENT_ENDED.replace("`", "") in shown(place.amara)
    assert stored(url) == before


async def test_an_old_reason_button_stores_nothing_after_leaving(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await pressed(runtime, place.amara, message, announcement.SKIP)
    old = place.amara.private[-1]
    await asked(place.amara, "/advocacy leave")
    before = stored(url)
    await pressed(runtime, place.amara, old, "skip_reason:not_now")
    assert stored(url) == before
    assert "Thank you:" not in old.plain


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
    place: Office, runtime: Runtime, url: str, message: Message, how: dict[str, Any]
) -> None:
    place.sandbox.faults.add(Fault("views.open", **how))
    assert await pressed(runtime, place.amara, message, announcement.SHARE) == words.DIALOG_FAILED
    assert rows(url, STANDS) == [("interested", None, None)]
    await place.amara.press(message, announcement.SHARE)
    assert callback(place.amara) == dialog.DIALOG
    assert rows(url, "SELECT stage FROM response_event") == [("interested",)]


async def test_a_consent_dialog_that_does_not_open_is_said_so(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = stored(url)
    place.sandbox.faults.add(Fault("views.open", error="expired_trigger_id"))
    assert await pressed(runtime, place.bo, message, announcement.SHARE) == words.DIALOG_FAILED
    assert stored(url) == before


async def test_a_double_click_on_share_is_one_interest_and_one_dialog(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    outcome = await place.amara.press(message, announcement.SHARE, times=2)
    assert all(one.acknowledged for one in (outcome, *outcome.repeats))
    await runtime.kit.afterwards.drain()
    assert len(place.amara.views) == 1
    assert rows(url, "SELECT stage FROM response_event") == [("interested",)]


@pytest.mark.parametrize("how", [{"status": 500}, {"cut": True}])
async def test_an_answer_that_cannot_be_given_does_not_fail_the_click(
    place: Office, runtime: Runtime, url: str, message: Message, how: dict[str, Any]
) -> None:
    before = len(place.amara.private)
    place.sandbox.faults.add(Fault("response_url", **how))
    outcome = await place.amara.press(message, announcement.SKIP)
    assert outcome.acknowledged
    await runtime.kit.afterwards.drain()
    assert len(place.amara.private) == before
    assert rows(url, STANDS) == [("skipped", None, None)]
    answer = await pressed(runtime, place.amara, message, announcement.SKIP)
    assert answer.startswith("Skipped, thank you.")
