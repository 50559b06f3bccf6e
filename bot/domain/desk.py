"""The desk of one person in comms: what needs them now, and what is under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain import approval
from bot.domain.approval import Obstacle
from bot.domain.channel_queue import Forecast
from bot.domain.ids import PostId, UserId
from bot.domain.model import Workspace
from bot.domain.pace_check import PaceCheck
from bot.domain.post import Post, PostState
from bot.domain.spans import Span


class Need(StrEnum):
    """What a post needs somebody for."""

    SETTLE = "settle"  # nobody knows whether it is in the channel
    APPROVE = "approve"
    APPROVE_CORRECTION = "approve_correction"
    REWRITE = "rewrite"  # it was sent back to them
    TAKE_OVER = "take_over"  # its writer is no longer known, so that it can't be approved
    EXTEND = "extend"  # its end has passed before it was approved


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

    `forecasts` begins with the next post. Of `uncertain` ones nobody knows whether they are in the
    channel.
    """

    workspace: Workspace
    posts: Sequence[Post]
    forecasts: Mapping[PostId, Forecast]
    uncertain: frozenset[PostId] = frozenset()


@dataclass(frozen=True, slots=True)
class Desk:
    """What one person in comms sees: what needs them, and all that is under way.

    `span` is the newest one with figures. It and `pace_check` are None for guests, who see none.
    """

    viewer: Viewer
    rows: Sequence[DeskRow]
    overview: Overview
    pace_check: PaceCheck | None
    span: Span | None = None


def find_rows(
    viewer: Viewer,
    posts: Sequence[Post],
    uncertain: Collection[PostId],
    reasons: Mapping[PostId, str],
    workspace: Workspace,
    now: datetime,
) -> list[DeskRow]:
    """What needs this person, in the order in which it holds others up.

    Args:
        viewer: whose desk it is.
        posts: those under way with their newest content, newest first, and the uncertain ones.
        uncertain: the posts of which nobody knows whether they are in the channel.
        reasons: why posts were sent back.
        workspace: how many people have to read what goes out.
        now: aware.
    """
    found = []
    for post in reversed(posts):  # what waits longest comes first
        if post.id in uncertain and not viewer.is_guest:
            found.append(DeskRow(Need.SETTLE, post))
        need = _need(post, viewer, workspace.approvals, now)
        if need is not None:
            found.append(DeskRow(need, post, reasons.get(post.id)))
    order = list(Need)
    return sorted(found, key=lambda row: order.index(row.need))


def _need(post: Post, viewer: Viewer, approvals: int, now: datetime) -> Need | None:
    if post.newest_state is PostState.RETURNED:
        return Need.REWRITE if post.writer == viewer.user_id else None
    if post.newest_state is not PostState.IN_REVIEW:
        return None
    obstacle = approval.find_obstacle(post, viewer.user_id, approvals, now)
    if obstacle is Obstacle.WRITER_ERASED:
        return Need.TAKE_OVER
    if post.content.expired(now):
        return Need.EXTEND if post.writer in (viewer.user_id, None) else None
    if obstacle is not None or viewer.is_guest:
        return None
    return Need.APPROVE if post.correction is None else Need.APPROVE_CORRECTION
