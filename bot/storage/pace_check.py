"""What the pace check counts: a workspace's last four weeks, never a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, distinct, func, or_, select

from bot.domain.ids import UserId
from bot.domain.model import Outcome
from bot.domain.pace_check import Counts
from bot.storage.tables import AskRow, MemberRow
from bot.storage.tx import Tx

_DECLINED = AskRow.outcome.in_((Outcome.SKIPPED, Outcome.LAPSED))
_APART: Any = bindparam("apart", expanding=True)
_ASKS = (
    select(
        func.count(),
        func.coalesce(func.sum(case((_DECLINED, 1), else_=0)), 0),
        func.count(distinct(case((_DECLINED, AskRow.member_id)))),
        func.count(distinct(case((~_DECLINED, AskRow.member_id)))),
    )
    .join(MemberRow, MemberRow.id == AskRow.member_id)
    .where(
        AskRow.workspace_id == bindparam("workspace"),
        AskRow.settled_at > bindparam("since"),
        AskRow.outcome != Outcome.ENDED,
        MemberRow.user.not_in(_APART),
    )
)
_MEMBERS = select(
    func.count(),
    func.coalesce(func.sum(case((MemberRow.paused_at > bindparam("since"), 1), else_=0)), 0),
    func.coalesce(func.sum(case((MemberRow.left_at > bindparam("since"), 1), else_=0)), 0),
).where(
    MemberRow.workspace_id == bindparam("workspace"),
    MemberRow.consent_ends_at > bindparam("since"),
    or_(MemberRow.left_at.is_(None), MemberRow.left_at > bindparam("since")),
    MemberRow.user.not_in(_APART),
)


def load_counts(tx: Tx, since: datetime, apart: Collection[UserId]) -> Counts:
    """What happened in a workspace since then, apart from these people. It looks at every ask."""
    values = {"workspace": tx.workspace_id, "since": since, "apart": list(apart)}
    settled, declined, decliners, takers = tx.connection.execute(_ASKS, values).one()
    members, paused, left = tx.connection.execute(_MEMBERS, values).one()
    return Counts(settled, declined, decliners, takers, members, paused, left)
