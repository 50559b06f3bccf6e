"""Bringing Slack's messages, cards, dialogs and notices up to what is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from typing import Any
from uuid import uuid4

from bot.domain.ids import AskId, ResponseId
from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.post import Post, PostState
from bot.domain.rests import EDITS
from bot.domain.troubles import Trouble, concerns_channel
from bot.logs import get_logger
from bot.services import reconcile, rests
from bot.services.reconcile import CardUpdate, NoticeUpdate, PendingUpdates
from bot.slack import ask_messages, messenger, people
from bot.slack.context import AppContext
from bot.slack.messenger import NotSent, Sent, Unsure, is_gone
from bot.slack.refused_messages import RefusedMessages
from bot.slack.rounds import go_round
from bot.slack.views import announcements, notices, share_forms
from bot.slack.views.cards import render_card
from bot.storage.announcements import Announcement
from bot.storage.tx import Transactions

_log = get_logger(__name__)

Update = tuple[Callable[[], Coroutine[Any, Any, None]], str]


class Reconciler:
    """Updates Slack for one workspace. Every step can be repeated, and none is in a transaction."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._one_at_a_time = asyncio.Lock()
        self._people_at_a_time = asyncio.Lock()
        self._claimed_at = context.clock()
        self._refused = RefusedMessages()
        self._process_id = uuid4().hex  # of several processes, one reconciles at a time

    def refresh_soon(self) -> None:
        """Bring Slack up to date after a change, without making anybody wait."""
        self._context.background_tasks.add(self.refresh())
        self._context.background_tasks.add(self.refresh_of_people())

    async def refresh(self) -> None:
        """Bring both channels up to what is stored.

        One process at a time does it, so that no card is sent by two; the others find it done.
        """
        async with self._one_at_a_time:
            if not (await self._database().read(reconcile.find_pending)).of_channels:
                return
            if not await self._claim():
                return
            try:
                # Read again: what another process has just done is done.
                await self._apply(await self._database().read(reconcile.find_pending))
            finally:
                await self._database().write(reconcile.release, self._process_id)

    async def refresh_of_people(self) -> None:
        """Bring people's messages and dialogs up to what is stored.

        Slack permits some forty edits a minute, so these hold up nothing of the channels. Two
        processes may be at it: each edit is looked at just before, and doing it twice is harmless.
        """
        async with self._people_at_a_time:
            pending = await self._database().read(reconcile.find_pending)
            await _isolated(self._show_asks(pending.asks), "messages of asks")
            if pending.asks_done:
                await self._database().write(reconcile.record_asks_refreshed)
            for response_id, external_id, state in pending.dialogs:
                await _isolated(self._close_dialog(response_id, external_id, state), "a dialog")

    async def _apply(self, pending: PendingUpdates) -> None:
        over: list[Update] = []
        # What goes on goes out, and does so only while the comms channel is closed to others.
        others: list[Update] = []
        for each, post in pending.messages:
            show = partial(self._update_announcement, each, post)
            (over if post.state.ended else others).append((show, f"the message of post {post.id}"))
        others += [
            (partial(self._update_card, card), f"the card of post {card.post.id}")
            for card in pending.cards
        ]
        others += [
            (partial(self._send_notice, each), f"a notice about {each.notice.kind}")
            for each in pending.notices
        ]
        for update, what in over:
            if not await self._keep_claim():
                return
            await _isolated(update(), what)
        for update, what in others:
            if not await self._keep_claim() or not await self._context.comms.may_post():
                return
            await _isolated(update(), what)

    async def _claim(self) -> bool:
        self._claimed_at = self._context.clock()
        return await self._database().write(reconcile.claim, self._process_id)

    async def _keep_claim(self) -> bool:
        """Calls wait for their turn, so that one round may take longer than a claim holds."""
        if self._context.clock() - self._claimed_at < ABANDONED_AFTER / 3:
            return True
        return await self._claim()

    async def _show_asks(self, ask_ids: list[AskId]) -> None:
        """Edit messages side by side, unless edits rest or Slack does not answer."""
        if not ask_ids or not await self._database().read(rests.may_be_used, EDITS):
            return
        begin = int(self._process_id, 16) % len(ask_ids)  # each process begins with others
        show = partial(ask_messages.show, self._context)
        await go_round(self._context, EDITS, ask_ids[begin:] + ask_ids[:begin], show)

    async def _update_announcement(self, announcement: Announcement, post: Post) -> None:
        channel, ts = announcement.channel, announcement.message_ts
        if channel is None or ts is None:
            return
        ended = post.state.ended
        key = ("announcement", announcement.id, post.approved_revision, ended)
        if self._refused.rests(key, self._context.clock()):
            return
        message = announcements.render_ended(post) if ended else announcements.render_live(post)
        outcome = await messenger.edit(self._context.client, channel, ts, message)
        is_mine = channel == self._context.advocacy_channel
        if is_mine and not isinstance(outcome, Sent) and _waits(outcome):
            return
        if isinstance(outcome, Sent) or is_gone(outcome):
            await self._database().write(
                reconcile.record_announcement_shown,
                announcement.id,
                post.approved_revision,
                ended=ended or is_gone(outcome),
            )
            if isinstance(outcome, NotSent) and outcome.trouble == Trouble.MESSAGE_FIXED:
                _log.warning("the message of a post cannot be changed any more", post=post.id)
                await self._database().write(reconcile.record_announcement_fixed, post.id)
        elif isinstance(outcome, NotSent):
            self._record_refused(key, f"the message of post {post.id}", outcome)

    async def _update_card(self, update: CardUpdate) -> None:
        client, channel, card = self._context.client, self._context.comms_channel, update.card
        key = ("card", card.post_id, card.version)
        if self._refused.rests(key, self._context.clock()):
            return
        message = render_card(
            update.post,
            update.decisions,
            update.forecast,
            update.workspace,
            after=update.after,
            uncertain=update.uncertain,
            preview=update.preview,
            own_news=update.own_news,
            audience=update.audience,
            since=update.since,
            changes=update.changes,
            sharing_policy=update.workspace.sharing_policy,
        )
        if card.message_ts is None:
            # A lost reply may leave a second card behind: harmless, where a missing one is not.
            outcome = await messenger.post(client, channel, message)
        else:
            outcome = await messenger.edit(client, channel, card.message_ts, message)
            if is_gone(outcome) and not _waits(outcome):
                outcome = await messenger.post(client, channel, message)
        if isinstance(outcome, Sent):
            known = card.link if outcome.ts == card.message_ts else None
            address = known or await messenger.load_link(client, outcome)
            await self._database().write(
                reconcile.record_card_shown, card.post_id, outcome.ts, card.version, address
            )
        elif isinstance(outcome, NotSent):
            self._record_refused(key, f"the card of post {card.post_id}", outcome)

    async def _close_dialog(
        self, response_id: ResponseId, external_id: str, state: PostState
    ) -> None:
        view = share_forms.closing(announcements.why_ended(state))
        await messenger.update_view(
            self._context.client, view, external_id=external_id, in_background=True
        )
        await self._database().write(reconcile.record_dialog_closed, response_id)

    async def _send_notice(self, update: NoticeUpdate) -> None:
        notice, key = update.notice, ("notice", update.notice.id)
        if self._refused.rests(key, self._context.clock()):
            return
        actor = notice.actor_id if notice.kind in notices.NAMED else None
        name = await people.load_name(self._context.client, actor) if actor else None
        about = notices.About(
            update.title,
            update.writer,
            update.card_link,
            name,
            update.zone,
            update.suggestion,
            update.share_notes,
        )
        message = notices.render(notice, about, self._context.advocacy_channel)
        outcome = await messenger.post(self._context.client, self._context.comms_channel, message)
        if isinstance(outcome, Sent):
            told = [note.id for note in update.share_notes]
            await self._database().write(reconcile.record_notice_sent, notice.id, told)
        elif isinstance(outcome, NotSent):
            self._record_refused(key, f"a notice about {update.notice.kind}", outcome)

    def _record_refused(self, key: Hashable, what: str, refusal: NotSent) -> None:
        """Leave alone for a while what Slack refuses for its own sake, and say so once."""
        if _waits(refusal):
            return  # that concerns others as well, and rests by itself
        if self._refused.record(key, self._context.clock(), refusal.trouble):
            _log.error(
                "Slack refuses a change. It is tried again later, and after another change",
                what=what,
                why=refusal.trouble,
            )

    def _database(self) -> Transactions:
        return self._context.at(self._context.clock())


def _waits(outcome: Sent | NotSent | Unsure) -> bool:
    """Whether it is to be tried again as it is: nobody knows, or it concerns more than this."""
    if isinstance(outcome, NotSent):
        return concerns_channel(outcome.trouble)
    return isinstance(outcome, Unsure)


async def _isolated(work: Coroutine[Any, Any, None], what: str) -> None:
    """Do one update; if it cannot be done, the others still are."""
    try:
        await work
    except Exception:  # noqa: BLE001 - logged, and found again at the next heartbeat
        _log.exception("something could not be brought up to date", what=what)
