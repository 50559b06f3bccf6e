"""What the heartbeat does about direct messages: plan, check once more, send, record."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from bot.domain.ids import AskId
from bot.domain.model import Member
from bot.domain.rests import DIRECT
from bot.domain.troubles import concerns_everybody, concerns_person
from bot.services import asks, membership, planning, rests
from bot.services import preferences as preferences_service
from bot.services.asks import AskWork, ClaimedAsk
from bot.slack import messenger, people
from bot.slack.context import AppContext
from bot.slack.messenger import NotSent, Sent, Unsure
from bot.slack.recording import RETRY_AFTER, record
from bot.slack.rounds import Attempt, go_round
from bot.slack.views import asks as asks_view
from bot.slack.views.lessons import Place, offered
from bot.storage.asks import SendableAsk

AT_ONCE = 100  # planned and sent before it is looked who else is due: some twenty seconds of work
ROUNDS = 30  # of planning in one heartbeat: those looked at are a few times those asked

_log = logging.getLogger(__name__)


class AskSender:
    """Direct messages of one workspace. Nothing is sent in a transaction, and nothing twice."""

    def __init__(self, context: AppContext) -> None:
        self._context = context

    async def send_due(self) -> None:
        """Plan whom to ask, and send; nothing while Slack takes no direct messages."""
        context = self._context
        tried: set[AskId] = set()
        while await context.at(context.clock()).read(rests.may_be_used, DIRECT):
            now = context.clock()
            work = await context.at(now).read(asks.find_work, AT_ONCE)
            if work.due:
                await self._plan()
                work = await context.at(now).read(asks.find_work, AT_ONCE)
            fresh = {one.id for one in work.sendable} - tried
            if tried and not fresh:
                return  # those that are left wait for something else
            await self._send(work)
            await self._send_stopped_messages(work.stopped_untold)
            if len(work.sendable) < AT_ONCE:
                return
            tried |= fresh

    async def _plan(self) -> None:
        context = self._context
        left = AT_ONCE
        candidates = await context.at(context.clock()).read(planning.load_candidates)
        for _ in range(ROUNDS):
            now = context.clock()
            planned = await context.at(now).write(planning.plan, candidates, left)
            left -= planned.asks
            if planned.looked_at < planning.AT_ONCE or left == 0:
                return

    async def _send(self, work: AskWork) -> None:
        """Ask Slack where people are and whether it keeps them quiet, then send side by side."""
        context = self._context
        if not work.sendable:
            return
        await self._refresh_zones(work.sendable)
        try:
            quiet = await people.load_quiet_times(
                context.client, [one.user_id for one in work.sendable]
            )
        except people.CannotCheck:
            return  # they stay planned; the next heartbeat asks again

        async def send(waiting: SendableAsk) -> Attempt:
            # Claimed only when it may go out at once: what waits is not lost with its process.
            async with context.client.slot(DIRECT.method, waiting.user_id):
                claimed = await context.at(context.clock()).write(
                    asks.claim, waiting.id, quiet.get(waiting.user_id), context.lessons
                )
                return Attempt.ANSWERED if claimed is None else await self._send_one(claimed)

        await go_round(context, DIRECT, work.sendable, send)

    async def _refresh_zones(self, waiting: list[SendableAsk]) -> None:
        context = self._context
        now = context.clock()
        old = await context.at(now).read(
            asks.find_zones_to_check, [one.member_id for one in waiting]
        )
        found = await asyncio.gather(
            *(people.load_whereabouts(context.client, user) for _, user in old)
        )
        for (member, user), where in zip(old, found, strict=True):
            if where is None:
                continue
            if where.departed:  # who has left the company has left here
                await context.at(now).write(membership.end_for_departed, user)
            else:
                await context.at(now).write(
                    preferences_service.record_time_zone, member, where.time_zone
                )

    async def _send_one(self, claimed: ClaimedAsk) -> Attempt:
        """Send one, and record what became of it."""
        context = self._context
        message = asks_view.render_ask(
            claimed.post, claimed.member, repeat=claimed.repeat, renew_before=claimed.renew_before
        )
        if claimed.lesson is not None:
            message = offered(message, claimed.lesson, Place.HERE)
        outcome = await messenger.post(context.client, claimed.member.user_id, message)
        now = context.clock()
        if isinstance(outcome, Sent):
            await record(
                context.at(now), asks.record_sent, claimed.ask_id, outcome.channel, outcome.ts
            )
            return Attempt.ANSWERED
        if isinstance(outcome, Unsure):
            _log.warning("nobody knows whether a direct message arrived; it counts as sent")
            await record(context.at(now), asks.record_uncertain, claimed.ask_id)
            return Attempt.LOST
        if concerns_everybody(outcome.trouble):
            _log.warning("direct messages wait: %s", outcome.trouble)
            wait = outcome.retry_after or RETRY_AFTER
            await record(context.at(now), asks.record_waits, claimed, now + wait)
            why = outcome.trouble
            await record(context.at(now), rests.record_throttled, DIRECT, wait, why)
            return Attempt.REFUSED
        _log.warning("a direct message was refused: %s", outcome.trouble)
        for_good = concerns_person(outcome.trouble)
        await record(context.at(now), partial(asks.record_refused, for_good=for_good), claimed)
        return Attempt.ANSWERED

    async def _send_stopped_messages(self, untold: list[Member]) -> None:
        """Say so to those whom Slack does not keep quiet now; the others hear of it later."""
        if not untold:
            return
        try:
            quiet = await people.load_quiet_times(
                self._context.client, [one.user_id for one in untold]
            )
        except people.CannotCheck:
            return
        now = self._context.clock()
        for member in untold:
            start, end = quiet.get(member.user_id, (now, now))
            if not start <= now < end:
                await self._send_stopped_message(member)

    async def _send_stopped_message(self, member: Member) -> None:
        """The bot has stopped asking somebody: it says so once."""
        context = self._context
        if not await context.at(context.clock()).write(asks.claim_stopped_message, member):
            return
        outcome = await messenger.post(context.client, member.user_id, asks_view.stopped())
        now = context.at(context.clock())
        if isinstance(outcome, Sent):
            sent = (outcome.channel, outcome.ts)
            await record(now, asks.record_stopped_message, member.id, *sent)
        elif isinstance(outcome, NotSent) and concerns_everybody(outcome.trouble):
            await record(now, asks.release_stopped_message, member.id)
