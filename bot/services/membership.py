"""Joining, leaving, pausing: what a person decides about being asked at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.domain import pacing
from bot.domain.model import Delivery, Member, Outcome, Preferences
from bot.services import pace
from bot.storage import asks, members, posts, workspaces

MONTH = timedelta(days=30, hours=12)  # of consent; six of them are 183 days
RENEWABLE = timedelta(days=14)  # before consent ends: one line offers to renew it


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a person stands after a request, and whether it changed anything.

    `member` is None for somebody who never gave consent.
    """

    member: Member | None
    changed: bool


def stand(connection: Connection, workspace: str, user: str) -> Member | None:
    """Where the person stands."""
    return members.find(connection, workspace, user)


def join(connection: Connection, workspace: str, user: str, zone: str, now: datetime) -> Membership:
    """Record consent from `now` on, for the workspace's months; a valid one stays as it is.

    `zone` is the person's IANA time zone. At first nothing is sent to them: they browse. Whoever
    comes back finds their topics and networks as they were, but no delivery.
    """
    member = members.find_locked(connection, workspace, user)
    if member is not None and member.consents(now):
        return Membership(member, changed=False)
    consent = {
        "consented_at": now,
        "consent_ends_at": now + consent_lasts(connection, workspace),
        "left_at": None,
        "paused_until": None,
        "zone": zone,
        "zone_checked_at": now,
        "in_channel": False,
        "direct": False,
        "run": 0,
        "stopped_at": None,
        "told_at": None,
        "next_ask_at": None,
    }
    if member is None:
        members.add(connection, workspace, user, **consent)
    else:
        members.change(connection, member.id, **consent)
    return Membership(members.find(connection, workspace, user), changed=True)


def consent_lasts(connection: Connection, workspace: str) -> timedelta:
    """How long consent is valid before it ends by itself: a promise should not bind for ever."""
    found = workspaces.get(connection, workspace)
    return found.consent_months * MONTH


def leave(connection: Connection, workspace: str, user: str, now: datetime) -> Membership:
    """End consent at once."""
    member = members.find_locked(connection, workspace, user)
    if member is None or not member.consents(now):
        return Membership(member, changed=False)
    members.change(connection, member.id, left_at=now, paused_until=None, next_ask_at=None)
    _let_go(connection, member, now)
    return Membership(members.find(connection, workspace, user), changed=True)


def gone(connection: Connection, workspace: str, user: str, now: datetime) -> None:
    """Whoever has left the company takes part no longer; that says nothing about the pace."""
    member = members.find_locked(connection, workspace, user)
    if member is not None and member.consents(now):
        members.change(connection, member.id, consent_ends_at=now, next_ask_at=None)


def _let_go(connection: Connection, member: Member, now: datetime) -> None:
    """What is still open is nobody's to answer: coming back begins anew."""
    left = [ask.id for ask in asks.of_members(connection, [member.id]) if pace.is_open(ask)]
    asks.settle(connection, dict.fromkeys(left, now), Outcome.ENDED)


def renew(connection: Connection, workspace: str, user: str, now: datetime) -> Membership:
    """Consent again, from now on; only in its last days, where the bot offers it."""
    member = _consenting(connection, workspace, user, now)
    if member is None:
        return Membership(None, changed=False)
    if not renewable(member, now):
        return Membership(member, changed=False)
    ends = now + consent_lasts(connection, workspace)
    return _change(connection, workspace, user, now, consent_ends_at=ends)


def renewable(member: Member, now: datetime) -> bool:
    """Whether the bot offers to renew consent."""
    return member.consents(now) and member.consent_ends_at - now <= RENEWABLE


def pause(
    connection: Connection, workspace: str, user: str, until: datetime, now: datetime
) -> Membership:
    """Ask nothing of the member until then; member None where there is no valid consent."""
    member = _consenting(connection, workspace, user, now)
    if member is None:
        return Membership(None, changed=False)
    if member.paused_until == until:
        return Membership(member, changed=False)
    return _change(connection, workspace, user, now, paused_until=until, paused_at=now)


def resume(connection: Connection, workspace: str, user: str, now: datetime) -> Membership:
    """End a pause, and what the bot stopped by itself; member None without valid consent."""
    member = _consenting(connection, workspace, user, now)
    if member is None:
        return Membership(None, changed=False)
    # What has stopped them may not be counted yet.
    [member] = pace.count_lapsed(connection, [member], now)
    if not member.paused(now) and member.stopped_at is None:
        return Membership(member, changed=False)
    fresh = {"paused_until": None}
    if member.stopped_at is not None:
        return _change(
            connection, workspace, user, now, **fresh, stopped_at=None, told_at=None, run=0
        )
    return _change(connection, workspace, user, now, **fresh)


def offered_topics(connection: Connection, workspace: str) -> tuple[str, ...]:
    """What members can follow: the workspace's topics, then those of posts, newest first."""
    found = workspaces.find(connection, workspace)
    own = found.topics if found is not None else ()
    return tuple(dict.fromkeys((*own, *posts.topics(connection, workspace))))


def choose(
    connection: Connection,
    workspace: str,
    user: str,
    chosen: Preferences,
    now: datetime,
    server: str | None = None,
) -> Membership:
    """What the member wants to see, when, and how; member None where there is no valid consent.

    `server` is the host name of theirs on Mastodon, empty to forget it; None leaves it as it is.
    """
    member = _consenting(connection, workspace, user, now)
    if member is None:
        return Membership(None, changed=False)
    instance = member.mastodon_instance if server is None else server or None
    if (member.preferences, member.mastodon_instance) == (chosen, instance):
        return Membership(member, changed=False)
    columns = {**members.preference_columns(chosen), "mastodon_instance": instance}
    return _change(connection, workspace, user, now, **columns)


def choose_channel(
    connection: Connection, workspace: str, user: str, now: datetime, *, wanted: bool
) -> Membership:
    """Whether the channel is one of the ways in which posts reach the member."""
    member = _consenting(connection, workspace, user, now)
    if member is None:
        return Membership(None, changed=False)
    before = member.preferences.delivery
    channel = frozenset({Delivery.CHANNEL})
    after = before | channel if wanted else before - channel
    if after == before:
        return Membership(member, changed=False)
    return _change(connection, workspace, user, now, in_channel=wanted)


def browse_only(connection: Connection, workspace: str, user: str, now: datetime) -> Membership:
    """Nothing is sent to the member: neither in the channel nor directly."""
    return _change(connection, workspace, user, now, in_channel=False, direct=False)


def ask_less(connection: Connection, workspace: str, user: str, now: datetime) -> Membership:
    """At most half as many asks as before; not changed at the slowest pace."""
    member = _consenting(connection, workspace, user, now)
    if member is None:
        return Membership(None, changed=False)
    slower = pacing.slower(member.preferences.pace)
    if slower is member.preferences.pace:
        return Membership(member, changed=False)
    return _change(connection, workspace, user, now, pace=slower)


def move_zone(connection: Connection, member: int, zone: str | None, now: datetime) -> None:
    """Slack says where the member is now; None where it does not, which is asked again later."""
    moved = {} if zone is None else {"zone": zone}
    members.change(connection, member, zone_checked_at=now, **moved)
    pace.reschedule(connection, member, now)


def remember_server(
    connection: Connection, workspace: str, user: str, host: str, now: datetime
) -> Membership:
    """The member's server on Mastodon; member None where there is no valid consent."""
    return _change(connection, workspace, user, now, mastodon_instance=host)


def _consenting(connection: Connection, workspace: str, user: str, now: datetime) -> Member | None:
    member = members.find_locked(connection, workspace, user)
    return member if member is not None and member.consents(now) else None


def _change(
    connection: Connection, workspace: str, user: str, now: datetime, **values: Any
) -> Membership:
    """Change a member who consents, and when they are looked at next."""
    member = _consenting(connection, workspace, user, now)
    if member is not None:
        members.change(connection, member.id, **values)
        pace.reschedule(connection, member.id, now)
    return Membership(members.find(connection, workspace, user), changed=True)
