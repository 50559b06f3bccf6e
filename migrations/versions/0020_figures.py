"""Figures of posts and months that are published once; exact totals of answers are kept no more.

Nothing read the totals, and they held what people in comms answered.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_LEAST_PEOPLE = 6


def upgrade() -> None:
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("figures", sa.Boolean(), nullable=True))
        workspace.add_column(sa.Column("least_people", sa.Integer(), nullable=True))
        workspace.add_column(sa.Column("analytics_url", sa.Text(), nullable=True))
        workspace.add_column(sa.Column("figures_since", _MOMENT, nullable=True))
        workspace.add_column(sa.Column("figures_until", _MOMENT, nullable=True))
        workspace.add_column(sa.Column("figures_month", sa.Date(), nullable=True))
    known = sa.table(
        "workspace",
        sa.column("figures", sa.Boolean()),
        sa.column("least_people"),
        sa.column("analytics_url"),
    )
    usual = {"figures": False, "least_people": _LEAST_PEOPLE, "analytics_url": ""}
    op.execute(sa.update(known).values(usual))
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("figures", existing_type=sa.Boolean(), nullable=False)
        workspace.alter_column("least_people", existing_type=sa.Integer(), nullable=False)
        workspace.alter_column("analytics_url", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("post") as post:
        post.drop_column("folded_asks")
        post.create_index(op.f("ix_post_workspace_id_ended_at"), ["workspace_id", "ended_at"])
    op.drop_table("response_total")
    _make_tables()


def downgrade() -> None:
    """Bring the tables back, without the totals."""
    for table in ("member_figures", "span_figures", "post_figures"):
        op.drop_table(table)
    op.create_table(
        "response_total",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("network", sa.String(length=32), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_response_total_post_id_post")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_total")),
    )
    op.create_index(op.f("ix_response_total_post_id"), "response_total", ["post_id"])
    with op.batch_alter_table("post") as post:
        post.drop_index(op.f("ix_post_workspace_id_ended_at"))
        post.add_column(sa.Column("folded_asks", sa.Integer(), nullable=True))
    op.execute("UPDATE post SET folded_asks = 0")
    with op.batch_alter_table("post") as post:
        post.alter_column("folded_asks", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("workspace") as workspace:
        for name in (
            "figures_month",
            "figures_until",
            "figures_since",
            "analytics_url",
            "least_people",
            "figures",
        ):
            workspace.drop_column(name)


def _make_tables() -> None:
    op.create_table(
        "post_figures",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=True),
        sa.Column("groups", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_figures_post_id_post")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_post_figures_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_figures")),
    )
    op.create_index(
        op.f("ix_post_figures_workspace_id_month"), "post_figures", ["workspace_id", "month"]
    )
    op.create_table(
        "span_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_span_figures_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_span_figures")),
        sa.UniqueConstraint("workspace_id", "last", name=op.f("uq_span_figures_workspace_id_last")),
    )
    op.create_table(
        "member_figures",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("quarter", sa.Date(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_member_figures_workspace_id_workspace"),
        ),
        sa.PrimaryKeyConstraint("workspace_id", "quarter", name=op.f("pk_member_figures")),
    )
