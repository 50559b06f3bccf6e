"""The author's name, where they show it, and a page's site and what its picture shows.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ADDED = {"revision": ("author",), "preview": ("site", "image_alt")}


def upgrade() -> None:
    # What is there already names nobody; the default is theirs, not the columns'.
    for table, names in _ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.add_column(
                    sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
                )
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    for table, names in _ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in names:
                batch_op.drop_column(name)
