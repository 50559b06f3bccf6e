"""Snapshots of each day's figures, and from how many members on figures act in a workspace.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("gate", sa.Boolean(), nullable=False),
        sa.Column("note_gate", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_snapshot_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("workspace_id", "day", name=op.f("uq_snapshot_workspace_id_day")),
    )
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("gate_threshold", sa.Integer(), nullable=True))
    connection = op.get_bind()
    known = sa.table("workspace", sa.column("id"), sa.column("gate_threshold"))
    for (workspace_id,) in connection.execute(sa.select(known.c.id)).all():
        drawn = 20 + secrets.randbelow(5)
        mine = sa.update(known).where(known.c.id == workspace_id)
        connection.execute(mine.values(gate_threshold=drawn))
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("gate_threshold", existing_type=sa.Integer(), nullable=False)
        workspace.drop_column("measured_at")
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("notice") as notice:
        notice.drop_column("not_before")
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("gate_threshold")
        workspace.add_column(sa.Column("measured_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_table("snapshot")
