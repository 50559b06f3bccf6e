"""Backups of the whole database: a copy of the SQLite file, or an archive of pg_dump.

A backup is a file whose name ends with `.backup`. It holds all that is stored about people, so it
may be kept for 30 days, as their rows are. The bot deletes old ones in its own folder `backups`,
and `backup` those in the folder of a new one; the others are left to whoever runs the bot.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.domain.retention import KEPT_FOR
from bot.storage import schema
from bot.storage.own_tables import REVISION, are_ours
from bot.storage.urls import normal_url, sqlite_file

ENDING = ".backup"
_FOLDER = "backups"
_SQLITE = b"SQLite format 3\0"
_POSTGRESQL = b"PGDMP"
_REVISION = re.compile(r"^COPY \S*alembic_version .*\n(\S+)$", re.MULTILINE)
_TABLE = re.compile(r"^\d+; \d+ \d+ TABLE \S+ (\S+) ", re.MULTILINE)
_REVISION_OF_SQLITE = "SELECT version_num FROM alembic_version"
_TABLES_OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table'"


class BackupError(Exception):
    """A backup cannot be made or put back; the text says why and what to do."""


def folder_of(url: str) -> Path:
    """Where the bot keeps backups of its own, and deletes them after 30 days.

    It is beside the SQLite file. With PostgreSQL it is in the folder in which the bot runs.
    """
    database = sqlite_file(url)
    return Path(_FOLDER) if database is None else database.parent / _FOLDER


def find_snapshots(url: str) -> list[Path]:
    """The backups in that folder."""
    return sorted(folder_of(url).glob(f"*{ENDING}"))


def snapshot(url: str, now: datetime, before: str, held: sqlite3.Connection | None = None) -> Path:
    """Copy the database into its folder of backups before a change; raises BackupError.

    `held` is the connection to SQLite of whoever keeps all others out.
    """
    database = sqlite_file(url)
    stem = "advocacy" if database is None else database.stem
    file = folder_of(url) / f"{stem}-{now:%Y%m%d-%H%M%S}-before-{before}{ENDING}"
    make(url, file, held)
    return file


def make(url: str, file: Path, held: sqlite3.Connection | None = None) -> None:
    """Write a backup that only its owner reads; the bot may run meanwhile.

    In the bot's folder of backups it belongs to whoever owns the database, since the bot reads
    what it deletes.

    Raises:
        BackupError: if the file is there already, or cannot be written.
    """
    if file.suffix != ENDING:
        raise BackupError(f"{file}: the name of a backup ends with {ENDING}.")
    database = sqlite_file(url)
    if database is not None and not database.is_file():
        raise BackupError(f"{database}: there is no such database. Look at DATABASE_URL.")
    owner = None
    if is_in_own_folder(url, file):
        owner = database or file.parent.resolve().parent
        with _said(file.parent):
            file.parent.mkdir(mode=0o700, exist_ok=True)
        give_to_owner(file.parent, owner)
    with _said(file):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _write(url, database, file, held)
        if owner is not None:
            give_to_owner(file, owner)
    except BaseException:
        file.unlink()
        raise


def is_in_own_folder(url: str, file: Path) -> bool:
    """Whether the bot deletes this backup; with PostgreSQL it has to run in the folder above."""
    if sqlite_file(url) is None:
        return file.parent.name == _FOLDER
    return file.parent.resolve() == folder_of(url).resolve()


def _write(url: str, database: Path | None, file: Path, held: sqlite3.Connection | None) -> None:
    if database is None:
        parsed = make_url(normal_url(url))
        _postgresql("pg_dump", parsed, "--format=custom", "--no-owner", f"--file={file}")
        return
    opened = closing(sqlite3.connect(database)) if held is None else nullcontext(held)
    try:
        with opened as connection:
            connection.execute("VACUUM INTO ?", (str(file),))
    except sqlite3.Error as error:
        raise BackupError(f"{database} can't be copied into {file}: {error}.") from None


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Say in words why a file or a folder cannot be made."""
    try:
        yield
    except FileExistsError:
        raise BackupError(f"{path}: there is such a file already.") from None
    except FileNotFoundError:
        raise BackupError(f"{path.parent}: there is no such folder.") from None
    except PermissionError:
        raise BackupError(
            f"{path.parent.absolute()}: you may not write into this folder."
        ) from None
    except OSError as error:
        raise BackupError(f"{path} can't be written: {error.strerror}.") from None


def give_to_owner(path: Path, like: Path) -> None:
    """Let a file that root made belong to whoever owns another one, as the bot's user does."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        owner = like.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


@contextmanager
def read_sqlite(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing in a SQLite file, and leaves nothing beside it.

    What an interrupted change left there is undone or read, as whoever opens it next would do.
    """
    how = "immutable=1"
    if Path(f"{file}-journal").exists():
        how = "mode=rw"
    elif Path(f"{file}-wal").exists():
        how = "mode=ro"
    address = f"{file.resolve().as_uri()}?{how}"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection:
        yield connection


def check(url: str, file: Path) -> None:
    """Look whether this version can put a backup into a database; PostgreSQL takes both kinds.

    Raises:
        BackupError: if it is no backup that the database takes, is damaged, or of a newer version.
    """
    if not file.is_file():
        raise BackupError(f"{file}: there is no such file.")
    if not os.access(file, os.R_OK):
        raise BackupError(f"{file}: you may not read this file.")
    revision = _revision_of(file)
    if revision is None:
        raise BackupError(f"{file}: this is no backup of the bot's database.")
    if not is_of_sqlite(file) and sqlite_file(url) is not None:
        raise BackupError(f"{file}: this is a backup of PostgreSQL, and goes into PostgreSQL only.")
    if not schema.is_known(revision):
        raise BackupError(f"{file}: {schema.say_newer(revision)}")


def is_of_sqlite(file: Path) -> bool:
    """Whether it is a copy of a SQLite database."""
    return _beginning(file) == _SQLITE


def _revision_of(file: Path) -> str | None:
    """The revision of a backup's tables; None for another file. Raises BackupError if damaged."""
    begins = _beginning(file)
    if begins == _SQLITE:
        try:
            with read_sqlite(file) as connection:
                if not _has_our_tables(connection):
                    return None
                [sound] = connection.execute("PRAGMA quick_check(1)").fetchone()
                [revision] = connection.execute(_REVISION_OF_SQLITE).fetchone()
        except sqlite3.DatabaseError as error:
            sound, revision = str(error), None
        if sound != "ok":
            raise BackupError(f"{file} is damaged or not whole, so it can't be restored.")
        return str(revision)
    if begins != _POSTGRESQL or not _is_ours(file):
        return None
    found = _REVISION.search(_read_archive(file, "--data-only", f"--table={REVISION}", "--file=-"))
    return found[1] if found else None


def _is_ours(file: Path) -> bool:
    """Whether it is a backup of the bot's, in whichever version.

    Raises BackupError or sqlite3.Error where nobody can tell.
    """
    begins = _beginning(file)
    if begins == _SQLITE:
        with read_sqlite(file) as connection:
            return _has_our_tables(connection)
    if begins != _POSTGRESQL:
        return False
    return are_ours(set(_TABLE.findall(_read_archive(file, "--list"))))


def delete_old_snapshots(url: str, now: datetime) -> None:
    """Delete what the bot has kept in its folder of backups for longer than 30 days."""
    delete_old(folder_of(url), now)


def delete_old(folder: Path, now: datetime) -> list[Path]:
    """Delete the bot's backups in a folder that are older than 30 days; which ones."""
    gone = []
    for file in sorted(folder.glob(f"*{ENDING}")):
        with suppress(OSError, sqlite3.Error, BackupError):
            old = file.is_file() and file.stat().st_mtime < (now - KEPT_FOR).timestamp()
            if old and _is_ours(file):
                file.unlink()
                gone.append(file)
    return gone


def _beginning(file: Path) -> bytes:
    """Which kind of file it is; empty where it cannot be read."""
    try:
        with file.open("rb") as opened:
            begins = opened.read(len(_SQLITE))
    except OSError:
        return b""
    return _POSTGRESQL if begins.startswith(_POSTGRESQL) else begins


def _has_our_tables(connection: sqlite3.Connection) -> bool:
    return are_ours({name for (name,) in connection.execute(_TABLES_OF_SQLITE)})


def _read_archive(file: Path, *arguments: str) -> str:
    return _call([find_program("pg_restore"), *arguments, str(file)], {})


def _postgresql(name: str, url: URL, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes where `ps` does not show it."""
    shown = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    password = {"PGPASSWORD": str(url.password)} if url.password else {}
    _call([find_program(name), f"--dbname={shown.render_as_string()}", *arguments], password)


def find_program(name: str) -> str:
    """Where one of PostgreSQL's programs is; raises BackupError where it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise BackupError(
            f"{name} is not installed. It comes with PostgreSQL's client programs, "
            "such as the package postgresql-client, and may not be older than the server."
        )
    return found


def _call(command: list[str], secret: dict[str, str]) -> str:
    ran = subprocess.run(
        command, env={**os.environ, **secret}, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        first = next(iter(ran.stderr.splitlines()), "it gave no reason")
        raise BackupError(f"{Path(command[0]).name} failed: {first}")
    return ran.stdout
