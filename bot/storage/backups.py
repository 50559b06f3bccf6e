"""Backups of the whole database: a copy of the SQLite file, or an archive of pg_dump.

A backup is a file whose name ends with `.backup`. It holds all that is stored about people, so it
may be kept for 30 days, as their rows are. The bot deletes old ones beside a SQLite file, and
`backup` those in the folder of a new one; the others are left to whoever runs the bot.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.domain.retention import KEPT_FOR
from bot.storage import schema
from bot.storage.urls import normal_url, sqlite_file

ENDING = ".backup"
_SQLITE = b"SQLite format 3\0"
_POSTGRESQL = b"PGDMP"
_REVISION = re.compile(r"^COPY \S*alembic_version .*\n(\S+)$", re.MULTILINE)


class BackupError(Exception):
    """A backup cannot be made or put back; the text says why and what to do."""


def folder_of(url: str) -> Path | None:
    """Where snapshots before a change are kept: beside the SQLite file; None for PostgreSQL."""
    database = sqlite_file(url)
    return None if database is None else database.parent / "backups"


def find_snapshots(url: str) -> list[Path]:
    """The backups in that folder."""
    folder = folder_of(url)
    return [] if folder is None else sorted(folder.glob(f"*{ENDING}"))


def snapshot(url: str, now: datetime, before: str) -> Path | None:
    """Copy a SQLite database into its folder of backups; None for PostgreSQL."""
    database, folder = sqlite_file(url), folder_of(url)
    if database is None or folder is None:
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{database.stem}-{now:%Y%m%d-%H%M%S}-before-{before}{ENDING}"
    make(url, file)
    return file


def make(url: str, file: Path) -> None:
    """Write a backup that only its owner reads; the bot may run meanwhile.

    Raises:
        BackupError: if the file is there already, or cannot be written.
    """
    if file.suffix != ENDING:
        raise BackupError(f"{file}: the name of a backup ends with {ENDING}.")
    database = sqlite_file(url)
    if database is not None and not database.is_file():
        raise BackupError(f"{database}: there is no such database.")
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise BackupError(f"{file}: there is such a file already.") from None
    try:
        if database is not None:
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("VACUUM INTO ?", (str(file),))
        else:
            parsed = make_url(normal_url(url))
            _postgresql("pg_dump", parsed, "--format=custom", "--no-owner", f"--file={file}")
    except BaseException:
        file.unlink()
        raise


def check(url: str, file: Path) -> None:
    """Look whether this version can put a backup into a database; PostgreSQL takes both kinds.

    Raises:
        BackupError: if it is no backup that the database takes, or of a newer version.
    """
    if is_of_sqlite(file):
        revision = schema.state(f"sqlite:///{file}").current
    else:
        archive = _beginning(file) == _POSTGRESQL
        found = _REVISION.search(_revision_table(file)) if archive else None
        revision = found[1] if found else None
    if revision is None:
        raise BackupError(f"{file}: this is no backup of the bot's database.")
    if not is_of_sqlite(file) and sqlite_file(url) is not None:
        raise BackupError(f"{file}: this is a backup of PostgreSQL, and goes into PostgreSQL only.")
    if not schema.is_known(revision):
        raise BackupError(f"{file}: {schema.NEWER.format(revision=revision)}")


def is_of_sqlite(file: Path) -> bool:
    """Whether it is a copy of a SQLite database."""
    return _beginning(file) == _SQLITE


def put_into_sqlite(target: Path, file: Path) -> None:
    """Put a backup in the place of the file of a database, which nothing may have open."""
    for log in (Path(f"{target}-wal"), Path(f"{target}-shm")):
        log.unlink(missing_ok=True)  # it belongs to the file that goes
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # root restores what another user runs
        owner = (target if target.exists() else target.parent).stat()
        os.chown(file, owner.st_uid, owner.st_gid)
    os.replace(file, target)


def delete_old_snapshots(url: str, now: datetime) -> None:
    """Delete what is kept beside the SQLite file longer than 30 days."""
    folder = folder_of(url)
    if folder is not None:
        delete_old(folder, now)


def delete_old(folder: Path, now: datetime) -> list[Path]:
    """Delete the backups in a folder that are older than 30 days; which ones."""
    gone = []
    for file in sorted(folder.glob(f"*{ENDING}")):
        old = file.is_file() and file.stat().st_mtime < (now - KEPT_FOR).timestamp()
        if old and _beginning(file) in (_SQLITE, _POSTGRESQL):
            with suppress(OSError):
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


def _revision_table(file: Path) -> str:
    arguments = ("--data-only", "--table=alembic_version", "--file=-", str(file))
    return _call([find_program("pg_restore"), *arguments], {})


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
