"""Databases with a writer; PostgreSQL alone where several processes meet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.storage.database import Database
from tests.storage.helpers import LONG, SOON


@pytest.fixture
def url(new_postgresql: Callable[[], str]) -> str:
    """The address of a PostgreSQL database."""
    return new_postgresql()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database whose callers have time."""
    database = Database(database_url, deadline=LONG)
    yield database
    await database.close()


@pytest.fixture
async def hasty(database_url: str) -> AsyncIterator[Database]:
    """A database whose callers give up soon."""
    database = Database(database_url, deadline=SOON)
    yield database
    await database.close()
