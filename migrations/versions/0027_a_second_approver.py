"""Whether comms were told that two approvals will be suggested once a second person is there.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(
            sa.Column("suggests_two", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("suggests_two", server_default=None)


def downgrade() -> None:
    # The version before does not know this one.
    notices = sa.table("notice", sa.column("kind", sa.String()))
    op.execute(sa.delete(notices).where(notices.c.kind == "second_approver"))
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("suggests_two")
