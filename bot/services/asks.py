"""Asks on their way: the claim just before sending, what became of it, and what people click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import matching, pacing, planning
from bot.domain.ids import AskId, MemberId, UserId
from bot.domain.lessons import EMPTY_CATALOG, Lesson, LessonCatalog, Occasion
from bot.domain.lifecycle import may_become
from bot.domain.model import Allowed, DispatchState, Member, Reach
from bot.domain.post import Post, PostState
from bot.domain.topics import topic_keys
from bot.domain.troubles import concerns_everybody, concerns_person
from bot.services import dispatches as dispatch_service
from bot.services import lessons, membership, stopped_messages
from bot.services import pacing as pacing_service
from bot.storage import (
    ask_messages,
    askable_posts,
    asks,
    dispatches,
    members,
    posts,
    removals,
    responses,
    workspaces,
)
from bot.storage.asks import Ask, SendableAsk
from bot.storage.tx import Tx

ZONE_LASTS = timedelta(days=1)  # how long a member's time zone is believed
LATER = timedelta(days=1)  # until a member whom Slack could not reach is looked at again


@dataclass(frozen=True, slots=True)
class ClaimedAsk:
    """An ask that this process must now send, and all that it shows."""

    ask_id: AskId
    member: Member
    post: Post
    repeat: bool
    renew_before: datetime | None
    lesson: Lesson | None


@dataclass(frozen=True, slots=True)
class AskWork:
    """What a heartbeat finds to do about asks."""

    due: bool
    sendable: list[SendableAsk]
    stopped_untold: list[Member]


def find_work(tx: Tx, most: int) -> AskWork:
    """What there is to do, by a few indexed queries: most heartbeats find nothing."""
    next_due = members.find_next_due(tx)
    return AskWork(
        due=next_due is not None and next_due <= tx.now,
        sendable=asks.find_sendable(tx, most),
        stopped_untold=stopped_messages.find_untold(tx, most),
    )


def claim(
    tx: Tx,
    ask_id: AskId,
    quiet: tuple[datetime, datetime] | None,
    catalog: LessonCatalog = EMPTY_CATALOG,
) -> ClaimedAsk | None:
    """Take a planned ask for sending, if it may still be made; the caller then sends it.

    Everything is checked again: consent, pause, pace, hours, do-not-disturb (`quiet`), the freeze,
    and the post. What may not be sent now is taken back, and the member looked at again later.
    The first ask brings a lesson of the `catalog`, if the member has not been offered it before.
    """
    found, member = _find_locked(tx, ask_id)
    settings = workspaces.find(tx)
    if found is None or member is None or settings is None:
        return None
    if found.state is not DispatchState.PLANNED:
        return None
    others = [each for each in asks.load_of_members(tx, [member.id]) if each.id != ask_id]
    facts = pacing_service.pacing_facts(member, others, quiet)
    # A turn in the week's budget was had when it was planned.
    decision = pacing.decide(facts, pacing_service.ask_policy(settings, tx.now), tx.now)
    post = _still_fits(tx, found, member)
    if post is None or not isinstance(decision, Allowed):
        dispatches.mark_unsent(tx, found, None)
        again_at = pacing.next_decision_at(facts, planning.PERSONAL, tx.now)
        members.record_next_ask_at(tx, member.id, again_at)
        return None
    dispatches.mark_sending(tx, found, post.approved_revision)
    pacing_service.reschedule(tx, member.id)
    renew_before = member.consent_ends_at if membership.renewable(member, tx.now) else None
    lesson = lessons.offer(tx, member.user_id, catalog, Occasion.BEFORE_FIRST_ASK)
    return ClaimedAsk(ask_id, member, post, found.repeat > 0, renew_before, lesson)


def _find_locked(tx: Tx, ask_id: AskId) -> tuple[Ask | None, Member | None]:
    """The ask and its member, held: the member first, as clicks do, so that nobody deadlocks."""
    known = asks.find(tx, ask_id)
    member = members.find_by_id_locked(tx, known.member_id) if known is not None else None
    return asks.find(tx, ask_id, lock=True), member


def _still_fits(tx: Tx, ask: Ask, member: Member) -> Post | None:
    """The post as approved, if the member can still be asked about it."""
    post = posts.find_approved(tx, ask.post_id)
    if post is None or post.state is not PostState.LIVE:
        return None
    interests = pacing_service.interests_of(member)
    content = post.content
    if content.expired(tx.now) or not matching.meets(
        interests, topic_keys(content.topics), frozenset(content.networks)
    ):
        return None
    if askable_posts.load_reach(tx, post.id) is Reach.STOPPED:
        return None
    answered = responses.find_answered_at(tx, post.id, member.id)
    # Answered in the meantime; the once more after "later" comes after an earlier answer.
    if answered is not None and (ask.repeat == 0 or answered > ask.asked_at):
        return None
    return post


def record_sent(tx: Tx, ask_id: AskId, channel: str, ts: str) -> None:
    """Record that the message is there; of somebody who was erased meanwhile it has to go."""
    found, _ = _find_locked(tx, ask_id)
    if found is None:
        removals.enqueue(tx, [(channel, ts)])
    elif may_become(found.state, DispatchState.SENT):
        dispatches.mark_sent(tx, found, channel, ts)
        # Meanwhile its post may have ended, and the member may have answered elsewhere or left.
        ask_messages.record_message_known(tx, found)


def record_not_sent(tx: Tx, ask_id: AskId, trouble: str, not_before: datetime) -> None:
    """Record that Slack surely did not send it: it waits until then if nobody gets messages.

    Else the member was not asked. Whom no direct message reaches gets none any more until they
    choose them again.
    """
    found, member = _find_locked(tx, ask_id)
    if found is None or member is None or found.state is not DispatchState.SENDING:
        return
    if concerns_everybody(trouble):
        dispatches.mark_unsent(tx, found, DispatchState.PLANNED, not_before)
        return
    dispatches.mark_unsent(tx, found, None)
    if concerns_person(trouble):
        members.record_unreachable(tx, member.id)
        return
    left = asks.load_of_members(tx, [member.id])
    again_at = pacing_service.next_look_at(member, left, tx.now + LATER)
    members.record_next_ask_at(tx, member.id, again_at)


def count_unreachable(tx: Tx) -> int:
    """How many members Slack takes no direct message to, whatever it holds."""
    return members.count_unreachable(tx)


def record_uncertain(tx: Tx, ask_id: AskId) -> None:
    """Record that nobody knows whether it was sent: it counts as asked, and is never sent again."""
    dispatch_service.give_up(tx, asks.find(tx, ask_id))


def find_zones_to_check(tx: Tx, asked: list[MemberId]) -> list[tuple[MemberId, UserId]]:
    """Those of these members whose time zone is too old to be believed: id and user."""
    return members.find_zones_checked_before(tx, asked, tx.now - ZONE_LASTS)
