"""Pending updates: cards, messages and dialogs that show something outdated, unsent notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain import audience, channel_queue
from bot.domain.audience import Audience
from bot.domain.channel_queue import Forecast
from bot.domain.ids import (
    AnnouncementId,
    AskId,
    NoticeId,
    PostId,
    ResponseId,
    ShareNoteId,
    SuggestionId,
)
from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.model import DispatchState, Notice, NoticeKind, Workspace
from bot.domain.post import Decision, Post, PostState
from bot.domain.previews import Preview
from bot.domain.review import Change
from bot.domain.share_notes import ShareNote
from bot.domain.suggestions import Suggestion
from bot.services import forecast, post_mix, reviews
from bot.services import share_notes as share_notes_service
from bot.storage import (
    announcements,
    ask_messages,
    cards,
    notices,
    posts,
    previews,
    responses,
    share_notes,
    snapshots,
    suggestions,
    workspaces,
)
from bot.storage.announcements import Announcement
from bot.storage.cards import Card
from bot.storage.tx import Tx

AT_ONCE = 20  # messages or cards brought up to date in one go: a bounded burst
# Messages to people, and their dialogs. So many that nobody's waits behind those of others, but in
# a company in which one more or less cannot be told.
OF_PEOPLE_AT_ONCE = 100
OPEN_FOR = timedelta(days=1)  # longer than anybody leaves a dialog open


@dataclass(frozen=True, slots=True)
class CardUpdate:
    """What a post's card in the comms channel has to show; `after` is the post that goes before.

    `changes` are those since the decision `since`, while it waits for approval.
    """

    card: Card
    post: Post
    decisions: list[Decision]
    since: Decision | None
    changes: list[Change]
    forecast: Forecast | None
    after: PostId | None
    workspace: Workspace
    uncertain: bool
    preview: Preview | None
    own_news: int | None
    audience: Audience | None


@dataclass(frozen=True, slots=True)
class NoticeUpdate:
    """A notice to send, with the title, the writer and the card's address of its post, if known.

    `zone` is the workspace's, `suggestion` what a colleague offers with it, `share_notes` those of
    people who shared the post.
    """

    notice: Notice
    title: str
    writer: str | None
    card_link: str | None
    zone: str
    suggestion: Suggestion | None = None
    share_notes: tuple[ShareNote, ...] = ()


@dataclass(frozen=True, slots=True)
class PendingUpdates:
    """All that has to be brought up to date."""

    messages: list[tuple[Announcement, Post]]
    asks: list[AskId]
    asks_done: bool
    cards: list[CardUpdate]
    dialogs: list[tuple[ResponseId, str, PostState]]
    notices: list[NoticeUpdate]

    def __bool__(self) -> bool:
        return self.of_channels or bool(self.asks or self.asks_done or self.dialogs)

    @property
    def of_channels(self) -> bool:
        """Whether there is anything to do in the two channels."""
        return bool(self.messages or self.cards or self.notices)


def find_pending(tx: Tx) -> PendingUpdates:
    """What is to be done; never more than a bounded number of each kind."""
    stale = ask_messages.is_any_outdated(tx)
    shown = ask_messages.find_outdated(tx, OF_PEOPLE_AT_ONCE) if stale else []
    return PendingUpdates(
        messages=_messages(tx),
        asks=shown,
        asks_done=stale and len(shown) < OF_PEOPLE_AT_ONCE,
        cards=_cards(tx),
        dialogs=responses.find_open_dialogs(tx, tx.now - OPEN_FOR, OF_PEOPLE_AT_ONCE),
        notices=_notices(tx),
    )


def claim(tx: Tx, holder: str) -> bool:
    """Become the one process that reconciles; False where another one does."""
    return workspaces.claim_reconciling(tx, holder, tx.now + ABANDONED_AFTER)


def release(tx: Tx, holder: str) -> None:
    """Let other processes reconcile again."""
    workspaces.release_reconciling(tx, holder)


def record_announcement_shown(
    tx: Tx, announcement_id: AnnouncementId, revision: int | None, *, ended: bool
) -> None:
    """Record that the channel message shows this revision, or that the post has ended."""
    announcements.record_shown(tx, announcement_id, revision, ended=ended)


def record_announcement_fixed(tx: Tx, post_id: PostId) -> None:
    """Record that the channel message cannot be changed any more; comms hear of it once."""
    notices.enqueue_once(tx, NoticeKind.NOT_CHANGED, post_id=post_id, detail="")


def record_asks_refreshed(tx: Tx) -> None:
    """Record which posts and members have no outdated messages of asks left."""
    ask_messages.record_refreshed(tx)


def record_card_shown(
    tx: Tx, post_id: PostId, ts: str, version: int, link: str | None = None
) -> None:
    """Record that the card shows this version, and its address where Slack named it."""
    cards.record_shown(tx, post_id, ts, version, link)


def record_dialog_closed(tx: Tx, response_id: ResponseId) -> None:
    """Record that the dialog says that the post has ended, or was closed long ago."""
    responses.clear_dialog(tx, response_id)


def record_notice_sent(
    tx: Tx, notice_id: NoticeId, share_note_ids: Sequence[ShareNoteId] = ()
) -> None:
    """Record that the notice was sent; of what people sent on purpose, nothing more stays.

    `share_note_ids` are those of the notes that came with it.
    """
    if share_note_ids:
        share_notes_service.record_told(tx, notice_id, share_note_ids)
        return
    suggestion_id = notices.find_suggestion(tx, notice_id)
    if suggestion_id is not None:
        suggestions.record_shown(tx, suggestion_id)
    notices.mark_sent(tx, notice_id)


def _messages(tx: Tx) -> list[tuple[Announcement, Post]]:
    pairs = [
        (announcement, posts.find_approved(tx, announcement.post_id))
        for announcement in announcements.find_outdated(tx, AT_ONCE)
    ]
    return [(announcement, post) for announcement, post in pairs if post is not None]


def _cards(tx: Tx) -> list[CardUpdate]:
    stale = cards.find_outdated(tx, AT_ONCE)
    found = workspaces.find(tx) if stale else None
    if found is None:
        return []
    forecasts, snapshot = forecast.load_forecasts(tx, found), snapshots.load(tx)
    facts = []
    for card in stale:
        post = posts.find(tx, card.post_id)
        sent = announcements.find(tx, card.post_id)
        if post is not None:
            decisions = posts.load_decisions(tx, card.post_id)
            waits = post.newest_state is PostState.IN_REVIEW
            since, changes = reviews.find_changes(tx, post, decisions) if waits else (None, [])
            facts.append(
                CardUpdate(
                    card=card,
                    post=post,
                    decisions=decisions,
                    since=since,
                    changes=changes,
                    forecast=forecasts.get(card.post_id),
                    after=channel_queue.find_predecessor(forecasts, card.post_id),
                    workspace=found,
                    uncertain=sent is not None and sent.state is DispatchState.UNCERTAIN,
                    preview=previews.find_by_link(tx, card.post_id, post.content.link),
                    own_news=post_mix.count_own_news(tx, post) if waits else None,
                    audience=audience.find_audience(snapshot, post.content) if waits else None,
                )
            )
    return facts


def _notices(tx: Tx) -> list[NoticeUpdate]:
    waiting, pending = notices.pending(tx), []
    zone = workspaces.load(tx).policy.zone if waiting else ""
    for notice in waiting:
        post = posts.find(tx, notice.post_id) if notice.post_id else None
        title, writer = (post.content.title, post.writer) if post else ("", None)
        brings = notice.detail if notice.kind is NoticeKind.SUGGESTION else None
        offered = suggestions.find(tx, SuggestionId(int(brings))) if brings else None
        card_link = post.card_link if post else None
        told = _load_share_notes(tx, notice)
        if notice.kind is NoticeKind.SHARE_NOTES and not told:
            continue  # taken back this very moment
        pending.append(NoticeUpdate(notice, title, writer, card_link, zone, offered, told))
    return pending


def _load_share_notes(tx: Tx, notice: Notice) -> tuple[ShareNote, ...]:
    if notice.kind is not NoticeKind.SHARE_NOTES:
        return ()
    return tuple(share_notes.load_waiting(tx, notice.id, share_notes_service.TOGETHER))
