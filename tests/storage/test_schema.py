"""Migrations: up, down, all or nothing, from any folder, and in step with the tables."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from bot.domain.ids import PostId, UserId
from bot.domain.post import Network, PostState
from bot.domain.snapshot import Snapshot
from bot.services import membership
from bot.storage import asks, schema, snapshots
from bot.storage.asks import PlannedAsk
from bot.storage.tables import metadata
from bot.storage.tx import Tx
from tests.storage.helpers import add_workspace
from tests.storage.processes import TEAM, add_post

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'a.db'}"


def engine(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def tables(url: str) -> set[str]:
    return set(inspect(engine(url)).get_table_names())


def execute(url: str, statement: str) -> None:
    with engine(url).begin() as connection:
        connection.execute(text(statement))


def test_a_new_database_has_no_revision_and_asking_makes_no_file(url: str, tmp_path: Path) -> None:
    state = schema.state(url)
    assert state.current is None
    assert state.head
    assert not state.in_step
    assert list(tmp_path.iterdir()) == []


def test_an_upgrade_makes_every_table(database_url: str) -> None:
    """What `database_url` is copied from was upgraded from nothing."""
    assert tables(database_url) == {*metadata.tables, "alembic_version"}
    assert schema.state(database_url).in_step


def test_a_second_upgrade_changes_nothing(database_url: str) -> None:
    schema.upgrade(database_url)
    assert schema.state(database_url).in_step


def test_a_downgrade_takes_everything_away_and_the_way_up_is_open_again(database_url: str) -> None:
    schema.downgrade(database_url)
    assert tables(database_url) == {"alembic_version"}
    assert schema.state(database_url).current is None
    schema.upgrade(database_url)
    assert schema.state(database_url).in_step


def test_the_migrations_and_the_tables_say_the_same(database_url: str) -> None:
    with engine(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_shares_take_the_place_of_counts_and_the_way_back_counts_again(database_url: str) -> None:
    database = engine(database_url)
    with database.begin() as connection:
        add_workspace(connection, TEAM)
        tx = Tx(connection, TEAM, NOW)
        snapshots.insert_snapshot(
            tx, Snapshot(NOW.date(), gate=True, networks=frozenset({Network.X}))
        )
        for number in range(2):
            add_post(connection, number, PostState.LIVE, NOW)
        joined = membership.join(tx, UserId("U1"), "UTC").member
        assert joined is not None
        asks.insert_planned(tx, [PlannedAsk(joined.id, PostId(1), 0, 1)])
    schema.downgrade(database_url, "0008")
    with database.connect() as connection:
        posts = connection.execute(text("SELECT id, asked, first_group FROM post ORDER BY id"))
        assert [tuple(row) for row in posts] == [(1, 1, None), (2, 0, None)]
        [figures] = connection.execute(text("SELECT figures FROM snapshot")).scalars()
        assert "share" not in str(figures)
    schema.upgrade(database_url)
    with database.connect() as connection:
        tx = Tx(connection, TEAM, NOW)
        assert snapshots.load(tx) == Snapshot(
            NOW.date(), gate=True, networks=frozenset({Network.X})
        )
        assert len(connection.execute(text("SELECT id FROM ask")).all()) == 1


def test_a_failed_upgrade_leaves_nothing_behind(url: str) -> None:
    last = metadata.sorted_tables[-1].name
    execute(url, f"CREATE TABLE {last} (id INTEGER)")
    with pytest.raises(OperationalError, match="already exists"):
        schema.upgrade(url)
    assert tables(url) == {last}


def test_a_revision_of_a_newer_version_is_told_apart(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    execute(url, "UPDATE alembic_version SET version_num = 'from_the_future'")
    state = schema.state(url)
    assert (state.current, state.known, state.in_step) == ("from_the_future", False, False)
    with pytest.raises(CommandError):
        schema.upgrade(url)


def test_migrations_run_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    schema.upgrade("sqlite:///relative.db")
    assert (tmp_path / "relative.db").exists()
    assert schema.state("sqlite:///relative.db").in_step


def test_the_given_address_wins_over_the_environment_and_may_hold_a_percent_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
    url = f"sqlite:///{tmp_path}/50%25.db"
    schema.upgrade(url)
    assert [each.name for each in tmp_path.iterdir()] == ["50%.db"]
    assert schema.state(url).in_step


def test_logging_stays_as_it_was(new_sqlite: Callable[[], str]) -> None:
    ours = logging.getLogger("bot.storage.of_this_test")
    before = (logging.root.level, list(logging.root.handlers))
    url = new_sqlite()
    schema.downgrade(url, "-1")
    schema.upgrade(url)
    assert (logging.root.level, list(logging.root.handlers)) == before
    assert not ours.disabled


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        schema.state(f"sqlite:///{tmp_path}/nowhere/a.db")


def test_a_file_that_is_no_database_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "a.db").write_text("a letter to a friend, long enough to be no header " * 20)
    with pytest.raises(DatabaseError):
        schema.state(url)


@pytest.mark.parametrize("url", ["postgres://host/db", "sqlite:///:memory:", "mysql://host/db"])
def test_an_unusable_address_is_refused(url: str) -> None:
    for function in (schema.state, schema.upgrade, schema.downgrade):
        with pytest.raises(ValueError, match=r"\.$"):
            function(url)
