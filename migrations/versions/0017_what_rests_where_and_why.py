"""Rests of every method of Slack's, with their place, their reason and since when.

What rested before is tried again: no row is kept.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("rest")
    op.create_table(
        "rest",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=100), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_rest_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "method", "place", name=op.f("pk_rest")),
    )


def downgrade() -> None:
    op.drop_table("rest")
    op.create_table(
        "rest",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost_rounds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_rest_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "method", name=op.f("pk_rest")),
    )
