"""Lots: numbers that are a member's own, the same at every call, whatever anybody else does."""

from __future__ import annotations

from hashlib import blake2b

from bot.domain.ids import UserId


def seed_of(user_id: UserId) -> int:
    """What a member draws with: from who they are in Slack.

    The number of their row would tell how many joined before them.
    """
    return int.from_bytes(blake2b(user_id.encode(), digest_size=6).digest())


def draw(seed: int, about: str) -> float:
    """A number from 0 to 1, for this member and this matter."""
    digest = blake2b(f"{seed}:{about}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
