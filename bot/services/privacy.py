"""What the bot stops knowing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.storage import responses

PERSON_KEPT = timedelta(days=30)  # after a post ended, its responses lose their person


def release_persons(connection: Connection, workspace: str, now: datetime) -> None:
    """Take the person out of responses to posts that ended 30 days ago; the totals remain."""
    responses.release_persons(connection, workspace, now - PERSON_KEPT)
