"""Who may approve what waits for approval: so that two people have read what goes out."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.domain.ids import UserId
from bot.domain.post import expired

MOST_APPROVALS = 2  # people who have to read what goes out, its writer among them


class Obstacle(StrEnum):
    """Why somebody can't approve the newest content of a post."""

    WRITER_ERASED = "writer_erased"
    OWN_POST = "own_post"
    EXPIRY_PASSED = "expiry_passed"


def find_obstacle(
    writer: UserId | None,
    expires_at: datetime | None,
    user_id: UserId,
    approvals: int,
    now: datetime,
) -> Obstacle | None:
    """What keeps this person from approving a post that waits for it; None where nothing does.

    Args:
        writer: who wrote its newest content, None where they were erased.
        expires_at: when that ends (aware), if it does.
        user_id: somebody in comms who is no guest.
        approvals: how many people have to read what goes out, its writer among them.
        now: aware.
    """
    if approvals > 1:
        if writer is None:  # nobody can tell whether these are two people
            return Obstacle.WRITER_ERASED
        if writer == user_id:
            return Obstacle.OWN_POST
    return Obstacle.EXPIRY_PASSED if expired(expires_at, now) else None
