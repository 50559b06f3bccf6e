"""Words for what kind of post something is, and for where it goes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.domain.delivery import BOTH, Delivery
from bot.domain.post import PostKind

KINDS: Final = {
    PostKind.USEFUL: "Useful to readers",
    PostKind.COMMUNITY: "Community",
    PostKind.JOBS: "Jobs",
    PostKind.OWN_NEWS: "Our own news",
}
WAYS: Final = {
    Delivery.CHANNEL: "In the channel",
    Delivery.DIRECT: "In direct messages, to people who chose them",
}


def ways(delivery: Collection[Delivery]) -> str:
    """Where a post goes; empty for a draft that names nothing."""
    if set(delivery) == BOTH:
        return "In the channel and in direct messages"
    if Delivery.CHANNEL in delivery:
        return "In the channel only"
    return "In direct messages only" if delivery else ""
