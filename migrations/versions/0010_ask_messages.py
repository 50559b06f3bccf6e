"""What the message of an ask shows, and when a member's messages are to be looked at.

Every message is looked at once after this step: answers go out of the direct messages in which
they stood so far, and messages to people who take no part any more are emptied.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEX = "ix_member_workspace_id_messages_due_at"


def upgrade() -> None:
    with op.batch_alter_table("ask") as ask:
        ask.add_column(
            sa.Column("shown", sa.String(length=32), nullable=False, server_default="post")
        )
    op.execute("UPDATE ask SET shown = 'ended' WHERE shown_ended")
    with op.batch_alter_table("ask") as ask:
        ask.alter_column("shown", existing_type=sa.String(length=32), server_default=None)
        ask.drop_column("shown_ended")
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("messages_due_at", sa.DateTime(timezone=True), nullable=True))
        member.create_index(_INDEX, ["workspace_id", "messages_due_at"])
    op.execute("UPDATE member SET messages_due_at = consented_at")
    with op.batch_alter_table("announcement") as announcement:
        announcement.add_column(
            sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("announcement") as announcement:
        announcement.alter_column("held", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("announcement") as announcement:
        announcement.drop_column("held")
    with op.batch_alter_table("member") as member:
        member.drop_index(_INDEX)
        member.drop_column("messages_due_at")
    with op.batch_alter_table("ask") as ask:
        ask.add_column(
            sa.Column("shown_ended", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # What is emptied or answered is never the post again, as far as the older version can tell.
    op.execute("UPDATE ask SET shown_ended = true WHERE shown <> 'post'")
    with op.batch_alter_table("ask") as ask:
        ask.alter_column("shown_ended", existing_type=sa.Boolean(), server_default=None)
        ask.drop_column("shown")
