"""Which pages are looked at for their previews, and what is kept of them."""

from __future__ import annotations

from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.post import Post
from bot.domain.previews import Preview
from bot.storage import previews
from bot.storage.previews import PendingPage
from bot.storage.tx import Tx

AT_ONCE = 4  # pages at a heartbeat, side by side


def request(tx: Tx, post: Post) -> None:
    """Have the page of a post looked at, unless that was done for the same link and went well."""
    if not previews.is_settled(tx, post.id, post.content.link):
        previews.request(tx, post.id, post.revision)


def is_any_pending(tx: Tx) -> bool:
    """Whether a page is to be looked at."""
    return bool(previews.find_pending(tx, tx.now - ABANDONED_AFTER, 1))


def claim(tx: Tx) -> list[PendingPage]:
    """Take a few pages; the caller then looks at each and records what it found."""
    abandoned = tx.now - ABANDONED_AFTER
    found = previews.find_pending(tx, abandoned, AT_ONCE)
    return [page for page in found if previews.claim(tx, page, abandoned)]


def record(tx: Tx, page: PendingPage, found: Preview) -> bool:
    """Keep what was found; False where the post has got another link meanwhile."""
    return previews.record(tx, page, found)
