"""Rests: how long a method of Slack's is left alone after it was throttled, or did not answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# After so many lost replies in a row nothing more is sent: each may have left somebody counted as
# asked who got nothing.
MOST_LOST: Final = 2
_FIRST_REST: Final = timedelta(minutes=2)
_LONGEST_REST: Final = timedelta(minutes=30)


class Method(StrEnum):
    """What the bot does with Slack in the background, each with limits of its own."""

    DIRECT = "direct_messages"
    EDITS = "edits"


@dataclass(frozen=True, slots=True)
class Rest:
    """A method that is left alone until then (aware), after so many rounds without an answer."""

    until: datetime
    lost_rounds: int = 0


def rest_after_lost(before: Rest | None, now: datetime) -> Rest:
    """After a round in which replies were lost: each rest is twice as long as the one before."""
    rounds = (before.lost_rounds if before is not None else 0) + 1
    return Rest(now + min(_LONGEST_REST, _FIRST_REST * 2 ** min(rounds - 1, 10)), rounds)


def rest_after_throttling(before: Rest | None, now: datetime, wait: timedelta) -> Rest:
    """After Slack said how long to wait; a longer rest that holds already stays."""
    rounds = before.lost_rounds if before is not None else 0
    until = now + wait
    return Rest(max(until, before.until) if before is not None else until, rounds)
