"""What the pages behind the links of posts provide for their own previews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preview",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=False),
        sa.Column("problem", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_preview_post_id_post")),
        sa.ForeignKeyConstraint(
            ["post_id", "revision"],
            ["revision.post_id", "revision.number"],
            name=op.f("fk_preview_post_id_revision_revision"),
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_preview")),
    )
    op.create_index(op.f("ix_preview_state"), "preview", ["state"])


def downgrade() -> None:
    op.drop_table("preview")
