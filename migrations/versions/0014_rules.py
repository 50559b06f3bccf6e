"""The rules that concern members, and since when each holds.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rule_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_rule_value_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_value")),
    )
    op.create_index(op.f("ix_rule_value_workspace_id"), "rule_value", ["workspace_id"])


def downgrade() -> None:
    op.drop_table("rule_value")
