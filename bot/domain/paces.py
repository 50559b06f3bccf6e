"""The paces that a member can choose: what each allows at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.model import Pace


@dataclass(frozen=True, slots=True)
class PaceRule:
    """A pace: the least time between two asks, and the most of them in any `window`."""

    gap: timedelta
    cap: int
    window: timedelta


WEEK: Final = timedelta(days=7)
PACE_RULES: Final[dict[Pace, PaceRule]] = {
    Pace.MONTHLY: PaceRule(timedelta(days=28), 1, timedelta(days=28)),
    Pace.FORTNIGHTLY: PaceRule(timedelta(days=14), 1, timedelta(days=14)),
    Pace.WEEKLY: PaceRule(WEEK, 1, WEEK),
    Pace.TWICE_A_WEEK: PaceRule(timedelta(days=2), 2, WEEK),
    Pace.THRICE_A_WEEK: PaceRule(timedelta(days=1), 3, WEEK),
}
_SLOWER: Final = {
    Pace.THRICE_A_WEEK: Pace.WEEKLY,
    Pace.TWICE_A_WEEK: Pace.WEEKLY,
    Pace.WEEKLY: Pace.FORTNIGHTLY,
    Pace.FORTNIGHTLY: Pace.MONTHLY,
    Pace.MONTHLY: Pace.MONTHLY,
}


def slower(pace: Pace) -> Pace:
    """The pace with at most half as many asks; the slowest stays."""
    return _SLOWER[pace]


def is_slower(pace: Pace, than: Pace) -> bool:
    """Whether a pace allows fewer asks than another."""
    slowest_first = list(Pace)
    return slowest_first.index(pace) < slowest_first.index(than)
