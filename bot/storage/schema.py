"""Bringing a database to the tables of this version. Alembic is imported where it is used only."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot import shipped
from bot.storage.urls import normal_url, sqlite_file

if TYPE_CHECKING:
    from alembic.config import Config

_REVISION = text("SELECT version_num FROM alembic_version")
_FILE = re.compile(r'^revision = "(.+)"\ndown_revision = (.+)$', re.MULTILINE)
_NEWER = "tables are of a newer version of the bot (revision {})"
_MEND_NEWER = "Install that version again, or restore a backup from before the update."


class WrongTables(Exception):
    """The database has not the tables of this version; the text says which, and what to do."""


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Which revision a database has (None: none yet), and which one this version needs.

    `known` is False when the database has a revision that this version has never heard of.
    """

    current: str | None
    head: str
    known: bool = True

    @property
    def in_step(self) -> bool:
        """Whether the database has the tables of this version."""
        return self.current == self.head


def require(url: str) -> SchemaState:
    """Where a database stands that has the tables of this version; raises as `state` does.

    Raises:
        WrongTables: if it has others, or none.
    """
    found = state(url)
    if (problem := describe(found, url)) is not None:
        says, mend = problem
        raise WrongTables(f"DATABASE_URL: {says}. {mend}")
    return found


def say_newer(revision: str) -> str:
    """The sentences for tables that this version has never heard of."""
    return f"The {_NEWER.format(revision)}. {_MEND_NEWER}"


def describe(state: SchemaState, url: str) -> tuple[str, str] | None:
    """What is wrong with the tables, and what mends it; None where they are of this version."""
    if state.in_step:
        return None
    if not state.known:
        return f"the {_NEWER.format(state.current)}", _MEND_NEWER
    migrate = f"Run: {shipped.command()} migrate"
    if state.current is not None:
        return f"the tables are of an older version of the bot (revision {state.current})", migrate
    file = sqlite_file(url)
    if file is None or file.exists():
        return "the database has no tables yet", migrate
    # It may be the wrong folder, where migrate would make a second database.
    return (
        f"there is no database {file.absolute()}",
        f"If it is somewhere else, change the folder or DATABASE_URL. To make a new one, "
        f"run: {shipped.command()} migrate",
    )


def upgrade(url: str) -> None:
    """Bring the database to the tables of this version, all or nothing.

    Raises:
        ValueError: if the address cannot be used.
        alembic.util.CommandError: if the database has an unknown revision.
        sqlalchemy.exc.SQLAlchemyError: if the database refuses.
    """
    from alembic import command

    _make_private(normal_url(url))
    command.upgrade(config(url), "head")


def upgrade_within(connection: Connection) -> None:
    """The same in the transaction of a connection."""
    from alembic import command
    from alembic.config import Config

    within = Config(shipped.path_of("alembic.ini"))
    within.attributes["connection"] = connection
    command.upgrade(within, "head")


def _make_private(url: str) -> None:
    """Make a new SQLite file that only its owner reads; SQLite's other files then follow it."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        with contextlib.suppress(OSError):  # there already, or cannot be made: SQLite says so
            os.close(os.open(parsed.database or "", os.O_CREAT | os.O_EXCL, 0o600))


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database back to a revision; by default to no tables at all, losing everything.

    Raises:
        ValueError: if the address cannot be used.
        alembic.util.CommandError: if the revision is unknown.
        sqlalchemy.exc.SQLAlchemyError: if the database refuses.
    """
    from alembic import command

    command.downgrade(config(url), revision)


def state(url: str) -> SchemaState:
    """Where a database stands; changes nothing, and makes no SQLite file.

    Raises:
        ValueError: if the address cannot be used.
        FileNotFoundError: if the folder of the SQLite file does not exist.
        sqlalchemy.exc.SQLAlchemyError: if the database cannot be reached.
    """
    revisions = _revisions()
    current = _current(normal_url(url))
    return SchemaState(current, revisions[0], known=current is None or current in revisions)


def is_known(revision: str) -> bool:
    """Whether this version can upgrade from a revision."""
    return revision in _revisions()


def head() -> str:
    """The revision that this version needs."""
    return _revisions()[0]


@cache
def _revisions() -> tuple[str, ...]:
    """Every revision of this version, the newest first.

    They are read from the files, since a bot that runs needs nothing else of Alembic, which would
    stay in its memory (6 MiB).
    """
    files = shipped.path_of("migrations").joinpath("versions").glob("*.py")
    found = dict(_FILE.findall(file.read_text(encoding="utf-8"))[0] for file in files)
    after = {before.strip('"'): revision for revision, before in found.items()}
    revisions: list[str] = []
    revision = after.get("None")
    while revision is not None:
        revisions.insert(0, revision)
        revision = after.get(revision)
    if not revisions:
        raise RuntimeError("The folder migrations/versions holds no migration.")
    return tuple(revisions)


def _current(url: str) -> str | None:
    parsed = make_url(url)
    arguments: dict[str, object] = {}
    if parsed.get_backend_name() == "sqlite":
        file = Path(parsed.database or "")
        if not file.parent.is_dir():
            raise FileNotFoundError(f"the folder {file.parent} does not exist")
        # Connecting would make the file.
        if not file.exists():
            return None
    else:
        arguments["connect_timeout"] = 5
    engine = create_engine(parsed, poolclass=NullPool, connect_args=arguments)
    with engine.connect() as connection:
        is_there = inspect(connection).has_table("alembic_version")
        return load_revision(connection) if is_there else None


def load_revision(connection: Connection) -> str | None:
    """Which revision the database has, as a running bot asks: Alembic is not needed for it."""
    revision: str | None = connection.execute(_REVISION).scalar()
    return revision


def config(url: str) -> Config:
    """How Alembic reaches the migrations and this database."""
    from alembic.config import Config

    config = Config(shipped.path_of("alembic.ini"))
    # An attribute, not an option: options are interpolated, and a password may hold a %.
    config.attributes["url"] = normal_url(url)
    return config
