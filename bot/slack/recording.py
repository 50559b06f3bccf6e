"""Storing what became of a send: nobody waits for it, so a busy database is asked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.storage.database import Busy, Unknown
from bot.storage.tx import Transactions

RETRY_AFTER = timedelta(minutes=5)  # while Slack cannot be reached; a person has to mend it
_TRIES = 15  # of 2 s each: done before it would be given up as uncertain


async def record(database: Transactions, service: Callable[..., None], *args: Any) -> None:
    """Store it; raises Busy or Unknown where the database stays busy."""
    for last_try in (*[False] * (_TRIES - 1), True):
        try:
            await database.write(service, *args)
        except (Busy, Unknown):
            if last_try:
                raise
        else:
            return
