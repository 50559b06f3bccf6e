"""Who may approve what waits for approval: so that two people have read what goes out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.domain.ids import UserId
from bot.domain.post import Post

MOST_APPROVALS = 2  # people who have to read what goes out, its writer among them


class Obstacle(StrEnum):
    """Why somebody can't approve the newest content of a post."""

    WRITER_ERASED = "writer_erased"
    OWN_POST = "own_post"
    EXPIRY_PASSED = "expiry_passed"


def find_obstacle(post: Post, user_id: UserId, approvals: int, now: datetime) -> Obstacle | None:
    """What keeps this person from approving a post that waits for it; None where nothing does.

    Args:
        post: with its newest content.
        user_id: somebody in comms who is no guest.
        approvals: how many people have to read what goes out, its writer among them.
        now: aware.
    """
    if approvals > 1:
        if post.writer is None:  # nobody can tell whether these are two people
            return Obstacle.WRITER_ERASED
        if post.writer == user_id:
            return Obstacle.OWN_POST
    return Obstacle.EXPIRY_PASSED if post.content.expired(now) else None
