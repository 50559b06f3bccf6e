"""The queue in comms' hands: what goes out when, and moving a post in it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import channel_queue
from bot.domain.channel_queue import Move, Moved
from bot.domain.ids import PostId, UserId
from bot.domain.record import Act
from bot.storage import announcements, cards, posts, record, workspaces
from bot.storage.tx import Tx


def move(tx: Tx, user_id: UserId, post_id: PostId, to: Move) -> Moved:
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
    after = channel_queue.decide_order(queued, recent, workspace.policy, tx.now)
    if after == before:
        return Moved.STAYS
    cards.mark_queued_outdated(tx)
    post = posts.find_approved(tx, post_id)
    record.record_act(
        tx,
        user_id,
        Act.MOVE,
        post_id=post_id,
        revision=None if post is None else post.approved_revision,
        before=_place(before, post_id),
        after=_place(after, post_id),
    )
    return Moved.MOVED


def _place(order: Sequence[PostId], post_id: PostId) -> str:
    """Where a post is in the queue, as people count."""
    return str(order.index(post_id) + 1)
