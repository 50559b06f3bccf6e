"""Which databases the bot can use, and the one spelling of their addresses."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_URL = "sqlite:///advocacy.db"

TAKES = "It takes sqlite:///path/to/file.db or postgresql://user:password@host/database."

_SQLITE = ("sqlite", "sqlite+pysqlite")
_POSTGRESQL = ("postgresql", "postgresql+psycopg")


def normal_url(url: str) -> str:
    """The address with the driver that the bot brings: `postgresql://` becomes psycopg 3.

    Only the scheme is rewritten, so that a password keeps its spelling; and no message repeats
    the address, since it may hold one.

    Raises:
        ValueError: with a sentence saying what to write, for `postgres://`, other drivers and
            SQLite in memory.
    """
    scheme, separator, rest = url.partition("://")
    if scheme == "postgres":
        raise ValueError("Write postgresql:// where it has postgres://.")
    if scheme.startswith(("sqlite+", "postgresql+")) and scheme not in _SQLITE + _POSTGRESQL:
        raise ValueError(
            f"Leave out the driver: write {scheme.partition('+')[0]}:// where it has {scheme}://."
        )
    if not separator or scheme not in _SQLITE + _POSTGRESQL:
        raise ValueError(TAKES)
    parsed = _parsed(url)
    if scheme in _POSTGRESQL:
        return f"postgresql+psycopg://{rest}"
    _check_sqlite(parsed)
    return f"sqlite://{rest}"


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL. Raises ValueError as `normal_url`."""
    parsed = make_url(normal_url(url))
    sqlite = parsed.get_backend_name() == "sqlite"
    return Path(parsed.database or "") if sqlite else None


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(TAKES) from None


def _check_sqlite(url: URL) -> None:
    if url.host:
        raise ValueError(
            "SQLite takes three slashes before a path from the current folder "
            "and four before a path from the root."
        )
    # Every connection would get an empty database of its own.
    if not url.database or ":memory:" in url.database or url.query.get("mode") == "memory":
        raise ValueError(
            "SQLite needs a file here, such as sqlite:///advocacy.db: "
            "the bot opens several connections, and they cannot share one in memory."
        )
