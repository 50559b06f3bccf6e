"""Whether a database is the bot's own, as its tables tell."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, inspect

from bot.storage import schema
from bot.storage.tables import metadata

REVISION: Final = "alembic_version"
# They are there since the first migration.
_ALWAYS: Final = frozenset({REVISION, "workspace", "member", "post", "wording"})


class NotOurs(Exception):
    """A database holds tables of another program; the text names some of them."""


def holds_our_tables(connection: Connection) -> bool:
    """Whether a database holds the bot's tables; False where it has no tables at all.

    Raises:
        NotOurs: if it holds those of another program, be it beside the bot's own. Where the bot's
            are of another version, nobody can tell what stands beside them.
    """
    names = set(inspect(connection).get_table_names())
    if not names:
        return False
    if not are_ours(names):
        raise NotOurs(_some(names))
    in_step = schema.load_revision(connection) == schema.head()
    if in_step and (foreign := names - metadata.tables.keys() - {REVISION}):
        raise NotOurs(_some(foreign))
    return True


def are_ours(names: set[str]) -> bool:
    """Whether the bot's tables, in whichever version, are among these."""
    return names >= _ALWAYS


def _some(names: set[str]) -> str:
    return ", ".join(sorted(names)[:3])
