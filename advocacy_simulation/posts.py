"""Invented posts, and when the bot's own queue and channel let each go live."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from advocacy_simulation.people import NETWORKS, TOPICS
from bot.domain import channel_pacing, channel_queue
from bot.domain.channel_queue import PastAnnouncement, QueuedPost
from bot.domain.ids import PostId
from bot.domain.model import Allowed, ChannelPolicy, Hours
from bot.domain.post import Network, expired

# A Monday; the clocks change within the half year after it.
START: Final = datetime(2026, 1, 5, tzinfo=UTC)
WORKDAYS: Final = frozenset(range(5))
ZONE: Final = "Europe/Berlin"
# The channel as it is set without a word in `.env`.
CHANNEL: Final = ChannelPolicy(
    min_gap=timedelta(days=2),
    weekly_cap=2,
    hours=Hours(9 * 60 + 30, 16 * 60 + 30),
    workdays=WORKDAYS,
    zone=ZONE,
)
WRITTEN_A_DAY: Final = 0.4  # on a workday: two a week

# Below this quality a post pleases hardly anybody; one of five is meant to be so.
WEAK: Final = 0.5


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its `quality`, from 0 to 1, which only the invented people know."""

    id: int
    topics: tuple[str, ...]
    networks: frozenset[Network]
    quality: float
    live_at: datetime
    expires_at: datetime


def calendar(days: int, seed: int) -> list[Post]:
    """The posts that go live within so many days, in that order."""
    written = drafts(days, seed)
    waiting: list[Post] = []
    live: list[Post] = []
    now, over = START, START + timedelta(days=days)
    while now < over:
        written_by_now = (*waiting, *_taken(written, now))
        waiting = [post for post in written_by_now if not expired(post.expires_at, now)]
        announced = [PastAnnouncement(post.live_at, post.topics) for post in live]
        verdict = channel_pacing.decide([one.at for one in announced], CHANNEL, now)
        following = written[0].live_at if written else over
        if isinstance(verdict, Allowed):
            first = channel_queue.next_post((_waiting(post) for post in waiting), announced, now)
            if first is not None:
                chosen = next(post for post in waiting if post.id == first.post_id)
                waiting.remove(chosen)
                live.append(replace(chosen, live_at=now))
                continue
            now = following
        else:
            now = verdict.until or over
    return live


def drafts(days: int, seed: int) -> list[Post]:
    """What comms write; until it is live, `live_at` is when it was approved."""
    chance = Random(f"{seed}:posts")
    posts: list[Post] = []
    for day in range(days):
        moment = START + timedelta(days=day, hours=8)
        if moment.weekday() not in WORKDAYS or chance.random() >= WRITTEN_A_DAY:
            continue
        lasts = chance.randint(8, 12) if chance.random() < 0.2 else chance.randint(18, 30)
        quality = draw_quality(chance)
        posts.append(
            Post(
                id=len(posts) + 1,
                topics=tuple(chance.sample(TOPICS, chance.choice((1, 1, 2)))),
                networks=frozenset({Network.LINKEDIN, *chance.sample(NETWORKS[1:], 1)}),
                quality=quality,
                live_at=moment,
                expires_at=moment + timedelta(days=lasts),
            )
        )
    return posts


def draw_quality(chance: Random) -> float:
    """How good a post is, from 0 to 1."""
    return chance.uniform(0.2, WEAK) if chance.random() < 0.2 else chance.uniform(0.6, 1.0)


def _taken(written: list[Post], now: datetime) -> list[Post]:
    """Those approved by now, taken off the list."""
    taken = []
    while written and written[0].live_at <= now:
        taken.append(written.pop(0))
    return taken


def _waiting(post: Post) -> QueuedPost:
    return QueuedPost(PostId(post.id), post.topics, post.live_at, None, post.expires_at)
