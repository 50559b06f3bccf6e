"""The region whose holidays a member keeps, and topics composed as they are compared.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("member", sa.Column("region", sa.String(length=32), nullable=True))
    _compose_topics()


def downgrade() -> None:
    op.drop_column("member", "region")


def _compose_topics() -> None:
    """What members follow was casefolded before, but not composed (NFC)."""
    member = sa.table("member", sa.column("topics", sa.Text()))
    connection = op.get_bind()
    for stored in connection.execute(sa.select(member.c.topics).distinct()).scalars().all():
        composed = unicodedata.normalize("NFC", stored)
        if composed != stored:
            change = sa.update(member).where(member.c.topics == stored)
            connection.execute(change.values(topics=composed))
