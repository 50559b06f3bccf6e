"""How many colleagues open the same words in a week, and which words are offered next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from bot.domain.model import Wording

# Networks show a post for some days; a reader who meets the same words after a week forgives it.
WINDOW: Final = timedelta(days=7)
# Few enough that a reader who follows several colleagues hardly meets the same words twice, and
# enough that comms of a small company need not write a text for every person.
FEWEST: Final = 5
# Audiences of a larger company overlap less, so each wording may go a little further: 5 %.
ONE_IN: Final = 20


def most(members: int) -> int:
    """How many people may open one wording in any seven days, among so many members."""
    return max(FEWEST, members // ONE_IN)


def near_the_limit(openings: Mapping[Wording, int]) -> bool:
    """Whether any wording could be used up at all, so that the members have to be counted."""
    return any(count >= FEWEST for count in openings.values())


def offered(
    wordings: Iterable[Wording], openings: Mapping[Wording, int], members: int
) -> tuple[Wording, ...]:
    """The wordings that are not used up, the least used first, then in the order written.

    Args:
        wordings: What comms approved.
        openings: How many people opened each of them within `WINDOW`; one not named has none.
        members: How many people take part.
    """
    limit = most(members)
    fresh = [wording for wording in wordings if openings.get(wording, 0) < limit]
    return tuple(sorted(fresh, key=lambda wording: openings.get(wording, 0)))
