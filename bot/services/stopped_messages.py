"""The one message that tells a member that the bot has stopped asking them."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import MemberId
from bot.domain.model import Member
from bot.domain.troubles import concerns_everybody
from bot.services import pacing
from bot.storage import members, removals, workspaces
from bot.storage.tx import Tx


def find_untold(tx: Tx, most: int) -> list[Member]:
    """Members who can be told now that the bot has stopped asking them; nobody in a freeze."""
    found = members.find_stopped_untold(tx, most)
    if not found or workspaces.load(tx).policy.freeze is not None:
        return []
    return [member for member in found if pacing.may_be_told(member, tx.now)]


def claim(tx: Tx, member: Member) -> bool:
    """Claim the message; False where it was sent already."""
    return members.claim_stopped_message(tx, member)


def record_sent(tx: Tx, member_id: MemberId, channel: str, ts: str) -> None:
    """Remember the message, so that it can be deleted with what is stored of the member.

    Who was erased while it was on its way has it removed at once.
    """
    if members.find_by_id_locked(tx, member_id) is None:
        removals.enqueue(tx, [(channel, ts)])
    else:
        removals.insert_direct_message(tx, member_id, channel, ts)


def record_not_sent(tx: Tx, member_id: MemberId, trouble: str, _not_before: datetime) -> None:
    """Record that the message is sent later, unless Slack refuses it to this member."""
    if concerns_everybody(trouble):
        members.record_untold(tx, member_id)


def record_uncertain(_tx: Tx, _member_id: MemberId) -> None:
    """The message counts as sent: nobody gets it twice."""
