"""The queue in comms' hands: what goes out when, and moving a post in it."""

from __future__ import annotations

from bot.domain import channel_queue
from bot.domain.channel_queue import Move, Moved
from bot.domain.ids import PostId
from bot.storage import announcements, cards, posts, workspaces
from bot.storage.tx import Tx


def move(tx: Tx, post_id: PostId, to: Move) -> Moved:
    """Move a queued post one place up or down, or to the front; the others keep their order."""
    workspace = workspaces.find(tx, lock=True)
    queued = announcements.load_queued_posts(tx)
    placed = {post.post_id for post in queued if post.place is not None}
    if workspace is None or post_id not in {post.post_id for post in queued}:
        return Moved.NOT_QUEUED
    recent = announcements.load_recent(tx)
    before = channel_queue.decide_order(queued, recent, workspace.policy, tx.now)
    posts.record_places(tx, channel_queue.move(before, placed, post_id, to))
    queued = announcements.load_queued_posts(tx)
    if channel_queue.decide_order(queued, recent, workspace.policy, tx.now) == before:
        return Moved.STAYS
    cards.mark_queued_outdated(tx)
    return Moved.MOVED
