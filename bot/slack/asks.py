"""What the heartbeat does about direct messages: plan, check once more, send, record."""

from __future__ import annotations

import asyncio
import logging

from bot.domain.model import Member
from bot.services import asking, health, membership, planning
from bot.services.asking import Claimed, Work
from bot.slack import messenger, people
from bot.slack.kit import Kit
from bot.slack.messenger import NotSent, Sent, Unsure
from bot.slack.recording import RETRY_AFTER, record
from bot.slack.views import ask
from bot.slack.views.lessons import Place, offered
from bot.storage.asks import Waiting

# Slack lets an app send some hundreds of messages a minute in one workspace, and a heartbeat comes
# twice a minute: what is left over is for the channel, the cards and the answers to clicks.
AT_ONCE = 100
ROUNDS = 30  # of planning in one heartbeat: those looked at are a few times those asked

# Slack's refusals that are about the bot or the workspace, not about one person.
_EVERYBODY = frozenset({"throttled", "unreachable", "missing_scope", "invalid_auth"})
_log = logging.getLogger(__name__)


class Asks:
    """Direct messages of one workspace. Nothing is sent in a transaction, and nothing twice."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def tick(self) -> None:
        """One heartbeat: the pace check, first groups, whom to ask, and sending."""
        kit = self._kit
        now = kit.clock()
        work = await kit.database.read(asking.find, kit.workspace, now, AT_ONCE)
        if work.unmeasured:
            numbers = await kit.database.read(planning.left_open, kit.workspace, now)
            for start in range(0, len(numbers), planning.AT_ONCE):
                some = numbers[start : start + planning.AT_ONCE]
                await kit.database.write(planning.count_lapsed, some, now)
            reading = await kit.database.read(health.read, kit.workspace, now)
            await kit.database.write(health.keep, kit.workspace, reading, now)
        if work.unsized:
            sizes = await kit.database.read(planning.unsized, kit.workspace, now)
            await kit.database.write(planning.set_sizes, sizes)
        if work.due:
            await self._plan()
            work = await kit.database.read(asking.find, kit.workspace, now, AT_ONCE)
        await self._send(work)
        await self._tell_stopped(work.untold)

    async def _plan(self) -> None:
        kit = self._kit
        left = AT_ONCE
        board = await kit.database.read(planning.board, kit.workspace, kit.clock())
        for _ in range(ROUNDS):
            now = kit.clock()
            planned = await kit.database.write(planning.plan, kit.workspace, board, now, left)
            left -= planned.asks
            if planned.looked_at < planning.AT_ONCE or left == 0:
                return

    async def _send(self, work: Work) -> None:
        """Ask Slack where people are and whether it keeps them quiet, then send one by one."""
        kit = self._kit
        if not work.waiting:
            return
        await self._refresh_zones(work.waiting)
        try:
            quiet = await people.quiet_times(kit.client, [one.user for one in work.waiting])
        except people.CannotCheck:
            return  # they stay planned; the next heartbeat asks again
        for waiting in work.waiting:
            claimed = await kit.database.write(
                asking.claim,
                kit.workspace,
                waiting.id,
                quiet.get(waiting.user),
                kit.clock(),
                kit.lessons,
            )
            if claimed is not None and not await self._propose(claimed):
                return

    async def _refresh_zones(self, waiting: list[Waiting]) -> None:
        kit = self._kit
        now = kit.clock()
        old = await kit.database.read(asking.zones_to_check, [one.member for one in waiting], now)
        found = await asyncio.gather(*(people.whereabouts(kit.client, user) for _, user in old))
        for (member, user), where in zip(old, found, strict=True):
            if where is None:
                continue
            if where.gone:  # who has left the company has left here
                await kit.database.write(membership.gone, kit.workspace, user, now)
            else:
                await kit.database.write(membership.move_zone, member, where.zone, now)

    async def _propose(self, claimed: Claimed) -> bool:
        """Send one; False where nothing more can be sent for now."""
        kit = self._kit
        message = ask.proposed(
            claimed.post, claimed.member, again=claimed.again, renew_before=claimed.renew_before
        )
        if claimed.lesson is not None:
            message = offered(message, claimed.lesson, Place.HERE)
        outcome = await messenger.post(kit.client, claimed.member.user, message)
        now = kit.clock()
        if isinstance(outcome, Sent):
            await record(kit, asking.record_sent, claimed.id, outcome.channel, outcome.ts)
            return True
        if isinstance(outcome, Unsure):
            _log.warning("nobody knows whether a direct message arrived; it counts as sent")
            await record(kit, asking.record_uncertain, claimed.id)
            return True
        if outcome.trouble in _EVERYBODY:
            _log.warning("direct messages wait: %s", outcome.trouble)
            later = now + (outcome.retry_after or RETRY_AFTER)
            await record(kit, asking.record_waits, claimed, later)
            return False
        _log.warning("a direct message was refused: %s", outcome.trouble)
        await record(kit, asking.record_refused, claimed, now)
        return True

    async def _tell_stopped(self, untold: list[Member]) -> None:
        """Say so to those whom Slack does not keep quiet now; the others hear of it later."""
        if not untold:
            return
        try:
            quiet = await people.quiet_times(self._kit.client, [one.user for one in untold])
        except people.CannotCheck:
            return
        now = self._kit.clock()
        for member in untold:
            start, end = quiet.get(member.user, (now, now))
            if not start <= now < end:
                await self._tell(member)

    async def _tell(self, member: Member) -> None:
        """The bot has stopped asking somebody: it says so once."""
        kit = self._kit
        if not await kit.database.write(asking.tell_stopped, member.id, kit.clock()):
            return
        outcome = await messenger.post(kit.client, member.user, ask.stopped())
        if isinstance(outcome, NotSent) and outcome.trouble in _EVERYBODY:
            await record(kit, asking.not_told, member.id)
