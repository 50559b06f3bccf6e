"""Shares in the snapshot take the place of a post's count of asks and the size of its first group.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Until the next snapshot everybody has a turn, as with few members.
_ALL = {"budget_share": 1.0, "group_share": 1.0, "group_shares": []}
_snapshots = sa.table("snapshot", sa.column("id"), sa.column("figures", sa.JSON()))


def upgrade() -> None:
    with op.batch_alter_table("post") as post:
        post.drop_column("first_group")
        post.drop_column("asked")
    connection = op.get_bind()
    for row in connection.execute(sa.select(_snapshots)).all():
        mine = sa.update(_snapshots).where(_snapshots.c.id == row.id)
        connection.execute(mine.values(figures={**row.figures, **_ALL}))


def downgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(_snapshots)).all():
        mine = sa.update(_snapshots).where(_snapshots.c.id == row.id)
        before = {name: value for name, value in row.figures.items() if name not in _ALL}
        connection.execute(mine.values(figures=before))
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("first_group", sa.Integer(), nullable=True))
        post.add_column(sa.Column("asked", sa.Integer(), nullable=True))
    op.execute("UPDATE post SET asked = (SELECT count(*) FROM ask WHERE ask.post_id = post.id)")
    with op.batch_alter_table("post") as post:
        post.alter_column("asked", existing_type=sa.Integer(), nullable=False)
