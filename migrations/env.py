"""Runs the migrations for `alembic` on the command line and for bot.storage.schema."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any, Literal

from alembic import context
from alembic.util import CommandError
from dotenv import dotenv_values
from sqlalchemy import Connection, Engine, Enum, create_engine, event, text
from sqlalchemy.pool import NullPool

from bot.storage.columns import Listed, UtcDateTime
from bot.storage.tables import metadata
from bot.storage.urls import DEFAULT_URL, normal_url

# Any number of its own: processes of this bot that migrate at once wait for each other.
_LOCK = 7_264_019


def _url() -> str:
    """The caller's address if it gave one, otherwise the environment's, otherwise that of .env."""
    given = context.config.attributes.get("url") or context.config.get_main_option("sqlalchemy.url")
    env_file = dotenv_values(Path(__file__).resolve().parents[1] / ".env")
    chosen = (
        given
        or os.environ.get("DATABASE_URL", "").strip()
        or (env_file.get("DATABASE_URL") or "").strip()
        or DEFAULT_URL
    )
    try:
        return normal_url(chosen)
    except ValueError as error:
        raise CommandError(f"DATABASE_URL cannot be used. {error}") from None


def _render_item(kind: str, item: Any, _autogenerate: Any) -> str | Literal[False]:
    """A migration outlives the code, so it names neither our types nor an enum's values."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Listed):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"
    return False


def _begin_at_once(engine: Engine) -> None:
    """Make SQLite run a migration in one transaction; its driver would commit between steps.

    The lock is taken at the beginning, so that two migrations wait for each other.
    """

    @event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection: Any, _record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _run() -> None:
    if (given := context.config.attributes.get("connection")) is not None:
        _migrate(given)
        return
    if "url" not in context.config.attributes:
        logging.basicConfig(format="%(message)s")
        logging.getLogger("alembic.runtime.migration").setLevel(logging.INFO)
    engine = create_engine(_url(), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        _begin_at_once(engine)
    with engine.connect() as connection:
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    """Run them in one transaction: that of the connection, where it has one."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        context.run_migrations()


if context.is_offline_mode():
    raise CommandError("Migrations look at the database; run them without --sql.")
_run()
