"""Workspaces and what the bot owes their comms channel."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from bot.domain.model import ChannelPolicy, Colour, Hours, Notice, NoticeKind, Workspace
from bot.storage.tables import NoticeRow, WorkspaceRow

_BY_ID = select(WorkspaceRow.__table__).where(WorkspaceRow.id == bindparam("id"))
_OWED = (
    select(NoticeRow.id, NoticeRow.kind, NoticeRow.post_id, NoticeRow.who, NoticeRow.detail)
    .where(NoticeRow.workspace_id == bindparam("workspace"), NoticeRow.sent_at.is_(None))
    .order_by(NoticeRow.id)
)


def save(connection: Connection, workspace: Workspace) -> None:
    """Store a workspace's channels and policy; what was found out or frozen stays as it is."""
    policy = workspace.policy
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
        "asks_per_hundred": round(100 * workspace.asks_per_week),
    }
    known = update(WorkspaceRow).where(WorkspaceRow.id == workspace.id).values(**values)
    if connection.execute(known).rowcount == 0:
        new = {"id": workspace.id, "colour": Colour.GREEN, **values}
        connection.execute(insert(WorkspaceRow).values(**new))


def find(connection: Connection, workspace: str, *, lock: bool = False) -> Workspace | None:
    """The workspace with its policy, or None; `lock` holds it until the transaction ends."""
    query = _BY_ID.with_for_update() if lock else _BY_ID
    row = connection.execute(query, {"id": workspace}).one_or_none()
    if row is None:
        return None
    policy = ChannelPolicy(
        min_gap=timedelta(seconds=row.min_gap_seconds),
        weekly_cap=row.weekly_cap,
        hours=Hours(row.hours_start, row.hours_end),
        workdays=frozenset(int(day) for day in row.workdays),
        zone=row.zone,
        frozen=row.frozen_at is not None,
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
        asks_per_week=row.asks_per_hundred / 100,
        colour=row.colour,
        measured_at=row.measured_at,
        acknowledged_at=row.acknowledged_at,
    )


def get(connection: Connection, workspace: str) -> Workspace:
    """The workspace; raises LookupError where it was never stored."""
    found = find(connection, workspace)
    if found is None:
        raise LookupError(f"workspace {workspace} was never stored")
    return found


def set_colour(connection: Connection, workspace: str, colour: Colour, now: datetime) -> bool:
    """Keep what the pace check read; False where it is the colour that it was."""
    mine = update(WorkspaceRow).where(WorkspaceRow.id == workspace)
    connection.execute(mine.values(measured_at=now))
    changed = mine.where(WorkspaceRow.colour != colour)
    return connection.execute(changed.values(colour=colour)).rowcount == 1


def acknowledge(connection: Connection, workspace: str, now: datetime) -> None:
    """Comms know that it is red and let asks go on for a while."""
    mine = update(WorkspaceRow).where(WorkspaceRow.id == workspace)
    connection.execute(mine.values(acknowledged_at=now))


def set_frozen(connection: Connection, workspace: str, by: str | None, at: datetime | None) -> bool:
    """Freeze (`by`, `at`) or unfreeze (None, None); False where it was so already."""
    frozen = WorkspaceRow.frozen_at.is_(None) if at else WorkspaceRow.frozen_at.is_not(None)
    changed = update(WorkspaceRow).where(WorkspaceRow.id == workspace, frozen)
    return connection.execute(changed.values(frozen_at=at, frozen_by=by)).rowcount == 1


def set_trouble(connection: Connection, workspace: str, trouble: str | None) -> bool:
    """Remember what keeps the opt-in channel from being reached; False where it was known."""
    changed = update(WorkspaceRow).where(
        WorkspaceRow.id == workspace, WorkspaceRow.trouble.is_distinct_from(trouble)
    )
    return connection.execute(changed.values(trouble=trouble)).rowcount == 1


def owe(
    connection: Connection,
    workspace: str,
    kind: NoticeKind,
    now: datetime,
    *,
    post: int | None = None,
    who: str | None = None,
    detail: str | None = None,
) -> None:
    """Note a word that the comms channel must get."""
    connection.execute(
        insert(NoticeRow).values(
            workspace_id=workspace,
            kind=kind,
            post_id=post,
            who=who,
            detail=detail,
            created_at=now,
        )
    )


def owe_once(
    connection: Connection,
    workspace: str,
    kind: NoticeKind,
    now: datetime,
    *,
    post: int,
    detail: str,
    who: str | None = None,
) -> None:
    """Note a word about a post, unless it was noted before; processes take turns."""
    said = select(NoticeRow.id).where(
        NoticeRow.workspace_id == workspace,
        NoticeRow.kind == kind,
        NoticeRow.post_id == post,
        NoticeRow.detail == detail,
        NoticeRow.who.is_not_distinct_from(who),
    )
    if connection.execute(said).first() is None:
        find(connection, workspace, lock=True)
        if connection.execute(said).first() is None:
            owe(connection, workspace, kind, now, post=post, detail=detail, who=who)


def forgive(
    connection: Connection, workspace: str, kind: NoticeKind, post: int | None = None
) -> None:
    """Words of this kind that have not got there yet are no longer true: they are not said."""
    unsaid = delete(NoticeRow).where(
        NoticeRow.workspace_id == workspace, NoticeRow.kind == kind, NoticeRow.sent_at.is_(None)
    )
    connection.execute(unsaid if post is None else unsaid.where(NoticeRow.post_id == post))


def owed(connection: Connection, workspace: str) -> list[Notice]:
    """What the comms channel has not got yet, oldest first."""
    rows = connection.execute(_OWED, {"workspace": workspace})
    return [Notice(row.id, row.kind, row.post_id, row.who, row.detail) for row in rows]


def settle(connection: Connection, notice: int, now: datetime) -> None:
    """The notice has reached the comms channel; of a private word nothing is kept here."""
    sent = update(NoticeRow).where(NoticeRow.id == notice)
    connection.execute(sent.values(sent_at=now))
    private = sent.where(NoticeRow.kind == NoticeKind.PRIVATE_WORD)
    connection.execute(private.values(detail=None, who=None))


def hold(
    connection: Connection, workspace: str, holder: str, now: datetime, until: datetime
) -> bool:
    """Claim the workspace's chores; False where another process holds them."""
    free = or_(
        WorkspaceRow.chores_by.is_(None),
        WorkspaceRow.chores_by == holder,
        WorkspaceRow.chores_until <= now,
    )
    claim = update(WorkspaceRow).where(WorkspaceRow.id == workspace, free)
    return connection.execute(claim.values(chores_by=holder, chores_until=until)).rowcount == 1


def release(connection: Connection, workspace: str, holder: str) -> None:
    """Give the workspace's chores back."""
    mine = update(WorkspaceRow).where(
        WorkspaceRow.id == workspace, WorkspaceRow.chores_by == holder
    )
    connection.execute(mine.values(chores_by=None, chores_until=None))
