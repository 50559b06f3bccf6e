"""Single messages that Slack refuses for what they hold: tried again after ever longer pauses."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from bot.domain.rests import Rest, rest_after_refusal


class RefusedMessages:
    """In memory: a process that starts tries each once more."""

    def __init__(self) -> None:
        self._rests: dict[Hashable, Rest] = {}

    def rests(self, key: Hashable, now: datetime) -> bool:
        """Whether a message, as it is now, is left alone."""
        rest = self._rests.get(key)
        return rest is not None and rest.until > now

    def record(self, key: Hashable, now: datetime, trouble: str) -> bool:
        """Record a refusal; True where it is a new one."""
        before = self._rests.get(key)
        self._rests[key] = rest_after_refusal(before, now, trouble)
        return before is None
