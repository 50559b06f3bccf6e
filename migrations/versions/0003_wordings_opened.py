"""Which wording was opened, and what sharing well needs to know besides."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("response_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_response_event_wording_id_at"), ["wording_id", "at"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_response_event_wording_id_wording"), "wording", ["wording_id"], ["id"]
        )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mastodon_instance", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=8), nullable=True))
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(length=8), nullable=True))
    # Posts that are there already have no picture; the default is theirs, not the column's.
    with op.batch_alter_table("revision", schema=None) as batch_op:
        for name in ("picture", "picture_alt"):
            batch_op.add_column(
                sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''"))
            )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        for name in ("picture", "picture_alt"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.alter_column("detail", existing_type=sa.String(length=100), type_=sa.Text())


def downgrade() -> None:
    # What is longer than the column was is a private word that nobody has read yet.
    op.execute("DELETE FROM notice WHERE length(detail) > 100")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.alter_column("detail", existing_type=sa.Text(), type_=sa.String(length=100))
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_column("picture_alt")
        batch_op.drop_column("picture")
    with op.batch_alter_table("wording", schema=None) as batch_op:
        batch_op.drop_column("language")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("language")
        batch_op.drop_column("mastodon_instance")
    with op.batch_alter_table("response_event", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_response_event_wording_id_wording"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_response_event_wording_id_at"))
        batch_op.drop_column("wording_id")
