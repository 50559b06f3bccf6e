"""Feeds and their entries: wanted, claimed, seen, and waiting to become drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, insert, or_, select, update

from bot.domain.feeds import Feed, FeedEntry, FeedProblem, FeedRequest, KnownEntry, key_of
from bot.domain.ids import FeedId
from bot.storage.tables import FeedEntryRow, FeedRow
from bot.storage.tx import Tx

_NOT_WAITING: Final = {"waiting": False, "title": "", "link": "", "summary": ""}


@dataclass(frozen=True, slots=True)
class ClaimedFeed:
    """A feed that this process looks at; another one takes it when that takes too long."""

    id: FeedId
    claimed_at: datetime
    request: FeedRequest


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """An entry that waits to become a draft, and the title of its feed."""

    feed_title: str
    key: str
    title: str
    link: str
    summary: str


def load(tx: Tx) -> list[Feed]:
    """All feeds, as they were added."""
    return [_feed(row) for row in tx.connection.execute(_feeds(tx).order_by(FeedRow.id))]


def find(tx: Tx, feed_id: FeedId) -> Feed | None:
    """One feed."""
    row = tx.connection.execute(_feeds(tx).where(FeedRow.id == feed_id)).one_or_none()
    return None if row is None else _feed(row)


def find_by_address(tx: Tx, address: str) -> Feed | None:
    """The feed with this address, however it is spelt."""
    query = _feeds(tx).where(FeedRow.key == key_of(address))
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _feed(row)


def insert_feed(tx: Tx, address: str, title: str) -> FeedId:
    """A new feed; `record_read` says what is in it."""
    values = {
        "workspace_id": tx.workspace_id,
        "key": key_of(address),
        "address": address,
        "title": title,
        "added_at": tx.now,
        "etag": "",
        "last_modified": "",
        "due_at": tx.now,
        "failures": 0,
        "told": False,
    }
    return tx.connection.execute(insert(FeedRow).values(values).returning(FeedRow.id)).scalar_one()


def delete_feed(tx: Tx, feed_id: FeedId) -> None:
    """Delete a feed with all its entries; what became of them stays."""
    tx.connection.execute(delete(FeedEntryRow).where(FeedEntryRow.feed_id == feed_id))
    tx.connection.execute(delete(FeedRow).where(FeedRow.id == feed_id))


def find_due(tx: Tx, abandoned: datetime, most: int) -> list[FeedId]:
    """Feeds whose time has come and at which nobody looks just now.

    What was claimed before `abandoned` was claimed by a process that has died since.
    """
    query = (
        select(FeedRow.id)
        .where(FeedRow.workspace_id == tx.workspace_id, *_free(tx, abandoned))
        .order_by(FeedRow.due_at, FeedRow.id)
        .limit(most)
    )
    return list(tx.connection.execute(query).scalars())


def claim(tx: Tx, feed_id: FeedId, abandoned: datetime) -> ClaimedFeed | None:
    """Take a feed for looking at; None where another process has taken it."""
    taken = (
        update(FeedRow)
        .where(FeedRow.id == feed_id, *_free(tx, abandoned))
        .values(claimed_at=tx.now)
        .returning(FeedRow.address, FeedRow.etag, FeedRow.last_modified)
    )
    row = tx.connection.execute(taken).one_or_none()
    return None if row is None else ClaimedFeed(feed_id, tx.now, FeedRequest(*row))


def lock_claimed(tx: Tx, claimed: ClaimedFeed) -> Feed | None:
    """The claimed feed until the transaction ends; None where it is another's, or gone."""
    query = _feeds(tx).where(FeedRow.id == claimed.id, FeedRow.claimed_at == claimed.claimed_at)
    row = tx.connection.execute(query.with_for_update()).one_or_none()
    return None if row is None else _feed(row)


def record_look(tx: Tx, feed_id: FeedId, due_at: datetime, **marks: str) -> None:
    """Record that a look went well: with its title, `etag` and `last_modified` where it is new."""
    _change(
        tx,
        feed_id,
        due_at=due_at,
        claimed_at=None,
        failures=0,
        failing_since=None,
        problem=None,
        told=False,
        **marks,
    )


def record_failed(tx: Tx, feed: Feed, problem: FeedProblem, due_at: datetime) -> None:
    """Record one more failed look."""
    _change(
        tx,
        feed.id,
        due_at=due_at,
        claimed_at=None,
        failures=feed.failures + 1,
        failing_since=feed.failing_since or tx.now,
        problem=problem,
    )


def record_told(tx: Tx, feed_id: FeedId) -> None:
    """Record that comms know of its failing."""
    _change(tx, feed_id, told=True)


def record_moved(tx: Tx, feed_id: FeedId, address: str) -> None:
    """Record where the feed is from now on."""
    _change(tx, feed_id, address=address, key=key_of(address))


def load_known(tx: Tx, feed_id: FeedId) -> list[KnownEntry]:
    """The entries that the feed was seen to have."""
    query = select(FeedEntryRow.key, FeedEntryRow.guid_key, FeedEntryRow.seen_at)
    rows = tx.connection.execute(query.where(FeedEntryRow.feed_id == feed_id))
    return [KnownEntry(*row) for row in rows]


def find_seen(tx: Tx, keys: Iterable[str]) -> set[str]:
    """Those of these pages that some feed was seen to have."""
    ours = select(FeedRow.id).where(FeedRow.workspace_id == tx.workspace_id)
    query = select(FeedEntryRow.key).where(
        FeedEntryRow.key.in_(list(keys)), FeedEntryRow.feed_id.in_(ours)
    )
    return set(tx.connection.execute(query).scalars())


def insert_entries(tx: Tx, feed_id: FeedId, entries: Sequence[FeedEntry], news: set[str]) -> None:
    """Keep entries as seen; those whose keys are in `news` wait with their words."""
    if not entries:
        return
    values: list[dict[str, Any]] = []
    for rank, entry in enumerate(entries):
        waiting = entry.key in news
        values.append(
            {
                "feed_id": feed_id,
                "key": entry.key,
                "guid_key": entry.guid_key,
                "seen_at": tx.now,
                "waiting": waiting,
                "rank": rank,
                "title": entry.title if waiting else "",
                "link": entry.link if waiting else "",
                "summary": entry.summary if waiting else "",
            }
        )
    tx.connection.execute(insert(FeedEntryRow), values)


def forget_entries(tx: Tx, feed_id: FeedId, keys: Iterable[str]) -> None:
    """Delete entries of a feed."""
    named = delete(FeedEntryRow).where(FeedEntryRow.feed_id == feed_id)
    tx.connection.execute(named.where(FeedEntryRow.key.in_(list(keys))))


def is_any_waiting(tx: Tx) -> bool:
    """Whether an entry waits to become a draft."""
    query = select(FeedEntryRow.id).where(*_waiting(tx)).limit(1)
    return tx.connection.execute(query).first() is not None


def load_waiting(tx: Tx) -> list[WaitingEntry]:
    """The entries that wait, those that came last first, the newest of a feed first."""
    query = (
        select(
            FeedRow.title.label("feed_title"),
            FeedEntryRow.key,
            FeedEntryRow.title,
            FeedEntryRow.link,
            FeedEntryRow.summary,
        )
        .join(FeedRow, FeedRow.id == FeedEntryRow.feed_id)
        .where(*_waiting(tx))
        .order_by(FeedEntryRow.seen_at.desc(), FeedEntryRow.rank, FeedEntryRow.id)
    )
    return [WaitingEntry(*row) for row in tx.connection.execute(query)]


def end_waiting(tx: Tx, key: str) -> None:
    """Let a page wait no more, in whichever feeds it is."""
    _end_waiting(tx, FeedEntryRow.key == key)


def end_waiting_since(tx: Tx, before: datetime) -> None:
    """Let what came before that moment wait no more: it is no news now."""
    _end_waiting(tx, FeedEntryRow.seen_at < before)


def _feeds(tx: Tx) -> Select[*tuple[Any, ...]]:
    return select(
        FeedRow.id,
        FeedRow.address,
        FeedRow.title,
        FeedRow.added_at,
        FeedRow.failures,
        FeedRow.failing_since,
        FeedRow.problem,
        FeedRow.told,
    ).where(FeedRow.workspace_id == tx.workspace_id)


def _feed(row: Any) -> Feed:
    return Feed(*row)


def _change(tx: Tx, feed_id: FeedId, **values: Any) -> None:
    mine = update(FeedRow).where(FeedRow.workspace_id == tx.workspace_id, FeedRow.id == feed_id)
    tx.connection.execute(mine.values(values))


def _free(tx: Tx, abandoned: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        FeedRow.due_at <= tx.now,
        or_(FeedRow.claimed_at.is_(None), FeedRow.claimed_at < abandoned),
    )


def _waiting(tx: Tx) -> tuple[ColumnElement[bool], ...]:
    ours = select(FeedRow.id).where(FeedRow.workspace_id == tx.workspace_id)
    return (FeedEntryRow.waiting.is_(True), FeedEntryRow.feed_id.in_(ours))


def _end_waiting(tx: Tx, which: ColumnElement[bool]) -> None:
    tx.connection.execute(update(FeedEntryRow).where(*_waiting(tx), which).values(_NOT_WAITING))
