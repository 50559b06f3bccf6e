"""WHAT fits a member: of the posts that may be proposed now, the one to ask them about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from bot.domain.first_group import FirstGroup
from bot.domain.hours import as_utc
from bot.domain.ids import PostId
from bot.domain.post import Network, expired

# What "later" means at least: past the days on which the member had no time, and still within the
# life of most posts.
LATER_AFTER: Final = timedelta(days=3)
# For how long "not my audience" counts: about a quarter, since audiences change as people take up
# new work, and a topic must not be closed for good by a click.
MISSES_COUNT_FOR: Final = timedelta(days=90)
# What each "not my audience" leaves of a topic's weight. Half: one may be about the post rather
# than its topic, so a single one only lets other topics go first.
WEIGHT_LEFT: Final = 0.5
# Below this fit nothing is proposed. Between one miss (0.5) and two (0.25) of the only topic that
# a post shares with the member: who said it twice means it.
LEAST_FIT: Final = 0.3
# From how many whole topics on a post fits no better. Without it a post with every topic on it
# would always go first.
MANY_TOPICS: Final = 3
# How long a post is fresh: news is news for about a week, and a week holds every workday.
FRESH_FOR: Final = timedelta(days=7)
# From when on a post is about to end: who is asked weekly may not be asked again before, and an
# ask itself stays open for three of the member's working days.
ENDS_SOON: Final = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live post that may be proposed now, to its first group only if there is one."""

    post_id: PostId
    topics: tuple[str, ...]
    networks: frozenset[Network]
    live_at: datetime
    expires_at: datetime | None
    first_group: FirstGroup | None = None


@dataclass(frozen=True, slots=True)
class Interests:
    """What a member follows; `seed` (see `draws`) draws first groups and settles what is equal."""

    seed: int
    topics: frozenset[str]
    networks: frozenset[Network]


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A post that the member was asked about, or answered anywhere.

    `again_from` is the first moment at which it may come once more, since they chose "later" or
    "not now"; None if it never may.
    """

    again_from: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a member: posts seen, and misses of a topic within MISSES_COUNT_FOR.

    A miss is the answer "not my audience" to a post of that topic.
    """

    seen: Mapping[PostId, SeenPost]
    misses: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """The post to ask about, with those of its topics that the member follows, best fit first.

    `again` says that the member has seen it before, and put it off.
    """

    post_id: PostId
    topics: tuple[str, ...]
    repeat: bool


def meets(interests: Interests, topics: Iterable[str], networks: frozenset[Network]) -> bool:
    """Whether a topic and a network of a post are among those that the member follows."""
    return not interests.networks.isdisjoint(networks) and not interests.topics.isdisjoint(topics)


def choose(
    interests: Interests, posts: Iterable[Candidate], history: History, now: datetime
) -> Choice | None:
    """The post that fits a member best now, or None if none fits.

    A post fits if a network meets, its fit is at least LEAST_FIT, it has not expired, the member
    has not seen it or may be asked once more, and is in its first group if it has one. Its fit is
    the sum of the weights of the topics that the member follows: 1, halved by each miss.

    Of those that fit, the first by:

    1. fit in whole topics, up to MANY_TOPICS. An extra topic of full weight beats everything
       below; a topic with misses beats it only where it makes up a whole one.
    2. timeliness, 0 to 2: one for a fresh post, one for a post about to end.
    3. a lot drawn from the member's seed and the post: the same at every call, another for every
       member, so that posts of equal standing share the members' attention.

    How many were asked about a post does not count: nobody's ask depends on another's. The first
    two are coarse so that the third counts at all. The order of `posts` does not matter. One call
    costs some tenths of a microsecond a post, so that it needs no index.

    Args:
        interests: the member's topics and networks.
        posts: each post once.
        history: what the member has seen and missed.
        now: aware, in any zone.

    Raises:
        ValueError: `now` is naive.
    """
    now = as_utc(now)
    weights = {topic: WEIGHT_LEFT ** history.misses.get(topic, 0) for topic in interests.topics}
    first: list[Candidate] = []
    first_rank = None
    for post in posts:
        if (
            not meets(interests, post.topics, post.networks)
            or (fit := _fit(post, weights)) < LEAST_FIT
            or expired(post.expires_at, now)
            or not _may_come(history.seen.get(post.post_id), now)
            or (post.first_group is not None and not post.first_group.includes(interests.seed))
        ):
            continue
        rank = (-min(int(fit), MANY_TOPICS), -_timeliness(post, now))
        if first_rank is None or rank < first_rank:
            first, first_rank = [post], rank
        elif rank == first_rank:
            first.append(post)
    if not first:
        return None
    chosen = min(first, key=lambda post: (_tie_break(interests.seed, post.post_id), post.post_id))
    shared = [topic for topic in chosen.topics if topic in weights]
    # Sorting keeps the order that comms gave to topics of equal weight.
    shared.sort(key=lambda topic: -weights[topic])
    return Choice(chosen.post_id, tuple(shared), repeat=chosen.post_id in history.seen)


def _fit(post: Candidate, weights: Mapping[str, float]) -> float:
    fit = 0.0
    for topic in post.topics:
        fit += weights.get(topic, 0.0)
    return fit


def _may_come(seen: SeenPost | None, now: datetime) -> bool:
    return seen is None or (seen.again_from is not None and seen.again_from <= now)


def _timeliness(post: Candidate, now: datetime) -> int:
    fresh = now - post.live_at < FRESH_FOR
    ends_soon = post.expires_at is not None and post.expires_at - now <= ENDS_SOON
    return fresh + ends_soon


def _tie_break(seed: int, post_id: PostId) -> bytes:
    """A number that looks like chance, the same in every process.

    Not a checksum: those of two posts differ by the same bits for every member, so that of three
    posts one would win half of all draws.
    """
    return blake2b(f"{seed}:{post_id}".encode(), digest_size=8).digest()
