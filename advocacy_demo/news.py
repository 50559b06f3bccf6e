"""A public project's news as an invented company's own: its feed and pages, without a network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from bot.domain.feeds import FailedFeed, FeedLook, FeedProblem, FeedRequest, ReadFeed
from bot.domain.post import PostKind
from bot.domain.previews import Preview, Problem
from bot.pages import feed_reading
from bot.pages.feed_reading import Body

SITE: Final = "Apache Flink"
_FILE: Final = Path(__file__).with_name("news.json")


@dataclass(frozen=True, slots=True)
class News:
    """A page, what comms would file it under, and the aware moment at which the feed has it."""

    title: str
    link: str
    summary: str
    topics: tuple[str, ...]
    kind: PostKind
    published: datetime


@dataclass(frozen=True, slots=True)
class NewsFeed:
    """The feed of all news; `fetch` and `fetch_page` answer as the bot's own fetchers would."""

    address: str
    news: tuple[News, ...]

    def find(self, link: str) -> News | None:
        """The news with this link."""
        return next((one for one in self.news if one.link == link), None)

    async def fetch(self, asked: FeedRequest, now: datetime) -> FeedLook:
        """What the feed says at `now`; no other feed can be reached."""
        out = [one for one in self.news if one.published <= now]
        body = Body(self.address, _rss(out).encode(), "utf-8")
        text = feed_reading.read(body, now) if asked.address == self.address else None
        if text is None:
            return FailedFeed(FeedProblem.UNREACHABLE)
        return ReadFeed(self.address, text.title, text.entries, every=text.every)

    async def fetch_page(self, link: str) -> Preview:
        """What a page of the news says of itself; no other page can be reached."""
        found = self.find(link)
        if found is None:
            return Preview(problem=Problem.UNREACHABLE)
        return Preview(title=found.title, description=found.summary, site=SITE)


def news_between(start: datetime, end: datetime) -> NewsFeed:
    """As much news as fits between two aware moments: spread evenly, at most one a week."""
    stored = json.loads(_FILE.read_text("utf-8"))
    most = max(1, (end - start).days // 7)
    some = stored["news"][-most:]
    apart = (end - start) / len(some)
    news = (
        News(
            title=one["title"],
            link=one["link"],
            summary=one["summary"],
            topics=tuple(one["topics"]),
            kind=PostKind(one["kind"]),
            published=start + (number + 0.5) * apart,
        )
        for number, one in enumerate(some)
    )
    return NewsFeed(stored["feed"], tuple(news))


def _rss(news: Sequence[News]) -> str:
    """The feed as its server would send it, looked at twice a day."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.link)}</link>"
        f"<pubDate>{format_datetime(one.published)}</pubDate>"
        f"<description>{escape(one.summary)}</description></item>"
        for one in reversed(news)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{SITE} blog</title><ttl>720</ttl>{items}</channel></rss>"
    )
