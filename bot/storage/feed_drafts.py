"""The drafts that were made from feeds, as long as nobody has written in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select

from bot.domain.ids import PostId
from bot.domain.post import Content, PostState
from bot.storage import posts
from bot.storage.posts import Revision
from bot.storage.tables import PostRow, PreviewRow, RevisionRow, WordingRow
from bot.storage.tx import Tx


def insert_draft(tx: Tx, key: str, content: Content, feed_title: str) -> bool:
    """A draft about the page of this key; False where it has given one already."""
    form = f"feed:{key}"  # in the place of the form in which people begin a post
    if posts.find_id_by_form(tx, form) is not None:
        return False
    post_id = posts.insert_post(tx, PostState.DRAFT, form, feed_title)
    posts.insert_revision(tx, post_id, Revision(1, content, None, form))
    return True


def count_made(tx: Tx, since: datetime) -> int:
    """How many posts were made from feeds since then."""
    made = select(func.count()).select_from(PostRow)
    query = made.where(*_of_feeds(tx), PostRow.created_at >= since)
    return tx.connection.execute(query).scalar_one()


def find_untouched_titles(tx: Tx, after: datetime) -> list[str]:
    """The titles of untouched drafts that were made after that moment, oldest first."""
    query = (
        select(RevisionRow.title)
        .join(PostRow, PostRow.id == RevisionRow.post_id)
        .where(*_untouched(tx), PostRow.created_at > after)
        .order_by(PostRow.id)
    )
    return list(tx.connection.execute(query).scalars())


def delete_untouched(tx: Tx, before: datetime) -> int:
    """Delete the untouched drafts that were made before that moment. How many.

    The newest post of all stays, since SQLite would give its number to another one.
    """
    newest = select(func.max(PostRow.id)).scalar_subquery()
    old = (PostRow.created_at < before, PostRow.id < newest)
    found = select(PostRow.id).where(*_untouched(tx), *old)
    post_ids: list[PostId] = list(tx.connection.execute(found.with_for_update()).scalars())
    if post_ids:
        for table in (WordingRow, PreviewRow, RevisionRow):
            tx.connection.execute(delete(table).where(table.post_id.in_(post_ids)))
        tx.connection.execute(delete(PostRow).where(PostRow.id.in_(post_ids)))
    return len(post_ids)


def _of_feeds(tx: Tx) -> tuple[ColumnElement[bool], ...]:
    return (PostRow.workspace_id == tx.workspace_id, PostRow.from_feed != "")


def _untouched(tx: Tx) -> tuple[ColumnElement[bool], ...]:
    return (*_of_feeds(tx), PostRow.state == PostState.DRAFT, PostRow.revision == 1)
