"""Slack's own opinion on all that the bot shows, and on its manifest."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import shipped
from bot.doctor.asking import FAILURES, TIMEOUT, Refusal, explain, refused
from bot.doctor.findings import Finding
from bot.slack import manifest

_GOLDEN: Final = "tests/golden"
_MOST_TOLD: Final = 20
_INVALID: Final = ("invalid_blocks", "invalid_message", "invalid_view", "invalid_manifest")
_PATIENCE: Final = 20  # times that Slack may ask to wait, for each view
_REPORT: Final = "It may still be shown, or be refused when it is. Report it with this line."


async def validate(values: Mapping[str, Any], session: aiohttp.ClientSession) -> list[Finding]:
    """Every message and view that the bot has a golden file of, and the manifest."""
    api_url, token = values.get("slack_api_url"), values.get("slack_bot_token")
    if api_url is None or token is None:
        return [Finding(None, "views", "not checked: SLACK_API_URL or SLACK_BOT_TOKEN is wrong")]
    findings = await _views(_client(api_url, token, session), await asyncio.to_thread(_golden))
    config_token = values.get("slack_config_token")
    if config_token is None:
        says = "not checked: SLACK_CONFIG_TOKEN is not set"
        return [*findings, Finding(None, "manifest", says)]
    return [*findings, *await _manifest(_client(api_url, config_token, session))]


def _golden() -> dict[str, str]:
    """The golden files by their names, which come with the bot."""
    files = sorted(shipped.path_of(_GOLDEN).glob("*.json"))
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def _client(api_url: str, token: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    patient = AsyncRateLimitErrorRetryHandler(max_retry_count=_PATIENCE)
    return AsyncWebClient(
        token, base_url=api_url, timeout=TIMEOUT, session=session, retry_handlers=[patient]
    )


async def _views(client: AsyncWebClient, golden: Mapping[str, str]) -> list[Finding]:
    wrong: list[Finding] = []
    for name, shown in golden.items():
        kind = "view" if "type" in json.loads(shown) else "message"
        # As a form: slack_sdk's own method puts it into the address, where most are too long.
        answer = await _ask(client, "blocks.validate", {kind: shown})
        if isinstance(answer, Refusal):
            return [*wrong, _not_looked("views", answer, "Update the bot.")]
        wrong += [Finding(False, "views", f"{name}{each}", _REPORT) for each in answer]
    if len(wrong) > _MOST_TOLD:
        more = f"and {len(wrong) - _MOST_TOLD} more"
        return [*wrong[:_MOST_TOLD], Finding(False, "views", more)]
    return wrong or [Finding(True, "views", f"Slack takes all {len(golden)} messages and views")]


async def _manifest(client: AsyncWebClient) -> list[Finding]:
    sent = {"manifest": json.dumps(manifest.read())}
    answer = await _ask(client, "apps.manifest.validate", sent)
    if isinstance(answer, Refusal):
        mend = "Make a new configuration token (api.slack.com/apps); it lives for 12 hours."
        return [_not_looked("manifest", answer, mend)]
    wrong = [Finding(False, "manifest", f"manifest.json{each}", _REPORT) for each in answer]
    return wrong or [Finding(True, "manifest", "Slack takes manifest.json")]


def _not_looked(subject: str, refusal: Refusal, mend: str) -> Finding:
    return replace(refused(subject, refusal, mend), fatal=False)


async def _ask(client: AsyncWebClient, method: str, sent: Mapping[str, str]) -> list[str] | Refusal:
    """What Slack finds wrong, each with its place; a Refusal where it did not look."""
    try:
        await client.api_call(method, data=dict(sent))
    except FAILURES as error:
        data = getattr(error.response, "data", None) if isinstance(error, SlackApiError) else None
        if isinstance(data, dict) and data.get("error") in _INVALID:
            return list(_errors(data)) or [f": {data['error']}"]
        return explain(error)
    return []


def _errors(data: Mapping[str, Any]) -> Iterator[str]:
    for each in data.get("errors") or []:
        yield f"{each.get('pointer', '')}: {each.get('message') or each.get('code')}"
