"""Personal asks: what members choose, the asks themselves, and the pace check."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _required(name: str, kind: sa.types.TypeEngine[Any], value: str) -> sa.Column[Any]:
    """A column for rows that are there already; the value is theirs, not a default."""
    return sa.Column(name, kind, nullable=False, server_default=sa.text(value))


def _added() -> dict[str, tuple[sa.Column[Any], ...]]:
    """New columns of tables that are there already."""
    workspace = (
        _required("topics", sa.Text(), "''"),
        _required("consent_months", sa.Integer(), "6"),
        _required("asks_per_hundred", sa.Integer(), "100"),
        _required("colour", sa.String(length=32), "'green'"),
        sa.Column("measured_at", _MOMENT, nullable=True),
        sa.Column("acknowledged_at", _MOMENT, nullable=True),
    )
    member = (
        sa.Column("paused_at", _MOMENT, nullable=True),
        _required("zone_checked_at", _MOMENT, "'2000-01-01 00:00:00'"),
        _required("in_channel", sa.Boolean(), "false"),
        _required("direct", sa.Boolean(), "false"),
        _required("pace", sa.String(length=32), "'1_a_week'"),
        _required("topics", sa.Text(), "''"),
        _required("networks", sa.Text(), "''"),
        _required("hours_start", sa.Integer(), "570"),
        _required("hours_end", sa.Integer(), "990"),
        _required("workdays", sa.String(length=7), "'01234'"),
        sa.Column("country", sa.String(length=2), nullable=True),
        _required("run", sa.Integer(), "0"),
        sa.Column("stopped_at", _MOMENT, nullable=True),
        sa.Column("told_at", _MOMENT, nullable=True),
        sa.Column("last_asked_at", _MOMENT, nullable=True),
        sa.Column("next_ask_at", _MOMENT, nullable=True),
    )
    post = (
        sa.Column("live_at", _MOMENT, nullable=True),
        _required("reach", sa.String(length=32), "'first_group'"),
        sa.Column("first_group", sa.Integer(), nullable=True),
        _required("asked", sa.Integer(), "0"),
        _required("asks_stale", sa.Boolean(), "false"),
    )
    return {"workspace": workspace, "member": member, "post": post}


def upgrade() -> None:
    for table, columns in _added().items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(column)
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                if column.server_default is not None:
                    batch_op.alter_column(column.name, server_default=None)
    op.execute("UPDATE member SET in_channel = true WHERE delivery = 'channel'")
    op.execute(
        "UPDATE post SET live_at = (SELECT sent_at FROM announcement WHERE post_id = post.id) "
        "WHERE state = 'live'"
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("delivery")
        batch_op.create_index(
            batch_op.f("ix_member_workspace_id_next_ask_at"), ["workspace_id", "next_ask_at"]
        )
        batch_op.create_index(
            batch_op.f("ix_member_workspace_id_stopped_at"), ["workspace_id", "stopped_at"]
        )
    op.create_table(
        "ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("claimed_at", _MOMENT, nullable=True),
        sa.Column("not_before", _MOMENT, nullable=True),
        sa.Column("channel", sa.String(length=64), nullable=True),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("settled_at", _MOMENT, nullable=True),
        sa.Column("shown_revision", sa.Integer(), nullable=True),
        sa.Column("shown_ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_ask_workspace_id_workspace")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ask_member_id_member")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_ask_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint(
            "member_id", "post_id", "turn", name=op.f("uq_ask_member_id_post_id_turn")
        ),
    )
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ask_post_id"), ["post_id"])
        batch_op.create_index(
            batch_op.f("ix_ask_workspace_id_asked_at"), ["workspace_id", "asked_at"]
        )
        batch_op.create_index(
            batch_op.f("ix_ask_state_workspace_id_asked_at"), ["state", "workspace_id", "asked_at"]
        )


def downgrade() -> None:
    op.drop_table("ask")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_workspace_id_next_ask_at"))
        batch_op.drop_index(batch_op.f("ix_member_workspace_id_stopped_at"))
        batch_op.add_column(_required("delivery", sa.String(length=32), "'browse'"))
    op.execute("UPDATE member SET delivery = 'channel' WHERE in_channel")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.alter_column("delivery", server_default=None)
    for table, columns in _added().items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.drop_column(column.name)
