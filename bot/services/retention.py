"""What the bot stops knowing."""

from __future__ import annotations

from datetime import timedelta

from bot.storage import responses
from bot.storage.tx import Tx

PERSON_KEPT = timedelta(days=30)  # after a post ended, its responses lose their person


def release_persons(tx: Tx) -> None:
    """Take the person out of responses to posts that ended 30 days ago; the totals remain."""
    responses.release_persons(tx, tx.now - PERSON_KEPT)
