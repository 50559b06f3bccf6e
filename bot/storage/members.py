"""Members: who consented, until when, what they chose, and when to look at them next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from bot.domain.model import Delivery, Hours, Member, Network, Preferences
from bot.storage.tables import MemberRow

_COLUMNS = (
    MemberRow.id,
    MemberRow.user,
    MemberRow.consented_at,
    MemberRow.consent_ends_at,
    MemberRow.left_at,
    MemberRow.paused_until,
    MemberRow.zone,
    MemberRow.network,
    MemberRow.in_channel,
    MemberRow.direct,
    MemberRow.pace,
    MemberRow.topics,
    MemberRow.networks,
    MemberRow.hours_start,
    MemberRow.hours_end,
    MemberRow.workdays,
    MemberRow.country,
    MemberRow.run,
    MemberRow.stopped_at,
    MemberRow.last_asked_at,
    MemberRow.next_ask_at,
    MemberRow.mastodon_instance,
    MemberRow.language,
)
_ALL = select(*_COLUMNS)
_BY_USER = _ALL.where(
    MemberRow.workspace_id == bindparam("workspace"), MemberRow.user == bindparam("user")
)
# On PostgreSQL the row is held, so that two processes answering one person take turns.
_BY_USER_LOCKED = _BY_USER.with_for_update()
_BY_ID_LOCKED = _ALL.where(MemberRow.id == bindparam("id")).with_for_update()
# In one order, so that two processes never wait for each other.
_BY_IDS_LOCKED = (
    _ALL.where(MemberRow.id.in_(bindparam("ids", expanding=True)))
    .order_by(MemberRow.id)
    .with_for_update()
)
# Rows that another process is planning for are left to it; SQLite, with one process, locks none.
_DUE = (
    _ALL.where(
        MemberRow.workspace_id == bindparam("workspace"), MemberRow.next_ask_at <= bindparam("now")
    )
    .order_by(MemberRow.next_ask_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_NEXT_DUE = select(func.min(MemberRow.next_ask_at)).where(
    MemberRow.workspace_id == bindparam("workspace")
)
_ASKABLE = select(func.count()).where(
    MemberRow.workspace_id == bindparam("workspace"), MemberRow.next_ask_at.is_not(None)
)
_CONSENTING = select(func.count()).where(
    MemberRow.workspace_id == bindparam("workspace"),
    MemberRow.left_at.is_(None),
    MemberRow.consent_ends_at > bindparam("now"),
)
_UNTOLD = _ALL.where(
    MemberRow.workspace_id == bindparam("workspace"),
    MemberRow.stopped_at.is_not(None),
    MemberRow.told_at.is_(None),
    MemberRow.left_at.is_(None),
    MemberRow.direct.is_(True),
    MemberRow.consent_ends_at > bindparam("now"),
).limit(bindparam("most"))
_TELL = (
    update(MemberRow)
    .where(
        MemberRow.id == bindparam("member"),
        # They may have resumed or left since they were found.
        MemberRow.stopped_at.is_not(None),
        MemberRow.told_at.is_(None),
        MemberRow.left_at.is_(None),
        MemberRow.direct.is_(True),
        MemberRow.consent_ends_at > bindparam("now"),
    )
    .values(told_at=bindparam("now"))
)
_PLANNED = (
    update(MemberRow)
    .where(MemberRow.id == bindparam("member"))
    .values(
        next_ask_at=bindparam("next_ask_at"),
        run=bindparam("run"),
        stopped_at=bindparam("stopped_at"),
    )
)


def find(connection: Connection, workspace: str, user: str) -> Member | None:
    """The person's row, whether their consent is still valid or not."""
    row = connection.execute(_BY_USER, {"workspace": workspace, "user": user}).one_or_none()
    return None if row is None else _member(row)


def find_locked(connection: Connection, workspace: str, user: str) -> Member | None:
    """The same, held until the transaction ends."""
    row = connection.execute(_BY_USER_LOCKED, {"workspace": workspace, "user": user}).one_or_none()
    return None if row is None else _member(row)


def get_locked(connection: Connection, member: int) -> Member | None:
    """The member with this id, held until the transaction ends."""
    row = connection.execute(_BY_ID_LOCKED, {"id": member}).one_or_none()
    return None if row is None else _member(row)


def all_locked(connection: Connection, numbers: Sequence[int]) -> list[Member]:
    """The members with these ids, held until the transaction ends."""
    return [_member(row) for row in connection.execute(_BY_IDS_LOCKED, {"ids": list(numbers)})]


def add(connection: Connection, workspace: str, user: str, **values: Any) -> None:
    """A first consent, with what is not given as it is for everybody at first."""
    chosen = preference_columns(Preferences())
    new = {**chosen, "run": 0, **values}
    connection.execute(insert(MemberRow).values(workspace_id=workspace, user=user, **new))


def change(connection: Connection, member: int, **values: Any) -> None:
    """Change some of a member's columns."""
    connection.execute(update(MemberRow).where(MemberRow.id == member).values(**values))


def due(connection: Connection, workspace: str, now: datetime, most: int) -> list[Member]:
    """The members to plan for now, who have waited longest first; held on PostgreSQL."""
    values = {"workspace": workspace, "now": now, "most": most}
    return [_member(row) for row in connection.execute(_DUE, values)]


def next_due(connection: Connection, workspace: str) -> datetime | None:
    """When the planner has somebody to look at."""
    return connection.execute(_NEXT_DUE, {"workspace": workspace}).scalar_one()


def planned(connection: Connection, changed: Sequence[Member]) -> None:
    """Store what planning decided about each member: see the columns in `_PLANNED`."""
    if changed:
        connection.execute(
            _PLANNED,
            [
                {
                    "member": member.id,
                    "next_ask_at": member.next_ask_at,
                    "run": member.run,
                    "stopped_at": member.stopped_at,
                }
                for member in changed
            ],
        )


def untold(connection: Connection, workspace: str, now: datetime, most: int) -> list[Member]:
    """Members whom the bot stopped asking and has not told so."""
    values = {"workspace": workspace, "now": now, "most": most}
    return [_member(row) for row in connection.execute(_UNTOLD, values)]


def tell(connection: Connection, member: int, now: datetime) -> bool:
    """Claim the one word that the bot stopped; False where it was said or is no longer true."""
    return connection.execute(_TELL, {"member": member, "now": now}).rowcount == 1


def zones_checked_before(
    connection: Connection, members: Sequence[int], before: datetime
) -> list[tuple[int, str]]:
    """Those of the members whose time zone was last asked of Slack before that moment."""
    query = select(MemberRow.id, MemberRow.user).where(
        MemberRow.id.in_(members), MemberRow.zone_checked_at < before
    )
    return [(row.id, row.user) for row in connection.execute(query)]


def countries(connection: Connection, workspace: str) -> list[str]:
    """The countries whose holidays members keep."""
    query = select(MemberRow.country).where(
        MemberRow.workspace_id == workspace, MemberRow.country.is_not(None)
    )
    return sorted({str(code) for code in connection.execute(query.distinct()).scalars()})


def consenting(connection: Connection, workspace: str, now: datetime) -> int:
    """How many members there are now."""
    return connection.execute(_CONSENTING, {"workspace": workspace, "now": now}).scalar_one()


def askable(connection: Connection, workspace: str) -> int:
    """How many members may be asked directly now or later, as things stand."""
    return connection.execute(_ASKABLE, {"workspace": workspace}).scalar_one()


def preference_columns(chosen: Preferences) -> dict[str, Any]:
    """Preferences as columns."""
    return {
        "in_channel": Delivery.CHANNEL in chosen.delivery,
        "direct": Delivery.DIRECT in chosen.delivery,
        "pace": chosen.pace,
        "topics": chosen.topics,
        "networks": tuple(network.value for network in chosen.networks),
        "hours_start": chosen.hours.start,
        "hours_end": chosen.hours.end,
        "workdays": "".join(str(day) for day in sorted(chosen.workdays)),
        "country": chosen.country,
        "language": chosen.language,
    }


def _member(row: Row[*tuple[Any, ...]]) -> Member:
    ways = ((Delivery.CHANNEL, row.in_channel), (Delivery.DIRECT, row.direct))
    return Member(
        id=row.id,
        user=row.user,
        consented_at=row.consented_at,
        consent_ends_at=row.consent_ends_at,
        left_at=row.left_at,
        paused_until=row.paused_until,
        zone=row.zone,
        network=row.network,
        preferences=Preferences(
            delivery=frozenset(way for way, chosen in ways if chosen),
            pace=row.pace,
            topics=row.topics,
            networks=tuple(Network(value) for value in row.networks),
            hours=Hours(row.hours_start, row.hours_end),
            workdays=frozenset(map(int, row.workdays)),
            country=row.country,
            language=row.language,
        ),
        run=row.run,
        stopped_at=row.stopped_at,
        last_asked_at=row.last_asked_at,
        next_ask_at=row.next_ask_at,
        mastodon_instance=row.mastodon_instance,
    )
