"""The first calls to Slack, which change nothing: made again while Slack has no time for them."""

from __future__ import annotations

from collections import Counter
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import WorkspaceId
from bot.domain.model import ChannelPolicy, Workspace
from bot.domain.troubles import Trouble
from bot.logs import get_logger
from bot.settings import Settings
from bot.slack import messenger, people, permissions
from bot.slack.channels import find_channel
from bot.slack.messenger import NotSent, Unsure

_ASKED_FOR_ZONE: Final = 20  # people in comms whose zone is looked up when TIME_ZONE is not set
TRIES: Final = 6  # 0.5, 1, 2, … seconds apart, and some chance; or as Slack says
_log = get_logger(__name__)


class CannotStart(Exception):
    """Why the bot could not run, a line for each reason, for the operator."""


class _RateLimited(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack says, and says so."""

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        _log.warning("Slack asks to wait before the bot starts; it is tried again")
        await super().prepare_for_next_attempt_async(
            state=state, request=request, response=response, error=error
        )


class _ServerError(AsyncServerErrorRetryHandler):
    """Waits ever longer, and says so."""

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        status = response.status_code if response is not None else "no status"
        _log.warning("Slack has trouble before the bot starts; it is tried again", status=status)
        await super().prepare_for_next_attempt_async(
            state=state, request=request, response=response, error=error
        )


def patient_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """A client for calls that may be made twice; nothing is ever posted with it."""
    handlers: list[AsyncRetryHandler] = [
        _RateLimited(max_retry_count=TRIES),
        _ServerError(max_retry_count=TRIES),
    ]
    return AsyncWebClient(token, base_url=api_url, session=session, retry_handlers=handlers)


def why_not(fault: Exception, api_url: str) -> str | None:
    """Why Slack said nothing about what it was asked; None where it refused it."""
    host = urlsplit(api_url).hostname
    if isinstance(fault, aiohttp.ClientConnectorDNSError):
        return f"SLACK_API_URL: there is no address for {host}. Check the network and the spelling."
    if isinstance(fault, aiohttp.ClientConnectorError):
        return f"SLACK_API_URL: {host} takes no connection. Check the network and the address."
    outcome = messenger.classify(fault)
    if isinstance(outcome, NotSent) and outcome.trouble == Trouble.THROTTLED:
        return "Slack still asks to wait. Start the bot again in a few minutes."
    if isinstance(outcome, Unsure):
        return f"SLACK_API_URL: {host} does not answer as Slack does ({messenger.describe(fault)})."
    return None


async def authorize(client: AsyncWebClient, settings: Settings) -> AuthorizeResult:
    """Who the bot is, as Slack says of its token; raises CannotStart."""
    try:
        found = await client.auth_test()
    except messenger.FAULTS as fault:
        raise CannotStart(
            why_not(fault, settings.slack_api_url)
            or f"SLACK_BOT_TOKEN: Slack at {settings.slack_api_url} didn't accept it "
            f"({messenger.describe(fault)}). `python -m bot doctor` says more."
        ) from fault
    scopes = permissions.granted(found.headers)
    return AuthorizeResult(
        enterprise_id=found.get("enterprise_id"),
        team_id=found["team_id"],
        bot_user_id=found["user_id"],
        bot_id=found.get("bot_id"),
        bot_token=settings.slack_bot_token,
        bot_scopes=None if scopes is None else sorted(scopes),
    )


async def check_app_token(client: AsyncWebClient, token: str, api_url: str) -> None:
    """The socket's own client would ask for an address again and again, and never say why."""
    try:
        await client.apps_connections_open(app_token=token)
    except messenger.FAULTS as fault:
        raise CannotStart(
            why_not(fault, api_url)
            or f"SLACK_APP_TOKEN: Slack didn't accept it ({messenger.describe(fault)}). "
            "`python -m bot doctor` says more."
        ) from fault


async def load_workspace(
    client: AsyncWebClient, settings: Settings, workspace_id: WorkspaceId
) -> Workspace:
    """The workspace as the settings have it, with its channels looked up; raises CannotStart."""
    advocacy = await _channel(client, "ADVOCACY_CHANNEL", settings.advocacy_channel)
    comms = await _channel(client, "COMMS_CHANNEL", settings.comms_channel)
    policy = ChannelPolicy(
        min_gap=settings.channel_min_gap,
        weekly_cap=settings.channel_weekly_cap,
        hours=settings.channel_hours,
        workdays=settings.workdays,
        zone=settings.time_zone or await _common_zone(client, comms),
    )
    return Workspace(
        id=workspace_id,
        advocacy_channel=advocacy,
        comms_channel=comms,
        policy=policy,
        disclosure=settings.disclosure,
        approvals=settings.approvals,
        topics=settings.topics or (),
        consent_months=settings.consent_months,
        post_days=settings.post_days,
        evidence_years=settings.evidence_years,
        asks_per_week=settings.asks_per_week,
    )


async def _channel(client: AsyncWebClient, variable: str, name: str) -> str:
    try:
        found = await find_channel(client, name)
    except messenger.FAULTS as fault:
        raise CannotStart(
            f"{variable}: Slack didn't say whether “{name}” exists ({messenger.describe(fault)})"
        ) from fault
    if found is None:
        raise CannotStart(
            f"{variable}: the bot can't find “{name}” in Slack. Check the name or id. If the "
            "channel is private, invite the bot there."
        )
    return found.id


async def _common_zone(client: AsyncWebClient, channel: str) -> str:
    """The zone of most people in comms: Slack knows none for a workspace as a whole."""
    try:
        page = await client.conversations_members(channel=channel, limit=_ASKED_FOR_ZONE)
    except messenger.FAULTS as fault:
        why = messenger.describe(fault)
        _log.warning("TIME_ZONE is not set and could not be guessed", why=why)
        return "UTC"
    zones = Counter([await people.load_time_zone(client, user, "") for user in page["members"]])
    zones.pop("", None)
    chosen = zones.most_common(1)[0][0] if zones else "UTC"
    _log.info("TIME_ZONE is not set, so it is the one of most people in comms", zone=chosen)
    return chosen
