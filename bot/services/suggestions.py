"""News that colleagues offer: passed on like notes, decided by comms, answered where asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import notes as rules
from bot.domain.ids import PostId, SuggestionId, UserId
from bot.domain.post import Content
from bot.domain.record import Act
from bot.domain.suggestions import Suggestion, SuggestionOutcome
from bot.domain.tracking_parameters import without_tracking
from bot.domain.troubles import concerns_everybody
from bot.services import pacing, posts
from bot.services.notes import NeedsName, may_be_unsigned
from bot.services.posts import FormOrigin, Refused
from bot.storage import members, removals, suggestions, workspaces
from bot.storage.record import record_act
from bot.storage.suggestions import OwedAnswer
from bot.storage.tx import Tx

LOOKED_THROUGH = 1_000  # answers that wait, so that nobody's wait behind those of who is asleep


@dataclass(frozen=True, slots=True)
class Offer:
    """What a colleague offers: a link, words of theirs, and whether to sign and to answer."""

    link: str
    words: str
    signed: bool
    tell: bool


def suggest(tx: Tx, user_id: UserId, offer: Offer) -> NeedsName | None:
    """Pass a suggestion on to comms; why it could not be taken, or None.

    It may come from any colleague. One without a name waits with the others, as notes do. The same
    link of the same person that is still on its way is not sent twice.
    """
    if not offer.signed and not may_be_unsigned(tx):
        return NeedsName()
    link = without_tracking(offer.link)  # which may name whoever got it
    if suggestions.is_waiting(tx, user_id, link):
        return None
    policy = workspaces.load(tx).policy
    later = None if offer.signed else rules.passed_on_at(tx.now, policy.zone, policy.workdays)
    signed_by = user_id if offer.signed else None
    suggestions.insert_suggestion(
        tx,
        Suggestion(SuggestionId(0), link, offer.words, signed_by),
        offered_by=user_id,
        tell=offer.tell,
        not_before=later,
    )
    return None


def find(tx: Tx, suggestion_id: SuggestionId) -> Suggestion | None:
    """A suggestion that is undecided."""
    return suggestions.find(tx, suggestion_id)


def use(tx: Tx, user_id: UserId, suggestion_id: SuggestionId, content: Content) -> PostId | None:
    """Make a draft of a suggestion, by the one who decides; None where it is decided already."""
    if suggestions.find(tx, suggestion_id, lock=True) is None:
        return None
    suggestions.record_outcome(tx, suggestion_id, SuggestionOutcome.USED)
    origin = FormOrigin(f"suggestion:{suggestion_id}", None, 0)
    saved = posts.save_draft(tx, user_id, origin, content)
    if isinstance(saved, Refused):
        raise LookupError("a draft that nobody has written yet was refused")
    return saved.post.id


def decline(tx: Tx, user_id: UserId, suggestion_id: SuggestionId) -> bool:
    """Let a suggestion be; False where it is decided already."""
    if suggestions.find(tx, suggestion_id, lock=True) is None:
        return False
    suggestions.record_outcome(tx, suggestion_id, SuggestionOutcome.DECLINED)
    record_act(tx, user_id, Act.DECLINE_SUGGESTION)
    return True


def find_owed(tx: Tx, most: int) -> list[OwedAnswer]:
    """Answers that people asked for and have not got, and that can be sent now.

    A member's waits for their hours, and for the end of a pause. Others have chosen none.
    """
    waiting = suggestions.find_owed(tx, LOOKED_THROUGH)
    known = members.load(tx, [one.member_id for one in waiting if one.member_id is not None])
    asleep = {
        member.id
        for member in known
        if member.consents(tx.now) and not pacing.may_be_told(member, tx.now)
    }
    return [one for one in waiting if one.member_id not in asleep][:most]


def claim_answer(tx: Tx, answer: OwedAnswer) -> bool:
    """Take an answer for sending; False where it is another's, or nobody's any more."""
    return suggestions.claim_answer(tx, answer.id)


def record_sent(tx: Tx, answer: OwedAnswer, channel: str, ts: str) -> None:
    """Forget the suggestion. A member's message can be deleted with what is stored of them.

    Who was erased while it was on its way has it removed at once.
    """
    if not suggestions.delete_suggestion(tx, answer.id):
        removals.enqueue(tx, [(channel, ts)])
        return
    member = members.find_locked(tx, answer.user_id)
    if member is not None:
        removals.insert_direct_message(tx, member.id, channel, ts)


def record_not_sent(tx: Tx, answer: OwedAnswer, trouble: str, _not_before: datetime) -> None:
    """Send it later, unless Slack refuses it to this person."""
    if concerns_everybody(trouble):
        suggestions.release_answer(tx, answer.id)
    else:
        suggestions.delete_suggestion(tx, answer.id)


def record_uncertain(tx: Tx, answer: OwedAnswer) -> None:
    """The answer counts as sent: nobody gets it twice."""
    suggestions.delete_suggestion(tx, answer.id)
