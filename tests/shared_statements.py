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


class Sqlite(SQLiteDialect_pysqlite):
    """SQLite's, equal to every other of its kind."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sqlite)

    def __hash__(self) -> int:
        return hash(Sqlite)

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)


class Postgresql(PGDialect_psycopg):
    """PostgreSQL's, in the same way."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Postgresql)

    def __hash__(self) -> int:
        return hash(Postgresql)

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_compiled)


def register() -> None:
    """Have every engine that is made from now on use them."""
    registry.register("sqlite", __name__, "Sqlite")
    registry.register("postgresql.psycopg", __name__, "Postgresql")
