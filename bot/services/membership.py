"""Joining, leaving, pausing: what a person decides about being asked at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.domain.model import Delivery, Member
from bot.storage import members

CONSENT_LASTS = timedelta(days=183)  # six months; a promise made once should not bind for ever


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
    """Record consent from `now` on, for six months; a valid one stays as it is.

    `zone` is the person's IANA time zone. Delivery is browsing only until they choose.
    """
    member = members.find_locked(connection, workspace, user)
    if member is not None and member.consents(now):
        return Membership(member, changed=False)
    consent = {
        "consented_at": now,
        "consent_ends_at": now + CONSENT_LASTS,
        "left_at": None,
        "paused_until": None,
        "zone": zone,
        "delivery": Delivery.BROWSE,
    }
    if member is None:
        members.add(connection, workspace, user, **consent)
    else:
        members.change(connection, member.id, **consent)
    return Membership(members.find(connection, workspace, user), changed=True)


def leave(connection: Connection, workspace: str, user: str, now: datetime) -> Membership:
    """End consent at once."""
    member = members.find_locked(connection, workspace, user)
    if member is None or not member.consents(now):
        return Membership(member, changed=False)
    members.change(connection, member.id, left_at=now, paused_until=None)
    return Membership(members.find(connection, workspace, user), changed=True)


def pause(
    connection: Connection, workspace: str, user: str, until: datetime, now: datetime
) -> Membership:
    """Ask nothing of the member until then; member None where there is no valid consent."""
    return _change(connection, workspace, user, now, paused_until=until)


def resume(connection: Connection, workspace: str, user: str, now: datetime) -> Membership:
    """End a pause; member None where there is no valid consent."""
    member = _consenting(connection, workspace, user, now)
    if member is not None and not member.paused(now):
        return Membership(member, changed=False)
    return _change(connection, workspace, user, now, paused_until=None)


def choose_delivery(
    connection: Connection, workspace: str, user: str, delivery: Delivery, now: datetime
) -> Membership:
    """How posts reach the member; member None where there is no valid consent."""
    return _change(connection, workspace, user, now, delivery=delivery)


def remember_server(
    connection: Connection, workspace: str, user: str, host: str, now: datetime
) -> Membership:
    """The member's server on Mastodon; member None where there is no valid consent."""
    return _change(connection, workspace, user, now, mastodon_instance=host)


def _consenting(connection: Connection, workspace: str, user: str, now: datetime) -> Member | None:
    member = members.find_locked(connection, workspace, user)
    return member if member is not None and member.consents(now) else None


def _change(
    connection: Connection,
    workspace: str,
    user: str,
    now: datetime,
    **values: datetime | Delivery | str | None,
) -> Membership:
    member = _consenting(connection, workspace, user, now)
    if member is None:
        return Membership(None, changed=False)
    if all(getattr(member, name) == value for name, value in values.items()):
        return Membership(member, changed=False)
    members.change(connection, member.id, **values)
    return Membership(members.find(connection, workspace, user), changed=True)
