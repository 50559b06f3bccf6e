"""Sending what was claimed, once, and recording what became of it."""

from __future__ import annotations

from typing import TypeVar

from bot.logs import get_logger
from bot.services.dispatches import Recorder
from bot.slack import messenger
from bot.slack.context import AppContext
from bot.slack.messenger import NotSent, Sent, Unsure
from bot.slack.recording import RETRY_AFTER, record
from bot.slack.views.text import Message

C = TypeVar("C")
_log = get_logger(__name__)


async def send(
    context: AppContext, recorder: Recorder[C], claimed: C, to: str, message: Message, name: str
) -> Sent | NotSent | Unsure:
    """Send what was claimed, once, `to` a channel or a person; `name` is what the log calls it."""
    outcome = await messenger.post(context.client, to, message)
    now = context.clock()
    database = context.at(now)
    match outcome:
        case Sent(channel, ts):
            await record(database, recorder.record_sent, claimed, channel, ts)
        case NotSent(trouble, retry_after):
            _log.warning("a message was not sent", what=name, why=trouble)
            later = now + (retry_after or RETRY_AFTER)
            await record(database, recorder.record_not_sent, claimed, trouble, later)
        case Unsure():
            _log.warning("nobody knows whether it was sent; it counts as sent", what=name)
            await record(database, recorder.record_uncertain, claimed)
    return outcome
