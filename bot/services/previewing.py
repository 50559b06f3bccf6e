"""Which pages are looked at for their previews, and what is kept of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.model import Post
from bot.domain.preview import Preview
from bot.storage import previews
from bot.storage.previews import Wanted

AT_ONCE = 4  # pages at a heartbeat, side by side
ABANDONED_AFTER = timedelta(seconds=60)  # a look takes some seconds; whoever claimed it has died


def want(connection: Connection, post: Post) -> None:
    """Have the page of a post looked at, unless that was done for the same link and went well."""
    if not previews.settled(connection, post.id, post.content.link):
        previews.want(connection, post.id, post.revision)


def waits(connection: Connection, workspace: str, now: datetime) -> bool:
    """Whether a page is to be looked at."""
    return bool(previews.wanted(connection, workspace, now - ABANDONED_AFTER, 1))


def claim(connection: Connection, workspace: str, now: datetime) -> list[Wanted]:
    """Take a few pages; the caller then looks at each and records what it found."""
    abandoned = now - ABANDONED_AFTER
    found = previews.wanted(connection, workspace, abandoned, AT_ONCE)
    return [page for page in found if previews.claim(connection, page, now, abandoned)]


def record(connection: Connection, page: Wanted, found: Preview, now: datetime) -> bool:
    """Keep what was found; False where the post has got another link meanwhile."""
    return previews.record(connection, page, found, now)
