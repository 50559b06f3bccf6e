"""What announcements, asks and other messages have in common on their way to Slack."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, TypeVar

from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.model import DispatchState, NoticeKind
from bot.storage import cards, dispatches, notices, posts
from bot.storage.announcements import Announcement
from bot.storage.dispatches import Dispatch
from bot.storage.tx import Tx

C = TypeVar("C", contravariant=True)  # what was claimed


class Recorder(Protocol[C]):
    """The service of one kind of message: it records what became of what it has claimed.

    Each is told once, but perhaps so late that what was claimed has been given up by then.
    """

    def record_sent(self, tx: Tx, claimed: C, channel: str, ts: str, /) -> None:
        """Record that the message is there."""

    def record_not_sent(self, tx: Tx, claimed: C, trouble: str, not_before: datetime, /) -> None:
        """Record that Slack surely did not take it; where that passes, it waits until then."""

    def record_uncertain(self, tx: Tx, claimed: C, /) -> None:
        """Record that nobody knows whether it was sent: it counts as sent."""


def give_up_abandoned(tx: Tx) -> int:
    """Mark as uncertain what was claimed by a sender that died before it recorded; how many."""
    lost = dispatches.find_abandoned(tx, tx.now - ABANDONED_AFTER)
    for dispatch in lost:
        give_up(tx, dispatch)
    return len(lost)


def give_up(tx: Tx, dispatch: Dispatch | None) -> None:
    """Record that nobody knows whether a dispatch was sent, unless it is known by now.

    Comms are asked about an announcement. An ask counts as asked, and is never sent again.
    """
    if dispatch is None or dispatch.state is not DispatchState.SENDING:
        return
    dispatches.mark_uncertain(tx, dispatch)
    if isinstance(dispatch, Announcement):
        posts.record_no_message_link(tx, dispatch.post_id)
        notices.enqueue(tx, NoticeKind.UNCERTAIN, post_id=dispatch.post_id)
        cards.mark_queued_outdated(tx)
