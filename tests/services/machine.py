"""What the machines that try every order of events have in common."""

from __future__ import annotations

from typing import Any

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import Executable, text

from bot.storage.database import create_engine_for
from tests.services.helpers import ServiceWorld


class Machine(RuleBasedStateMachine):
    """A desk, and an onlooker who sees what is committed and nothing else."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.world = ServiceWorld(create_engine_for(url))
        self._onlooking = create_engine_for(url, read_only=True)
        self._onlooker = self._onlooking.connect()
        self.posts: list[int] = []
        self.events = 0

    def teardown(self) -> None:
        self._onlooker.close()
        self._onlooking.dispose()
        self.world.engine.dispose()

    def hurry(self) -> None:
        """What is tested is the order of things, not the loss of power: SQLite need not sync."""
        if self.world.engine.dialect.name == "sqlite":
            with self.world.engine.connect() as connection:
                connection.commit()
                connection.connection.execute("PRAGMA synchronous=OFF")

    def rows(self, query: str | Executable, **values: Any) -> list[Any]:
        """What is committed, past every service."""
        self._onlooker.rollback()
        found = text(query) if isinstance(query, str) else query
        return list(self._onlooker.execute(found, values))
