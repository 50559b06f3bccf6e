"""Those asks that are open still, found without looking at all that were ever made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    open_still = sa.text("outcome IS NULL")
    op.create_index(
        "ix_ask_open",
        "ask",
        ["workspace_id", "asked_at"],
        sqlite_where=open_still,
        postgresql_where=open_still,
    )


def downgrade() -> None:
    op.drop_index("ix_ask_open", "ask")
