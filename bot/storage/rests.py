"""Rests of uses of Slack, shared by all processes of a workspace."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select, update

from bot.domain.rests import Rest, Target
from bot.storage.tables import RestRow
from bot.storage.tx import Tx

_ALL = select(
    RestRow.method, RestRow.place, RestRow.since, RestRow.until, RestRow.trouble, RestRow.rounds
).where(RestRow.workspace_id == bindparam("workspace"))


def load_all(tx: Tx) -> dict[Target, Rest]:
    """Everything that rests, or has rested and was not used since."""
    rows = tx.connection.execute(_ALL, {"workspace": tx.workspace_id})
    return {
        Target(row.method, row.place): Rest(row.since, row.until, row.trouble, row.rounds)
        for row in rows
    }


def record(tx: Tx, target: Target, rest: Rest) -> None:
    """Record that it rests."""
    key = {"workspace_id": tx.workspace_id, "method": target.method, "place": target.place}
    values = {
        "since": rest.since,
        "until": rest.until,
        "trouble": rest.trouble,
        "rounds": rest.rounds,
    }
    mine = update(RestRow).where(*(RestRow.__table__.c[name] == key[name] for name in key))
    if tx.connection.execute(mine.values(**values)).rowcount == 0:
        tx.connection.execute(insert(RestRow).values(**key, **values))


def clear(tx: Tx, target: Target) -> None:
    """Record that it works."""
    tx.connection.execute(
        delete(RestRow).where(
            RestRow.workspace_id == tx.workspace_id,
            RestRow.method == target.method,
            RestRow.place == target.place,
        )
    )
