"""News that colleagues offer to comms.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.columns import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(64), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed_by", sa.String(64), nullable=True),
        sa.Column("offered_by", sa.String(64), nullable=True),
        sa.Column("tell", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_suggestion_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_suggestion_workspace_id_outcome"), "suggestion", ["workspace_id", "outcome"]
    )


def downgrade() -> None:
    # The version before does not know this one.
    notices = sa.table("notice", sa.column("kind", sa.String()))
    op.execute(sa.delete(notices).where(notices.c.kind == "suggestion"))
    op.drop_index(op.f("ix_suggestion_workspace_id_outcome"), table_name="suggestion")
    op.drop_table("suggestion")
