"""Telling comms that one shared: told together in the morning, and thanked for once at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import notes as rules
from bot.domain.ids import NoticeId, PostId, ShareNoteId, UserId
from bot.domain.record import Act
from bot.domain.responses import Unanswerable, why_unanswerable
from bot.domain.share_notes import Batch, Unthankable
from bot.domain.troubles import concerns_everybody
from bot.services import pacing
from bot.services.notes import NeedsName, may_be_unsigned
from bot.storage import members, notices, posts, removals, responses, share_notes, workspaces
from bot.storage.record import record_act
from bot.storage.share_notes import OwedThanks
from bot.storage.tx import Tx

LOOKED_THROUGH = 1_000  # thanks that wait, so that nobody's wait behind those of who is asleep
TOGETHER = 20  # notes in one message; more of a batch come in another one


@dataclass(frozen=True, slots=True)
class NotShared:
    """The post is not marked as shared any more: nothing was stored."""


def tell(
    tx: Tx, user_id: UserId, post_id: PostId, words: str, *, signed: bool, may_answer: bool
) -> Unanswerable | NeedsName | NotShared | None:
    """Let comms know that a member shared; why it could not be taken, or None.

    It waits with the others about the post for ten o'clock of the next working day, signed or not.
    A second one takes the place of one that waits. It is taken of a post that has just ended, too.
    """
    facts = responses.load_click_facts(tx, user_id, post_id)
    obstacle = Unanswerable.NO_SUCH_POST if facts is None else why_unanswerable(facts, tx.now)
    if facts is None or obstacle not in (None, Unanswerable.ENDED):
        return obstacle
    if not facts.consents(tx.now):
        return Unanswerable.NO_CONSENT
    if facts.response_id is None or not responses.hold_shared(tx, facts.response_id):
        return NotShared()
    if not signed and not may_be_unsigned(tx):
        return NeedsName()
    policy = workspaces.load(tx).policy
    batch = Batch(post_id, rules.passed_on_at(tx.now, policy.zone, policy.workdays))
    share_notes.insert_share_note(
        tx, batch, facts.response_id, words, signed=signed, may_answer=may_answer
    )
    return None


def record_told(tx: Tx, notice_id: NoticeId, note_ids: Sequence[ShareNoteId]) -> None:
    """Record that comms have these notes; what is left of the batch goes in another message."""
    share_notes.record_told(tx, note_ids)
    if not share_notes.load_waiting(tx, notice_id, 1):
        notices.mark_sent(tx, notice_id)


def why_unthankable(tx: Tx, batch: Batch, *, lock: bool = False) -> Unthankable | None:
    """Why comms can't say thanks for a batch, or None; `lock` holds it for saying them."""
    match share_notes.is_thanked(tx, batch, lock=lock):
        case None:
            return Unthankable.GONE
        case thanked:
            return Unthankable.THANKED if thanked else None


def thank(tx: Tx, user_id: UserId, batch: Batch, words: str) -> Unthankable | None:
    """Say thanks, once, to those of a batch whom comms may answer; why it was not done, or None.

    The record says that somebody said thanks, not for which post: that one was shared is its
    sharers' own.
    """
    obstacle = why_unthankable(tx, batch, lock=True)
    if obstacle is None:
        share_notes.record_thanks(tx, batch, words)
        record_act(tx, user_id, Act.THANK)
    return obstacle


def find_owed(tx: Tx, most: int) -> list[tuple[OwedThanks, str]]:
    """Thanks that can be passed on now, each with the title of its post as people see it.

    They wait for the hours of who gets them, and for the end of a pause.
    """
    waiting = share_notes.find_owed(tx, LOOKED_THROUGH)
    known = members.load(tx, list({one.member_id for one in waiting}))
    reachable = {member.id for member in known if pacing.may_be_told(member, tx.now)}
    owed = [one for one in waiting if one.member_id in reachable][:most]
    titles = {}
    for post_id in {one.post_id for one in owed}:
        post = posts.find_approved(tx, post_id)
        titles[post_id] = post.content.title if post is not None else ""
    return [(one, titles[one.post_id]) for one in owed]


def claim(tx: Tx, owed: OwedThanks) -> bool:
    """Take thanks for passing them on; False where another has, or who was to get them left."""
    member = members.find(tx, owed.user_id)
    if member is None or not member.consents(tx.now):
        share_notes.delete_share_note(tx, owed.id)
        return False
    return share_notes.claim(tx, owed.id)


def record_sent(tx: Tx, owed: OwedThanks, channel: str, ts: str) -> None:
    """Forget the note; the message goes with the post's answers.

    Who was erased, or took the share back, while it was on its way has it removed at once.
    """
    kept = share_notes.delete_share_note(tx, owed.id)
    member = members.find_locked(tx, owed.user_id) if kept else None
    if member is None:
        removals.enqueue(tx, [(channel, ts)])
    else:
        removals.insert_direct_message(tx, member.id, channel, ts, post_id=owed.post_id)


def record_not_sent(tx: Tx, owed: OwedThanks, trouble: str, _not_before: datetime) -> None:
    """Pass them on later, unless Slack refuses it to this person."""
    if concerns_everybody(trouble):
        share_notes.release(tx, owed.id)
    else:
        share_notes.delete_share_note(tx, owed.id)


def record_uncertain(tx: Tx, owed: OwedThanks) -> None:
    """The thanks count as passed on: nobody gets them twice."""
    share_notes.delete_share_note(tx, owed.id)
