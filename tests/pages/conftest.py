"""A hostile server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.pages.hostile import Hostile, serving


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with serving() as server:
        yield server
