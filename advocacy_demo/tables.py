"""What the database holds, as tables that people can read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import select

from advocacy_demo.company import OFFICE, city, heading, local
from bot.storage.database import create_engine_for
from bot.storage.tables import metadata

_TABLES = ("member", "post", "announcement", "response", "response_event")
_WIDEST = 24  # of one value; what is longer is cut
_PAGE = 110  # characters in a line; a table that needs more is turned on its side
_EMPTY = "-"


def print_tables(url: str) -> None:
    """Print each table that the story has filled; the database is only read."""
    heading("8. What the database holds at the end")
    print(f"Times are those in {city(OFFICE)}, and a member's own in the table of members.")
    engine = create_engine_for(url, read_only=True)
    try:
        with engine.connect() as connection:
            for name in _TABLES:
                rows = connection.execute(select(metadata.tables[name])).mappings().all()
                print(f"\n{name}", *lines(rows), sep="\n  ")
    finally:
        engine.dispose()


def lines(rows: Sequence[Mapping[Any, Any]]) -> Iterator[str]:
    """Rows as an aligned table; a wide one has a line for each column, without the empty ones."""
    if not rows:
        yield "(no rows)"
        return
    names = [str(name) for name in rows[0]]
    table = [names, *([_show(row[name], row.get("zone")) for name in names] for row in rows)]
    if max(map(len, _aligned(table))) <= _PAGE:
        yield from _aligned(table)
        return
    turned = [list(column) for column in zip(*table, strict=True)]
    filled = [column for column in turned if set(column[1:]) != {_EMPTY}]
    yield from _aligned(filled)
    if empty := [column[0] for column in turned if column not in filled]:
        yield from textwrap.wrap(f"empty: {', '.join(empty)}", _PAGE)


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    ]


def _show(value: object, zone: str | None) -> str:
    """A value in few characters; a moment to the minute, in this zone or the company's."""
    if value is None or value in ((), frozenset(), ""):
        return _EMPTY
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{local(value, zone or OFFICE):%Y-%m-%d %H:%M}"
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, tuple | frozenset):
        value = ", ".join(map(str, value))
    text = str(value)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
