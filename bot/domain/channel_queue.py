"""The opt-in channel's queue: topics take turns, the oldest post first."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from bot.domain.channel_pacing import decide
from bot.domain.hours import as_utc
from bot.domain.ids import PostId
from bot.domain.model import Allowed, ChannelPolicy, Reason, Withheld
from bot.domain.post import expired
from bot.domain.topics import topic_keys

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class QueuedPost:
    """A post that waits for the channel since `since`.

    It may go out from `not_before` on and until just before `expires_at`. Moments are aware.
    `place` is where comms put it, the smallest first; those without one take turns after these.
    """

    post_id: PostId
    topics: tuple[str, ...]
    since: datetime
    not_before: datetime | None
    expires_at: datetime | None
    place: int | None = None


class Move(StrEnum):
    """Where comms move a post in the queue: one place up or down, or to its front."""

    UP = "up"
    DOWN = "down"
    NEXT = "next"


class Moved(StrEnum):
    """What became of a move."""

    MOVED = "moved"
    STAYS = "stays"  # it is there already, or its earliest moment or its end decides
    NOT_QUEUED = "not_queued"


@dataclass(frozen=True, slots=True)
class PastAnnouncement:
    """An earlier announcement: when it went out (aware), and the topics of its post."""

    at: datetime
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooLate:
    """When a post's turn would come if it alone had no end, and when it ends; both UTC."""

    turn: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a post is expected in the channel if nothing else happens, and why not now.

    `at` is UTC, or None if it is not expected at all. `reason` is None if it goes out now.
    `too_late` is there where the post ends before its turn comes.
    """

    at: datetime | None
    reason: Reason | None
    too_late: TooLate | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """What comes of the queue: when each post goes out, in that order, and what holds back others.

    Those in `held_back` lose time by their embargo: at some moment it was their turn but for it.
    Those in `too_late` had ended when it was their turn.
    """

    turns: dict[PostId, datetime]
    held_back: set[PostId]
    too_late: dict[PostId, TooLate]


def next_post(
    waiting: Iterable[QueuedPost], announced: Iterable[PastAnnouncement], now: datetime
) -> QueuedPost | None:
    """The next post for the channel, whether or not channel pacing allows it yet.

    Posts under embargo and expired posts are left out. Those that comms put in a place go first,
    in that order. The rest are compared by the last
    announcement of their topics: the post goes first whose topic was announced longest ago. For
    a post of several topics the latest announcement of any of them counts. Equal ones are
    ordered by how long they wait, then by id. Posts without topics count as one topic.

    A post of several topics can be overtaken again and again by posts of one of them. That is
    accepted, since comms write the queue and see the forecast.

    Raises:
        ValueError: a moment is naive.
    """
    return _first(waiting, _last_by_topic(announced), as_utc(now))


def forecast(
    waiting: Sequence[QueuedPost],
    announced: Sequence[PastAnnouncement],
    policy: ChannelPolicy,
    now: datetime,
) -> dict[PostId, Forecast]:
    """What each waiting post can expect if nothing else happens, by post id, the next post first.

    The reason a post does not go out now is, in this order: a limit that only a person can lift
    (FROZEN, or CAP for a cap of none; nothing is expected then); EMBARGO if without its embargo
    the post would go out sooner; QUEUE if an earlier moment belongs to another post; else what
    the pacing says. A post that expires before its turn has QUEUE and `too_late`.

    Args:
        waiting: the queue in any order, each post once.
        announced: earlier announcements in any order: the last of each topic, and all that
            `channel_pacing.decide` needs.
        policy: the workspace's limits.
        now: aware, in any zone.

    Raises:
        ValueError: a moment is naive, or the policy's hours could never open.
    """
    now = as_utc(now)
    verdict = decide([earlier.at for earlier in announced], policy, now)
    if isinstance(verdict, Withheld) and verdict.until is None:
        order = decide_order(waiting, announced, policy, now)
        return {post_id: Forecast(None, verdict.reason) for post_id in order}

    run = _simulate(waiting, announced, policy, now)
    first_turn = min(run.turns.values(), default=None)

    def expected(post_id: PostId) -> Forecast:
        at = run.turns.get(post_id)
        if at is None:
            return Forecast(None, Reason.QUEUE, run.too_late[post_id])
        if at == now:
            return Forecast(at, None)
        if post_id in run.held_back:
            return Forecast(at, Reason.EMBARGO)
        if at != first_turn or isinstance(verdict, Allowed):
            return Forecast(at, Reason.QUEUE)
        return Forecast(at, verdict.reason)

    return {post_id: expected(post_id) for post_id in _in_turn(run.turns, waiting)}


def find_predecessor(forecasts: Mapping[PostId, Forecast], post_id: PostId) -> PostId | None:
    """The post that goes out just before this one; None for the next, and without a moment."""
    expected = [other for other, forecast in forecasts.items() if forecast.at is not None]
    place = expected.index(post_id) if post_id in expected else 0
    return expected[place - 1] if place else None


def decide_order(
    waiting: Sequence[QueuedPost],
    announced: Sequence[PastAnnouncement],
    policy: ChannelPolicy,
    now: datetime,
) -> list[PostId]:
    """The order in which posts go out, also while none may; those that end first come last."""
    goes_on = replace(policy, freeze=None, weekly_cap=max(1, policy.weekly_cap))
    run = _simulate(waiting, announced, goes_on, as_utc(now))
    return _in_turn(run.turns, waiting)


def move(
    order: Sequence[PostId], placed: Collection[PostId], post_id: PostId, to: Move
) -> list[PostId]:
    """Which posts get a place, in order, so that a post moves and the others stay as they are.

    Args:
        order: the posts as they go out now.
        placed: those among them that have a place already, and keep one.
        post_id: which one moves.
        to: where to.

    Returns:
        None of them where the post is not in `order`, or stands there already.
    """
    if post_id not in order:
        return []
    before = order.index(post_id)
    after = {Move.UP: before - 1, Move.DOWN: before + 1, Move.NEXT: 0}[to]
    if after == before or not 0 <= after < len(order):
        return []
    moved = [other for other in order if other != post_id]
    moved.insert(after, post_id)
    last = 0 if to is Move.NEXT else max(before, after)
    settled = max([last, *(moved.index(other) for other in placed if other in moved)])
    return moved[: settled + 1]


def _in_turn(turns: Mapping[PostId, datetime], waiting: Iterable[QueuedPost]) -> list[PostId]:
    """The posts that get a turn, in that order, then the others."""
    return [*turns, *(post.post_id for post in waiting if post.post_id not in turns)]


def _simulate(
    waiting: Iterable[QueuedPost],
    announced: Iterable[PastAnnouncement],
    policy: ChannelPolicy,
    now: datetime,
) -> _Run:
    """Let the queue run from `now` on, from one moment at which something changes to the next."""
    left = {post.post_id: post for post in waiting}
    last = _last_by_topic(announced)
    counted = max(1, policy.weekly_cap)  # the last ones decide: each turn would sort all of them
    sent = sorted((as_utc(earlier.at) for earlier in announced), reverse=True)[:counted]
    run = _Run({}, set(), {})
    moment: datetime | None = now
    while left and moment is not None:
        verdict = decide(sent, policy, moment)
        if isinstance(verdict, Withheld):
            moment = verdict.until
            continue
        post = _first(left.values(), last, moment)
        first = None if post is None else _sort_key(post, last)
        for other in left.values():
            embargoed = _embargoed(other, moment)
            if not embargoed and not _expired(other, moment):
                continue
            if first is not None and first < _sort_key(other, last):
                continue
            if embargoed:
                run.held_back.add(other.post_id)
            elif other.expires_at is not None:
                late = TooLate(moment, as_utc(other.expires_at))
                run.too_late.setdefault(other.post_id, late)
        if post is None:
            moment = _next_embargo_end(left.values(), moment)
            continue
        del left[post.post_id]
        run.turns[post.post_id] = moment
        sent = [moment, *sent][:counted]
        _record_topics(last, PastAnnouncement(moment, post.topics))
    return run


def _first(
    waiting: Iterable[QueuedPost], last: Mapping[str, datetime], now: datetime
) -> QueuedPost | None:
    ready = (post for post in waiting if not _embargoed(post, now) and not _expired(post, now))
    return min(ready, key=lambda post: _sort_key(post, last), default=None)


def _sort_key(
    post: QueuedPost, last: Mapping[str, datetime]
) -> tuple[float, datetime, datetime, int]:
    """What the queue is ordered by: the smallest goes first."""
    place = math.inf if post.place is None else post.place
    rested_since = max([last.get(topic, NEVER) for topic in _topic_keys(post.topics)])
    return place, rested_since, as_utc(post.since), post.post_id


def _last_by_topic(announced: Iterable[PastAnnouncement]) -> dict[str, datetime]:
    last: dict[str, datetime] = {}
    for earlier in announced:
        _record_topics(last, earlier)
    return last


def _record_topics(last: dict[str, datetime], announcement: PastAnnouncement) -> None:
    at = as_utc(announcement.at)
    for topic in _topic_keys(announcement.topics):
        last[topic] = max(at, last.get(topic, NEVER))


@lru_cache(maxsize=1_024)  # each post is compared at each turn
def _topic_keys(topics: tuple[str, ...]) -> tuple[str, ...]:
    return topic_keys(topics) or ("",)


def _embargoed(post: QueuedPost, now: datetime) -> bool:
    return post.not_before is not None and now < as_utc(post.not_before)


def _expired(post: QueuedPost, now: datetime) -> bool:
    return expired(post.expires_at, now)


def _next_embargo_end(waiting: Iterable[QueuedPost], now: datetime) -> datetime | None:
    ends = (as_utc(post.not_before) for post in waiting if post.not_before is not None)
    return min((end for end in ends if now < end), default=None)
