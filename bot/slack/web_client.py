"""The one way through which every call to Slack goes: throttled, and resting where it has to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import refusals
from bot.domain import rests as rules
from bot.domain import troubles
from bot.domain.rests import PEOPLE, Rest, Target
from bot.domain.troubles import Trouble
from bot.logs import get_logger
from bot.metrics import Metrics, SlackFault
from bot.services import rests
from bot.slack import messenger
from bot.slack.background_tasks import BackgroundTasks
from bot.slack.messenger import SEND_TIMEOUT, Held, NotSent, Unsure, classify
from bot.slack.recording import record
from bot.slack.throttle import POST, WAITING, Throttle, Waiting, slot_taken
from bot.storage.database import Busy, Unknown
from bot.storage.tx import Transactions

_log = get_logger(__name__)


class SlackClient(AsyncWebClient):
    """Slack's client, which waits for its slot, obeys every `Retry-After`, and lets refusals rest.

    What rests is in the database, so that all processes know. A call that nobody waits for gets
    `SEND_TIMEOUT` from its slot on, and raises TimeoutError then. One that is not made raises Held.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        session: aiohttp.ClientSession,
        *,
        throttle: Throttle,
        at: Callable[[], Transactions],
        channels: Callable[[], Mapping[str, str]],
        background_tasks: BackgroundTasks,
        metrics: Metrics | None = None,
    ) -> None:
        """`at` gives the database at this moment.

        `channels` gives the bot's two, by their ids, with what an operator calls them.
        """
        # The client's own handlers send again when a reply is lost, and so post twice.
        super().__init__(token=token, base_url=api_url, session=session, retry_handlers=[])
        self._throttle = throttle
        self._at = at
        self._channels = channels
        self._background_tasks = background_tasks
        self._metrics = metrics or Metrics()

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        """Call a method of Slack's."""
        channel = _channel(how)
        target = Target(api_method, self._place(channel))
        known = await self._check(target)
        if await self._wait(api_method, channel):
            known = await self._check(target)
        try:
            if WAITING.get() is Waiting.NOT_AT_ALL:  # its caller knows how long it may take
                reply = await super().api_call(api_method, **how)
            else:
                async with asyncio.timeout(SEND_TIMEOUT):
                    reply = await super().api_call(api_method, **how)
        except messenger.FAULTS as fault:
            self._count(target, fault)
            if isinstance(fault, SlackApiError):
                await self._record_refusal(target, fault)
            raise
        if known:
            await self._settle(self._record_works(known))
        return reply

    @asynccontextmanager
    async def slot(self, api_method: str, channel: str) -> AsyncIterator[None]:
        """Wait until such a call may go out, which the block then makes without waiting."""
        await self._wait(api_method, channel)
        with slot_taken():
            yield

    def _place(self, channel: str | None) -> str:
        if channel is None or channel in self._channels():
            return channel or ""
        return PEOPLE

    async def _check(self, target: Target) -> Mapping[Target, Rest]:
        """What is known of the target; raises Held while it rests.

        Where a person waits, only Slack's own word counts: what was refused may be mended by now.
        """
        now = self._at()
        try:
            known = await now.read(rests.load_known, target)
        except Busy:
            return {}
        rest = rules.find_holding(known, now.now)
        if rest is None:
            return known
        if WAITING.get() is Waiting.NOT_AT_ALL and rest.trouble != Trouble.THROTTLED:
            return known
        raise Held(rest.trouble, rest.until - now.now)

    async def _wait(self, api_method: str, channel: str | None) -> bool:
        """Wait for the slot as the caller can; whether that may have taken time. Raises Held."""
        place = channel if channel in self._channels() else None
        match WAITING.get():
            case Waiting.HAS_A_SLOT:
                return False
            case Waiting.FOR_A_SLOT:
                if await self._throttle.take_if_free(api_method, place):
                    return False
                await self._throttle.wait(api_method, place)
                return True
            case how:
                free = await self._throttle.take_if_free(api_method, place)
                if not free and how is Waiting.RATHER_NOT:
                    raise Held(Trouble.THROTTLED, None)
                return False

    def _count(self, target: Target, fault: Exception) -> None:
        if target.is_personal or WAITING.get() is Waiting.NOT_AT_ALL:
            return
        outcome = classify(fault)
        if isinstance(outcome, Unsure) or outcome.trouble == Trouble.UNREACHABLE:
            self._metrics.record_slack(target.method, SlackFault.NO_REPLY)
        elif outcome.trouble == Trouble.THROTTLED:
            self._metrics.record_slack(target.method, SlackFault.THROTTLED)
        elif self._lasts(target, outcome.trouble):  # other refusals concern one person or message
            self._metrics.record_slack(target.method, SlackFault.REFUSED)

    async def _record_refusal(self, target: Target, fault: SlackApiError) -> None:
        """Let rest what Slack throttles, and what it will refuse again."""
        outcome = classify(fault)
        if not isinstance(outcome, NotSent):
            return
        if outcome.trouble == Trouble.THROTTLED and outcome.retry_after is not None:
            # Messages are limited by channel, everything else by method.
            limited = target if target.method == POST else target.whole
            await self._settle(self._record_throttled(limited, outcome.retry_after))
        elif self._lasts(target, outcome.trouble):
            await self._settle(self._record_refused(target, outcome.trouble))

    def _lasts(self, target: Target, trouble: str) -> bool:
        if target.place == PEOPLE:
            return troubles.lasts_for_people(trouble)
        return (troubles.lasts_in_channel if target.place else troubles.lasts_everywhere)(trouble)

    async def _settle(self, recording: Coroutine[Any, Any, None]) -> None:
        """Record at once, so that the next call knows; beside, where a person waits."""
        if WAITING.get() is Waiting.NOT_AT_ALL:
            self._background_tasks.add(_if_there_is_time(recording))
        else:
            await _if_there_is_time(recording)

    async def _record_throttled(self, target: Target, wait: timedelta) -> None:
        if not target.is_personal:
            _log.warning("Slack asks to wait", call=refusals.name(target, self._channels()))
        await record(self._at(), rests.record_throttled, target, wait)

    async def _record_refused(self, target: Target, trouble: str) -> None:
        is_new = await record(self._at(), rests.record_refused, target, trouble)
        if is_new and not target.is_personal:  # a heartbeat meets what concerns everybody
            says, mend = refusals.describe(target, trouble, self._channels())
            _log.error(says, mend=mend)

    async def _record_works(self, known: Collection[Target]) -> None:
        for each in known:
            await record(self._at(), rests.record_works, each)


async def _if_there_is_time(recording: Coroutine[Any, Any, None]) -> None:
    try:
        await recording
    except (Busy, Unknown):
        _log.warning("the database was busy; the next call finds out anew what rests")


def _channel(how: Mapping[str, Any]) -> str | None:
    """Where the call happens, by its arguments; None where it has no channel."""
    for part in ("json", "params", "data"):
        given = how.get(part)
        if isinstance(given, Mapping) and given.get("channel"):
            return str(given["channel"])
    return None
