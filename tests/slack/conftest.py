"""A seeded workspace with the bot running in it, on SQLite and over Socket Mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.runtime import Runtime
from tests.support import Office, bot_running, office


@pytest.fixture
def url(new_sqlite: Callable[[], str]) -> str:
    """The address of the bot's database."""
    return new_sqlite()


@pytest.fixture
async def place() -> AsyncIterator[Office]:
    """People and channels, on a clock that stands still until it is moved."""
    async with office() as place:
        yield place


@pytest.fixture
async def runtime(place: Office, url: str) -> AsyncIterator[Runtime]:
    """The bot; it sends nothing by itself, only when told to tick."""
    async with bot_running(place, url) as runtime:
        yield runtime
