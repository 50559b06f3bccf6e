"""Whether what is due was erased in time, for an operator: of no person, and without numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from operator import attrgetter

from bot.services.retention import Lateness

_LATE = {
    "posts": "answers to posts that ended",
    "people": "people whose consent ended",
    "messages": "messages in Slack",
    "log": "SQLite's log",
}
_RUNS = "The bot erases by itself while it runs. Check that it is running, and look at its log."
_MEND = {
    "posts": _RUNS,
    "people": _RUNS,
    "messages": "Check the token and the scopes above, and that the bot is running.",
    "log": "Another program has the database open. Close it, and let the bot run for a minute.",
}


def describe(found: Sequence[Lateness]) -> tuple[str, str | None]:
    """How late erasing is, and what to do about it; None where it is on time."""
    late = {part: longest for part in _LATE if (longest := _longest(found, part)) is not None}
    if not late:
        return "on time", None
    days = max(late.values()).days
    parts = ", ".join(_LATE[part] for part in late)
    mends = dict.fromkeys(_MEND[part] for part in late)
    return f"{days} day{'' if days == 1 else 's'} late: {parts}", " ".join(mends)


def _longest(found: Iterable[Lateness], part: str) -> timedelta | None:
    lengths = [length for length in map(attrgetter(part), found) if length is not None]
    return max(lengths, default=None)
