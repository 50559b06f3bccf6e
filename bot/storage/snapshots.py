"""Snapshots: the newest one is read by every surface; a new one takes its place."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from bot.domain.ids import PostId
from bot.domain.post import Network
from bot.domain.snapshot import NO_SNAPSHOT, Snapshot
from bot.storage.tables import SnapshotRow
from bot.storage.tx import Tx

_NEWEST = (
    select(SnapshotRow.day, SnapshotRow.gate, SnapshotRow.note_gate, SnapshotRow.figures)
    .where(SnapshotRow.workspace_id == bindparam("workspace"))
    .order_by(SnapshotRow.day.desc())
    .limit(1)
)

_HEAD = _NEWEST.with_only_columns(SnapshotRow.day, SnapshotRow.gate, SnapshotRow.note_gate)


def load_head(tx: Tx) -> Snapshot:
    """The newest snapshot's day and gates alone: its figures grow with what is live."""
    row = tx.connection.execute(_HEAD, {"workspace": tx.workspace_id}).one_or_none()
    return NO_SNAPSHOT if row is None else Snapshot(*row)


def load(tx: Tx) -> Snapshot:
    """The newest snapshot; NO_SNAPSHOT before the first."""
    row = tx.connection.execute(_NEWEST, {"workspace": tx.workspace_id}).one_or_none()
    if row is None:
        return NO_SNAPSHOT
    figures = row.figures
    return Snapshot(
        row.day,
        row.gate,
        row.note_gate,
        used=frozenset((PostId(post), text) for post, text in figures["used"]),
        networks=frozenset(map(Network, figures["networks"])),
        budget_share=figures["budget_share"],
        group_share=figures["group_share"],
        group_shares={PostId(post): share for post, share in figures["group_shares"]},
        audiences=dict(figures.get("audiences", ())),  # older ones tell of none
        audiences_before=dict(figures.get("audiences_before", figures.get("audiences", ()))),
    )


def insert_snapshot(tx: Tx, snapshot: Snapshot) -> None:
    """Store a snapshot in place of the earlier ones.

    Raises IntegrityError where another process has stored one of this day.
    """
    mine = SnapshotRow.workspace_id == tx.workspace_id
    tx.connection.execute(delete(SnapshotRow).where(mine, SnapshotRow.day != snapshot.day))
    tx.connection.execute(
        insert(SnapshotRow).values(
            workspace_id=tx.workspace_id,
            day=snapshot.day,
            gate=snapshot.gate,
            note_gate=snapshot.note_gate,
            figures={
                "used": sorted(snapshot.used),
                "networks": sorted(snapshot.networks),
                "budget_share": snapshot.budget_share,
                "group_share": snapshot.group_share,
                "group_shares": sorted(snapshot.group_shares.items()),
                "audiences": sorted(snapshot.audiences.items()),
                "audiences_before": sorted(snapshot.audiences_before.items()),
            },
        )
    )
