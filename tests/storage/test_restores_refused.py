"""A restore that cannot be made, or is interrupted, leaves the database as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bot import backup_commands
from bot.services import membership
from bot.storage import backups
from bot.storage.backups import BackupError
from tests.services.helpers import AFTERNOON, AMARA, BO
from tests.storage.restoring import restore_until
from tests.storage.test_backups import (
    Opened,
    backed_up,
    file,
    make_theirs,
    opened,
    programs,
    values,
)
from tests.support import all_rows

ROOT = Path(__file__).parents[2]
__all__ = ["file", "opened", "programs"]


def refused(url: str, file: Path, why: str) -> None:
    with pytest.raises(BackupError, match=why):
        backup_commands.restore(url, file, AFTERNOON, nothing_lost=False)


def test_beside_a_bot_that_runs(opened: Opened, database_url: str, file: Path) -> None:
    world = backed_up(opened, database_url, file)
    refused(database_url, file, "in use: the bot still runs.* Nothing was changed")
    world.run(membership.leave, AMARA)
    world.engine.dispose()
    member = opened(database_url).run(membership.find_member, AMARA)
    assert member is not None
    assert not member.consents(AFTERNOON), "what the bot went on to store is there"
    assert backups.find_snapshots(database_url) == []


def test_into_what_is_no_database(new_sqlite: Callable[[], str], file: Path) -> None:
    backup_commands.backup(new_sqlite(), file, AFTERNOON)
    diary = file.with_name("diary.txt")
    diary.write_text("Monday", encoding="utf-8")
    refused(f"sqlite:///{diary}", file, "diary.txt is no database of the bot, or it is damaged")
    assert diary.read_text(encoding="utf-8") == "Monday"
    refused(f"sqlite:///{file.parent}/nowhere/a.db", file, "nowhere: there is no such folder")
    assert {each.name for each in file.parent.iterdir()} == {file.name, diary.name}


def test_into_a_sqlite_database_of_another_program(
    new_sqlite: Callable[[], str], file: Path
) -> None:
    backup_commands.backup(new_sqlite(), file, AFTERNOON)
    theirs = make_theirs(file.with_name("theirs.db"))
    before = theirs.read_bytes()
    refused(f"sqlite:///{theirs}", file, r"tables of another program \(alembic_version, diary\)")
    assert theirs.read_bytes() == before
    assert {each.name for each in file.parent.iterdir()} == {file.name, theirs.name}
    refused(f"sqlite:///{file}", theirs, "no backup of the bot's database")


@pytest.mark.parametrize("empty_url", ["postgresql"], indirect=True)
def test_into_a_postgresql_database_of_another_program(
    empty_url: str, new_sqlite: Callable[[], str], file: Path
) -> None:
    backup_commands.backup(new_sqlite(), file, AFTERNOON)
    engine = create_engine(empty_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE diary (day VARCHAR(9))"))
        connection.execute(text("INSERT INTO diary VALUES ('Monday')"))
    refused(empty_url, file, r"tables of another program \(diary\)")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT day FROM diary")).scalar() == "Monday"


def test_into_a_database_that_another_program_shares(
    opened: Opened, database_url: str, file: Path
) -> None:
    world = backed_up(opened, database_url, file)
    with world.engine.begin() as connection:
        connection.execute(text("CREATE TABLE diary (day VARCHAR(9))"))
    world.engine.dispose()
    before = all_rows(database_url)
    refused(database_url, file, r"tables of another program \(diary\)")
    assert all_rows(database_url) == before


def test_a_backup_that_is_not_whole(
    opened: Opened, new_sqlite: Callable[[], str], file: Path
) -> None:
    url = new_sqlite()
    world = backed_up(opened, url, file)
    world.engine.dispose()
    before = all_rows(url)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    refused(url, file, "is damaged or not whole")
    assert all_rows(url) == before


def test_a_restore_that_is_killed_at_any_step(
    opened: Opened, new_sqlite: Callable[[], str], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)  # where the process finds the tests
    url = new_sqlite()
    world = backed_up(opened, url, file)
    world.run(membership.leave, BO)
    database, crashed = Path(url.removeprefix("sqlite:///")), file.with_name("crashed.db")
    log, crashed_log = (Path(f"{each}-wal") for each in (database, crashed))
    shutil.copyfile(database, crashed)
    shutil.copyfile(log, crashed_log)  # what was stored last is in the log alone
    world.engine.dispose()
    left, found = values(url), []
    for step in count(1):
        for each in database.parent.glob(f"{database.name}*"):
            each.unlink()
        shutil.copyfile(crashed, database)
        shutil.copyfile(crashed_log, log)
        ended = restore_until(step, url, file, AFTERNOON + timedelta(seconds=step))
        found.append(values(url) == left)
        if ended:
            break
    undone = found.index(False)
    assert undone > 5
    assert not any(found[undone:]), "from some step on it is restored"
