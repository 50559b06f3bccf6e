"""What `.env` said of the workspace at every start stands in its row.

A row that is there already gets the usual values: `.env` is read for new rows only. What differs,
`python -m bot doctor` shows, and an admin changes it in Slack.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_NEW: tuple[tuple[str, sa.types.TypeEngine[Any], object], ...] = (
    ("networks", sa.Text(), ",linkedin,x,facebook,threads,bluesky,mastodon,"),
    ("link_tags", sa.Text(), ",utm_source,utm_medium,utm_campaign,"),
    ("disclosure_phrases", sa.JSON(), []),
    ("avoid_terms", sa.JSON(), []),
    ("previews", sa.Boolean(), True),
)


def upgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        for name, kind, _value in _NEW:
            workspace.add_column(sa.Column(name, kind, nullable=True))
    table = sa.table("workspace", *(sa.column(name, kind) for name, kind, _value in _NEW))
    op.execute(table.update().values({name: value for name, _kind, value in _NEW}))
    with op.batch_alter_table("workspace") as workspace:
        for name, kind, _value in _NEW:
            workspace.alter_column(name, existing_type=kind, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        for name, _kind, _value in _NEW:
            workspace.drop_column(name)
