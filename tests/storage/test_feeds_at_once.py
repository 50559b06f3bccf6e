"""Several processes that look at the same feeds at once on PostgreSQL: one draft of each page."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.domain.feeds import MOST_A_DAY, FeedEntry, ReadFeed
from bot.domain.ids import UserId, WorkspaceId
from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.model import NoticeKind
from bot.domain.sharing_policy import SharingPolicy
from bot.services import feeds
from bot.storage.database import Database, create_engine_for
from bot.storage.tables import AnnouncementRow, AskRow, NoticeRow, RevisionRow
from bot.storage.tx import Transactions, Tx
from tests.storage.helpers import add_workspace
from tests.storage.processes import TEAM, Ready, in_each, rows

pytestmark = pytest.mark.alone

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
FEEDS = 6
PAGES = 4  # of these each feed tells of three


def fill(url: str) -> None:
    """Feeds that had nothing when they were added, and are due."""
    engine = create_engine_for(url)
    with engine.begin() as connection:
        add_workspace(connection, TEAM)
        for number in range(FEEDS):
            empty = ReadFeed(f"https://blog.example.org/{number}", f"Blog {number}", ())
            feeds.add(Tx(connection, TEAM, NOW - timedelta(hours=2)), UserId("UCLEO"), empty)
    engine.dispose()


def _news(feed: int) -> tuple[FeedEntry, ...]:
    """What a feed has now; the others tell of the same pages."""
    pages = [(feed + number) % PAGES for number in range(3)]
    return tuple(FeedEntry(f"News {page}", f"https://news.example.org/{page}") for page in pages)


def _is_any_due(connection: Connection, workspace: str) -> bool:
    return feeds.find_work(Tx(connection, WorkspaceId(workspace), NOW)).feeds_due


def _read(ready: Ready, number: int, url: str) -> tuple[list[int], int, bool]:
    """As heartbeats do, each step at once: feeds recorded, drafts made, and whether comms hear.

    The first process claims some, and dies with them before it knows what is in them.
    """

    async def read() -> tuple[list[int], int, bool]:
        database = Database(url, deadline=30)
        dies = number == 0
        now = NOW - 2 * ABANDONED_AFTER if dies else NOW
        ours, recorded = Transactions(database, TEAM, now), list[int]()
        await database.read(_is_any_due, TEAM)  # connected, so that all begin together
        ready()
        while await database.read(_is_any_due, TEAM):
            claimed = await ours.write(feeds.claim)
            if dies:
                break
            for one in claimed:
                look = ReadFeed(one.request.address, "A blog", _news(one.id))
                recorded += [one.id] * await ours.write(feeds.record, one, look)
        ready()
        made = await ours.write(feeds.make_drafts, SharingPolicy())
        ready()
        told = await ours.write(feeds.tell_of_drafts)
        await database.close()
        return recorded, made, told

    return asyncio.run(read())


def test_four_processes_that_read_the_same_feeds_make_no_draft_twice(url: str) -> None:
    assert PAGES < MOST_A_DAY
    fill(url)
    recorded, made, told = zip(*in_each(_read, url), strict=True)
    assert Counter(feed for of_one in recorded for feed in of_one) == Counter(range(1, FEEDS + 1))
    assert sum(made) == PAGES
    assert sum(told) == 1
    news = {f"News {page}" for page in range(PAGES)}
    titles: list[Any] = rows(url, select(RevisionRow.title))
    assert Counter(row.title for row in titles) == Counter(news)
    [notice] = rows(url, select(NoticeRow.detail).where(NoticeRow.kind == NoticeKind.FEED_DRAFTS))
    assert set(notice.detail.split("\n")) == news
    assert rows(url, select(AskRow.id)) == rows(url, select(AnnouncementRow.id)) == []
