"""Whether guests may take part stands in the workspace's row, as every setting of it.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(
            sa.Column("guests_may_join", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("guests_may_join", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("guests_may_join")
