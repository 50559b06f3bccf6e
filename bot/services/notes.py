"""Notes from members to comms: signed at once, without a name together with others."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import notes as rules
from bot.domain.ids import PostId, UserId
from bot.domain.responses import Unanswerable, why_unanswerable
from bot.storage import members, notices, responses, snapshots, workspaces
from bot.storage.tx import Tx


@dataclass(frozen=True, slots=True)
class NeedsName:
    """With so few members a note without a name would say who wrote it: nothing was stored."""


def may_be_unsigned(tx: Tx) -> bool:
    """Whether there are members enough for notes without a name."""
    return snapshots.load(tx).note_gate


def send_note(
    tx: Tx, user_id: UserId, post_id: PostId | None, text: str, *, signed: bool
) -> Unanswerable | NeedsName | None:
    """Pass a note on to comms; why it could not be taken, or None.

    A note about a post comes from a member, one about none from any colleague. The same text that
    is still on its way is not sent twice. Until it is sent, it is stored whose it is, so that it is
    erased with them.
    """
    if post_id is None:
        member = members.find(tx, user_id)
        sender = None if member is None else member.id
    else:
        facts = responses.load_click_facts(tx, user_id, post_id)
        obstacle = Unanswerable.NO_SUCH_POST if facts is None else why_unanswerable(facts, tx.now)
        if obstacle is not None and obstacle is not Unanswerable.ENDED:  # also of one just ended
            return obstacle
        sender = None if facts is None else facts.member_id
    if signed:
        notices.enqueue_note(tx, post_id, text, sender=sender, user_id=user_id)
        return None
    if not may_be_unsigned(tx):
        return NeedsName()
    policy = workspaces.load(tx).policy
    later = rules.passed_on_at(tx.now, policy.zone, policy.workdays)
    notices.enqueue_note(tx, post_id, text, sender=sender, not_before=later)
    return None
