"""What the heartbeat does: send what may go out, and bring messages up to what is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any
from uuid import uuid4

from bot.domain.model import Post, PostState
from bot.pages.fetching import Look
from bot.services import announcing, chores
from bot.services.announcing import Claimed
from bot.services.chores import AskShown, CardFacts, Chores, Owed
from bot.slack import messenger
from bot.slack.asks import Asks
from bot.slack.kit import Kit
from bot.slack.messenger import NotSent, Sent
from bot.slack.previews import Previews
from bot.slack.recording import RETRY_AFTER, record
from bot.slack.views import announcement, asides, ask, notices
from bot.slack.views.card import card
from bot.storage.announcements import Announcement

_GONE = (
    "message_not_found",
    "cant_update_message",
    "channel_not_found",
    "is_inactive",
    "edit_window_closed",
)  # somebody deleted it
_log = logging.getLogger(__name__)


class Delivery:
    """Sends for one workspace. Every step can be repeated; nothing is sent in a transaction."""

    def __init__(self, kit: Kit, look: Look | None = None) -> None:
        """Pages are looked at with `look`; without it none is."""
        self._kit = kit
        self._previews = Previews(kit, look, self.refresh) if look else None
        self._one_at_a_time = asyncio.Lock()
        self._holder = uuid4().hex  # which process does the chores
        self._asks = Asks(kit)

    async def tick(self) -> None:
        """One heartbeat: what expires, the next post if it may go out, pages, then the chores."""
        kit = self._kit
        now = kit.clock()
        claimed = await kit.database.write(announcing.prepare, kit.workspace, now)
        if claimed is not None:
            await self._announce(claimed)
        await self._asks.tick()
        if self._previews is not None:
            kit.afterwards.later(self._previews.fetch())  # beside: a page may take its time
        await self.refresh()

    def refresh_soon(self) -> None:
        """Bring cards and messages up to date after a change, without making anybody wait."""
        self._kit.afterwards.later(self.refresh())

    async def refresh(self) -> None:
        """Bring cards, messages, dialogs and words owed to comms up to what is stored.

        One process at a time does it, so that no card is sent by two; the others find it done.
        """
        kit = self._kit
        async with self._one_at_a_time:
            now = kit.clock()
            found = await kit.database.read(chores.find, kit.workspace, now)
            if not found:
                return
            mine = await kit.database.write(chores.take, kit.workspace, self._holder, now)
            if not mine:
                return
            try:
                # Read again: what another process has just done is done.
                found = await kit.database.read(chores.find, kit.workspace, kit.clock())
                await self._do(found)
            finally:
                await kit.database.write(chores.leave, kit.workspace, self._holder)

    async def _do(self, found: Chores) -> None:
        for sent, post in found.messages:
            await _alone(self._show_message(sent, post), f"the message of post {post.id}")
        for asked in found.asks:
            await _alone(self._show_ask(asked), f"a message about post {asked.post.id}")
        if found.asks_done:
            await self._kit.database.write(chores.asks_shown, self._kit.workspace)
        for facts in found.cards:
            await _alone(self._show_card(facts), f"the card of post {facts.post.id}")
        for response, external_id, state in found.dialogs:
            await _alone(self._close_dialog(response, external_id, state), "a dialog")
        for owed in found.notices:
            await _alone(self._tell(owed), f"a word about {owed.notice.kind}")

    async def _announce(self, claimed: Claimed) -> None:
        kit = self._kit
        outcome = await messenger.post(kit.client, claimed.channel, announcement.live(claimed.post))
        now = kit.clock()
        post = claimed.post.id
        if isinstance(outcome, Sent):
            _log.info("post %s is in the channel", post)
            await record(
                kit,
                announcing.record_sent,
                kit.workspace,
                claimed,
                outcome.channel,
                outcome.ts,
                now,
            )
        elif isinstance(outcome, NotSent):
            _log.warning("post %s stays queued: %s", post, outcome.trouble)
            later = now + (outcome.retry_after or RETRY_AFTER)
            await record(
                kit,
                announcing.record_not_sent,
                kit.workspace,
                claimed,
                outcome.trouble,
                later,
                now,
            )
        else:
            _log.warning("nobody knows whether post %s reached the channel", post)
            await record(kit, announcing.record_uncertain, kit.workspace, claimed.id, post, now)

    async def _show_message(self, sent: Announcement, post: Post) -> None:
        if sent.channel is None or sent.ts is None:
            return
        over = post.state.ended
        message = announcement.ended(post) if over else announcement.live(post)
        outcome = await messenger.edit(self._kit.client, sent.channel, sent.ts, message)
        gone = isinstance(outcome, NotSent) and outcome.trouble in _GONE
        if isinstance(outcome, Sent) or gone:
            await self._kit.database.write(
                chores.message_shown, sent.id, post.approved_revision, ended=over or gone
            )

    async def _show_ask(self, asked: AskShown) -> None:
        over = asked.post.state.ended
        if over:
            message = announcement.ended(asked.post)
        else:
            message = ask.proposed(
                asked.post,
                asked.member,
                again=asked.ask.turn > 0,
                renew_before=asked.renew_before,
            )
        if asked.ask.channel is None or asked.ask.ts is None:
            return
        outcome = await messenger.edit(self._kit.client, asked.ask.channel, asked.ask.ts, message)
        gone = isinstance(outcome, NotSent) and outcome.trouble in _GONE
        if isinstance(outcome, Sent) or gone:
            await self._kit.database.write(
                chores.ask_shown,
                asked.ask.id,
                asked.post.approved_revision,
                self._kit.clock(),
                ended=over or gone,
            )

    async def _show_card(self, facts: CardFacts) -> None:
        kit = self._kit
        message = card(
            facts.post,
            facts.decisions,
            facts.forecast,
            facts.workspace,
            uncertain=facts.uncertain,
            preview=facts.preview,
            house=kit.house,
        )
        ts = facts.card.ts
        if ts is None:
            # A lost reply may leave a second card behind: harmless, where a missing one is not.
            outcome = await messenger.post(kit.client, kit.comms_channel, message)
        else:
            outcome = await messenger.edit(kit.client, kit.comms_channel, ts, message)
            if isinstance(outcome, NotSent) and outcome.trouble in _GONE:
                outcome = await messenger.post(kit.client, kit.comms_channel, message)
        if isinstance(outcome, Sent):
            await kit.database.write(
                chores.card_shown, facts.card.post, outcome.ts, facts.card.version
            )

    async def _close_dialog(self, response: int, external_id: str, state: PostState) -> None:
        view = asides.closing(announcement.why_ended(state))
        await messenger.update_view(self._kit.client, view, external_id=external_id)
        await self._kit.database.write(chores.dialog_closed, response)

    async def _tell(self, owed: Owed) -> None:
        kit = self._kit
        message = notices.render(owed.notice, owed.title, owed.writer, kit.advocacy_channel)
        outcome = await messenger.post(kit.client, kit.comms_channel, message)
        if isinstance(outcome, Sent):
            await kit.database.write(chores.notice_sent, owed.notice.id, kit.clock())


async def _alone(chore: Coroutine[Any, Any, None], what: str) -> None:
    """One chore; if it cannot be done, the others still are."""
    try:
        await chore
    except Exception:  # noqa: BLE001 - logged, and found again at the next heartbeat
        _log.exception("%s could not be brought up to date", what)
