"""The bot's log as an operator may read it, at every level."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.logs import ConfidentialFormatter, Line, as_text


@contextmanager
def taken(
    where: str, take: Callable[[str], None], wanted: Callable[[logging.LogRecord], bool]
) -> Iterator[None]:
    """Hand over each line of the logger `where` that is wanted; the bot's own are all written."""
    logger, own, handler = logging.getLogger(where), logging.getLogger("bot"), _Log(take, wanted)
    level = own.level
    logger.addHandler(handler)
    own.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        own.setLevel(level)


def _without_chance(line: Line) -> str:
    """As an operator reads it, but for what differs in any two runs."""
    return as_text({key: line[key] for key in line if key not in ("timestamp", "run")})


class _Log(logging.Handler):
    def __init__(
        self, take: Callable[[str], None], wanted: Callable[[logging.LogRecord], bool]
    ) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(ConfidentialFormatter(_without_chance))
        self._take = take
        self._wanted = wanted

    def emit(self, record: logging.LogRecord) -> None:
        if self._wanted(record):
            self._take(self.format(record))
