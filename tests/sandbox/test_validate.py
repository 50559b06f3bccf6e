"""The sandbox's two methods that only say what is wrong, with a pointer to each problem."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Sandbox

WRONG = {"type": "section", "text": {"type": "mrkdwn", "text": ""}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "A title"}}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


async def refused(sandbox: Sandbox, token: str, method: str, **sent: Any) -> dict[str, Any]:
    client = AsyncWebClient(token, base_url=sandbox.api_url)
    written = {name: json.dumps(value) for name, value in sent.items()}
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, data=written)
    answer: dict[str, Any] = caught.value.response.data
    return answer


@pytest.mark.parametrize(
    ("name", "value", "pointer"),
    [
        ("blocks", [WRONG], "/0/text/text"),
        ("message", {"text": "So.", "blocks": [WRONG]}, "/blocks/0/text/text"),
        ("view", {**MODAL, "blocks": [WRONG]}, "/blocks/0/text/text"),
        ("view", {**MODAL, "type": "page", "blocks": []}, "/type"),
        ("view", {"type": "modal", "blocks": []}, ""),
    ],
)
async def test_a_problem_is_pointed_at(
    sandbox: Sandbox, name: str, value: Any, pointer: str
) -> None:
    answer = await refused(sandbox, sandbox.bot_token, "blocks.validate", **{name: value})
    assert answer["error"] == f"invalid_{name}"
    [error] = answer["errors"]
    assert error["pointer"] == pointer
    assert error["message"]


async def test_what_is_right_is_accepted_and_shown_to_nobody(sandbox: Sandbox) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    right = {"type": "section", "text": {"type": "mrkdwn", "text": "So."}}
    assert (await client.blocks_validate(blocks=[right]))["ok"]
    assert sandbox.state.messages == []


async def test_one_thing_is_validated_at_a_time(sandbox: Sandbox) -> None:
    answer = await refused(sandbox, sandbox.bot_token, "blocks.validate")
    assert answer["error"] == "invalid_arguments"


async def test_a_manifest_needs_a_token_of_its_own_and_a_way_for_events(sandbox: Sandbox) -> None:
    method, display = "apps.manifest.validate", {"name": "Advocacy"}
    manifest: dict[str, Any] = {
        "display_information": display,
        "settings": {
            "event_subscriptions": {"bot_events": ["app_home_opened"]},
            "interactivity": {"is_enabled": True},
        },
    }
    answer = await refused(sandbox, sandbox.bot_token, method, manifest=manifest)
    assert answer["error"] == "not_allowed_token_type"
    answer = await refused(sandbox, sandbox.config_token, method, manifest=manifest)
    assert answer["error"] == "invalid_manifest"
    assert [error["pointer"] for error in answer["errors"]] == [
        "/settings/event_subscriptions",
        "/settings/interactivity",
    ]
    manifest["settings"]["socket_mode_enabled"] = True
    client = AsyncWebClient(sandbox.config_token, base_url=sandbox.api_url)
    assert (await client.apps_manifest_validate(manifest=manifest))["ok"]
    display["name"] = ""
    answer = await refused(sandbox, sandbox.config_token, method, manifest=manifest)
    assert [error["pointer"] for error in answer["errors"]] == ["/display_information/name"]
