"""What screens and heartbeats read, with ten times as much stored: steps are counted, not time.

A step is an instruction of SQLite's, or a call of a function of ours.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import pytest
from sqlalchemy import Engine

from bench import company, growth
from bench.company import Size
from bench.ground import TEAM
from bot.storage.database import create_engine_for
from bot.storage.tx import Tx

SMALL, LARGE = Size(100, 50), Size(1_000, 500)
MOST = 2.5  # times as many: what is asked of all members, or of all posts, takes ten
EACH = 10  # instructions of SQLite's between two looks


@pytest.fixture(scope="module")
def engines(sqlite_template: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    folder = tmp_path_factory.mktemp("growth")
    made = []
    for size in (SMALL, LARGE):
        ...
    yield made
