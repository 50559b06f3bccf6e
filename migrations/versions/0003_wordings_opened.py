"""Which wording was opened, and on which server of Mastodon a member is."""

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


def downgrade() -> None:
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("mastodon_instance")
    with op.batch_alter_table("response_event", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_response_event_wording_id_wording"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_response_event_wording_id_at"))
        batch_op.drop_column("wording_id")
