"""Sending: what Slack answers, told apart into sent, surely not sent, and nobody knows."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from structlog.stdlib import BoundLogger

from bot.domain.ids import UserId
from bot.domain.troubles import Trouble, concerns_everybody
from bot.logs import get_logger
from bot.slack.throttle import at_once
from bot.slack.views.as_json import as_json
from bot.slack.views.text import Message, say

SEND_TIMEOUT = 10.0  # seconds, for messages that nobody is waiting for
CLICK_TIMEOUT = 2.0  # seconds, while a person waits: Slack wants its answer within 3
NICETY_TIMEOUT = 1.0  # seconds, for what can be done without


class Held(Exception):
    """A call that was not made: it would have been refused, or its slot has not come.

    `trouble` says why, as if Slack had answered it; `wait` is for how long, None if unknown.
    """

    def __init__(self, trouble: str, wait: timedelta | None) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.wait = wait


FAULTS = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, Held)

# Slack says itself that these may or may not have happened.
_MAYBE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
# The only place that knows Slack's error codes for messages.
_CODES = {
    Trouble.CHANNEL_NOT_FOUND: ("channel_not_found",),
    Trouble.NOT_IN_CHANNEL: ("not_in_channel",),
    Trouble.ARCHIVED: ("is_archived",),
    Trouble.RESTRICTED: (
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
    ),
    Trouble.MISSING_SCOPE: ("missing_scope",),
    Trouble.TOKEN_REFUSED: ("invalid_auth", "token_revoked", "token_expired", "account_inactive"),
    Trouble.MESSAGE_GONE: ("message_not_found",),
    Trouble.MESSAGE_FIXED: ("cant_update_message", "is_inactive", "edit_window_closed"),
}
_MEANINGS = {code: trouble for trouble, codes in _CODES.items() for code in codes}
_BLOCKS_REFUSED = "invalid_blocks"
# What `views.open` and its like answer to a view that is none (docs.slack.dev, views.open).
_NOT_UNDERSTOOD = frozenset({"invalid_arguments", _BLOCKS_REFUSED, "view_too_large"})
_REMOVED = say("This message was removed.")
_LONGEST_LINK = 500  # characters that are stored of an address; Slack's have about 80
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """It is there: the channel's id and the message's `ts`."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It surely is not there, and why: a `Trouble`, or Slack's own error code."""

    trouble: Trouble | str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """The reply was lost: it may be there."""


async def post(client: AsyncWebClient, channel: str, message: Message) -> Sent | NotSent | Unsure:
    """Post a message once. Nothing is tried again here, since a lost reply may mean success.

    Only where Slack refuses its picture, which it says for certain, it goes out without.
    """
    outcome = await _post(client, channel, message)
    if _picture_refused(message, outcome):
        return await _post(client, channel, message.without_pictures())
    return outcome


async def _post(client: AsyncWebClient, channel: str, message: Message) -> Sent | NotSent | Unsure:
    try:
        reply = await client.chat_postMessage(
            channel=channel, unfurl_links=False, unfurl_media=False, **message.payload()
        )
    except FAULTS as fault:
        return classify(fault)
    return Sent(str(reply["channel"]), str(reply["ts"]))


async def edit(
    client: AsyncWebClient, channel: str, ts: str, message: Message
) -> Sent | NotSent | Unsure:
    """Change a message; doing it twice is harmless. A picture that Slack refuses is left out."""
    outcome = await _edit(client, channel, ts, message)
    if _picture_refused(message, outcome):
        return await _edit(client, channel, ts, message.without_pictures())
    return outcome


def _picture_refused(message: Message, outcome: Sent | NotSent | Unsure) -> bool:
    """Whether Slack did not take the message because it could not fetch a picture in it."""
    refused = isinstance(outcome, NotSent) and outcome.trouble == _BLOCKS_REFUSED
    return refused and message.has_pictures


async def _edit(
    client: AsyncWebClient, channel: str, ts: str, message: Message
) -> Sent | NotSent | Unsure:
    try:
        await client.chat_update(channel=channel, ts=ts, **message.payload())
    except FAULTS as fault:
        return classify(fault)
    return Sent(channel, ts)


async def load_link(client: AsyncWebClient, message: Sent) -> str | None:
    """The address of a message; None where Slack does not name it in time. Nobody waits for it."""
    try:
        async with asyncio.timeout(CLICK_TIMEOUT):
            reply = await client.chat_getPermalink(channel=message.channel, message_ts=message.ts)
    except FAULTS as fault:
        _log.info("the address of a message is unknown", why=describe(fault))
        return None
    link = reply.get("permalink")
    return link if isinstance(link, str) and len(link) <= _LONGEST_LINK else None


@dataclass(frozen=True, slots=True)
class OpenView:
    """A dialog that was opened: its id, and what Slack calls its present form."""

    view_id: str
    hash: str


async def open_view(
    client: AsyncWebClient, trigger: str, view: View, *, seconds: float = CLICK_TIMEOUT
) -> bool:
    """Open a dialog for the person who just clicked; False where Slack refused, or took longer."""
    return await open_known_view(client, trigger, view, seconds=seconds) is not None


async def open_known_view(
    client: AsyncWebClient, trigger: str, view: View, *, seconds: float = CLICK_TIMEOUT
) -> OpenView | None:
    """The same, and which dialog it is; None where Slack refused, or took longer."""
    try:
        async with at_once(min(seconds, CLICK_TIMEOUT)):
            reply = await client.views_open(trigger_id=trigger, view=as_json(view))
    except FAULTS as fault:
        if describe(fault) == "exchanged_trigger_id":
            return OpenView("", "")  # the same click, delivered once more, has opened it already
        _log_mistake(fault)
        return None
    opened = reply.get("view") or {}
    return OpenView(str(opened.get("id") or ""), str(opened.get("hash") or ""))


async def update_view(
    client: AsyncWebClient,
    view: View,
    *,
    view_id: str | None = None,
    external_id: str | None = None,
    known_hash: str | None = None,
    in_background: bool = False,
) -> bool:
    """Change an open dialog; False where it is closed, has changed since, or Slack refused.

    It waits for nothing, unless it follows `in_background` from what somebody else did.
    """
    try:
        async with nullcontext() if in_background else at_once(CLICK_TIMEOUT):
            await client.views_update(
                view=as_json(view), view_id=view_id, external_id=external_id, hash=known_hash
            )
    except FAULTS as fault:
        _log_mistake(fault)
        return False
    return True


async def push_view(client: AsyncWebClient, trigger: str, view: View) -> bool:
    """Put a dialog on top of the open one, which keeps what was typed in it; False if refused."""
    try:
        async with at_once(CLICK_TIMEOUT):
            await client.views_push(trigger_id=trigger, view=as_json(view))
    except FAULTS as fault:
        _log_mistake(fault)
        return False
    return True


def _log_mistake(fault: Exception) -> None:
    """A line for a dialog that Slack does not understand, which is a fault of the program.

    There is none for any other that was not opened: only a Share opens one, and a Skip does not.
    Whoever pressed is told.
    """
    if describe(fault) in _NOT_UNDERSTOOD:
        _log.error("Slack does not understand a dialog", why=describe(fault))


async def publish_view(client: AsyncWebClient, user_id: UserId, view: View) -> None:
    """Show somebody's Home tab."""
    try:
        async with at_once(SEND_TIMEOUT):
            await client.views_publish(user_id=user_id, view=as_json(view))
    except FAULTS as fault:
        warn(_log, "a Home tab could not be shown", fault)


async def answer(
    session: aiohttp.ClientSession,
    url: str,
    message: Message,
    *,
    replace: bool = False,
    seconds: float = SEND_TIMEOUT,
) -> bool:
    """Answer a click privately, through the address that came with it; whether Slack took it."""
    payload = {**message.payload(), "response_type": "ephemeral", "replace_original": replace}
    try:
        async with asyncio.timeout(seconds), session.post(url, json=payload) as reply:
            if reply.status != 200:
                _log.warning("a private answer was refused", status=reply.status)
            return reply.status == 200
    except (*FAULTS, ValueError) as fault:  # the latter where the address can be none
        _log.warning("a private answer was lost", why=describe(fault))
        return False


async def delete_or_empty(client: AsyncWebClient, channel: str, ts: str) -> bool:
    """Take a message of the bot's own away; where Slack refuses, one plain line stays of it.

    True where nothing is left to do, which includes a message that is gone already; False where it
    is to be tried again later.
    """
    try:
        await client.chat_delete(channel=channel, ts=ts)
    except FAULTS as fault:
        refused = classify(fault)
    else:
        return True
    if is_gone(refused):
        return True
    if isinstance(refused, Unsure) or concerns_everybody(refused.trouble):
        return False
    emptied = await edit(client, channel, ts, _REMOVED)
    return isinstance(emptied, Sent) or is_gone(emptied)


def is_gone(outcome: Sent | NotSent | Unsure) -> bool:
    """Whether the message that was to be changed is not there any more, or cannot be changed."""
    gone = (Trouble.MESSAGE_GONE, Trouble.MESSAGE_FIXED, Trouble.CHANNEL_NOT_FOUND)
    return isinstance(outcome, NotSent) and outcome.trouble in gone


def classify(fault: Exception) -> NotSent | Unsure:
    """What a failed call means for the message it carried."""
    if isinstance(fault, Held):
        return NotSent(fault.trouble, fault.wait)
    if isinstance(fault, SlackApiError):
        status, code = _status(fault), _code(fault)
        if status == 429 or code == "ratelimited":
            return NotSent(Trouble.THROTTLED, _retry_after(fault))
        if status >= 500 or code in _MAYBE or not code:
            return Unsure()
        return NotSent(_MEANINGS.get(code, code[:100]))
    if isinstance(fault, aiohttp.ClientConnectorError):  # refused, or no such host: nothing left
        return NotSent(Trouble.UNREACHABLE)
    return Unsure()


def describe(fault: Exception) -> str:
    """A short word for the log; Slack's error messages repeat what was sent, so not those."""
    if isinstance(fault, SlackApiError):
        return _code(fault) or f"status {_status(fault)}"
    return fault.trouble if isinstance(fault, Held) else type(fault).__name__


def warn(log: BoundLogger, what: str, fault: Exception) -> None:
    """A line in the log, except for a call that was not made: it has one since it began to rest."""
    if not isinstance(fault, Held):
        log.warning(what, why=describe(fault))


def _status(fault: SlackApiError) -> int:
    # slack_sdk hands over aiohttp's own response where the body was not JSON.
    status = getattr(fault.response, "status_code", getattr(fault.response, "status", 0))
    return int(status)


def _code(fault: SlackApiError) -> str:
    data = getattr(fault.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def _retry_after(fault: SlackApiError) -> timedelta:
    headers = {key.lower(): value for key, value in fault.response.headers.items()}
    seconds = headers.get("retry-after", "30")
    return timedelta(seconds=int(seconds) if str(seconds).isdigit() else 30)
