"""What each heartbeat decides, in one transaction: what ends, what is lost, what goes out."""

from __future__ import annotations

from bot.services import announcements, dispatches, posts, reminders, workspaces
from bot.services.announcements import ClaimedAnnouncement
from bot.storage.tx import Tx


def run_heartbeat(tx: Tx, *, announce: bool = True) -> ClaimedAnnouncement | None:
    """Carry out all that is due by time alone; returns the announcement to send now, if any.

    Without `announce` nothing goes out.
    """
    workspaces.end_freeze(tx)
    posts.expire(tx)
    reminders.remind(tx)
    announcements.release_others(tx)
    dispatches.give_up_abandoned(tx)
    return announcements.claim_next(tx) if announce else None
