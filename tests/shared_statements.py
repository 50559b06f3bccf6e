"""SQLAlchemy's dialects, with statements compiled once in a process instead of once an engine.

A test has engines of its own, and compiling what they ask was a quarter of all the tests' time.
Two dialects of one kind are made alike everywhere, so what one has compiled serves the other.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

_compiled: dict[Any, Any] = {}


class _AlikeEverywhere:
    """A dialect that is equal to every other of its kind, and stores what it compiles with them."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)


class Sqlite(_AlikeEverywhere, SQLiteDialect_pysqlite):
    """SQLite's."""

    supports_statement_cache = True


class Postgresql(_AlikeEverywhere, PGDialect_psycopg):
    """PostgreSQL's."""

    supports_statement_cache = True


def register() -> None:
    """Have every engine that is made from now on use them."""
    registry.register("sqlite", __name__, "Sqlite")
    registry.register("postgresql.psycopg", __name__, "Postgresql")
