"""Tables as CSV text, which programs for spreadsheets open without running anything in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

# What begins with one of these is a formula to a spreadsheet; the last four are as wide as kanji.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> str:
    """The table with its headings; None is an empty cell, and lines end as RFC 4180 has it."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(heads)
    for row in rows:
        writer.writerow(["" if cell is None else _harmless(cell) for cell in row])
    return written.getvalue()


def _harmless(cell: str | int) -> str | int:
    """Text that begins like a formula gets an apostrophe before it (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell
