"""News that colleagues offer to comms, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.domain.ids import SuggestionId, UserId

UNDECIDED_FOR: Final = timedelta(days=90)  # then it is no news any more, and goes


class SuggestionOutcome(StrEnum):
    """What comms decided about a suggestion."""

    USED = "used"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A link that a colleague offers, with a few words of theirs, perhaps none.

    `signed_by` is None where it carries no name.
    """

    id: SuggestionId
    link: str
    words: str
    signed_by: UserId | None
