"""What earlier posts were about, for whoever approves the next one."""

from __future__ import annotations

from bot.domain.post import Post
from bot.domain.post_mix import LOOKED_BACK_ON, own_news_before
from bot.storage import posts
from bot.storage.tx import Tx


def count_own_news(tx: Tx, post: Post) -> int | None:
    """What `own_news_before` finds of a post that waits for approval."""
    earlier = posts.load_approved_kinds(tx, post.id, LOOKED_BACK_ON)
    return own_news_before(post.content.kind, earlier)
