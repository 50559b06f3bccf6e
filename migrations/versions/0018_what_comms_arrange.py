"""Where a post's card and its message are found, and its place in a queue that comms arranged.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("card_link", sa.String(500)),
    ("message_link", sa.String(500)),
    ("queue_place", sa.Integer()),
)


def upgrade() -> None:
    with op.batch_alter_table("post") as post:
        for name, kind in _COLUMNS:
            post.add_column(sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("post") as post:
        for name, _kind in _COLUMNS:
            post.drop_column(name)
