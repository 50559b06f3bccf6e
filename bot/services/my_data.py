"""What is stored of one person, for that person alone."""

from __future__ import annotations

from bot.domain.ids import MemberId, UserId
from bot.domain.my_data import PersonalRecord
from bot.storage import members, my_data, removals, workspaces
from bot.storage.tx import Tx


def load_record(tx: Tx, user_id: UserId) -> PersonalRecord:
    """Every value that is stored of the person."""
    workspace = workspaces.load(tx)
    member = members.find(tx, user_id)
    member_id = None if member is None else member.id
    return PersonalRecord(
        user_id=user_id,
        member_id=member_id,
        time_zone=workspace.policy.zone if member is None else member.time_zone,
        rows=tuple(my_data.load_rows(tx, user_id, member_id)),
        evidence_years=workspace.evidence_years,
    )


def record_file(tx: Tx, member_id: MemberId, channel: str, ts: str, file: str) -> bool:
    """Remember a message and the file that comes with it, so that both can be deleted.

    False where the member was erased meanwhile: then the message has to go, and no file may come.
    """
    if members.find_by_id_locked(tx, member_id) is None:
        removals.enqueue(tx, [(channel, ts, file)])
        return False
    removals.insert_direct_message(tx, member_id, channel, ts, file)
    return True


def record_file_refused(tx: Tx, member_id: MemberId, channel: str, ts: str) -> None:
    """Record that the file did not come: its message has to go."""
    removals.delete_direct_message(tx, member_id, channel, ts)
    removals.enqueue(tx, [(channel, ts)])
