"""Rests of Slack's methods, shared by all processes of a workspace."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update

from bot.domain.rests import Method, Rest
from bot.storage.tables import RestRow
from bot.storage.tx import Tx


def load_all(tx: Tx) -> dict[Method, Rest]:
    """Every method that rests, or has rested and was not used since."""
    query = select(RestRow.method, RestRow.until, RestRow.lost_rounds).where(
        RestRow.workspace_id == tx.workspace_id
    )
    rows = tx.connection.execute(query)
    return {row.method: Rest(row.until, row.lost_rounds) for row in rows}


def record(tx: Tx, method: Method, rest: Rest) -> None:
    """Record that a method rests."""
    mine = update(RestRow).where(RestRow.workspace_id == tx.workspace_id, RestRow.method == method)
    values = {"until": rest.until, "lost_rounds": rest.lost_rounds}
    if tx.connection.execute(mine.values(**values)).rowcount == 0:
        new = insert(RestRow).values(workspace_id=tx.workspace_id, method=method, **values)
        tx.connection.execute(new)


def clear(tx: Tx, method: Method) -> None:
    """Record that a method works."""
    tx.connection.execute(
        delete(RestRow).where(RestRow.workspace_id == tx.workspace_id, RestRow.method == method)
    )
