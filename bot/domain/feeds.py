"""Feeds: what their entries say, which of them are news, and when a feed is looked at next."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.ids import FeedId
from bot.domain.page_links import page_key
from bot.domain.retention import KEPT_FOR
from bot.domain.tracking_parameters import without_tracking

MOST_FEEDS: Final = 20  # of a workspace; all of them share the drafts of a day
MOST_ENTRIES: Final = 1_000  # of one feed, the newest; what is older is no news
MOST_A_DAY: Final = 5  # drafts, of all feeds together
WAITS_FOR: Final = timedelta(days=7)  # an entry, for a day with room; then it is no news any more
UNTOUCHED_FOR: Final = KEPT_FOR  # a feed's draft that nobody has touched goes after that

EVERY: Final = timedelta(hours=1)
AT_LEAST_DAILY: Final = timedelta(days=1)  # whatever the feed asks for
LATEST_RETRY: Final = timedelta(days=7)  # whatever its server asks for
TOLD_AFTER: Final = timedelta(days=3)  # of a feed that fails: by then a weekend is over
# Feeds are cached, and posts get the date of their first draft: an entry that turns up late.
_LATE_BY: Final = timedelta(days=1)


class FeedProblem(StrEnum):
    """Why a feed could not be read."""

    ADDRESS = "address"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    REFUSED = "refused"
    BUSY = "busy"
    GONE = "gone"
    REDIRECTS = "redirects"
    UNREADABLE = "unreadable"
    NO_FEED = "no_feed"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: a page that a feed tells of.

    `link` is one that `link_error` finds nothing wrong with, `summary` plain text and perhaps
    empty, `guid` the feed's own name for it, empty without one. `published` is aware, None where
    the feed names no day that can be.
    """

    title: str
    link: str
    summary: str = ""
    guid: str = ""
    published: datetime | None = None

    @property
    def key(self) -> str:
        """The same for every link to this page, whichever feed it comes from."""
        return key_of(self.link)

    @property
    def guid_key(self) -> str:
        """The same for this entry as long as its feed calls it so."""
        return _digest(self.guid or self.link)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that comms added, and how looking at it goes.

    `failures` are failed looks in a row, the first of them at `failing_since`, the last for the
    reason `problem`; `told` says that comms know.
    """

    id: FeedId
    address: str
    title: str
    added_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    problem: FeedProblem | None = None
    told: bool = False


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """A feed to look at, with what its server said at the last look; empty where it said nothing.

    The server gets `etag` and `last_modified` back, and answers only if something has changed.
    """

    address: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """A feed as it was read.

    `address` is where it is to be looked for from now on, with `etag` and `last_modified`; `every`
    is how long its server asks to be left alone.
    """

    address: str
    title: str
    entries: tuple[FeedEntry, ...]
    etag: str = ""
    last_modified: str = ""
    every: timedelta = EVERY


@dataclass(frozen=True, slots=True)
class UnchangedFeed:
    """The feed is as it was at the last look."""

    address: str
    every: timedelta = EVERY


@dataclass(frozen=True, slots=True)
class FailedFeed:
    """The feed could not be read.

    `retry_after` is how long its server asks to be left alone; `named` are the feeds that a page
    names which is none itself.
    """

    problem: FeedProblem
    retry_after: timedelta = timedelta()
    named: tuple[str, ...] = ()


FeedLook = ReadFeed | UnchangedFeed | FailedFeed


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry that was seen before, by its two keys, and since when it is known."""

    key: str
    guid_key: str
    seen_at: datetime


def key_of(link: str) -> str:
    """The same for every link to one page, with and without tracking parameters."""
    return _digest(page_key(without_tracking(link)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def newest(entries: Iterable[FeedEntry], most: int = MOST_ENTRIES) -> tuple[FeedEntry, ...]:
    """At most so many entries, each page once: by their days, those without one behind them."""
    found: dict[str, FeedEntry] = {}
    for entry in entries:
        found.setdefault(entry.key, entry)
    dated = [(entry.published, entry) for entry in found.values() if entry.published is not None]
    dated.sort(key=lambda pair: pair[0], reverse=True)
    undated = (entry for entry in found.values() if entry.published is None)
    return (*(entry for _, entry in dated), *undated)[:most]


def find_news(
    entries: Sequence[FeedEntry], known: Collection[KnownEntry], added_at: datetime, now: datetime
) -> list[FeedEntry]:
    """The entries that came since the last look, in the given order.

    Old ones that turn up, since a site was rebuilt under other addresses, are none: not what was
    published before the feed was added or more than WAITS_FOR ago, and nothing without a day where
    no entry of the feed is known any more.

    Args:
        entries: what the feed says now.
        known: what it said before; empty where it had no entries yet.
        added_at: when comms added it, aware.
        now: aware.
    """
    keys = {one.key for one in known}
    guids = {one.guid_key for one in known}
    new = [one for one in entries if one.key not in keys and one.guid_key not in guids]
    rebuilt = bool(known) and len(new) == len(entries)
    oldest = max(added_at - _LATE_BY, now - WAITS_FOR)
    return [
        one for one in new if (not rebuilt if one.published is None else one.published >= oldest)
    ]


def find_forgettable(
    known: Iterable[KnownEntry], entries: Iterable[FeedEntry], now: datetime
) -> list[str]:
    """The keys of what the feed has not named any more for long, so that it can be forgotten."""
    named = {entry.key for entry in entries}
    return [one.key for one in known if one.key not in named and one.seen_at < now - KEPT_FOR]


def is_to_be_told(failing_since: datetime | None, now: datetime) -> bool:
    """Whether comms should hear by now that a feed fails."""
    return failing_since is not None and now - failing_since >= TOLD_AFTER


def next_look(now: datetime, every: timedelta) -> datetime:
    """When a feed is looked at again that asks to be left alone so long: in an hour to a day."""
    return now + min(max(every, EVERY), AT_LEAST_DAILY)


def next_try(now: datetime, failures: int, retry_after: timedelta) -> datetime:
    """When it is looked at again after so many failed looks in a row: in an hour, two, … a day.

    Later where its server says so, but for a week at most.
    """
    waits = min(EVERY * (1 << min(failures - 1, 10)), AT_LEAST_DAILY)
    return now + max(waits, min(retry_after, LATEST_RETRY))
