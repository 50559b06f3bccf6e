"""The desk of one person in comms: what needs them now, and what is under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain import approval
from bot.domain.approval import Obstacle
from bot.domain.channel_queue import Forecast
from bot.domain.ids import PostId, UserId
from bot.domain.model import Workspace
from bot.domain.pace_check import PaceCheck
from bot.domain.post import Post, PostState, expired
from bot.domain.spans import Span

# How many posts are read for a screen, however many there are.
MOST_EACH: Final = 5  # of one state, in the list of posts
MOST_NOT_QUEUED: Final = 2  # approved ones that do not wait for the channel, or may be there
MOST_PLANNED: Final = 30  # in the schedule
MOST_ROWS: Final = 6  # that need somebody, on the desk
MOST_ON_DESK: Final = 3  # planned, live, or new from feeds


class Need(StrEnum):
    """What a post needs somebody for."""

    SETTLE = "settle"  # nobody knows whether it is in the channel
    APPROVE = "approve"
    APPROVE_CORRECTION = "approve_correction"
    REWRITE = "rewrite"  # it was sent back to them
    TAKE_OVER = "take_over"  # its writer is no longer known, so that it can't be approved
    EXTEND = "extend"  # its end has passed before it was approved


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a post with its newest content as tells whom it waits for."""

    post_id: PostId
    state: PostState
    correction: PostState | None
    writer: UserId | None
    expires_at: datetime | None

    @property
    def newest_state(self) -> PostState:
        """Where its newest content stands: the correction's state where there is one."""
        return self.correction or self.state


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A post that needs somebody; `reason` is why it was sent back."""

    need: Need
    post: Post
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody in the comms channel; guests there write and decide nothing.

    `time_zone` is their IANA zone, None where Slack does not say.
    """

    user_id: UserId
    is_guest: bool = False
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """Posts with their newest content, newest first, and when the queued ones go out.

    `posts` are as many as a screen shows, and `left_out` is how many more there are of each state.
    `forecasts` has every queued post and begins with the next one. Of `uncertain` ones nobody knows
    whether they are in the channel.
    """

    workspace: Workspace
    posts: Sequence[Post]
    forecasts: Mapping[PostId, Forecast]
    uncertain: frozenset[PostId] = frozenset()
    left_out: Mapping[PostState, int] = field(default_factory=dict)

    def count(self, *states: PostState) -> int:
        """How many posts there are in these states."""
        shown = sum(post.state in states for post in self.posts)
        return shown + sum(self.left_out.get(state, 0) for state in states)


@dataclass(frozen=True, slots=True)
class Desk:
    """What one person in comms sees: what needs them, and what else is under way.

    Of what needs them, and of what is new from feeds, there is more than is shown: `more_rows`,
    `more_from_feeds`. `others` is how many posts stand where without needing them. `span` is the
    newest one with figures. It and `pace_check` are None for guests, who see none.
    """

    viewer: Viewer
    rows: Sequence[DeskRow]
    overview: Overview
    pace_check: PaceCheck | None
    span: Span | None = None
    more_rows: int = 0
    more_from_feeds: int = 0
    others: Mapping[PostState, int] = field(default_factory=dict)


def find_needs(
    viewer: Viewer,
    waiting: Sequence[Standing],
    uncertain: Collection[PostId],
    workspace: Workspace,
    now: datetime,
) -> list[tuple[Need, PostId]]:
    """What needs this person, in the order in which it holds others up.

    Args:
        viewer: whose desk it is.
        waiting: the posts that are neither drafts nor settled, in any order.
        uncertain: the posts of which nobody knows whether they are in the channel.
        workspace: how many people have to read what goes out.
        now: aware.
    """
    found = [] if viewer.is_guest else [(Need.SETTLE, post_id) for post_id in uncertain]
    for post in waiting:
        need = _need(post, viewer, workspace.approvals, now)
        if need is not None:
            found.append((need, post.post_id))
    order = list(Need)
    return sorted(found, key=lambda one: (order.index(one[0]), one[1]))  # the oldest first


def count_others(
    waiting: Sequence[Standing], needs: Sequence[tuple[Need, PostId]], drafts: int
) -> Counter[PostState]:
    """How many posts stand where without needing the person; `drafts` of new posts need nobody."""
    mine = {post_id for _, post_id in needs}
    left = Counter(post.newest_state for post in waiting if post.post_id not in mine)
    left[PostState.DRAFT] += drafts
    return left


def _need(post: Standing, viewer: Viewer, approvals: int, now: datetime) -> Need | None:
    if post.newest_state is PostState.RETURNED:
        return Need.REWRITE if post.writer == viewer.user_id else None
    if post.newest_state is not PostState.IN_REVIEW:
        return None
    obstacle = approval.find_obstacle(post.writer, post.expires_at, viewer.user_id, approvals, now)
    if obstacle is Obstacle.WRITER_ERASED:
        return Need.TAKE_OVER
    if expired(post.expires_at, now):
        return Need.EXTEND if post.writer in (viewer.user_id, None) else None
    if obstacle is not None or viewer.is_guest:
        return None
    return Need.APPROVE if post.correction is None else Need.APPROVE_CORRECTION
