"""What the bot stops knowing: in time by itself, and at once when somebody asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import retention as rules
from bot.domain.feeds import UNTOUCHED_FOR
from bot.domain.ids import UserId
from bot.domain.suggestions import UNDECIDED_FOR
from bot.storage import (
    erasure,
    feed_drafts,
    members,
    record,
    removals,
    share_notes,
    suggestions,
    workspaces,
)
from bot.storage.removals import Removal
from bot.storage.tx import Tx

AT_ONCE = 200  # rows that become totals in one transaction: clicks wait behind it
MEMBERS_AT_ONCE = 5
TRY_AGAIN_AFTER = timedelta(minutes=10)
LOST_AFTER = timedelta(days=1)  # a message of which nobody knows whether it was sent


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late erasing is: of posts' responses, of people, and of messages; None: on time."""

    posts: timedelta | None
    people: timedelta | None
    messages: timedelta | None
    log: timedelta | None


def erase_due(tx: Tx) -> bool:
    """Erase some of what is due by time; True where there was something, so that more may be.

    Posts that ended a month ago get totals in the place of their asks and responses; members whose
    consent ended a month ago are deleted; of posts that comms wrote or decided about long ago the
    person is taken out, and the record of it is deleted. Drafts of feeds that nobody has touched
    go.
    """
    found = workspaces.find(tx)
    if found is None:
        return False
    before = tx.now - rules.KEPT_FOR
    erased = _fold(tx, before)
    due = erasure.find_erasable_members(tx, before, MEMBERS_AT_ONCE)
    for member_id in due:
        erasure.erase_member(tx, member_id)
    erased |= bool(due)
    old = tx.now - found.evidence_years * rules.YEAR
    erased |= erasure.erase_old_evidence(tx, old) > 0
    erased |= record.erase_before(tx, old) > 0
    erased |= erasure.delete_old_notices(tx, before) > 0
    erased |= suggestions.delete_old(tx, tx.now - UNDECIDED_FOR) > 0
    erased |= share_notes.delete_lost(tx, tx.now - LOST_AFTER) > 0
    erased |= feed_drafts.delete_untouched(tx, tx.now - UNTOUCHED_FOR) > 0
    if erased:
        workspaces.record_erased(tx, tx.now)
    return erased


def _fold(tx: Tx, before: datetime) -> bool:
    post_id = erasure.find_foldable_post(tx, before)
    if post_id is None:
        return False
    steps = (erasure.fold_asks, erasure.fold_responses, erasure.fold_messages)
    if sum(step(tx, post_id, AT_ONCE) for step in steps) == 0:
        erasure.record_folded(tx, post_id)
    return True


def forget(tx: Tx, user_id: UserId) -> int:
    """Erase everything of a person at once: as a member, and as one of comms.

    The bot's messages to them have to go from Slack; see `find_leftovers`. Nothing is left that
    says that there was a member. The record keeps what they did as one of comms, since approval is
    evidence: returns for how many years, 0 where it holds nothing of theirs.
    """
    found = members.find_locked(tx, user_id)
    if found is not None:
        erasure.erase_member(tx, found.id)
    suggestions.erase_of(tx, user_id)
    erasure.erase_author(tx, user_id)
    workspaces.record_erased(tx, tx.now)
    return workspaces.load(tx).evidence_years if record.is_recorded(tx, user_id) else 0


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What is left of erased rows: messages in Slack, and since when something in SQLite's log."""

    messages: list[Removal]
    log_since: datetime | None


def find_leftovers(tx: Tx, most: int) -> Leftovers:
    """What is still to go now; at most so many messages."""
    return Leftovers(removals.find_due(tx, most), workspaces.load_erased_at(tx))


def record_removed(tx: Tx, removal_id: int) -> None:
    """Record that a message is gone, or was emptied."""
    removals.delete_done(tx, removal_id)


def record_not_removed(tx: Tx, removal_id: int) -> None:
    """Record that Slack could not be reached for it: it is tried again later."""
    removals.postpone(tx, removal_id, tx.now + TRY_AGAIN_AFTER)


def record_log_emptied(tx: Tx, since: datetime) -> None:
    """Record that the log is empty; what was erased after `since` keeps it due."""
    workspaces.record_log_emptied(tx, since)


def load_lateness(tx: Tx) -> Lateness:
    """How late erasing is now."""

    def late(moment: datetime | None, kept: timedelta = timedelta()) -> timedelta | None:
        return rules.late_by(None if moment is None else moment + kept, tx.now)

    return Lateness(
        posts=late(erasure.find_first_end(tx), rules.KEPT_FOR),
        people=late(erasure.find_first_consent_end(tx), rules.KEPT_FOR),
        messages=late(removals.find_oldest_due(tx)),
        log=late(workspaces.load_erased_at(tx)),
    )
