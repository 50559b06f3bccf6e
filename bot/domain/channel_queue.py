"""The opt-in channel's queue: topics take turns, the oldest post first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

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
    """

    post_id: PostId
    topics: tuple[str, ...]
    since: datetime
    not_before: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastAnnouncement:
    """An earlier announcement: when it went out (aware), and the topics of its post."""

    at: datetime
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a post is expected in the channel if nothing else happens, and why not now.

    `at` is UTC, or None if it is not expected at all. `reason` is None if it goes out now.
    `expires_first` says that the post ends before its turn comes.
    """

    at: datetime | None
    reason: Reason | None
    expires_first: bool = False


def next_post(
    waiting: Iterable[QueuedPost], announced: Iterable[PastAnnouncement], now: datetime
) -> QueuedPost | None:
    """The next post for the channel, whether or not channel pacing allows it yet.

    Posts under embargo and expired posts are left out. The rest are compared by the last
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
    """What each waiting post can expect if nothing else happens, by post id.

    The reason a post does not go out now is, in this order: a limit that only a person can lift
    (FROZEN, or CAP for a cap of none; nothing is expected then); EMBARGO if without its embargo
    the post would go out sooner; QUEUE if an earlier moment belongs to another post; else what
    the pacing says. A post that expires before its turn has QUEUE and `expires_first`.

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
        return {post.post_id: Forecast(None, verdict.reason) for post in waiting}

    turns, held_back = _simulate(waiting, announced, policy, now)
    first_turn = min(turns.values(), default=None)

    def expected(post_id: PostId) -> Forecast:
        at = turns.get(post_id)
        if at is None:
            return Forecast(None, Reason.QUEUE, expires_first=True)
        if at == now:
            return Forecast(at, None)
        if post_id in held_back:
            return Forecast(at, Reason.EMBARGO)
        if at != first_turn or isinstance(verdict, Allowed):
            return Forecast(at, Reason.QUEUE)
        return Forecast(at, verdict.reason)

    return {post.post_id: expected(post.post_id) for post in waiting}


def _simulate(
    waiting: Iterable[QueuedPost],
    announced: Iterable[PastAnnouncement],
    policy: ChannelPolicy,
    now: datetime,
) -> tuple[dict[int, datetime], set[int]]:
    """Let the queue run from `now` on, from one moment at which something changes to the next.

    Returns:
        When each post goes out (those that expire first are missing), and the posts whose embargo
        costs them time: at some moment it was their turn but for the embargo.
    """
    left = {post.post_id: post for post in waiting}
    last = _last_by_topic(announced)
    sent = [earlier.at for earlier in announced]
    turns: dict[int, datetime] = {}
    held_back: set[int] = set()
    moment: datetime | None = now
    while left and moment is not None:
        verdict = decide(sent, policy, moment)
        if isinstance(verdict, Withheld):
            moment = verdict.until
            continue
        post = _first(left.values(), last, moment)
        held_back.update(
            other.post_id
            for other in left.values()
            if _embargoed(other, moment)
            and (post is None or _sort_key(other, last) < _sort_key(post, last))
        )
        if post is None:
            moment = _next_embargo_end(left.values(), moment)
            continue
        del left[post.post_id]
        turns[post.post_id] = moment
        sent.append(moment)
        _record_topics(last, PastAnnouncement(moment, post.topics))
    return turns, held_back


def _first(
    waiting: Iterable[QueuedPost], last: Mapping[str, datetime], now: datetime
) -> QueuedPost | None:
    ready = (post for post in waiting if not _embargoed(post, now) and not _expired(post, now))
    return min(ready, key=lambda post: _sort_key(post, last), default=None)


def _sort_key(post: QueuedPost, last: Mapping[str, datetime]) -> tuple[datetime, datetime, int]:
    """What the queue is ordered by: the smallest goes first."""
    rested_since = max(last.get(topic, NEVER) for topic in _topic_keys(post.topics))
    return rested_since, as_utc(post.since), post.post_id


def _last_by_topic(announced: Iterable[PastAnnouncement]) -> dict[str, datetime]:
    last: dict[str, datetime] = {}
    for earlier in announced:
        _record_topics(last, earlier)
    return last


def _record_topics(last: dict[str, datetime], announcement: PastAnnouncement) -> None:
    at = as_utc(announcement.at)
    for topic in _topic_keys(announcement.topics):
        last[topic] = max(at, last.get(topic, NEVER))


def _topic_keys(topics: tuple[str, ...]) -> tuple[str, ...]:
    return topic_keys(topics) or ("",)


def _embargoed(post: QueuedPost, now: datetime) -> bool:
    return post.not_before is not None and now < as_utc(post.not_before)


def _expired(post: QueuedPost, now: datetime) -> bool:
    return expired(post.expires_at, now)


def _next_embargo_end(waiting: Iterable[QueuedPost], now: datetime) -> datetime | None:
    ends = (as_utc(post.not_before) for post in waiting if post.not_before is not None)
    return min((end for end in ends if now < end), default=None)
