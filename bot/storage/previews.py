"""What pages provide for their previews: wanted, claimed, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, insert, or_, select
from sqlalchemy import update as change

from bot.domain.ids import PostId
from bot.domain.post import PostState
from bot.domain.previews import Preview, PreviewState
from bot.storage.tables import PostRow, PreviewRow, RevisionRow
from bot.storage.tx import Tx

_ITS_REVISION = and_(
    RevisionRow.post_id == PreviewRow.post_id, RevisionRow.number == PreviewRow.revision
)
_FOUND = (
    select(
        RevisionRow.link,
        PreviewRow.state,
        PreviewRow.title,
        PreviewRow.description,
        PreviewRow.image,
        PreviewRow.problem,
        PreviewRow.site,
        PreviewRow.image_alt,
    )
    .join(RevisionRow, _ITS_REVISION)
    .where(PreviewRow.post_id == bindparam("post"))
)
_NOTHING = {
    "title": "",
    "description": "",
    "image": "",
    "problem": None,
    "site": "",
    "image_alt": "",
}


@dataclass(frozen=True, slots=True)
class PendingPage:
    """A page to look at: the link of a revision of a post."""

    post_id: PostId
    revision: int
    link: str


def is_settled(tx: Tx, post_id: PostId, link: str) -> bool:
    """Whether a look at this link stands already, is under way or waits; a failed one does not."""
    row = tx.connection.execute(_FOUND, {"post": post_id}).one_or_none()
    return row is not None and row.link == link and row.problem is None


def request(tx: Tx, post_id: PostId, revision: int) -> None:
    """The page of this revision is to be looked at; what was known of another one is forgotten."""
    values = {"revision": revision, "state": PreviewState.WANTED, "claimed_at": None, **_NOTHING}
    known = change(PreviewRow).where(PreviewRow.post_id == post_id).values(**values)
    if tx.connection.execute(known).rowcount == 0:
        tx.connection.execute(insert(PreviewRow).values(post_id=post_id, **values))


def find_pending(tx: Tx, abandoned: datetime, most: int) -> list[PendingPage]:
    """Pages that nobody looks at just now, oldest post first; those of ended posts are left out.

    What was claimed before `abandoned` was claimed by a process that has died since.
    """
    query = (
        select(PreviewRow.post_id, PreviewRow.revision, RevisionRow.link)
        .join(RevisionRow, _ITS_REVISION)
        .join(PostRow, PostRow.id == PreviewRow.post_id)
        .where(
            PostRow.workspace_id == tx.workspace_id,
            PostRow.state.not_in((PostState.WITHDRAWN, PostState.EXPIRED)),
            _free(abandoned),
        )
        .order_by(PreviewRow.post_id)
        .limit(most)
    )
    return [PendingPage(*row) for row in tx.connection.execute(query)]


def claim(tx: Tx, page: PendingPage, abandoned: datetime) -> bool:
    """Take a page for looking at; False where another process has taken it."""
    taken = change(PreviewRow).where(
        PreviewRow.post_id == page.post_id,
        PreviewRow.revision == page.revision,
        _free(abandoned),
    )
    values = {"state": PreviewState.FETCHING, "claimed_at": tx.now}
    return tx.connection.execute(taken.values(**values)).rowcount == 1


def record(tx: Tx, page: PendingPage, found: Preview) -> bool:
    """Keep what was found, and let the card follow; False where another link is wanted by now."""
    still = and_(
        PreviewRow.post_id == page.post_id,
        PreviewRow.revision == page.revision,
        PreviewRow.state == PreviewState.FETCHING,
    )
    # The post's row first, as everybody locks them.
    card = change(PostRow).where(PostRow.id == page.post_id, exists().where(still))
    if tx.connection.execute(card.values(version=PostRow.version + 1)).rowcount == 0:
        return False
    change_if_claimed = change(PreviewRow).where(still)
    tx.connection.execute(
        change_if_claimed.values(
            state=PreviewState.DONE,
            fetched_at=tx.now,
            title=found.title,
            description=found.description,
            image=found.image,
            problem=found.problem,
            site=found.site,
            image_alt=found.image_alt,
        )
    )
    return True


def find_by_link(tx: Tx, post_id: PostId, link: str) -> Preview | None:
    """What a post's page provides; None before it was looked at, or where the link is another."""
    row = tx.connection.execute(_FOUND, {"post": post_id}).one_or_none()
    if row is None or row.link != link or row.state is not PreviewState.DONE:
        return None
    return Preview(row.title, row.description, row.image, row.problem, row.site, row.image_alt)


def _free(abandoned: datetime) -> ColumnElement[bool]:
    return or_(
        PreviewRow.state == PreviewState.WANTED,
        and_(PreviewRow.state == PreviewState.FETCHING, PreviewRow.claimed_at < abandoned),
    )
