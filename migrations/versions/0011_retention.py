"""Posts end, responses become totals, and what is stored of a person can be erased.

Responses that have lost their person are folded at once. Live posts without an end get the later
of 60 days after they went live and 14 days from now; comms are told once, without numbers.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_DAYS = ("consented_at", "consent_ends_at", "left_at", "paused_at", "stopped_at", "told_at")
_POST_DAYS = 60
_NOTICE_DAYS = 14


def upgrade() -> None:
    _make_tables()
    with op.batch_alter_table("workspace") as workspace:
        workspace.add_column(sa.Column("post_days", sa.Integer(), nullable=True))
        workspace.add_column(sa.Column("evidence_years", sa.Integer(), nullable=True))
        workspace.add_column(sa.Column("erased_at", _MOMENT, nullable=True))
    op.execute(f"UPDATE workspace SET post_days = {_POST_DAYS}, evidence_years = 3")
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("post_days", existing_type=sa.Integer(), nullable=False)
        workspace.alter_column("evidence_years", existing_type=sa.Integer(), nullable=False)
    _add_folded()
    _fold_released()
    with op.batch_alter_table("response") as response:
        response.alter_column("member_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("sender", sa.Integer(), nullable=True))
        notice.create_foreign_key(
            op.f("fk_notice_sender_member"), "member", ["sender"], ["id"], ondelete="CASCADE"
        )
        notice.create_index(op.f("ix_notice_sender"), ["sender"])
    op.execute("DELETE FROM notice WHERE kind = 'note' AND sent_at IS NOT NULL")
    for table, column in (("revision", "writer"), ("decision", "who")):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=sa.String(length=64), nullable=True)
    _make_lessons_coarse()
    _make_members_coarse()
    _end_live_posts()


def downgrade() -> None:
    """Bring the tables back; what was folded or made coarse stays so."""
    _make_lessons_exact()
    for table, column in (("revision", "writer"), ("decision", "who")):
        op.execute(f"UPDATE {table} SET {column} = '' WHERE {column} IS NULL")
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=sa.String(length=64), nullable=False)
    op.execute("DELETE FROM notice WHERE kind = 'posts_end'")
    with op.batch_alter_table("notice") as notice:
        notice.drop_index(op.f("ix_notice_sender"))
        notice.drop_constraint(op.f("fk_notice_sender_member"), type_="foreignkey")
        notice.drop_column("sender")
    with op.batch_alter_table("response") as response:
        response.alter_column("member_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("persons_released", sa.Boolean(), nullable=True))
    op.execute("UPDATE post SET persons_released = folded")
    with op.batch_alter_table("post") as post:
        post.alter_column("persons_released", existing_type=sa.Boolean(), nullable=False)
        post.drop_column("folded_asks")
        post.drop_column("folded")
    with op.batch_alter_table("workspace") as workspace:
        workspace.drop_column("erased_at")
        workspace.drop_column("evidence_years")
        workspace.drop_column("post_days")
    for table in ("response_total", "removal", "direct_message"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "direct_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("message_ts", sa.String(length=32), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["member.id"],
            name=op.f("fk_direct_message_member_id_member"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direct_message")),
    )
    op.create_index(op.f("ix_direct_message_member_id"), "direct_message", ["member_id"])
    op.create_table(
        "removal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("message_ts", sa.String(length=32), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("not_before", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_removal_workspace_id_workspace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
    )
    op.create_index(
        op.f("ix_removal_workspace_id_not_before"), "removal", ["workspace_id", "not_before"]
    )
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


def _add_folded() -> None:
    """Posts whose responses have no person yet are folded already, but for their last totals."""
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("folded", sa.Boolean(), nullable=True))
        post.add_column(sa.Column("folded_asks", sa.Integer(), nullable=True))
    op.execute("UPDATE post SET folded = persons_released, folded_asks = 0")
    with op.batch_alter_table("post") as post:
        post.alter_column("folded", existing_type=sa.Boolean(), nullable=False)
        post.alter_column("folded_asks", existing_type=sa.Integer(), nullable=False)
        post.drop_column("persons_released")


def _fold_released() -> None:
    op.execute(
        "INSERT INTO response_total (post_id, stage, reason, network, people)"
        " SELECT post_id, stage, reason, network, count(*) FROM response"
        " WHERE member_id IS NULL GROUP BY post_id, stage, reason, network"
    )
    op.execute(
        "DELETE FROM response_event WHERE response_id IN"
        " (SELECT id FROM response WHERE member_id IS NULL)"
    )
    op.execute("DELETE FROM response WHERE member_id IS NULL")
    # What they opened last, where no response that is left says so too.
    op.execute(
        "UPDATE member SET network = NULL WHERE network IS NOT NULL AND NOT EXISTS (SELECT 1"
        " FROM response WHERE response.member_id = member.id AND response.network = member.network)"
    )


def _make_lessons_coarse() -> None:
    columns = (("offered", "first_offered_at"), ("read", "read_at"), ("dismissed", "dismissed_at"))
    with op.batch_alter_table("lesson_seen") as seen:
        for column, _ in columns:
            seen.add_column(sa.Column(column, sa.Boolean(), nullable=True))
    for column, moment in columns:
        op.execute(f"UPDATE lesson_seen SET {column} = ({moment} IS NOT NULL)")
    with op.batch_alter_table("lesson_seen") as seen:
        for column, moment in columns:
            seen.alter_column(column, existing_type=sa.Boolean(), nullable=False)
            seen.drop_column(moment)


def _make_lessons_exact() -> None:
    columns = (("offered", "first_offered_at"), ("read", "read_at"), ("dismissed", "dismissed_at"))
    with op.batch_alter_table("lesson_seen") as seen:
        for _, moment in columns:
            seen.add_column(sa.Column(moment, _MOMENT, nullable=True))
    for column, moment in columns:
        op.execute(f"UPDATE lesson_seen SET {moment} = CURRENT_TIMESTAMP WHERE {column}")
    with op.batch_alter_table("lesson_seen") as seen:
        for column, _ in columns:
            seen.drop_column(column)


def _make_members_coarse() -> None:
    """Moments become the beginning of their day in the member's zone.

    When somebody was last asked stays only where the ask itself is gone, as the end of that day.
    """
    op.execute(
        "UPDATE member SET last_asked_at = NULL WHERE EXISTS (SELECT 1 FROM ask"
        " WHERE ask.member_id = member.id AND ask.asked_at = member.last_asked_at)"
    )
    connection = op.get_bind()
    days = [sa.column(name, _MOMENT) for name in (*_DAYS, "zone_checked_at", "last_asked_at")]
    member = sa.table("member", sa.column("id"), sa.column("zone"), *days)
    for row in connection.execute(sa.select(member)).all():
        coarse = {
            column.name: _day(getattr(row, column.name), row.zone, column.name == "last_asked_at")
            for column in days
        }
        connection.execute(sa.update(member).where(member.c.id == row.id).values(**coarse))


def _day(moment: datetime | None, zone: str, end: bool) -> datetime | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        local = ZoneInfo(zone)
    except (KeyError, ValueError):
        local = ZoneInfo("UTC")
    day = aware.astimezone(local).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    return _stored((day + timedelta(days=end)).replace(tzinfo=local))


def _stored(moment: datetime) -> datetime:
    """As the tables keep it: SQLite's own type has no zone."""
    utc = moment.astimezone(UTC)
    return utc.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else utc


def _end_live_posts() -> None:
    connection = op.get_bind()
    now = datetime.now(UTC)
    post = sa.table("post", *map(sa.column, ("id", "state", "approved_revision", "workspace_id")))
    live_at: Any = sa.column("live_at", _MOMENT)
    content = sa.table(
        "revision", sa.column("post_id"), sa.column("number"), sa.column("expires_at", _MOMENT)
    )
    endless = (
        sa.select(post.c.id, post.c.approved_revision, live_at)
        .select_from(
            post.join(
                content,
                sa.and_(
                    content.c.post_id == post.c.id, content.c.number == post.c.approved_revision
                ),
            )
        )
        .where(post.c.state == "live", content.c.expires_at.is_(None))
    )
    for row in connection.execute(endless).all():
        since = row.live_at or now
        since = since if since.tzinfo else since.replace(tzinfo=UTC)
        ends = max(since + timedelta(days=_POST_DAYS), now + timedelta(days=_NOTICE_DAYS))
        mine = sa.update(content).where(
            content.c.post_id == row.id, content.c.number == row.approved_revision
        )
        connection.execute(mine.values(expires_at=_stored(ends)))
    workspace = sa.table("workspace", sa.column("id"))
    notice = sa.table(
        "notice", sa.column("workspace_id"), sa.column("kind"), sa.column("created_at", _MOMENT)
    )
    for (workspace_id,) in connection.execute(sa.select(workspace.c.id)).all():
        new = {"workspace_id": workspace_id, "kind": "posts_end", "created_at": _stored(now)}
        connection.execute(sa.insert(notice).values(**new))
