"""Bringing Slack's messages, cards, dialogs and notices up to what is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from functools import partial
from typing import Any
from uuid import uuid4

from bot.domain.ids import AskId, ResponseId
from bot.domain.post import Post, PostState
from bot.domain.rests import Method
from bot.services import reconcile, rests
from bot.services.reconcile import CardUpdate, NoticeUpdate, PendingUpdates
from bot.slack import ask_messages, messenger, people
from bot.slack.context import AppContext
from bot.slack.messenger import Sent, is_gone
from bot.slack.rounds import go_round
from bot.slack.views import announcements, notices, share_forms
from bot.slack.views.cards import render_card
from bot.storage.announcements import Announcement
from bot.storage.tx import Transactions

_log = logging.getLogger(__name__)


class Reconciler:
    """Updates Slack for one workspace. Every step can be repeated, and none is in a transaction."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._one_at_a_time = asyncio.Lock()
        self._process_id = uuid4().hex  # of several processes, one reconciles at a time

    def refresh_soon(self) -> None:
        """Bring Slack up to date after a change, without making anybody wait."""
        self._context.background_tasks.add(self.refresh())

    async def refresh(self) -> None:
        """Bring everything in Slack up to what is stored.

        One process at a time does it, so that no card is sent by two; the others find it done.
        """
        async with self._one_at_a_time:
            database = self._database()
            if not await database.read(reconcile.find_pending):
                return
            if not await database.write(reconcile.claim, self._process_id):
                return
            try:
                # Read again: what another process has just done is done.
                await self._apply(await self._database().read(reconcile.find_pending))
            finally:
                await self._database().write(reconcile.release, self._process_id)

    async def _apply(self, pending: PendingUpdates) -> None:
        for announcement, post in pending.messages:
            work = self._update_announcement(announcement, post)
            await _isolated(work, f"the message of post {post.id}")
        await _isolated(self._show_asks(pending.asks), "messages of asks")
        if pending.asks_done:
            await self._database().write(reconcile.record_asks_refreshed)
        for card in pending.cards:
            await _isolated(self._update_card(card), f"the card of post {card.post.id}")
        for response_id, external_id, state in pending.dialogs:
            await _isolated(self._close_dialog(response_id, external_id, state), "a dialog")
        for notice in pending.notices:
            await _isolated(self._send_notice(notice), f"a notice about {notice.notice.kind}")

    async def _show_asks(self, ask_ids: list[AskId]) -> None:
        """Edit messages side by side, unless edits rest or Slack does not answer."""
        if not ask_ids or not await self._database().read(rests.may_be_used, Method.EDITS):
            return
        show = partial(ask_messages.show, self._context)
        await go_round(self._context, Method.EDITS, ask_ids, show)

    async def _update_announcement(self, announcement: Announcement, post: Post) -> None:
        channel, ts = announcement.channel, announcement.message_ts
        if channel is None or ts is None:
            return
        ended = post.state.ended
        message = announcements.render_ended(post) if ended else announcements.render_live(post)
        outcome = await messenger.edit(self._context.client, channel, ts, message)
        if isinstance(outcome, Sent) or is_gone(outcome):
            await self._database().write(
                reconcile.record_announcement_shown,
                announcement.id,
                post.approved_revision,
                ended=ended or is_gone(outcome),
            )

    async def _update_card(self, update: CardUpdate) -> None:
        client, channel = self._context.client, self._context.comms_channel
        message = render_card(
            update.post,
            update.decisions,
            update.forecast,
            update.workspace,
            after=update.after,
            uncertain=update.uncertain,
            preview=update.preview,
            sharing_policy=self._context.sharing_policy,
        )
        ts = update.card.message_ts
        if ts is None:
            # A lost reply may leave a second card behind: harmless, where a missing one is not.
            outcome = await messenger.post(client, channel, message)
        else:
            outcome = await messenger.edit(client, channel, ts, message)
            if is_gone(outcome):
                outcome = await messenger.post(client, channel, message)
        if isinstance(outcome, Sent):
            card = update.card
            known = card.link if outcome.ts == ts else None
            address = known or await messenger.load_link(client, outcome)
            await self._database().write(
                reconcile.record_card_shown, card.post_id, outcome.ts, card.version, address
            )

    async def _close_dialog(
        self, response_id: ResponseId, external_id: str, state: PostState
    ) -> None:
        view = share_forms.closing(announcements.why_ended(state))
        await messenger.update_view(self._context.client, view, external_id=external_id)
        await self._database().write(reconcile.record_dialog_closed, response_id)

    async def _send_notice(self, update: NoticeUpdate) -> None:
        channel = self._context.advocacy_channel
        actor = update.notice.actor_id
        named = actor is not None and update.notice.kind in notices.NAMED
        name = await people.load_name(self._context.client, actor) if actor and named else None
        about = notices.About(update.title, update.writer, update.card_link, name)
        message = notices.render(update.notice, about, channel)
        outcome = await messenger.post(self._context.client, self._context.comms_channel, message)
        if isinstance(outcome, Sent):
            await self._database().write(reconcile.record_notice_sent, update.notice.id)

    def _database(self) -> Transactions:
        return self._context.at(self._context.clock())


async def _isolated(work: Coroutine[Any, Any, None], what: str) -> None:
    """Do one update; if it cannot be done, the others still are."""
    try:
        await work
    except Exception:  # noqa: BLE001 - logged, and found again at the next heartbeat
        _log.exception("%s could not be brought up to date", what)
