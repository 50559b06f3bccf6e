"""Indexes for what would look at everything as a company grows; a sent announcement was claimed.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_ADDED = (
    ("act", ["workspace_id", "id"]),
    ("announcement", ["workspace_id", "state", "claimed_at"]),
    ("announcement", ["workspace_id", "claimed_at"]),
    ("member", ["workspace_id", "consent_ends_at"]),
    ("member", ["workspace_id", "left_at"]),
    ("notice", ["post_id"]),
    ("post", ["workspace_id", "approved_at"]),
    ("post", ["workspace_id", "created_at"]),
    ("post", ["workspace_id", "state", "id"]),
)
_REMOVED = (
    ("announcement", ["workspace_id", "state"]),
    ("member", ["workspace_id", "stopped_at"]),
    ("post", ["workspace_id", "ended_at"]),
    ("post", ["workspace_id", "state"]),
)
_UNTOLD = "stopped_at IS NOT NULL AND told_at IS NULL"
_OUTDATED = "card_version != version"
# Of a few rows: for both databases what is true of them.
_FEW: tuple[tuple[str, str, list[str], str, str], ...] = (
    ("ix_member_untold", "member", ["left_at", "consent_ends_at"], _UNTOLD, _UNTOLD),
    ("ix_post_asks_stale", "post", [], "asks_stale IS 1", "asks_stale IS true"),
    ("ix_post_card_outdated", "post", [], _OUTDATED, _OUTDATED),
    ("ix_post_unfolded", "post", ["ended_at"], "folded IS 0", "folded IS false"),
)


def upgrade() -> None:
    for table, columns in _ADDED:
        op.create_index(_name(table, columns), table, columns)
    for name, table, columns, sqlite, postgresql in _FEW:
        op.create_index(
            name,
            table,
            ["workspace_id", *columns],
            sqlite_where=sa.text(sqlite),
            postgresql_where=sa.text(postgresql),
        )
    for table, columns in _REMOVED:
        op.drop_index(_name(table, columns), table)
    moment = sa.DateTime(timezone=True)
    sent = sa.table("announcement", sa.column("claimed_at", moment), sa.column("sent_at", moment))
    unknown = sent.update().where(sent.c.claimed_at.is_(None))
    op.execute(unknown.values(claimed_at=sent.c.sent_at))


def downgrade() -> None:
    for table, columns in _REMOVED:
        op.create_index(_name(table, columns), table, columns)
    for name, table, *_ in _FEW:
        op.drop_index(name, table)
    for table, columns in _ADDED:
        op.drop_index(_name(table, columns), table)


def _name(table: str, columns: list[str]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"
