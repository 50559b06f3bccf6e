"""Ways in which posts reach people: members choose among them, and so do comms for a post."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Delivery(StrEnum):
    """A way in which posts reach a member; whoever chose none browses."""

    CHANNEL = "channel"
    DIRECT = "direct"


BOTH: Final = frozenset(Delivery)
