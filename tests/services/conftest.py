"""A desk on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.storage.database import create_engine_for
from tests.services.helpers import AFTERNOON, OTHER_TEAM, Desk


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Real connections: two, so that one can look on while another is at work."""
    engine = create_engine_for(database_url, size=2)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """Two workspaces are stored; what the tests do happens in the first one."""
    desk = Desk(engine)
    desk.save_workspace()
    desk.save_workspace(team=OTHER_TEAM)
    return desk


@pytest.fixture
def office(desk: Desk) -> Desk:
    """The afternoon, when everybody's hours are open."""
    desk.now = AFTERNOON
    return desk


@pytest.fixture
def generous(desk: Desk) -> None:
    """The budget for asks is large."""
    desk.save_workspace(asks_per_week=10.0)
