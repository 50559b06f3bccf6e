"""Feeds that comms added, the entries they were seen to have, and which posts began as one.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.columns import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KINDS = ("feed_drafts", "feed_fails", "feed_moved")


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.String(32), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_feed_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_feed_workspace_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feed_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("guid_key", sa.String(32), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["feed.id"],
            name=op.f("fk_feed_entry_feed_id_feed"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_entry")),
        sa.UniqueConstraint("feed_id", "key", name=op.f("uq_feed_entry_feed_id_key")),
    )
    op.create_index(op.f("ix_feed_entry_key"), "feed_entry", ["key"])
    op.create_index(
        "ix_feed_entry_waiting",
        "feed_entry",
        ["feed_id"],
        sqlite_where=sa.text("waiting"),
        postgresql_where=sa.text("waiting"),
    )
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("from_feed", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("post") as post:
        post.alter_column("from_feed", server_default=None)


def downgrade() -> None:
    # The version before does not know these.
    notices = sa.table("notice", sa.column("kind", sa.String()))
    op.execute(sa.delete(notices).where(notices.c.kind.in_(_KINDS)))
    with op.batch_alter_table("post") as post:
        post.drop_column("from_feed")
    op.drop_index("ix_feed_entry_waiting", table_name="feed_entry")
    op.drop_index(op.f("ix_feed_entry_key"), table_name="feed_entry")
    op.drop_table("feed_entry")
    op.drop_table("feed")
