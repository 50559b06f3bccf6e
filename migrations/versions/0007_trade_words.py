"""Columns and kinds of notices take the words of the glossary; what is stored stays.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KINDS = (("private_word", "note"), ("words_used_up", "wordings_used_up"))


def upgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.alter_column("run", new_column_name="consecutive_declines")
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("chores_by", new_column_name="reconciling_by")
        workspace.alter_column("chores_until", new_column_name="reconciling_until")
    _rename_turn("turn", "repeat")
    for old, new in _KINDS:
        op.execute(f"UPDATE notice SET kind = '{new}' WHERE kind = '{old}'")


def downgrade() -> None:
    for old, new in _KINDS:
        op.execute(f"UPDATE notice SET kind = '{old}' WHERE kind = '{new}'")
    _rename_turn("repeat", "turn")
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("reconciling_by", new_column_name="chores_by")
        workspace.alter_column("reconciling_until", new_column_name="chores_until")
    with op.batch_alter_table("member") as member:
        member.alter_column("consecutive_declines", new_column_name="run")


def _rename_turn(old: str, new: str) -> None:
    """The column, and the constraint that is named after it."""
    with op.batch_alter_table("ask") as ask:
        ask.drop_constraint(op.f(f"uq_ask_member_id_post_id_{old}"), type_="unique")
        ask.alter_column(old, new_column_name=new)
    with op.batch_alter_table("ask") as ask:
        ask.create_unique_constraint(
            op.f(f"uq_ask_member_id_post_id_{new}"), ["member_id", "post_id", new]
        )
