"""Methods of Slack's that rest, shared by all processes.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_table("rest")
