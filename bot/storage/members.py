"""Members: who consented, until when, what they chose, and when to look at them next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.domain.delivery import Delivery
from bot.domain.hours import start_of_day
from bot.domain.ids import MemberId, UserId
from bot.domain.model import Hours, Member, Pace, Preferences
from bot.domain.post import Network
from bot.storage.tables import MemberRow
from bot.storage.tx import Tx

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
    MemberRow.region,
    MemberRow.consecutive_declines,
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
_BY_IDS = _ALL.where(MemberRow.id.in_(bindparam("ids", expanding=True)))
# In one order, so that two processes never wait for each other.
_BY_IDS_LOCKED = _BY_IDS.order_by(MemberRow.id).with_for_update()
# Rows that another process is planning for are left to it; SQLite, with one process, locks none.
_DUE = (
    _ALL.where(
        MemberRow.workspace_id == bindparam("workspace"), MemberRow.next_ask_at <= bindparam("now")
    )
    .order_by(MemberRow.next_ask_at, MemberRow.id)
    .limit(bindparam("most"))
    # Two processes never take the same member. On SQLite, where one process runs, it is left out.
    .with_for_update(skip_locked=True)
)
_NEXT_DUE = select(func.min(MemberRow.next_ask_at)).where(
    MemberRow.workspace_id == bindparam("workspace")
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
    .values(told_at=bindparam("today"))
)
_PLANNED = (
    update(MemberRow)
    .where(MemberRow.id == bindparam("member"))
    .values(
        next_ask_at=bindparam("next_ask_at"),
        consecutive_declines=bindparam("consecutive_declines"),
        stopped_at=bindparam("stopped_at"),
    )
)


def find(tx: Tx, user_id: UserId) -> Member | None:
    """The person's row, whether their consent is still valid or not."""
    row = tx.connection.execute(
        _BY_USER, {"workspace": tx.workspace_id, "user": user_id}
    ).one_or_none()
    return None if row is None else _member(row)


def find_locked(tx: Tx, user_id: UserId) -> Member | None:
    """The same, held until the transaction ends."""
    row = tx.connection.execute(
        _BY_USER_LOCKED, {"workspace": tx.workspace_id, "user": user_id}
    ).one_or_none()
    return None if row is None else _member(row)


def find_by_id_locked(tx: Tx, member_id: MemberId) -> Member | None:
    """The member with this id, held until the transaction ends."""
    row = tx.connection.execute(_BY_ID_LOCKED, {"id": member_id}).one_or_none()
    return None if row is None else _member(row)


def load(tx: Tx, member_ids: Sequence[MemberId]) -> list[Member]:
    """The members with these ids."""
    return [_member(row) for row in tx.connection.execute(_BY_IDS, {"ids": list(member_ids)})]


def load_locked(tx: Tx, member_ids: Sequence[MemberId]) -> list[Member]:
    """The members with these ids, held until the transaction ends."""
    return [
        _member(row) for row in tx.connection.execute(_BY_IDS_LOCKED, {"ids": list(member_ids)})
    ]


def record_next_ask_at(tx: Tx, member_id: MemberId, at: datetime | None) -> None:
    """Record when the planner looks at the member next; None: not until something changes."""
    mine = update(MemberRow).where(MemberRow.id == member_id)
    tx.connection.execute(mine.values(next_ask_at=at))


def find_consenting_users(tx: Tx) -> list[UserId]:
    """Who consents now."""
    query = select(MemberRow.user).where(
        MemberRow.workspace_id == tx.workspace_id,
        MemberRow.left_at.is_(None),
        MemberRow.consent_ends_at > tx.now,
    )
    return list(tx.connection.execute(query.order_by(MemberRow.id)).scalars())


def record_no_direct(tx: Tx) -> None:
    """Record that nobody has chosen direct messages."""
    mine = update(MemberRow).where(MemberRow.workspace_id == tx.workspace_id)
    tx.connection.execute(mine.values(direct=False, next_ask_at=None))


def record_unreachable(tx: Tx, member_id: MemberId) -> None:
    """Record that direct messages do not get through to the member: they are chosen no more."""
    mine = update(MemberRow).where(MemberRow.id == member_id)
    tx.connection.execute(mine.values(direct=False, direct_refused=True, next_ask_at=None))


def count_unreachable(tx: Tx) -> int:
    """How many members wanted direct messages that do not get through, and chose nothing since."""
    query = select(func.count()).where(
        MemberRow.workspace_id == tx.workspace_id, MemberRow.direct_refused
    )
    return int(tx.connection.execute(query).scalar_one())


def record_told(tx: Tx, member: Member) -> None:
    """Record that the member was told today that the bot stopped asking."""
    mine = update(MemberRow).where(MemberRow.id == member.id)
    tx.connection.execute(mine.values(told_at=start_of_day(tx.now, member.time_zone)))


def record_untold(tx: Tx, member_id: MemberId) -> None:
    """Record that the member was not told yet that the bot stopped asking."""
    mine = update(MemberRow).where(MemberRow.id == member_id)
    tx.connection.execute(mine.values(told_at=None))


def find_due(tx: Tx, most: int) -> list[Member]:
    """The members to plan for now, who have waited longest first; held on PostgreSQL."""
    values = {"workspace": tx.workspace_id, "now": tx.now, "most": most}
    return [_member(row) for row in tx.connection.execute(_DUE, values)]


def find_next_due(tx: Tx) -> datetime | None:
    """When the planner has somebody to look at."""
    return tx.connection.execute(_NEXT_DUE, {"workspace": tx.workspace_id}).scalar_one()


def record_plans(tx: Tx, changed: Sequence[Member]) -> None:
    """Store what planning decided about each member: see the columns in `_PLANNED`."""
    if changed:
        tx.connection.execute(
            _PLANNED,
            [
                {
                    "member": member.id,
                    "next_ask_at": member.next_ask_at,
                    "consecutive_declines": member.consecutive_declines,
                    "stopped_at": _day(member.stopped_at, member.time_zone),
                }
                for member in changed
            ],
        )


def find_stopped_untold(tx: Tx, most: int) -> list[Member]:
    """Members whom the bot stopped asking and has not told so."""
    values = {"workspace": tx.workspace_id, "now": tx.now, "most": most}
    return [_member(row) for row in tx.connection.execute(_UNTOLD, values)]


def claim_stopped_message(tx: Tx, member: Member) -> bool:
    """Claim the one message that the bot stopped; False where it was sent or is no longer true."""
    today = start_of_day(tx.now, member.time_zone)
    values = {"member": member.id, "now": tx.now, "today": today}
    return tx.connection.execute(_TELL, values).rowcount == 1


def find_zones_checked_before(
    tx: Tx, member_ids: Sequence[MemberId], before: datetime
) -> list[tuple[MemberId, UserId]]:
    """Those of the members whose time zone was last asked of Slack before that moment."""
    query = select(MemberRow.id, MemberRow.user).where(
        MemberRow.id.in_(member_ids), MemberRow.zone_checked_at < before
    )
    return [(row.id, row.user) for row in tx.connection.execute(query)]


def count_consenting(tx: Tx, apart: Collection[UserId] = ()) -> int:
    """How many members there are now, apart from these people."""
    query = _CONSENTING.where(MemberRow.user.not_in(apart)) if apart else _CONSENTING
    values = {"workspace": tx.workspace_id, "now": tx.now}
    return tx.connection.execute(query, values).scalar_one()


def count_by_network(tx: Tx, apart: Collection[UserId] = ()) -> Counter[Network]:
    """How many members there are now, apart from these people, who chose each network."""
    query = select(MemberRow.networks, func.count()).where(
        MemberRow.workspace_id == tx.workspace_id,
        MemberRow.left_at.is_(None),
        MemberRow.consent_ends_at > tx.now,
        MemberRow.user.not_in(apart),
    )
    chosen: Counter[Network] = Counter()
    for networks, people in tx.connection.execute(query.group_by(MemberRow.networks)):
        chosen.update(dict.fromkeys(map(Network, networks), people))
    return chosen


def count_askable(tx: Tx, apart: Collection[UserId] = ()) -> Counter[Pace]:
    """How many members, apart from these people, may be asked now or later, by their pace."""
    query = select(MemberRow.pace, func.count().label("people")).where(
        MemberRow.workspace_id == tx.workspace_id,
        MemberRow.next_ask_at.is_not(None),
        MemberRow.user.not_in(apart),
    )
    rows = tx.connection.execute(query.group_by(MemberRow.pace))
    return Counter({row.pace: row.people for row in rows})


def count_by_topics(tx: Tx, apart: Collection[UserId] = ()) -> dict[frozenset[str], int]:
    """How many members, apart from these people, may be asked now or later, by their topics."""
    query = select(MemberRow.topics, func.count()).where(
        MemberRow.workspace_id == tx.workspace_id,
        MemberRow.next_ask_at.is_not(None),
        MemberRow.user.not_in(apart),
    )
    counted: Counter[frozenset[str]] = Counter()
    for topics, people in tx.connection.execute(query.group_by(MemberRow.topics)):
        counted[frozenset(topics)] += people
    return counted


def _day(moment: datetime | None, zone: str) -> datetime | None:
    return None if moment is None else start_of_day(moment, zone)


def _member(row: Row[*tuple[Any, ...]]) -> Member:
    ways = ((Delivery.CHANNEL, row.in_channel), (Delivery.DIRECT, row.direct))
    return Member(
        id=row.id,
        user_id=row.user,
        consented_at=row.consented_at,
        consent_ends_at=row.consent_ends_at,
        left_at=row.left_at,
        paused_until=row.paused_until,
        time_zone=row.zone,
        network=row.network,
        preferences=Preferences(
            delivery=frozenset(way for way, chosen in ways if chosen),
            pace=row.pace,
            topics=row.topics,
            networks=tuple(Network(value) for value in row.networks),
            hours=Hours(row.hours_start, row.hours_end),
            workdays=frozenset(map(int, row.workdays)),
            country=row.country,
            region=row.region,
            language=row.language,
        ),
        consecutive_declines=row.consecutive_declines,
        stopped_at=row.stopped_at,
        last_asked_at=row.last_asked_at,
        next_ask_at=row.next_ask_at,
        mastodon_instance=row.mastodon_instance,
    )
