"""The database without a running bot: what the command line asks of it, and does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, select

from bot.storage.database import create_engine_for
from bot.storage.tables import WorkspaceRow
from bot.storage.tx import Tx

P = ParamSpec("P")
R = TypeVar("R")

_WORKSPACES = select(WorkspaceRow.id).order_by(WorkspaceRow.id)


def run_for_each_workspace(
    url: str,
    now: datetime,
    service: Callable[Concatenate[Tx, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> list[R]:
    """Run a service for every workspace that is stored, all in one transaction.

    Raises:
        ValueError: if the address cannot be used.
        sqlalchemy.exc.SQLAlchemyError: if the database refuses.
    """
    engine = create_engine_for(url)
    try:
        with engine.begin() as connection:
            return run_within(connection, now, service, *args, **kwargs)
    finally:
        engine.dispose()


def run_within(
    connection: Connection,
    now: datetime,
    service: Callable[Concatenate[Tx, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> list[R]:
    """The same in the transaction of a connection."""
    return [
        service(Tx(connection, workspace_id, now), *args, **kwargs)
        for workspace_id in connection.execute(_WORKSPACES).scalars().all()
    ]


def stream_each_workspace(
    url: str,
    now: datetime,
    read: Callable[Concatenate[Tx, P], Iterable[R]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> Iterator[R]:
    """What `read` finds in every workspace that is stored, one after the other; changes nothing.

    A bot that runs meanwhile goes on. Raises as `run_for_each_workspace` does.
    """
    engine = create_engine_for(url, read_only=True)
    try:
        with engine.connect() as connection:
            for workspace_id in connection.execute(_WORKSPACES).scalars().all():
                yield from read(Tx(connection, workspace_id, now), *args, **kwargs)
    finally:
        engine.dispose()
