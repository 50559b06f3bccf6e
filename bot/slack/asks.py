"""What the heartbeat does about direct messages: plan, check once more, send, record."""

from __future__ import annotations

import asyncio

from bot.domain.admission import takes_part
from bot.domain.ids import AskId
from bot.domain.model import Member
from bot.domain.rests import DIRECT
from bot.domain.troubles import concerns_everybody
from bot.services import asks, membership, planning, rests, stopped_messages
from bot.services import preferences as preferences_service
from bot.services.asks import AskWork, ClaimedAsk
from bot.slack import people
from bot.slack.context import AppContext
from bot.slack.dispatches import send
from bot.slack.messenger import NotSent, Unsure
from bot.slack.recording import RETRY_AFTER, record
from bot.slack.rounds import Attempt, go_round
from bot.slack.views import asks as asks_view
from bot.slack.views.lessons import Place, offered
from bot.storage.asks import SendableAsk

AT_ONCE = 100  # planned and sent before it is looked who else is due: some twenty seconds of work
ROUNDS = 30  # of planning in one heartbeat: those looked at are a few times those asked
_NAME = "a direct message"  # for the log, alike for all: it says nothing about anybody


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
            if not (work.due or work.sendable or work.stopped_untold):
                return
            if not await context.comms.may_post():
                return
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

        async def ask(waiting: SendableAsk) -> Attempt:
            # Claimed only when it may go out at once: what waits is not lost with its process.
            async with context.client.slot(DIRECT.method, waiting.user_id):
                claimed = await context.at(context.clock()).write(
                    asks.claim, waiting.id, quiet.get(waiting.user_id), context.lessons
                )
                return Attempt.ANSWERED if claimed is None else await self._send_one(claimed)

        await go_round(context, DIRECT, work.sendable, ask)

    async def _refresh_zones(self, waiting: list[SendableAsk]) -> None:
        context = self._context
        now = context.clock()
        old = await context.at(now).read(
            asks.find_zones_to_check, [one.member_id for one in waiting]
        )
        found = await asyncio.gather(
            *(people.load_person_if_free(context.client, user) for _, user in old)
        )
        for (member, user), person in zip(old, found, strict=True):
            if person is None:
                continue
            standing = context.directory.standing(person)
            if takes_part(standing, guests_may_join=context.guests_may_join):
                await context.at(now).write(
                    preferences_service.record_time_zone, member, person.time_zone
                )
            else:  # who has left the company, or is a guest now, has left here
                await context.at(now).write(membership.end_for_departed, user)

    async def _send_one(self, claimed: ClaimedAsk) -> Attempt:
        """Send one, and record what became of it."""
        context = self._context
        message = asks_view.render_ask(
            claimed.post, claimed.member, repeat=claimed.repeat, renew_before=claimed.renew_before
        )
        if claimed.lesson is not None:
            message = offered(message, claimed.lesson, Place.HERE)
        person = claimed.member.user_id
        outcome = await send(context, asks, claimed.ask_id, person, message, _NAME)
        if isinstance(outcome, Unsure):
            return Attempt.LOST
        if isinstance(outcome, NotSent) and concerns_everybody(outcome.trouble):
            wait = outcome.retry_after or RETRY_AFTER
            database, why = context.at(context.clock()), outcome.trouble
            await record(database, rests.record_throttled, DIRECT, wait, why)
            return Attempt.REFUSED
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
        if await context.at(context.clock()).write(stopped_messages.claim, member):
            message = asks_view.stopped()
            await send(context, stopped_messages, member.id, member.user_id, message, _NAME)
