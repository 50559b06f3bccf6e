"""Members: who consented, until when, and how posts reach them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from bot.domain.model import Member
from bot.storage.tables import MemberRow

_COLUMNS = (
    MemberRow.id,
    MemberRow.user,
    MemberRow.consented_at,
    MemberRow.consent_ends_at,
    MemberRow.left_at,
    MemberRow.paused_until,
    MemberRow.zone,
    MemberRow.delivery,
    MemberRow.network,
    MemberRow.mastodon_instance,
    MemberRow.language,
)
_BY_USER = select(*_COLUMNS).where(
    MemberRow.workspace_id == bindparam("workspace"), MemberRow.user == bindparam("user")
)
# On PostgreSQL the row is held, so that two processes answering one person take turns.
_BY_USER_LOCKED = _BY_USER.with_for_update()
_CONSENTING = select(func.count()).where(
    MemberRow.workspace_id == bindparam("workspace"),
    MemberRow.left_at.is_(None),
    MemberRow.consent_ends_at > bindparam("now"),
)


def find(connection: Connection, workspace: str, user: str) -> Member | None:
    """The person's row, whether their consent is still valid or not."""
    row = connection.execute(_BY_USER, {"workspace": workspace, "user": user}).one_or_none()
    return None if row is None else _member(row)


def find_locked(connection: Connection, workspace: str, user: str) -> Member | None:
    """The same, held until the transaction ends."""
    row = connection.execute(_BY_USER_LOCKED, {"workspace": workspace, "user": user}).one_or_none()
    return None if row is None else _member(row)


def add(connection: Connection, workspace: str, user: str, **values: Any) -> None:
    """A first consent."""
    connection.execute(insert(MemberRow).values(workspace_id=workspace, user=user, **values))


def change(connection: Connection, member: int, **values: Any) -> None:
    """Change some of a member's columns."""
    connection.execute(update(MemberRow).where(MemberRow.id == member).values(**values))


def consenting(connection: Connection, workspace: str, now: datetime) -> int:
    """How many members there are now."""
    return connection.execute(_CONSENTING, {"workspace": workspace, "now": now}).scalar_one()


def _member(row: Row[*tuple[Any, ...]]) -> Member:
    values: tuple[Any, ...] = tuple(row)
    return Member(*values)
