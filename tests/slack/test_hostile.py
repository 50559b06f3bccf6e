"""Payloads with missing or hostile fields: a clear private answer, and nothing changes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.sandbox import Message
from bot.slack.views import (
    announcement,
    asides,
    card,
    dialog,
    membership,
    notices,
    own_words,
    post_form,
    skip,
    words,
)
from tests.slack.hostile import NO_METADATA, NO_REF, Json, at_the_dialog, click, submission, told
from tests.support import Office, card_of, deliver, fields, plainly, stored

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.mark.parametrize(
    ("action", "comms"),
    [
        (announcement.SHARE, False),
        (announcement.SKIP, False),
        (f"{skip.REASON}:not_now", False),
        (card.APPROVE, True),
        (card.SEND_BACK, True),
        (card.EDIT, True),
        (card.WITHDRAW, True),
        (notices.IT_IS_THERE, True),
        (notices.SEND_AGAIN, True),
    ],
)
async def test_a_button_with_a_value_that_it_never_had(
    place: Office, runtime: Runtime, url: str, message: Message, action: str, comms: bool
) -> None:
    who = place.carl if comms else place.amara
    where = card_of(place, 1) if comms else message
    before = stored(url)
    for value in NO_REF:
        if action in (notices.IT_IS_THERE, notices.SEND_AGAIN) and value == "1":
            continue
        payload = click(place, who, where, action)
        if value is None:
            del payload["actions"][0]["value"]
        else:
            payload["actions"][0]["value"] = value
        assert await told(place, runtime, who, payload) == words.UNREADABLE, value
    assert who.view is None
    assert stored(url) == before


async def test_a_button_of_a_post_that_never_was(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = stored(url)
    for action, value, answer in (
        (announcement.SHARE, "2:1", words.GONE),
        (announcement.SKIP, "2147483647:0", words.GONE),
    ):
        payload = click(place, place.amara, message, action, value)
        assert await told(place, runtime, place.amara, payload) == answer
    for action in (card.APPROVE, card.EDIT, card.WITHDRAW):
        payload = click(place, place.carl, card_of(place, 1), action, "77:1")
        answer = await told(place, runtime, place.carl, payload)
        assert answer == plainly(words.NO_SUCH_POST)
    assert stored(url) == before


async def test_a_button_that_nobody_knows_is_answered(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = stored(url)
    for action in ("unknown", "share ", "SHARE", "skip_reason", "a" * 255, "<!channel>", "\n"):
        payload = click(place, place.amara, message, action)
        assert await told(place, runtime, place.amara, payload) == plainly(words.OLD_BUTTON)
    assert stored(url) == before


@pytest.mark.parametrize(
    "doctored",
    [
        {"user": {}},
        {"user": None},
        {"user": "U000000004"},
        {"user": {"id": 4}},
        {"user": []},
    ],
    ids=str,
)
async def test_a_click_of_nobody_stores_nothing(
    place: Office, runtime: Runtime, url: str, message: Message, doctored: Json
) -> None:
    before = stored(url)
    for action in (announcement.SHARE, announcement.SKIP, membership.LEAVE, card.APPROVE):
        payload = click(place, place.amara, message, action) | doctored
        assert await told(place, runtime, place.amara, payload) == words.UNREADABLE
    assert stored(url) == before


@pytest.mark.parametrize(
    "doctored",
    [
        {"team": {"id": "T0OTHER"}},
        {"user": {"id": "U000000004", "team_id": "T0OTHER"}},
        {"team_id": "T0OTHER"},
    ],
    ids=["team", "user", "team_id"],
)
async def test_a_click_from_another_team_stores_nothing(
    place: Office, runtime: Runtime, url: str, message: Message, doctored: Json
) -> None:
    before = stored(url)
    for action in (announcement.SHARE, announcement.SKIP, membership.LEAVE, "unknown"):
        payload = click(place, place.amara, message, action) | doctored
        assert await told(place, runtime, place.amara, payload) == words.STRANGER
    view = {"type": "view_submission", "view": {"type": "modal", "callback_id": asides.CONSENT}}
    payload = click(place, place.amara, message, "x") | view | doctored
    assert (await deliver(place, payload)).acknowledged
    assert stored(url) == before


async def test_a_click_without_what_surrounds_it_still_counts(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    for key in ("container", "channel", "message", "state", "response_url", "trigger_id"):
        payload = click(place, place.amara, message, announcement.SKIP)
        del payload[key]
        assert (await deliver(place, payload)).acknowledged
        await runtime.kit.afterwards.drain()
    payload = click(place, place.amara, message, announcement.SKIP)
    payload["container"] = {"channel_id": 5, "message_ts": ["1"], "is_ephemeral": "no"}
    assert (await told(place, runtime, place.amara, payload)).startswith("Skipped, thank you.")
    assert [row[3] for row in stored(url)["response"]] == ["skipped"]


async def test_share_without_a_trigger_is_answered(
    place: Office, runtime: Runtime, message: Message
) -> None:
    for trigger in ("", "made.up", 5, None):
        payload = click(place, place.amara, message, announcement.SHARE)
        payload["trigger_id"] = trigger
        assert await told(place, runtime, place.amara, payload) == words.DIALOG_FAILED
    assert place.amara.view is None


async def test_a_dialog_that_nobody_knows_is_answered(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    before = stored(url)
    await place.cleo.command("/advocacy queue")
    assert place.cleo.view is not None
    for name in ("unknown", "", "post_form ", "<!channel>"):
        payload = submission(place, place.cleo, place.cleo.view)
        payload["view"]["callback_id"] = name
        assert words.UNREADABLE in at_the_dialog(await deliver(place, payload))
    assert stored(url) == before


@pytest.mark.parametrize("callback", [post_form.FORM, card.REASON_FORM, own_words.FORM])
async def test_a_form_that_kept_something_else(
    place: Office, runtime: Runtime, url: str, message: Message, callback: str
) -> None:
    before = stored(url)
    await place.cleo.command("/advocacy queue")
    place.cleo.fill(fields())
    assert place.cleo.view is not None
    for kept in NO_METADATA:
        payload = submission(place, place.cleo, place.cleo.view)
        payload["view"] |= {"callback_id": callback, "private_metadata": kept}
        answer = at_the_dialog(await deliver(place, payload))
        assert answer == words.UNREADABLE, kept
    assert stored(url) == before


async def test_a_consent_that_kept_something_else_is_no_consent(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await place.bo.press(message, announcement.SHARE)
    assert place.bo.view is not None
    before = stored(url)
    for kept in NO_METADATA:
        if isinstance(kept, str) and kept.startswith('{"post":1,'):
            continue
        payload = submission(place, place.bo, place.bo.view)
        payload["view"]["private_metadata"] = kept
        assert at_the_dialog(await deliver(place, payload)) == words.UNREADABLE, kept
    assert stored(url) == before


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        "title",
        {},
        {"title": None},
        {"title": {"value": {"value": 5}}},
        {"title": {"value": {"value": {"value": "x"}}}},
        {"expires_at": {"value": {"selected_date_time": "tomorrow"}}},
        {"expires_at": {"value": {"selected_date_time": -1}}},
        {"expires_at": {"value": {"selected_date_time": 10**30}}},
        {"not_before": {"value": {"selected_date_time": [1]}}},
        {"x:0": {"other": {"value": "x"}}},
        {"link": {}},
    ],
    ids=str,
)
async def test_a_form_with_fields_that_are_none(
    place: Office, runtime: Runtime, url: str, values: Any
) -> None:
    before = stored(url)
    await place.cleo.command("/advocacy queue")
    place.cleo.fill(fields())
    assert place.cleo.view is not None
    payload = submission(place, place.cleo, place.cleo.view)
    state = payload["view"]["state"]
    state["values"] = state["values"] | values if isinstance(values, dict) and values else values
    assert at_the_dialog(await deliver(place, payload)) == words.UNREADABLE
    assert stored(url) == before


async def test_a_step_inside_a_dialog_that_kept_something_else(
    place: Office, runtime: Runtime, url: str, message: Message
) -> None:
    await place.amara.press(message, announcement.SHARE)
    shown = place.amara.view
    assert shown is not None
    before = stored(url)
    for action in (dialog.OPEN, dialog.SHARED, dialog.EDIT, dialog.OTHER_WORDING, post_form.SAVE):
        payload = copy.deepcopy(click(place, place.amara, shown, action))
        payload["view"]["private_metadata"] = json.dumps({"post": "1"})
        assert (await deliver(place, payload)).acknowledged
        await runtime.kit.afterwards.drain()
        assert len(place.amara.views) == 2, action
        assert words.UNREADABLE in place.amara.views[-1].plain
        await place.amara.close()
    assert place.amara.views == [shown]
    assert stored(url) == before


async def test_an_unknown_button_in_a_dialog_is_answered_too(
    place: Office, runtime: Runtime, message: Message
) -> None:
    await place.amara.press(message, announcement.SHARE)
    assert place.amara.view is not None
    payload = click(place, place.amara, place.amara.view, "unknown")
    assert (await deliver(place, payload)).acknowledged
    await runtime.kit.afterwards.drain()
    assert plainly(words.OLD_BUTTON) in place.amara.views[-1].plain
