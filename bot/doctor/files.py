"""Who on this machine can read the files that hold secrets or what is stored about people."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.doctor.findings import Finding
from bot.secret_files import named_files
from bot.storage import backups
from bot.storage.urls import sqlite_file


def find_readable(
    env_file: Path | None, url: str | None, environ: Mapping[str, str]
) -> Iterator[Finding]:
    """Each file that others than its owner can read; Windows has other rules for that.

    They are `.env`, the files of secrets that `environ` names, and a SQLite database with the
    backups beside it. Where other backups are, nobody told the bot.
    """
    if os.name != "posix":
        return
    files = [] if env_file is None else [env_file]
    files += named_files(environ).values()
    database = None if url is None else sqlite_file(url)
    if url is not None and database is not None:
        files += [database, *(Path(f"{database}{end}") for end in ("-wal", "-shm"))]
        files += backups.find_snapshots(url)
    there = [(file, mode) for file in files if (mode := _mode(file)) is not None]
    for file, mode in there:
        if mode & 0o077:
            says = f"others on this machine may use it (mode {mode:03o})"
            yield Finding(False, str(file), says, f"chmod 600 {file}")
    if there and not any(mode & 0o077 for _, mode in there):
        names = ", ".join(str(file) for file, _ in there)
        yield Finding(True, "files", f"only their owner may use {names}")


def _mode(file: Path) -> int | None:
    try:
        return stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return None
