"""How many colleagues open the same words in a week, and which words are offered next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from bot.domain import languages
from bot.domain.post import Network, Wording

# Networks show a post for some days; a reader who meets the same words after a week forgives it.
WINDOW: Final = timedelta(days=7)
# Few enough that a reader who follows several colleagues hardly meets the same words twice, and
# enough that comms of a small company need not write a text for every person.
MIN_LIMIT: Final = 5
# Audiences of a larger company overlap less, so each wording may go a little further: 5 %.
MEMBERS_PER_USE: Final = 20


# How many people opened the words of a wording on its network.
WordingUsage = Mapping[tuple[Network, str], int]


def max_uses(members: int) -> int:
    """How many people may open one wording in any seven days, among so many members."""
    return max(MIN_LIMIT, members // MEMBERS_PER_USE)


def near_limit(usage: WordingUsage) -> bool:
    """Whether any wording could be used up at all, so that the members have to be counted."""
    return any(count >= MIN_LIMIT for count in usage.values())


def order_wordings(
    wordings: Iterable[Wording], usage: WordingUsage, members: int, language: str | None = None
) -> tuple[Wording, ...]:
    """The wordings that are not used up, the least used first, then in the order written.

    Those in a member's language come before all others.

    Args:
        wordings: What comms approved.
        usage: How many people opened each of them within `WINDOW`; one not named has none.
        members: How many people take part.
        language: What the member likes to share in, None for any.
    """
    limit = max_uses(members)
    fresh = [wording for wording in wordings if usage.get(wording.usage_key, 0) < limit]
    least_used = sorted(fresh, key=lambda wording: usage.get(wording.usage_key, 0))
    return languages.theirs_first(least_used, language)
