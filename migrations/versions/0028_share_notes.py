"""Notes of people who shared a post, and which post a direct message is about.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.columns import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.Column("may_answer", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notice.id"],
            name=op.f("fk_share_note_notice_id_notice"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_share_note_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_note")),
        sa.UniqueConstraint(
            "notice_id", "response_id", name=op.f("uq_share_note_notice_id_response_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_share_note_response_id"), "share_note", ["response_id"])
    with op.batch_alter_table("direct_message") as message:
        message.add_column(sa.Column("post_id", sa.Integer(), nullable=True))
        message.create_foreign_key(
            op.f("fk_direct_message_post_id_post"), "post", ["post_id"], ["id"]
        )
        message.create_index(op.f("ix_direct_message_post_id"), ["post_id"])


def downgrade() -> None:
    with op.batch_alter_table("direct_message") as message:
        message.drop_index(op.f("ix_direct_message_post_id"))
        message.drop_constraint(op.f("fk_direct_message_post_id_post"), type_="foreignkey")
        message.drop_column("post_id")
    op.drop_index(op.f("ix_share_note_response_id"), table_name="share_note")
    op.drop_table("share_note")
    # The version before does not know this one.
    notices = sa.table("notice", sa.column("kind", sa.String()))
    op.execute(sa.delete(notices).where(notices.c.kind == "share_notes"))
