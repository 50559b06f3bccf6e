"""How many colleagues open the same words in a week, and which words are offered next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from bot.domain import languages
from bot.domain.model import Network, Wording

# Networks show a post for some days; a reader who meets the same words after a week forgives it.
WINDOW: Final = timedelta(days=7)
# Few enough that a reader who follows several colleagues hardly meets the same words twice, and
# enough that comms of a small company need not write a text for every person.
FEWEST: Final = 5
# Audiences of a larger company overlap less, so each wording may go a little further: 5 %.
ONE_IN: Final = 20


# How many people opened the words of a wording on its network.
Openings = Mapping[tuple[Network, str], int]


def most(members: int) -> int:
    """How many people may open one wording in any seven days, among so many members."""
    return max(FEWEST, members // ONE_IN)


def near_the_limit(openings: Openings) -> bool:
    """Whether any wording could be used up at all, so that the members have to be counted."""
    return any(count >= FEWEST for count in openings.values())


def offered(
    wordings: Iterable[Wording], openings: Openings, members: int, language: str | None = None
) -> tuple[Wording, ...]:
    """The wordings that are not used up, the least used first, then in the order written.

    Those in a member's language come before all others.

    Args:
        wordings: What comms approved.
        openings: How many people opened each of them within `WINDOW`; one not named has none.
        members: How many people take part.
        language: What the member likes to share in, None for any.
    """
    limit = most(members)
    fresh = [wording for wording in wordings if openings.get(wording.words, 0) < limit]
    least_used = sorted(fresh, key=lambda wording: openings.get(wording.words, 0))
    return languages.theirs_first(least_used, language)
