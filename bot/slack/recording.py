"""Storing what became of a send: nobody waits for it, so a busy database is asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from bot.storage.database import Busy, Unknown
from bot.storage.tx import Transactions

RETRY_AFTER = timedelta(minutes=5)  # while Slack cannot be reached; a person has to mend it
R = TypeVar("R")
_TRIES = 15  # of 2 s each: done before it would be given up as uncertain


async def record(database: Transactions, service: Callable[..., R], *args: Any) -> R:
    """Store it; raises Busy or Unknown where the database stays busy."""
    for _ in range(_TRIES - 1):
        try:
            return await database.write(service, *args)
        except (Busy, Unknown):
            pass
    return await database.write(service, *args)
