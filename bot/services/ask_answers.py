"""What members click on asks: the answer is stored, and the pace follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain import pacing
from bot.domain.ids import PostId, UserId
from bot.domain.model import DispatchState, Member, Outcome, Pace
from bot.domain.responses import Unanswerable, why_unanswerable
from bot.services import asks as asks_service
from bot.services import membership
from bot.services import pacing as pacing_service
from bot.services import preferences as preferences_service
from bot.services.membership import Membership
from bot.storage import ask_messages, asks, dispatches, members, responses
from bot.storage.asks import Ask
from bot.storage.tx import Tx

_ANSWERED = (Outcome.SHARED, Outcome.SKIPPED, Outcome.LATER)
_OPEN = (None, Outcome.LAPSED, Outcome.ENDED)  # a click still answers it


@dataclass(frozen=True, slots=True)
class AskClick:
    """Who clicked on which post.

    `message` is the channel and `ts` of the ask's message where that was clicked: it proves that
    an uncertain ask arrived.
    """

    user_id: UserId
    post_id: PostId
    message: tuple[str, str] | None = None


def record_answer(tx: Tx, click: AskClick, outcome: Outcome) -> bool:
    """Record a click on an ask, or on its post anywhere else, and what follows for the pace.

    OTHER answers an open ask and changes nothing about one that was answered. Without valid
    consent only the message is noted, so that it can be emptied. Returns whether the bot has
    stopped asking this member with it, after several skips in a row; the answer then says so.
    """
    member = members.find_locked(tx, click.user_id)
    if member is None:
        return False
    asked = asks.load_of_members(tx, [member.id])
    found = _last_about(click.post_id, asked)
    if found is None:
        return False
    if click.message is not None and found.message_ts is None:
        channel, ts = click.message
        # The message of an earlier ask about the post says nothing about this one.
        if not ask_messages.is_message_known(tx, member.id, channel, ts):
            asks_service.record_sent(tx, found.id, channel, ts)
    if not member.consents(tx.now) or (outcome is Outcome.OTHER and found.outcome not in _OPEN):
        return False
    if found.outcome is outcome:
        return member.stopped_at is not None  # a reason for the skip that it followed from
    return _settle(tx, member, asked, found, outcome)


def reopen(tx: Tx, user_id: UserId, post_id: PostId) -> bool:
    """Take back the answer to an ask: its message shows the post again, and it counts for nothing.

    It never lapses, since a click has answered it. Returns whether the bot has stopped asking this
    member by itself, which an answer taken back does not change.
    """
    member = members.find_locked(tx, user_id)
    if member is None or not member.consents(tx.now):
        return False
    asked = asks.load_of_members(tx, [member.id])
    found = _last_about(post_id, asked)
    if found is not None and found.outcome in _ANSWERED:
        _settle(tx, member, asked, found, Outcome.OTHER)
    return member.stopped_at is not None


def _settle(tx: Tx, member: Member, asked: Sequence[Ask], found: Ask, outcome: Outcome) -> bool:
    """Record what became of an ask and when the member is asked next; whether the bot stops now."""
    dispatches.settle(tx, {found.id: tx.now}, outcome)
    if outcome in _ANSWERED or found.outcome in _ANSWERED:
        ask_messages.record_due(tx, member.id)
    settled = replace(found, outcome=outcome, settled_at=tx.now)
    after_it = [settled if ask.id == found.id else ask for ask in asked]
    declines = pacing.declines_after(member.consecutive_declines, found.outcome, outcome)
    stopped_at = pacing.stopped_since(declines, member.stopped_at, tx.now)
    after = replace(member, consecutive_declines=declines, stopped_at=stopped_at)
    next_ask_at = pacing_service.next_look_at(after, after_it, tx.now)
    members.record_plans(tx, [replace(after, next_ask_at=next_ask_at)])
    stops = stopped_at is not None and member.stopped_at is None
    if stops:
        members.record_told(tx, member)  # the answer to this click says so
    return stops


def _last_about(post_id: PostId, asked: Iterable[Ask]) -> Ask | None:
    """The newest ask about this post that is on its way or was sent."""
    gone = [
        ask for ask in asked if ask.post_id == post_id and ask.state is not DispatchState.PLANNED
    ]
    return max(gone, key=lambda ask: ask.repeat, default=None)


def answer_later(tx: Tx, click: AskClick) -> Unanswerable | None:
    """Save for later: the post may be proposed once more; why not, where it can't be saved."""
    facts = responses.load_click_facts(tx, click.user_id, click.post_id)
    obstacle = Unanswerable.NO_SUCH_POST if facts is None else why_unanswerable(facts, tx.now)
    record_answer(tx, click, Outcome.LATER if obstacle is None else Outcome.OTHER)
    return obstacle


def answer_less(tx: Tx, click: AskClick, than: Pace | None = None) -> Membership:
    """Ask the member less often from now on: at most half as often as with the pace `than`."""
    record_answer(tx, click, Outcome.OTHER)
    return preferences_service.ask_less(tx, click.user_id, than)


def answer_leave(tx: Tx, click: AskClick) -> Membership:
    """Leave: nothing from now on."""
    record_answer(tx, click, Outcome.OTHER)
    return membership.leave(tx, click.user_id)


def answer_look(tx: Tx, click: AskClick) -> Member | None:
    """Record that the member looked at something beside the post, which answers the ask as well.

    Returns the member, None without valid consent.
    """
    record_answer(tx, click, Outcome.OTHER)
    return membership.find_consenting(tx, click.user_id)
