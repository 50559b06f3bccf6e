"""Asks on their way: the claim just before sending, what became of it, and what people click."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.domain import fatigue, hours, pacing
from bot.domain.lessons import NO_LESSONS, Lesson, Occasion, Shelf
from bot.domain.model import Allowed, DispatchState, Member, Outcome, Post, PostState, Reach
from bot.domain.pacing import AskPolicy
from bot.services import health, lessons, membership, pace
from bot.services.membership import Membership
from bot.storage import asks, members, posts, proposals, responses, workspaces
from bot.storage.asks import Ask, Waiting

ABANDONED_AFTER = timedelta(seconds=60)  # a send has 10 s; nobody is still waiting after these
ZONE_LASTS = timedelta(days=1)  # how long a member's time zone is believed
PAUSE = timedelta(days=14)  # from the menu of an ask
_OPEN = (None, Outcome.LAPSED, Outcome.ENDED)  # a click still answers it
LATER = timedelta(days=1)  # until a member whom Slack could not reach is looked at again


@dataclass(frozen=True, slots=True)
class Claimed:
    """An ask that this process must now send, and all that it shows."""

    id: int
    member: Member
    post: Post
    again: bool
    renew_before: datetime | None
    lesson: Lesson | None


@dataclass(frozen=True, slots=True)
class Click:
    """Who clicked on which post.

    `message` is the channel and `ts` of the ask's message where that was clicked: it proves that
    an uncertain ask arrived.
    """

    workspace: str
    user: str
    post: int
    message: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """What a heartbeat finds to do about asks."""

    unmeasured: bool
    unsized: bool
    due: bool
    waiting: list[Waiting]
    untold: list[Member]


def find(connection: Connection, workspace: str, now: datetime, most: int) -> Work:
    """What there is to do; a few indexed questions, so that a tick with nothing to do is quick."""
    next_due = members.next_due(connection, workspace)
    return Work(
        unmeasured=health.is_due(connection, workspace, now),
        unsized=proposals.any_unsized(connection, workspace),
        due=next_due is not None and next_due <= now,
        waiting=asks.waiting(connection, workspace, now, most),
        untold=_untold(connection, workspace, now, most),
    )


def _untold(connection: Connection, workspace: str, now: datetime, most: int) -> list[Member]:
    """Members to whom it can be said now that the bot has stopped asking; nobody in a freeze."""
    found = members.untold(connection, workspace, now, most)
    if not found or workspaces.get(connection, workspace).policy.frozen:
        return []
    return [member for member in found if _may_hear(member, now)]


def claim(
    connection: Connection,
    workspace: str,
    ask: int,
    quiet: tuple[datetime, datetime] | None,
    now: datetime,
    shelf: Shelf = NO_LESSONS,
) -> Claimed | None:
    """Take a planned ask for sending, if it may still be made; the caller then sends it.

    Everything is checked again: consent, pause, pace, hours, do-not-disturb (`quiet`), the freeze,
    and the post. What may not be sent now is taken back, and the member looked at again later.
    The first ask brings a lesson of the `shelf`, if the member has not been offered it before.
    """
    found, member = _held(connection, ask)
    settings = workspaces.find(connection, workspace)
    if found is None or member is None or settings is None:
        return None
    if found.state is not DispatchState.PLANNED:
        return None
    others = [each for each in asks.of_members(connection, [member.id]) if each.id != ask]
    facts = pace.facts_of(member, others, quiet)
    colour = fatigue.effective(settings.colour, settings.acknowledged_at, now)
    decision = pacing.decide(facts, AskPolicy(settings.policy.frozen, colour), now)
    post = _still_fits(connection, workspace, found, member, now)
    if post is None or not isinstance(decision, Allowed):
        asks.take_back(connection, found)
        again_at = pacing.wake_at(facts, pace.PERSONAL, now)
        members.change(connection, member.id, next_ask_at=again_at)
        return None
    asks.change(
        connection,
        ask,
        DispatchState.PLANNED,
        state=DispatchState.SENDING,
        revision=post.approved_revision,
        shown_revision=post.approved_revision,
        asked_at=now,
        claimed_at=now,
        not_before=None,
    )
    members.change(connection, member.id, last_asked_at=now)
    pace.reschedule(connection, member.id, now)
    renew_before = member.consent_ends_at if membership.renewable(member, now) else None
    lesson = lessons.offer(
        connection, workspace, member.user, shelf, Occasion.BEFORE_FIRST_ASK, now
    )
    return Claimed(ask, member, post, found.turn > 0, renew_before, lesson)


def _held(connection: Connection, ask: int) -> tuple[Ask | None, Member | None]:
    """The ask and its member, held: the member first, as clicks do, so that nobody deadlocks."""
    known = asks.get(connection, ask)
    member = members.get_locked(connection, known.member) if known is not None else None
    return asks.get(connection, ask, lock=True), member


def _still_fits(
    connection: Connection, workspace: str, ask: Ask, member: Member, now: datetime
) -> Post | None:
    """The post as approved, if the member can still be asked about it."""
    post = posts.find_approved(connection, workspace, ask.post)
    if post is None or post.state is not PostState.LIVE:
        return None
    expires = post.content.expires_at
    chosen = member.preferences
    meets = set(post.content.networks) & set(chosen.networks)
    follows = set(post.content.topics) & set(chosen.topics)
    if (expires is not None and expires <= now) or not meets or not follows:
        return None
    if proposals.reach_of(connection, post.id) is Reach.STOPPED:
        return None
    answered = responses.answered_at(connection, post.id, member.id)
    # Answered in the meantime; the once more after "later" comes after an earlier answer.
    if answered is not None and (ask.turn == 0 or answered > ask.asked_at):
        return None
    return post


def record_sent(connection: Connection, ask: int, channel: str, ts: str) -> None:
    """The message is there."""
    for was in (DispatchState.SENDING, DispatchState.UNCERTAIN):
        _arrived(connection, ask, was, channel, ts)


def _arrived(connection: Connection, ask: int, was: DispatchState, channel: str, ts: str) -> None:
    sent = {"state": DispatchState.SENT, "channel": channel, "message_ts": ts}
    if asks.change(connection, ask, was, **sent):
        asks.may_be_stale(connection, ask)  # its post may have ended while it was on its way


def record_waits(connection: Connection, claimed: Claimed, not_before: datetime) -> None:
    """Slack surely has not sent it, and may later: nothing about the member."""
    _, member = _held(connection, claimed.id)
    waits = asks.change(
        connection,
        claimed.id,
        DispatchState.SENDING,
        state=DispatchState.PLANNED,
        claimed_at=None,
        not_before=not_before,
    )
    if waits and member is not None:
        members.change(connection, member.id, last_asked_at=claimed.member.last_asked_at)


def record_refused(connection: Connection, claimed: Claimed, now: datetime) -> None:
    """Slack surely has not sent it, and will not to this member: they were not asked."""
    found, member = _held(connection, claimed.id)
    if found is None or member is None or found.state is not DispatchState.SENDING:
        return
    asks.take_back(connection, found)
    before = replace(member, last_asked_at=claimed.member.last_asked_at)
    left = asks.of_members(connection, [member.id])
    members.change(
        connection,
        member.id,
        last_asked_at=before.last_asked_at,
        next_ask_at=pace.next_look(before, left, now + LATER),
    )


def record_uncertain(connection: Connection, ask: int) -> None:
    """Nobody knows whether it was sent: it counts as asked, and is never sent again."""
    asks.change(connection, ask, DispatchState.SENDING, state=DispatchState.UNCERTAIN)


def give_up_abandoned(connection: Connection, workspace: str, now: datetime) -> None:
    """Asks whose sender died between claiming and recording become uncertain."""
    for ask in asks.abandoned(connection, workspace, now - ABANDONED_AFTER):
        record_uncertain(connection, ask)


def answered(connection: Connection, click: Click, outcome: Outcome, now: datetime) -> bool:
    """A click on an ask, or anywhere else on its post: it is answered, and the pace follows.

    OTHER answers an open ask and changes nothing about one that was answered. Without valid
    consent nothing is stored. Returns whether the bot has stopped asking this member with it,
    after several skips in a row; the answer then says so.
    """
    member = members.find_locked(connection, click.workspace, click.user)
    if member is None or not member.consents(now):
        return False
    asked = {ask.id: ask for ask in asks.of_members(connection, [member.id])}
    found = _last_about(click.post, asked.values())
    if found is None:
        return False
    if outcome is Outcome.OTHER and found.outcome not in _OPEN:
        return False
    if click.message is not None and found.ts is None:
        channel, ts = click.message
        # The message of an earlier ask about the post says nothing about this one.
        if not asks.is_known(connection, member.id, channel, ts):
            for was in (DispatchState.SENDING, DispatchState.UNCERTAIN, DispatchState.SENT):
                _arrived(connection, found.id, was, channel, ts)
    if found.outcome is outcome:
        return member.stopped_at is not None  # a reason for the skip that it followed from
    run = pacing.run_after(member.run, found.outcome, outcome)
    asks.settle(connection, {found.id: now}, outcome)
    asked[found.id] = replace(found, outcome=outcome, settled_at=now)
    stops = run >= pacing.STOPS_AFTER and member.stopped_at is None
    told = {"told_at": now} if stops else {}
    after = replace(member, run=run, stopped_at=now if stops else member.stopped_at)
    members.change(
        connection,
        member.id,
        run=run,
        stopped_at=after.stopped_at,
        next_ask_at=pace.next_look(after, list(asked.values()), now),
        **told,
    )
    return stops


def _last_about(post: int, asked: Iterable[Ask]) -> Ask | None:
    """The newest ask about this post that is on its way or was sent."""
    gone = [ask for ask in asked if ask.post == post and ask.state is not DispatchState.PLANNED]
    return max(gone, key=lambda ask: ask.turn, default=None)


def answer_later(connection: Connection, click: Click, now: datetime) -> bool:
    """Saved for later: it may be proposed once more; False where there is no valid consent."""
    answered(connection, click, Outcome.LATER, now)
    member = members.find(connection, click.workspace, click.user)
    return member is not None and member.consents(now)


def answer_less(connection: Connection, click: Click, now: datetime) -> Membership:
    """Less often from now on."""
    answered(connection, click, Outcome.OTHER, now)
    return membership.ask_less(connection, click.workspace, click.user, now)


def answer_pause(connection: Connection, click: Click, now: datetime) -> Membership:
    """A pause from now on."""
    answered(connection, click, Outcome.OTHER, now)
    member = members.find(connection, click.workspace, click.user)
    paused = member.paused_until if member is not None else None  # a click never shortens it
    until = max(filter(None, (paused, now + PAUSE)))
    return membership.pause(connection, click.workspace, click.user, until, now)


def answer_leave(connection: Connection, click: Click, now: datetime) -> Membership:
    """No more, from now on."""
    answered(connection, click, Outcome.OTHER, now)
    left = membership.leave(connection, click.workspace, click.user, now)
    asked = asks.of_members(connection, [left.member.id]) if left.member else []
    found = _last_about(click.post, asked)
    if found is not None:  # its message says so from now on, whatever becomes of the post
        asks.shows(connection, found.id, None, ended=True)
    return left


def answer_who_sees(connection: Connection, click: Click, now: datetime) -> None:
    """Looking at who sees it answers it as well."""
    answered(connection, click, Outcome.OTHER, now)


def tell_stopped(connection: Connection, member: int, now: datetime) -> bool:
    """Claim the one word that the bot has stopped asking; False where it is said already."""
    return members.tell(connection, member, now)


def not_told(connection: Connection, member: int) -> None:
    """Slack surely has not sent that word: it is still owed."""
    members.change(connection, member, told_at=None)


def zones_to_check(
    connection: Connection, asked: list[int], now: datetime
) -> list[tuple[int, str]]:
    """Those of these members whose time zone is too old to be believed: id and user."""
    return members.zones_checked_before(connection, asked, now - ZONE_LASTS)


def _may_hear(member: Member, now: datetime) -> bool:
    """Whether a word that is no ask may reach the member now: in their hours, not in a pause."""
    days, zone = pace.days_of(member), ZoneInfo(member.zone)
    if member.paused(now) or not days.works(now.astimezone(zone).date()):
        return False
    return hours.is_open(days.hours, days.workdays, zone, now)
