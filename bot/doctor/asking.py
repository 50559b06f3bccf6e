"""Calls to Slack that say why they brought nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.doctor.findings import Finding

TIMEOUT = 5  # seconds
# Errors of Slack's that say nothing about what was asked.
_PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable"}

# slack_sdk and we stumble so over an answer in plain text or of another shape.
_STUMBLES = (AttributeError, TypeError, KeyError, ValueError)
FAILURES = (SlackApiError, aiohttp.ClientError, OSError, *_STUMBLES)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call to Slack that brought no result; `mend` is None where the caller knows best."""

    says: str
    mend: str | None
    headers: Mapping[str, str]
    known_wrong: bool = True


def refused(subject: str, refusal: Refusal, mend: str) -> Finding:
    """What a refusal means for the bot; `mend` is for where the refusal itself knows no better."""
    ok = False if refusal.known_wrong else None
    return Finding(ok, subject, refusal.says, refusal.mend or mend, fatal=refusal.known_wrong)


async def ask(call: Awaitable[T]) -> T | Refusal:
    """The result of a call to Slack, or why there is none."""
    try:
        return await call
    except FAILURES as error:
        return explain(error)


def explain(error: Exception) -> Refusal:
    """Why a call brought nothing; `error` is one of FAILURES."""
    elsewhere = "Check the network and SLACK_API_URL."
    if isinstance(error, SlackApiError):
        data = getattr(error.response, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        if code is not None:
            passing = code in _PASSING
            mend = "Try again in a minute." if passing else None
            headers = error.response.headers
            return Refusal(f"Slack answers {code}", mend, headers, known_wrong=not passing)
    if isinstance(error, aiohttp.ClientError | OSError):
        return Refusal("Slack doesn't answer", elsewhere, {})
    return Refusal("the answer isn't from Slack", elsewhere, {})
