"""How many notes each person sent lately: in memory, since a row would say who wrote."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from bot.domain.ids import UserId
from bot.domain.notes import MOST_A_WEEK

_WEEK = timedelta(days=7)


class NoteLimit:
    """Lets through a few notes of each person in any seven days."""

    def __init__(self) -> None:
        self._sent: dict[UserId, list[datetime]] = defaultdict(list)

    def reached(self, user_id: UserId, now: datetime) -> bool:
        """Whether the person has sent as many as are passed on; `now` is aware."""
        for known in list(self._sent):
            self._sent[known] = [at for at in self._sent[known] if at > now - _WEEK]
            if not self._sent[known]:
                del self._sent[known]
        return len(self._sent.get(user_id, ())) >= MOST_A_WEEK

    def count(self, user_id: UserId, now: datetime) -> None:
        """Count one that was taken."""
        self._sent[user_id].append(now)
