"""Which members Slack takes no direct message to, so that the doctor can count them.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("direct_refused", sa.Boolean(), nullable=True))
    op.execute("UPDATE member SET direct_refused = false")
    with op.batch_alter_table("member") as member:
        member.alter_column("direct_refused", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.drop_column("direct_refused")
