"""The database without a running bot: what the command line asks of it, and does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import select

from bot.storage.database import create_engine_for
from bot.storage.tables import WorkspaceRow
from bot.storage.tx import Tx

P = ParamSpec("P")
R = TypeVar("R")


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
            stored = connection.execute(select(WorkspaceRow.id).order_by(WorkspaceRow.id))
            return [
                service(Tx(connection, workspace_id, now), *args, **kwargs)
                for workspace_id in stored.scalars().all()
            ]
    finally:
        engine.dispose()
