"""A world on each kind of database."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.services.helpers import AFTERNOON, OTHER_TEAM, ServiceWorld


@pytest.fixture
def world(engine: Engine) -> ServiceWorld:
    """Two workspaces are stored; what the tests do happens in the first one."""
    world = ServiceWorld(engine)
    world.save_workspace()
    world.save_workspace(team=OTHER_TEAM)
    return world


@pytest.fixture
def afternoon(world: ServiceWorld) -> ServiceWorld:
    """The afternoon, when everybody's hours are open."""
    world.now = AFTERNOON
    return world
