"""What the pace check counts: a workspace's last four weeks, never a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, case, func, or_, select

from bot.domain.model import Outcome
from bot.domain.pace_check import Counts
from bot.storage.tables import AskRow, MemberRow
from bot.storage.tx import Tx

_ASKS = select(
    func.count(),
    func.coalesce(func.sum(case((AskRow.outcome == Outcome.SKIPPED, 1), else_=0)), 0),
    func.coalesce(func.sum(case((AskRow.outcome == Outcome.LAPSED, 1), else_=0)), 0),
).where(
    AskRow.workspace_id == bindparam("workspace"),
    AskRow.settled_at > bindparam("since"),
    AskRow.outcome != Outcome.ENDED,
)
_MEMBERS = select(
    func.count(),
    func.coalesce(func.sum(case((MemberRow.paused_at > bindparam("since"), 1), else_=0)), 0),
    func.coalesce(func.sum(case((MemberRow.left_at > bindparam("since"), 1), else_=0)), 0),
).where(
    MemberRow.workspace_id == bindparam("workspace"),
    MemberRow.consent_ends_at > bindparam("since"),
    or_(MemberRow.left_at.is_(None), MemberRow.left_at > bindparam("since")),
)


def load_counts(tx: Tx, since: datetime) -> Counts:
    """What happened in a workspace since then; read aside, since it looks at every ask."""
    values = {"workspace": tx.workspace_id, "since": since}
    settled, skipped, lapsed = tx.connection.execute(_ASKS, values).one()
    members, paused, left = tx.connection.execute(_MEMBERS, values).one()
    return Counts(settled, skipped, lapsed, members, paused, left)
