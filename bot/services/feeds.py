"""Feeds: comms add and remove them; their news become drafts, and nobody is asked anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain import feeds as rules
from bot.domain.feeds import FailedFeed, Feed, FeedEntry, FeedLook, ReadFeed
from bot.domain.hours import is_open, start_of_day
from bot.domain.ids import FeedId, UserId
from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.model import NoticeKind
from bot.domain.record import Act
from bot.domain.sharing_policy import SharingPolicy
from bot.domain.suggested_texts import suggest_content
from bot.services.posts import SAME_LINK_WITHIN
from bot.storage import feed_drafts, feeds, notices, posts, workspaces
from bot.storage.feeds import ClaimedFeed
from bot.storage.record import record_act
from bot.storage.tx import Tx

AT_ONCE = 4  # feeds at a heartbeat, side by side


class NotAdded(StrEnum):
    """Why a feed was not added."""

    THERE_ALREADY = "there_already"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Work:
    """What a heartbeat finds: feeds whose time has come, and entries to make drafts of."""

    feeds_due: bool
    entries_wait: bool
    drafts_to_tell: bool

    def __bool__(self) -> bool:
        return self.feeds_due or self.entries_wait or self.drafts_to_tell


def load_feeds(tx: Tx) -> list[Feed]:
    """All feeds, as they were added."""
    return feeds.load(tx)


def find_obstacle(tx: Tx, address: str) -> NotAdded | None:
    """Why this address cannot be added as a feed, or None."""
    if feeds.find_by_address(tx, address) is not None:
        return NotAdded.THERE_ALREADY
    return NotAdded.TOO_MANY if len(feeds.load(tx)) >= rules.MOST_FEEDS else None


def add(tx: Tx, user_id: UserId, read: ReadFeed) -> Feed | NotAdded:
    """Keep a feed that could be read. What it has now is old; what comes later is news."""
    workspaces.find(tx, lock=True)  # two people may add the same one
    obstacle = find_obstacle(tx, read.address)
    if obstacle is not None:
        return obstacle
    feed_id = feeds.insert_feed(tx, read.address, read.title)
    feeds.insert_entries(tx, feed_id, read.entries, set())
    _record_read(tx, feed_id, read)
    record_act(tx, user_id, Act.ADD_FEED, detail=read.address)
    added = feeds.find(tx, feed_id)
    if added is None:
        raise LookupError("a feed has just been written and is gone")
    return added


def remove(tx: Tx, user_id: UserId, feed_id: FeedId) -> Feed | None:
    """Look at a feed no more; None where there is none of this number. Its drafts stay."""
    found = feeds.find(tx, feed_id)
    if found is not None:
        feeds.delete_feed(tx, feed_id)
        record_act(tx, user_id, Act.REMOVE_FEED, detail=found.address)
    return found


def find_work(tx: Tx) -> Work:
    """What there is to do now."""
    waits = feeds.is_any_waiting(tx) and _room(tx) > 0
    return Work(
        feeds_due=bool(feeds.find_due(tx, tx.now - ABANDONED_AFTER, 1)),
        entries_wait=waits,
        drafts_to_tell=bool(_find_untold(tx)),
    )


def claim(tx: Tx) -> list[ClaimedFeed]:
    """Take a few feeds; the caller then looks at each and records what it found."""
    abandoned = tx.now - ABANDONED_AFTER
    found = [feeds.claim(tx, each, abandoned) for each in feeds.find_due(tx, abandoned, AT_ONCE)]
    return [claimed for claimed in found if claimed is not None]


def record(tx: Tx, claimed: ClaimedFeed, look: FeedLook) -> bool:
    """Keep what a look found; False where the feed is gone, or another process has taken it."""
    feed = feeds.lock_claimed(tx, claimed)
    if feed is None:
        return False
    if isinstance(look, FailedFeed):
        _record_failed(tx, feed, look)
        return True
    if isinstance(look, ReadFeed):
        _record_entries(tx, feed, look.entries)
        _record_read(tx, feed.id, look)
    else:
        feeds.record_look(tx, feed.id, rules.next_look(tx.now, look.every))
    if look.address != feed.address:
        _record_moved(tx, feed, look.address)
    return True


def make_drafts(tx: Tx, sharing_policy: SharingPolicy) -> int:
    """Make drafts of what waits, as many as the day has room for; returns how many.

    A page about which there is a post already makes none.
    """
    found = workspaces.find(tx, lock=True)
    if found is None:
        return 0
    feeds.end_waiting_since(tx, tx.now - rules.WAITS_FOR)
    room, made = _room(tx), 0
    known = {rules.key_of(link) for link in posts.load_links(tx, tx.now - SAME_LINK_WITHIN)}
    for entry in feeds.load_waiting(tx):
        if made == room:
            break
        if entry.key not in known:
            known.add(entry.key)
            content = suggest_content(
                entry.title, entry.link, entry.summary, sharing_policy, found.disclosure
            )
            made += feed_drafts.insert_draft(tx, entry.key, content, entry.feed_title)
        feeds.end_waiting(tx, entry.key)
    return made


def tell_of_drafts(tx: Tx) -> bool:
    """Tell comms of new drafts, once a day at most and in the channel's hours."""
    workspaces.find(tx, lock=True)
    titles = _find_untold(tx)
    if titles:
        notices.enqueue(tx, NoticeKind.FEED_DRAFTS, detail="\n".join(titles))
    return bool(titles)


def _room(tx: Tx) -> int:
    today = start_of_day(tx.now, workspaces.load(tx).policy.zone)
    return max(0, rules.MOST_A_DAY - feed_drafts.count_made(tx, today))


def _find_untold(tx: Tx) -> list[str]:
    """The titles of drafts that comms have not been told of, where they may be told now."""
    policy = workspaces.load(tx).policy
    if not is_open(policy.hours, policy.workdays, ZoneInfo(policy.zone), tx.now):
        return []
    told = notices.find_last(tx, NoticeKind.FEED_DRAFTS)
    if told is not None and told >= start_of_day(tx.now, policy.zone):
        return []
    return feed_drafts.find_untouched_titles(tx, told or tx.now - rules.UNTOUCHED_FOR)


def _record_read(tx: Tx, feed_id: FeedId, read: ReadFeed) -> None:
    due = rules.next_look(tx.now, read.every)
    marks = {"etag": read.etag, "last_modified": read.last_modified}
    feeds.record_look(tx, feed_id, due, title=read.title, **marks)


def _record_entries(tx: Tx, feed: Feed, entries: Sequence[FeedEntry]) -> None:
    known = feeds.load_known(tx, feed.id)
    keys = {one.key for one in known}
    new = [entry for entry in entries if entry.key not in keys]
    news = {entry.key for entry in rules.find_news(entries, known, feed.added_at, tx.now)}
    news -= feeds.find_seen(tx, news)
    forgettable = rules.find_forgettable(known, entries, tx.now)
    if forgettable:
        feeds.forget_entries(tx, feed.id, forgettable)
    feeds.insert_entries(tx, feed.id, new, news)


def _record_failed(tx: Tx, feed: Feed, look: FailedFeed) -> None:
    due = rules.next_try(tx.now, feed.failures + 1, look.retry_after)
    feeds.record_failed(tx, feed, look.problem, due)
    if not feed.told and rules.is_to_be_told(feed.failing_since, tx.now):
        feeds.record_told(tx, feed.id)
        notices.enqueue(tx, NoticeKind.FEED_FAILS, detail=f"{look.problem}\n{feed.title}")


def _record_moved(tx: Tx, feed: Feed, address: str) -> None:
    """Look at the new address from now on; comms hear of it where it is more than a spelling."""
    there = feeds.find_by_address(tx, address)
    if there is not None and there.id != feed.id:
        return  # both lead to one feed now; each of its pages is news once all the same
    feeds.record_moved(tx, feed.id, address)
    if there is None:
        notices.enqueue(tx, NoticeKind.FEED_MOVED, detail=f"{address}\n{feed.title}")
