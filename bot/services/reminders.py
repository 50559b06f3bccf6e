"""One reminder to comms, in their channel, of a post that waits for their approval."""

from __future__ import annotations

from bot.domain.model import NoticeKind
from bot.domain.reminders import reminds_now
from bot.storage import notices, reminders, workspaces
from bot.storage.tx import Tx


def remind(tx: Tx) -> None:
    """Put what has waited for two working days in the outbox, once for each revision of a post."""
    waiting = reminders.find_waiting(tx)
    found = workspaces.find(tx) if waiting else None
    if found is None:
        return
    for post in waiting:
        if reminds_now(post.since, found.policy, tx.now):
            revision = str(post.revision)
            notices.enqueue_once(tx, NoticeKind.STILL_WAITS, post_id=post.post_id, detail=revision)
