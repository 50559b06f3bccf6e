"""The record of what comms do, to which rows are only added.

It begins with what is known of the past: who wrote which text, and what was decided about it.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)

_SQLITE = (
    "CREATE TRIGGER act_never_changes BEFORE UPDATE ON act BEGIN"
    " SELECT RAISE(ABORT, 'the record of comms is only added to'); END",
    "CREATE TRIGGER act_stays_its_time BEFORE DELETE ON act WHEN NOT coalesce("
    "OLD.at < (SELECT before FROM act_release WHERE workspace_id = OLD.workspace_id), 0) BEGIN"
    " SELECT RAISE(ABORT, 'the record of comms is kept for its years'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION act_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION 'the record of comms is only added to'; END $$",
    "CREATE FUNCTION act_stays_its_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " IF OLD.at < (SELECT before FROM act_release WHERE workspace_id = OLD.workspace_id)"
    " THEN RETURN OLD; END IF;"
    " RAISE EXCEPTION 'the record of comms is kept for its years'; END $$",
    "CREATE TRIGGER act_never_changes BEFORE UPDATE ON act"
    " FOR EACH ROW EXECUTE FUNCTION act_never_changes()",
    "CREATE TRIGGER act_stays_its_time BEFORE DELETE ON act"
    " FOR EACH ROW EXECUTE FUNCTION act_stays_its_time()",
    "CREATE TRIGGER act_is_never_emptied BEFORE TRUNCATE ON act"
    " FOR EACH STATEMENT EXECUTE FUNCTION act_never_changes()",
)


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("who", sa.String(length=64), nullable=True),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("state_before", sa.Text(), nullable=True),
        sa.Column("state_after", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_act_post_id_post")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_act_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
    )
    op.create_table(
        "act_release",
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("before", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_act_release_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_act_release")),
    )
    op.create_index(op.f("ix_act_post_id"), "act", ["post_id"])
    op.create_index(op.f("ix_act_workspace_id_at"), "act", ["workspace_id", "at"])
    _record_the_past()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("act")  # its triggers go with it
    op.drop_table("act_release")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION act_never_changes()")
        op.execute("DROP FUNCTION act_stays_its_time()")


def _record_the_past() -> None:
    """Where posts stood before and after is not known, nor the disclosure of that time."""
    op.execute(
        "INSERT INTO act (workspace_id, at, who, what, post_id, revision, detail)"
        " SELECT workspace_id, at, who, what, post_id, number, detail FROM ("
        "SELECT post.workspace_id, revision.written_at AS at, revision.writer AS who,"
        " 'save' AS what, post.id AS post_id, revision.number AS number,"
        " CAST(NULL AS TEXT) AS detail, 0 AS then_decided, 0 AS nth"
        " FROM revision JOIN post ON post.id = revision.post_id"
        " UNION ALL "
        "SELECT post.workspace_id, decision.at, decision.who,"
        " CASE WHEN decision.what = 'withdrawn' THEN 'withdraw'"
        " WHEN decision.what = 'sent_back' THEN 'send_back'"
        " WHEN decision.who = revision.writer THEN 'approve_own' ELSE 'approve' END,"
        " post.id, decision.revision, decision.reason, 1, decision.id"
        " FROM decision JOIN post ON post.id = decision.post_id JOIN revision"
        " ON revision.post_id = decision.post_id AND revision.number = decision.revision"
        ") AS past ORDER BY at, then_decided, nth"
    )
