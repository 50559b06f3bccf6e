"""Rounds: many calls side by side, and no further once Slack does not answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from typing import Final, TypeVar

from bot.domain.rests import MOST_LOST, Target
from bot.services import rests
from bot.slack.context import AppContext
from bot.slack.recording import record
from bot.storage.database import Busy, Unknown

T = TypeVar("T")
_log = logging.getLogger(__name__)

# A round begins with as many calls at once as may be lost, and doubles while all are answered.
_AT_MOST: Final = 8


class Attempt(Enum):
    """What became of one call."""

    ANSWERED = auto()  # Slack took it, or refused it for a reason of its own
    REFUSED = auto()  # for a reason that holds for all that would follow
    LOST = auto()  # nobody knows


async def go_round(
    context: AppContext,
    target: Target,
    items: Sequence[T],
    call: Callable[[T], Awaitable[Attempt]],
) -> Attempt:
    """Use Slack for each of the items, and record whether it works or has to rest; how it ended."""
    end = await _work_through(items, call)
    now = context.at(context.clock())
    if end is Attempt.LOST:
        _log.warning("Slack does not answer: %s rests for a while", target.method)
        await record(now, rests.record_lost, target)
    elif end is Attempt.ANSWERED:
        await record(now, rests.record_works, target)
    return end


async def _work_through(items: Sequence[T], call: Callable[[T], Awaitable[Attempt]]) -> Attempt:
    """Call Slack for each of the items, some of them side by side; how the round ended.

    It ends early where Slack refuses for a reason that holds for all, or loses MOST_LOST replies in
    a row; what is left over waits for another round. A call that fails otherwise is logged and
    keeps none of the others back; raises Busy or Unknown of the database.
    """
    place, beside, lost = 0, MOST_LOST, 0
    while place < len(items):
        some = items[place : place + beside]
        ended = await asyncio.gather(*map(call, some), return_exceptions=True)
        attempts = [_attempt(each) for each in ended]
        place += len(some)
        if Attempt.REFUSED in attempts:
            return Attempt.REFUSED
        for attempt in attempts:
            lost = lost + 1 if attempt is Attempt.LOST else 0
            if lost >= MOST_LOST:
                return Attempt.LOST
        beside = min(_AT_MOST, 2 * beside) if lost == 0 else MOST_LOST
    return Attempt.ANSWERED


def _attempt(ended: Attempt | BaseException) -> Attempt:
    if isinstance(ended, Attempt):
        return ended
    if isinstance(ended, Busy | Unknown) or not isinstance(ended, Exception):
        raise ended
    _log.error("one of many calls failed; the others go on", exc_info=ended)
    return Attempt.ANSWERED
