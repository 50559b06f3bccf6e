"""Payloads with missing or hostile fields: a clear private answer, and nothing changes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from bot.runtime import Runtime
from bot.slack.views import (
    announcements,
    cards,
    membership,
    notices,
    own_words,
    post_form,
    replies,
    responses,
    share_dialog,
    share_forms,
    suggestions,
)
from slack_sandbox import Message, payloads
from tests.slack.hostile import (
    NO_METADATA,
    NO_REF,
    Json,
    at_the_dialog,
    click_payload,
    send_payload,
    submission_payload,
)
from tests.support import (
    SlackWorld,
    all_rows,
    card_of,
    deliver,
    fields,
    fill_in,
    plainly,
    rows,
    run_command,
)

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.mark.parametrize(
    ("action", "comms"),
    [
        (announcements.SHARE, False),
        (announcements.SKIP, False),
        (f"{responses.REASON}:not_now", False),
        (cards.APPROVE, True),
        (cards.SEND_BACK, True),
        (cards.EDIT, True),
        (cards.WITHDRAW, True),
        (notices.IT_IS_THERE, True),
        (notices.SEND_AGAIN, True),
    ],
)
async def test_a_button_with_a_value_that_it_never_had(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, action: str, comms: bool
) -> None:
    who = world.carl if comms else world.amara
    where = card_of(world, 1) if comms else message
    before = all_rows(url)
    for value in NO_REF:
        if action in (notices.IT_IS_THERE, notices.SEND_AGAIN) and value == "1":
            continue
        payload = click_payload(world, who, where, action)
        if value is None:
            del payload["actions"][0]["value"]
        else:
            payload["actions"][0]["value"] = value
        assert await send_payload(world, runtime, who, payload) == replies.UNREADABLE, value
    assert who.view is None
    assert all_rows(url) == before


async def test_a_button_of_a_post_that_never_was(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    for action, value, answer in (
        (announcements.SHARE, "2:1", replies.GONE),
        (announcements.SKIP, "2147483647:0", replies.GONE),
    ):
        payload = click_payload(world, world.amara, message, action, value)
        assert await send_payload(world, runtime, world.amara, payload) == answer
    for action in (cards.APPROVE, cards.EDIT, cards.WITHDRAW):
        payload = click_payload(world, world.carl, card_of(world, 1), action, "77:1")
        answer = await send_payload(world, runtime, world.carl, payload)
        assert answer == plainly(replies.NO_SUCH_POST)
    assert all_rows(url) == before


async def test_a_button_that_nobody_knows_is_answered(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    for action in ("unknown", "share ", "SHARE", "skip_reason", "a" * 255, "<!channel>", "\n"):
        payload = click_payload(world, world.amara, message, action)
        assert await send_payload(world, runtime, world.amara, payload) == plainly(
            replies.OLD_BUTTON
        )
    assert all_rows(url) == before


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
    world: SlackWorld, runtime: Runtime, url: str, message: Message, doctored: Json
) -> None:
    before = all_rows(url)
    for action in (announcements.SHARE, announcements.SKIP, membership.LEAVE, cards.APPROVE):
        payload = click_payload(world, world.amara, message, action) | doctored
        assert await send_payload(world, runtime, world.amara, payload) == replies.UNREADABLE
    assert all_rows(url) == before


@pytest.mark.parametrize(
    "doctored",
    [
        {"team": {"id": "T0OTHER"}},
        {"team_id": "T0OTHER"},
    ],
    ids=["team", "team_id"],
)
async def test_a_click_from_another_team_stores_nothing(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, doctored: Json
) -> None:
    before = all_rows(url)
    for action in (announcements.SHARE, announcements.SKIP, membership.LEAVE, "unknown"):
        payload = click_payload(world, world.amara, message, action) | doctored
        assert await send_payload(world, runtime, world.amara, payload) == replies.STRANGER
    view = {
        "type": "view_submission",
        "view": {"type": "modal", "callback_id": share_forms.CONSENT},
    }
    payload = click_payload(world, world.amara, message, "x") | view | doctored
    assert (await deliver(world, payload)).acknowledged
    assert all_rows(url) == before


async def test_a_click_without_what_surrounds_it_still_counts(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    for key in ("container", "channel", "message", "state", "response_url", "trigger_id"):
        payload = click_payload(world, world.amara, message, announcements.SKIP)
        del payload[key]
        assert (await deliver(world, payload)).acknowledged
        await runtime.context.background_tasks.drain()
    payload = click_payload(world, world.amara, message, announcements.SKIP)
    payload["container"] = {"channel_id": 5, "message_ts": ["1"], "is_ephemeral": "no"}
    assert (await send_payload(world, runtime, world.amara, payload)).startswith(
        "Skipped, thank you."
    )
    assert rows(url, "SELECT stage FROM response") == [("skipped",)]


async def test_a_click_on_a_message_that_cannot_be_read_changes_nothing(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await run_command(world.amara, "/advocacy settings")
    await world.amara.close()
    before = all_rows(url)
    for action in (membership.BROWSE_ONLY, membership.LEAVE, announcements.SKIP):
        payload = click_payload(world, world.amara, message, action)
        payload["container"]["channel_id"] = "\u202eC000000007"
        assert await send_payload(world, runtime, world.amara, payload) == replies.UNREADABLE
    assert all_rows(url) == before


@pytest.mark.parametrize("address", ["{host}\x00:{port}", "{host}:{port} ", ".\u202e", ""])
async def test_a_click_whose_answer_has_no_address_still_counts(
    world: SlackWorld,
    runtime: Runtime,
    url: str,
    message: Message,
    address: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    payload = click_payload(world, world.amara, message, announcements.SKIP)
    host, port = payload["response_url"].split("/")[2].split(":")
    payload["response_url"] = f"http://{address.format(host=host, port=port)}/"
    assert (await deliver(world, payload)).acknowledged
    await runtime.context.background_tasks.drain()
    assert rows(url, "SELECT stage FROM response") == [("skipped",)]
    assert [one for one in caplog.records if one.exc_info] == []


async def test_share_without_a_trigger_is_answered(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    for trigger in ("", "made.up", 5, None):
        payload = click_payload(world, world.amara, message, announcements.SHARE)
        payload["trigger_id"] = trigger
        assert await send_payload(world, runtime, world.amara, payload) == replies.DIALOG_FAILED
    assert world.amara.view is None


async def test_a_dialog_that_nobody_knows_is_answered(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    await world.cleo.command("/advocacy queue")
    assert world.cleo.view is not None
    for name in ("unknown", "", "post_form ", "<!channel>"):
        payload = submission_payload(world, world.cleo, world.cleo.view)
        payload["view"]["callback_id"] = name
        assert replies.UNREADABLE in at_the_dialog(await deliver(world, payload))
    assert all_rows(url) == before


async def test_a_shortcut_whose_name_is_no_text_is_answered(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    before = all_rows(url)
    for name in ([suggestions.FROM_MESSAGE], None, 5):
        payload = payloads.shortcut(world.sandbox.state, world.amara, "", message)
        payload["callback_id"] = name
        said = await send_payload(world, runtime, world.amara, payload)
        assert said == replies.UNREADABLE
    assert all_rows(url) == before


@pytest.mark.parametrize("callback", [post_form.FORM, cards.REASON_FORM, own_words.FORM])
async def test_a_form_that_kept_something_else(
    world: SlackWorld, runtime: Runtime, url: str, message: Message, callback: str
) -> None:
    before = all_rows(url)
    await world.cleo.command("/advocacy queue")
    await fill_in(world.cleo, fields())
    assert world.cleo.view is not None
    for kept in NO_METADATA:
        payload = submission_payload(world, world.cleo, world.cleo.view)
        payload["view"] |= {"callback_id": callback, "private_metadata": kept}
        answer = at_the_dialog(await deliver(world, payload))
        assert answer == replies.UNREADABLE, kept
    assert all_rows(url) == before


async def test_a_consent_that_kept_something_else_is_no_consent(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await world.bo.press(message, announcements.SHARE)
    assert world.bo.view is not None
    before = all_rows(url)
    for kept in NO_METADATA:
        if isinstance(kept, str) and kept.startswith('{"post":1,'):
            continue
        payload = submission_payload(world, world.bo, world.bo.view)
        payload["view"]["private_metadata"] = kept
        assert at_the_dialog(await deliver(world, payload)) == replies.UNREADABLE, kept
    assert all_rows(url) == before


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
    world: SlackWorld, runtime: Runtime, url: str, values: Any
) -> None:
    before = all_rows(url)
    await world.cleo.command("/advocacy queue")
    await fill_in(world.cleo, fields())
    assert world.cleo.view is not None
    payload = submission_payload(world, world.cleo, world.cleo.view)
    state = payload["view"]["state"]
    state["values"] = state["values"] | values if isinstance(values, dict) and values else values
    assert at_the_dialog(await deliver(world, payload)) == replies.UNREADABLE
    assert all_rows(url) == before


async def test_a_step_inside_a_dialog_that_kept_something_else(
    world: SlackWorld, runtime: Runtime, url: str, message: Message
) -> None:
    await world.amara.press(message, announcements.SHARE)
    shown = world.amara.view
    assert shown is not None
    before = all_rows(url)
    for action in (
        share_dialog.OPEN,
        share_dialog.SHARED,
        share_dialog.EDIT,
        share_dialog.OTHER_WORDING,
    ):
        payload = copy.deepcopy(click_payload(world, world.amara, shown, action))
        payload["view"]["private_metadata"] = json.dumps({"post": "1"})
        assert (await deliver(world, payload)).acknowledged
        await runtime.context.background_tasks.drain()
        assert len(world.amara.views) == 2, action
        assert replies.UNREADABLE in world.amara.views[-1].plain
        await world.amara.close()
    assert world.amara.views == [shown]
    assert all_rows(url) == before


async def test_an_unknown_button_in_a_dialog_is_answered_too(
    world: SlackWorld, runtime: Runtime, message: Message
) -> None:
    await world.amara.press(message, announcements.SHARE)
    assert world.amara.view is not None
    payload = click_payload(world, world.amara, world.amara.view, "unknown")
    assert (await deliver(world, payload)).acknowledged
    await runtime.context.background_tasks.drain()
    assert plainly(replies.OLD_BUTTON) in world.amara.views[-1].plain
