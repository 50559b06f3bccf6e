"""What only Slack can tell: who the bot is, what it may do, and what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import refusals
from bot.doctor import channels, door
from bot.doctor.asking import TIMEOUT, Refusal, ask, refused
from bot.doctor.findings import Finding
from bot.slack import manifest, permissions, starting

# Slack's requests are refused when their time is more than five minutes from ours.
_CLOCK_MAY_DIFFER = timedelta(seconds=60)
_SIGNATURES_FAIL = timedelta(minutes=5)

_MEND_BOT_TOKEN = (
    "Install the app if it isn't installed, and copy the Bot User OAuth Token again (app settings, "
    "OAuth & Permissions)."
)
_MEND_SCOPES = "Reinstall the app from manifest.json."


async def examine_slack(
    values: Mapping[str, Any], clock: Callable[[], datetime], session: aiohttp.ClientSession
) -> list[Finding]:
    """What only Slack can tell, as far as the settings allow to ask it."""
    api_url: str | None = values.get("slack_api_url")
    token: str | None = values.get("slack_bot_token")
    if api_url is None:
        return [Finding(None, "Slack", "not checked: SLACK_API_URL is wrong")]
    client = AsyncWebClient(
        token, base_url=api_url, timeout=TIMEOUT, session=session, retry_handlers=[]
    )
    if token is None:
        findings = [Finding(None, "bot token", "not checked: SLACK_BOT_TOKEN is wrong")]
    else:
        answer = await ask(client.auth_test())
        if isinstance(answer, Refusal):
            findings = [refused("bot token", answer, _MEND_BOT_TOKEN)]
        else:
            findings = [_identity(answer), *_scopes(answer.headers)]
            findings += await channels.examine_channels(
                client, values, answer.get("user") or "the app"
            )
        findings += _clock(answer.headers, clock(), http=values.get("slack_app_token") is None)
    return [*findings, *await door.examine_door(client, values, session)]


def _identity(answer: AsyncSlackResponse) -> Finding:
    who = f'accepted in "{answer.get("team")}" as {answer.get("user")}'
    if not answer.get("bot_id"):
        return Finding(False, "bot token", f"{who}, which isn't a bot", _MEND_BOT_TOKEN, fatal=True)
    if starting.is_org_wide(answer):
        says, mend = refusals.ORG_WIDE
        return Finding(False, "bot token", f"{who}; {says}", mend, fatal=True)
    return Finding(True, "bot token", who)


def _scopes(headers: Mapping[str, str]) -> Iterator[Finding]:
    granted = permissions.granted(headers)
    if granted is None:
        yield Finding(None, "scopes", "Slack didn't say which scopes the app has")
        return
    wanted, optional = manifest.scopes(), manifest.optional_scopes()
    missing = [scope for scope in wanted if scope not in granted]
    if lacking := [scope for scope in missing if scope not in optional]:
        yield Finding(False, "scopes", f"missing: {', '.join(lacking)}", _MEND_SCOPES, fatal=True)
    else:
        yield Finding(True, "scopes", ", ".join(scope for scope in wanted if scope in granted))
    for scope in optional:
        if scope in missing:
            says = f"{scope} is left out: {permissions.WITHOUT[scope]}"
            mend = "To change that, reinstall the app and grant it."
            yield Finding(None, "optional scope", says, mend)
    if surplus := sorted(granted - set(wanted)):
        says = f"more than the bot uses: {', '.join(surplus)}"
        mend = "Remove them (app settings, OAuth & Permissions), and reinstall the app."
        yield Finding(None, "scopes", says, mend)


def _clock(headers: Mapping[str, str], now: datetime, *, http: bool) -> Iterator[Finding]:
    try:
        difference = abs(now - parsedate_to_datetime(headers["Date"]))
    except (KeyError, TypeError, ValueError):
        yield Finding(None, "clock", "not checked: Slack didn't say what time it is")
        return
    seconds = round(difference.total_seconds())
    if difference <= _CLOCK_MAY_DIFFER:
        yield Finding(True, "clock", "in step with Slack's")
        return
    says = f"{seconds} seconds off Slack's; from 300 on, the bot refuses Slack's requests"
    mend = "Let the operating system set its clock from the network."
    yield Finding(False, "clock", says, mend, fatal=http and difference >= _SIGNATURES_FAIL)
