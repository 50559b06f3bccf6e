"""A freeze that ends by itself, and a post's kind, its prompts and the ways in which it goes out.

Posts that were there go out as before: in the channel and in direct messages.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WAYS = ("channel", "direct")


def upgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("frozen_until", sa.DateTime(timezone=True), nullable=True))
        workspace.add_column(sa.Column("frozen_reason", sa.Text(), nullable=True))
    with op.batch_alter_table("revision") as content:
        content.add_column(sa.Column("kind", sa.String(32), nullable=True))
        content.add_column(sa.Column("prompts", sa.JSON(), nullable=False, server_default="[]"))
        for way in _WAYS:
            content.add_column(
                sa.Column(way, sa.Boolean(), nullable=False, server_default=sa.true())
            )
    with op.batch_alter_table("revision") as content:
        for column in ("prompts", *_WAYS):
            content.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("revision") as content:
        for column in ("direct", "channel", "prompts", "kind"):
            content.drop_column(column)
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("frozen_reason")
        workspace.drop_column("frozen_until")
