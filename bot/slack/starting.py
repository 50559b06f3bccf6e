"""The first calls to Slack, which change nothing: made again while Slack has no time for them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.troubles import Trouble
from bot.logs import get_logger
from bot.slack import messenger
from bot.slack.messenger import NotSent, Unsure

TRIES: Final = 6  # 0.5, 1, 2, … seconds apart, and some chance; or as Slack says
_log = get_logger(__name__)


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


def is_org_wide(authorized: AsyncSlackResponse) -> bool:
    """Whether the token is that of an installation for a whole organisation; see `auth.test`."""
    team_id = str(authorized.get("team_id") or "")
    return bool(authorized.get("is_enterprise_install")) or team_id.startswith("E")


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
