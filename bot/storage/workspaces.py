"""Workspaces: channels, policy, the freeze, and who brings Slack up to date."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from bot.domain import local_disclosures
from bot.domain.freeze import Freeze
from bot.domain.ids import UserId
from bot.domain.link_tags import TagNames
from bot.domain.model import ChannelPolicy, Colour, Hours, Workspace
from bot.domain.post import Network
from bot.domain.sharing_policy import SharingPolicy
from bot.domain.snapshot import GATE_ON
from bot.storage.tables import WorkspaceRow
from bot.storage.tx import Tx

_BY_ID = select(WorkspaceRow.__table__).where(WorkspaceRow.id == bindparam("id"))


def save(tx: Tx, workspace: Workspace) -> None:
    """Store a workspace's channels and policy; what was found out or frozen stays as it is."""
    policy, sharing_policy = workspace.policy, workspace.sharing_policy
    tags = sharing_policy.tags
    values = {
        "advocacy_channel": workspace.advocacy_channel,
        "comms_channel": workspace.comms_channel,
        "min_gap_seconds": int(policy.min_gap.total_seconds()),
        "weekly_cap": policy.weekly_cap,
        "hours_start": policy.hours.start,
        "hours_end": policy.hours.end,
        "workdays": "".join(str(day) for day in sorted(policy.workdays)),
        "zone": policy.zone,
        "disclosure": workspace.disclosure,
        "approvals": workspace.approvals,
        "topics": workspace.topics,
        "consent_months": workspace.consent_months,
        "post_days": workspace.post_days,
        "evidence_years": workspace.evidence_years,
        "asks_per_hundred": round(100 * workspace.asks_per_week),
        "figures": workspace.figures,
        "least_people": workspace.least_people,
        "analytics_url": workspace.analytics_url,
        "networks": sharing_policy.networks,
        "link_tags": () if tags is None else (tags.source, tags.medium, tags.campaign),
        "disclosure_phrases": [str(each) for each in sharing_policy.phrases],
        "avoid_terms": list(sharing_policy.avoid),
        "guests_may_join": workspace.guests_may_join,
        "previews": workspace.previews,
        "first_month_ends": policy.first_month_ends,
    }
    known = update(WorkspaceRow).where(WorkspaceRow.id == workspace.id).values(**values)
    if tx.connection.execute(known).rowcount == 0:
        # Drawn here, once: whoever knew the number could tell who joined or left.
        drawn = GATE_ON.start + secrets.randbelow(len(GATE_ON))
        begins = {"colour": Colour.GREEN, "gate_threshold": drawn, "suggests_two": False}
        new = {"id": workspace.id, **begins, **values}
        tx.connection.execute(insert(WorkspaceRow).values(**new))


def find(tx: Tx, *, lock: bool = False) -> Workspace | None:
    """The workspace with its policy, or None; `lock` holds it until the transaction ends."""
    query = _BY_ID.with_for_update() if lock else _BY_ID
    row = tx.connection.execute(query, {"id": tx.workspace_id}).one_or_none()
    if row is None:
        return None
    policy = ChannelPolicy(
        min_gap=timedelta(seconds=row.min_gap_seconds),
        weekly_cap=row.weekly_cap,
        hours=Hours(row.hours_start, row.hours_end),
        workdays=frozenset(int(day) for day in row.workdays),
        zone=row.zone,
        first_month_ends=row.first_month_ends,
        freeze=_freeze(row, tx.now),
    )
    return Workspace(
        id=row.id,
        advocacy_channel=row.advocacy_channel,
        comms_channel=row.comms_channel,
        policy=policy,
        disclosure=row.disclosure,
        approvals=row.approvals,
        topics=row.topics,
        consent_months=row.consent_months,
        post_days=row.post_days,
        evidence_years=row.evidence_years,
        asks_per_week=row.asks_per_hundred / 100,
        figures=row.figures,
        least_people=row.least_people,
        analytics_url=row.analytics_url,
        sharing_policy=SharingPolicy(
            networks=tuple(Network(name) for name in row.networks),
            tags=TagNames(*row.link_tags) if row.link_tags else None,
            phrases=local_disclosures.parse("\n".join(row.disclosure_phrases)),
            avoid=tuple(row.avoid_terms),
        ),
        guests_may_join=row.guests_may_join,
        previews=row.previews,
        colour=row.colour,
        acknowledged_at=row.acknowledged_at,
    )


def _freeze(row: Any, now: datetime) -> Freeze | None:
    """The freeze that holds now; one that is over may still have its row."""
    if row.frozen_at is None:
        return None
    found = Freeze(row.frozen_until, row.frozen_reason or "")
    return found if found.holds(now) else None


def load(tx: Tx, *, lock: bool = False) -> Workspace:
    """The workspace as `find` has it; raises LookupError where it was never stored."""
    found = find(tx, lock=lock)
    if found is None:
        raise LookupError(f"workspace {tx.workspace_id} was never stored")
    return found


def load_gate_threshold(tx: Tx) -> int:
    """From how many members on figures act in this workspace."""
    query = select(WorkspaceRow.gate_threshold).where(WorkspaceRow.id == tx.workspace_id)
    return tx.connection.execute(query).scalar_one()


def suggests_two(tx: Tx) -> bool:
    """Whether two approvals are to be suggested to comms; False before the set-up."""
    query = select(WorkspaceRow.suggests_two).where(WorkspaceRow.id == tx.workspace_id)
    return bool(tx.connection.execute(query).scalar_one_or_none())


def record_suggests_two(tx: Tx, *, suggests: bool) -> bool:
    """Record whether they are to be suggested; False where that was known."""
    changed = update(WorkspaceRow).where(
        WorkspaceRow.id == tx.workspace_id, WorkspaceRow.suggests_two.is_not(suggests)
    )
    return tx.connection.execute(changed.values(suggests_two=suggests)).rowcount == 1


def record_colour(tx: Tx, colour: Colour) -> bool:
    """Record what the pace check read; False where it is the colour that it was."""
    mine = update(WorkspaceRow).where(WorkspaceRow.id == tx.workspace_id)
    changed = mine.where(WorkspaceRow.colour != colour)
    return tx.connection.execute(changed.values(colour=colour)).rowcount == 1


def record_acknowledged(tx: Tx) -> None:
    """Record that comms know that it is red and let asks go on for a while."""
    mine = update(WorkspaceRow).where(WorkspaceRow.id == tx.workspace_id)
    tx.connection.execute(mine.values(acknowledged_at=tx.now))


def record_frozen(tx: Tx, freeze: Freeze, by: UserId | None) -> None:
    """Let nothing go out from now on; `by` is who froze it, None where nobody did by hand."""
    mine = update(WorkspaceRow).where(WorkspaceRow.id == tx.workspace_id)
    tx.connection.execute(
        mine.values(
            frozen_at=tx.now,
            frozen_by=by,
            frozen_until=freeze.until,
            frozen_reason=freeze.reason or None,
        )
    )


def record_unfrozen(tx: Tx, *, over: bool = False) -> bool:
    """Forget a freeze; with `over` only one whose time is over. False where there was none."""
    frozen = update(WorkspaceRow).where(
        WorkspaceRow.id == tx.workspace_id, WorkspaceRow.frozen_at.is_not(None)
    )
    if over:
        frozen = frozen.where(WorkspaceRow.frozen_until <= tx.now)
    nothing = {"frozen_at": None, "frozen_by": None, "frozen_until": None, "frozen_reason": None}
    return tx.connection.execute(frozen.values(nothing)).rowcount == 1


def load_erased_at(tx: Tx) -> datetime | None:
    """Since when erased rows may stand in SQLite's log; None where they do not."""
    query = select(WorkspaceRow.erased_at).where(WorkspaceRow.id == tx.workspace_id)
    return tx.connection.execute(query).scalar_one_or_none()


def record_erased(tx: Tx, at: datetime) -> None:
    """Record that rows were erased just now."""
    mine = update(WorkspaceRow).where(WorkspaceRow.id == tx.workspace_id)
    tx.connection.execute(mine.values(erased_at=at))


def record_log_emptied(tx: Tx, since: datetime) -> None:
    """Record that SQLite's log holds nothing erased at `since` or before."""
    mine = update(WorkspaceRow).where(
        WorkspaceRow.id == tx.workspace_id, WorkspaceRow.erased_at <= since
    )
    tx.connection.execute(mine.values(erased_at=None))


def record_trouble(tx: Tx, trouble: str | None) -> bool:
    """Remember what keeps the opt-in channel from being reached; False where it was known."""
    changed = update(WorkspaceRow).where(
        WorkspaceRow.id == tx.workspace_id, WorkspaceRow.trouble.is_distinct_from(trouble)
    )
    return tx.connection.execute(changed.values(trouble=trouble)).rowcount == 1


def claim_reconciling(tx: Tx, holder: str, until: datetime) -> bool:
    """Claim the right to bring Slack up to date; False where another process holds it."""
    free = or_(
        WorkspaceRow.reconciling_by.is_(None),
        WorkspaceRow.reconciling_by == holder,
        WorkspaceRow.reconciling_until <= tx.now,
    )
    claim = update(WorkspaceRow).where(WorkspaceRow.id == tx.workspace_id, free)
    return (
        tx.connection.execute(claim.values(reconciling_by=holder, reconciling_until=until)).rowcount
        == 1
    )


def release_reconciling(tx: Tx, holder: str) -> None:
    """Give the right to bring Slack up to date back."""
    mine = update(WorkspaceRow).where(
        WorkspaceRow.id == tx.workspace_id, WorkspaceRow.reconciling_by == holder
    )
    tx.connection.execute(mine.values(reconciling_by=None, reconciling_until=None))
