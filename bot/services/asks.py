"""Asks on their way: the claim just before sending, what became of it, and what people click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import hours, matching, pacing, planning
from bot.domain.ids import AskId, MemberId, UserId
from bot.domain.lessons import EMPTY_CATALOG, Lesson, LessonCatalog, Occasion
from bot.domain.model import Allowed, DispatchState, Member, Reach
from bot.domain.post import Post, PostState
from bot.domain.topics import topic_keys
from bot.services import lessons, membership
from bot.services import pacing as pacing_service
from bot.storage import (
    ask_messages,
    askable_posts,
    asks,
    members,
    posts,
    removals,
    responses,
    workspaces,
)
from bot.storage.asks import Ask, SendableAsk
from bot.storage.tx import Tx

ABANDONED_AFTER = timedelta(seconds=60)  # a send has 10 s; nobody is still waiting after these
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
        stopped_untold=_find_stopped_untold(tx, most),
    )


def _find_stopped_untold(tx: Tx, most: int) -> list[Member]:
    """Members who can be told now that the bot has stopped asking them; nobody in a freeze."""
    found = members.find_stopped_untold(tx, most)
    if not found or workspaces.load(tx).policy.frozen:
        return []
    return [member for member in found if _may_be_told(member, tx.now)]


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
        asks.delete_unsent(tx, found)
        again_at = pacing.next_decision_at(facts, planning.PERSONAL, tx.now)
        members.record_next_ask_at(tx, member.id, again_at)
        return None
    asks.mark_sending(tx, ask_id, post.approved_revision)
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
    elif asks.mark_sent(tx, ask_id, channel, ts):
        # Meanwhile its post may have ended, and the member may have answered elsewhere or left.
        ask_messages.record_message_known(tx, found)


def record_waits(tx: Tx, claimed: ClaimedAsk, not_before: datetime) -> None:
    """Record that Slack surely did not send it, for a reason that passes: it waits."""
    asks.mark_planned_again(tx, claimed.ask_id, not_before)


def record_refused(tx: Tx, claimed: ClaimedAsk, *, for_good: bool) -> None:
    """Record that Slack refused to send it to this member: they were not asked.

    Where it refuses `for_good`, they get no direct messages any more until they choose them again.
    """
    found, member = _find_locked(tx, claimed.ask_id)
    if found is None or member is None or found.state is not DispatchState.SENDING:
        return
    asks.delete_unsent(tx, found)
    if for_good:
        members.record_unreachable(tx, member.id)
        return
    left = asks.load_of_members(tx, [member.id])
    again_at = pacing_service.next_look_at(member, left, tx.now + LATER)
    members.record_next_ask_at(tx, member.id, again_at)


def record_uncertain(tx: Tx, ask_id: AskId) -> None:
    """Record that nobody knows whether it was sent: it counts as asked, and is never sent again."""
    asks.mark_uncertain(tx, ask_id)


def give_up_abandoned(tx: Tx) -> None:
    """Mark asks as uncertain whose sender died between claiming and recording."""
    for ask in asks.find_abandoned(tx, tx.now - ABANDONED_AFTER):
        record_uncertain(tx, ask)


def claim_stopped_message(tx: Tx, member: Member) -> bool:
    """Claim the one message that the bot has stopped asking; False where it was sent already."""
    return members.claim_stopped_message(tx, member)


def record_stopped_message(tx: Tx, member_id: MemberId, channel: str, ts: str) -> None:
    """Remember that message, so that it can be deleted with what is stored of the member.

    Who was erased while it was on its way has it removed at once.
    """
    if members.find_by_id_locked(tx, member_id) is None:
        removals.enqueue(tx, [(channel, ts)])
    else:
        removals.insert_direct_message(tx, member_id, channel, ts)


def release_stopped_message(tx: Tx, member_id: MemberId) -> None:
    """Record that Slack surely did not send the message, so that it is sent later."""
    members.record_untold(tx, member_id)


def find_zones_to_check(tx: Tx, asked: list[MemberId]) -> list[tuple[MemberId, UserId]]:
    """Those of these members whose time zone is too old to be believed: id and user."""
    return members.find_zones_checked_before(tx, asked, tx.now - ZONE_LASTS)


def _may_be_told(member: Member, now: datetime) -> bool:
    """Whether a message that is no ask may reach the member now: in their hours, not in a pause."""
    days, zone = pacing_service.schedule_of(member), ZoneInfo(member.time_zone)
    if member.paused(now) or not days.works_on(now.astimezone(zone).date()):
        return False
    return hours.is_open(days.hours, days.workdays, zone, now)
