"""The messages of asks: what they show after an answer, a correction, or the end of consent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import AskId, UserId
from bot.domain.model import Member, Outcome, Shown
from bot.domain.post import Post
from bot.services import membership, pacing
from bot.storage import ask_messages, asks, dispatches, members, posts
from bot.storage.tx import Tx

AT_ONCE = 20  # messages of one person brought up to date after a click; the rest follow


@dataclass(frozen=True, slots=True)
class AskUpdate:
    """What the message of an ask is to show now.

    `renew_before` is when consent ends, where the message offers to renew it.
    """

    ask_id: AskId
    channel: str
    ts: str
    shown: Shown
    post: Post
    member: Member
    repeat: bool
    renew_before: datetime | None

    @property
    def content(self) -> tuple[Shown, int | None]:
        """What is shown, and of which revision: alike for two updates that show the same."""
        return self.shown, self.post.approved_revision if self.shown is Shown.POST else None


def load_update(tx: Tx, ask_id: AskId) -> AskUpdate | None:
    """What the message of this ask should show now, consent included; None where it has none."""
    found = ask_messages.find_wanted(tx, ask_id)
    if found is None or found.ask.channel is None or found.ask.message_ts is None:
        return None
    post, member = posts.find_approved(tx, found.ask.post_id), members.find(tx, found.user_id)
    if post is None or member is None:
        return None
    return AskUpdate(
        ask_id=ask_id,
        channel=found.ask.channel,
        ts=found.ask.message_ts,
        shown=found.wanted,
        post=post,
        member=member,
        repeat=found.ask.repeat > 0,
        renew_before=member.consent_ends_at if membership.renewable(member, tx.now) else None,
    )


def find_outdated_of(tx: Tx, user_id: UserId) -> list[AskId]:
    """Asks of one person whose messages do not show what they should; a bounded number."""
    return ask_messages.find_outdated_of(tx, user_id, AT_ONCE)


def find_by_message(tx: Tx, user_id: UserId, channel: str, ts: str) -> AskId | None:
    """The ask of this person with this message."""
    return ask_messages.find_by_message(tx, user_id, channel, ts)


def record_shown(tx: Tx, ask_id: AskId, shown: Shown, revision: int | None) -> None:
    """Record what the message of an ask shows now.

    An open ask whose message says that the post, or consent, has ended becomes ENDED: nobody can
    answer it.
    """
    known = asks.find(tx, ask_id)
    if known is None:
        return
    # The member first, as clicks do, so that nobody deadlocks.
    members.find_by_id_locked(tx, known.member_id)
    ask_messages.record_shown(tx, ask_id, shown, revision)
    found = asks.find(tx, ask_id)
    over = shown in (Shown.ENDED, Shown.CLOSED)
    if over and found is not None and found.outcome is None:
        dispatches.settle(tx, {ask_id: tx.now}, Outcome.ENDED)
        pacing.reschedule(tx, known.member_id)
