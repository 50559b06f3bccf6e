"""What the demo's comms team does in half a year: it takes up drafts of its feed, and approves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from advocacy_demo.company import OFFICE, local
from advocacy_demo.news import News, NewsFeed
from advocacy_simulation.posts import Post as SimulatedPost
from advocacy_simulation.posts import draw_quality
from bot.domain.feeds import ReadFeed
from bot.domain.ids import PostId, UserId
from bot.domain.post import Content, Network, Post, PostState, Wording
from bot.services import feeds, post_lists, posts
from bot.services.posts import FormOrigin
from bot.services.suggestions import Offer
from bot.storage.tx import Tx

TUESDAY, FRIDAY = 1, 4
_MOST = 1_000  # posts of one state: all there are
LASTS: Final = timedelta(days=28)  # a post, from the day on which it may go out
AHEAD: Final = timedelta(days=31)  # every other post is planned for so much later
_BLOG: Final = "https://flink.apache.org/2020"
# What colleagues suggest, the first before the second; comms take up the first.
TAKEN_UP: Final = Offer(
    f"{_BLOG}/02/20/no-java-required-configuring-sources-and-sinks-in-sql/",
    "Customers ask me about this every week.",
    signed=True,
    tell=True,
)
UNDECIDED: Final = Offer(
    f"{_BLOG}/04/15/flink-serialization-tuning-vol.-1-choosing-your-serializer-if-you-can/",
    "We did exactly this in our team, and it was worth it.",
    signed=True,
    tell=True,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Two people in comms: each approves what the other wrote."""

    feed: NewsFeed
    people: tuple[UserId, UserId]
    seed: int

    def add_feed(self, tx: Tx, read: ReadFeed) -> None:
        """Let the bot look at the feed from now on."""
        feeds.add(tx, self.people[0], read)

    def work(self, tx: Tx) -> None:
        """A morning: approve what waits, and now and then take up the feed's oldest draft."""
        for post in post_lists.load_some(tx, PostState.IN_REVIEW, _MOST):
            other = self.people[post.writer == self.people[0]]
            posts.approve(tx, other, post.id, post.revision)
        today = local(tx.now, OFFICE).date()
        if today.weekday() in (TUESDAY, FRIDAY):
            drafts = reversed(post_lists.load_some(tx, PostState.DRAFT, _MOST))
            found = ((draft, self.feed.find(draft.content.link)) for draft in drafts)
            oldest = next(((draft, news) for draft, news in found if news), None)
            if oldest:
                draft, news = oldest
                origin = FormOrigin(f"desk-{draft.id}", draft.id, draft.revision)
                writer = self.people[today.weekday() == FRIDAY]
                posts.submit(tx, writer, origin, self._complete(draft, news, tx.now))

    def _complete(self, draft: Post, news: News, now: datetime) -> Content:
        """The draft with what the feed can't know."""
        content = draft.content
        wordings = tuple(
            Wording(one.network, news.summary) if one.network is Network.LINKEDIN else one
            for one in content.wordings
        )
        later = datetime.combine((now + AHEAD).date(), time(9, 30), ZoneInfo(OFFICE))
        not_before = later if draft.id % 2 == 0 else None
        return replace(
            content,
            topics=news.topics,
            kind=news.kind,
            wordings=wordings,
            not_before=not_before,
            expires_at=(not_before or now) + LASTS,
        )

    def as_simulated(self, post: Post, now: datetime) -> SimulatedPost:
        """A live post as the simulation's people see it; how good it is, only they know."""
        content = post.content
        return SimulatedPost(
            id=post.id,
            topics=content.topics,
            networks=frozenset(content.networks),
            quality=draw_quality(Random(f"{self.seed}:{content.link}")),
            live_at=now,
            expires_at=content.expires_at or now + LASTS,
        )


def load_live(tx: Tx) -> Sequence[Post]:
    """The posts that people can share now."""
    return post_lists.load_some(tx, PostState.LIVE, _MOST)


def find_new(live: Sequence[Post], known: set[PostId]) -> list[Post]:
    """Those of the live posts that are not known yet, the oldest first."""
    return [post for post in reversed(live) if post.id not in known]
