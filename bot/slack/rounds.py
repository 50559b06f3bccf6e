"""Rounds: many calls side by side, and no further once Slack does not answer."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum, auto
from typing import Final, TypeVar

from bot.domain.rests import MOST_LOST, Target
from bot.logs import get_logger
from bot.services import rests
from bot.slack.context import AppContext
from bot.slack.recording import record
from bot.storage.database import Busy, Unknown

T = TypeVar("T")
_log = get_logger(__name__)

# A round begins with as many calls at once as may be lost, and with each answer takes one more.
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
        _log.warning("Slack does not answer, so a method rests for a while", method=target.method)
        await record(now, rests.record_lost, target)
    elif end is Attempt.ANSWERED:
        await record(now, rests.record_works, target)
    return end


async def _work_through(items: Sequence[T], call: Callable[[T], Awaitable[Attempt]]) -> Attempt:
    """Call Slack for each of the items, some of them side by side; how the round ended.

    It ends early where Slack refuses for a reason that holds for all, or loses MOST_LOST replies in
    a row; what is left over waits for another round. A call that fails otherwise is logged and
    keeps none of the others back; raises Busy or Unknown of the database, once all have ended.
    """
    waiting, under_way = deque(items), set[asyncio.Future[Attempt]]()
    beside, lost, end = MOST_LOST, 0, Attempt.ANSWERED
    failure: Exception | None = None
    try:
        while waiting or under_way:
            while waiting and len(under_way) < beside:
                under_way.add(asyncio.ensure_future(call(waiting.popleft())))
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                try:
                    attempt = _attempt(each)
                except (Busy, Unknown) as error:
                    failure, attempt = error, Attempt.REFUSED
                lost = lost + 1 if attempt is Attempt.LOST else 0
                beside = MOST_LOST - lost if lost else min(_AT_MOST, beside + 1)
                if attempt is Attempt.REFUSED or lost >= MOST_LOST:
                    end = attempt if end is Attempt.ANSWERED else end
                    waiting.clear()
    finally:
        for each in under_way:
            each.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
    if failure is not None:
        raise failure
    return end


def _attempt(ended: asyncio.Future[Attempt]) -> Attempt:
    error = ended.exception()
    if error is None:
        return ended.result()
    if isinstance(error, Busy | Unknown) or not isinstance(error, Exception):
        raise error
    _log.error("one of many calls failed; the others go on", exc_info=error)
    return Attempt.ANSWERED
