"""What a company takes into its archive: what comms did and wrote, as CSV or as JSON.

The columns of a file are the fields of its dataclass, in their order. Moments are UTC.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

# What makes a spreadsheet compute a cell, also in its full-width forms. Where the semicolon parts
# cells, as in German Excel, quotation marks of ours mean nothing: there a line, or what follows a
# semicolon or a tab, is a cell, too.
_FORMULA: Final = re.compile(r"(^|[\r\n;\t])(?=[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]|\"*[\t\r])")
_BYTE_ORDER_MARK: Final = "\ufeff"  # else Excel takes UTF-8 for something else


class Form(StrEnum):
    """As what an export is written."""

    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ArchivedAct:
    """One act of comms. `before` and `after` are as the record keeps them (`domain.record`).

    `disclosure` is what was in force at an approval, a line for each language that has its own.
    `subject` is the address of a feed, or the name of a setting.
    """

    workspace: str
    number: int
    at: datetime
    who: str | None
    act: str
    post: int | None
    version: int | None
    title: str | None
    before: str | None
    after: str | None
    reason: str | None
    disclosure: str | None
    subject: str | None


@dataclass(frozen=True, slots=True)
class ArchivedText:
    """One text of a version of a post; a version without texts has one row without.

    `state` is where the post stands now. `disclosure` was in force for its language when it was
    approved. `delivery` are the ways in which it was to reach members, "channel" or "direct".
    """

    workspace: str
    post: int
    version: int
    state: str
    title: str
    link: str
    why: str
    topics: tuple[str, ...]
    kind: str | None
    prompts: tuple[str, ...]
    delivery: tuple[str, ...]
    network: str | None
    language: str | None
    text: str | None
    disclosure: str | None
    author: str
    picture: str
    picture_alt: str
    written_by: str | None
    written_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    not_before: datetime | None
    live_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExportedFigure:
    """One figure that is published: of months, or of the post that ended in a month.

    Months are such as 2026-09; `people` is rounded.
    """

    first_month: str | None
    last_month: str | None
    post: int | None
    title: str
    figure: str
    people: int


Row = ArchivedAct | ArchivedText | ExportedFigure
Value = str | int | datetime | tuple[str, ...] | None


def write(kind: type[Row], rows: Iterable[Row], form: Form) -> Iterator[str]:
    """The export in pieces, one after the other, so that it may be longer than memory."""
    return _csv(kind, rows) if form is Form.CSV else _json(kind, rows)


def guarded(text: str) -> str:
    """A text that no spreadsheet computes: an apostrophe stands before what could be a formula."""
    return _FORMULA.sub(r"\1'", text)


def _csv(kind: type[Row], rows: Iterable[Row]) -> Iterator[str]:
    names = _names(kind)
    yield _BYTE_ORDER_MARK + _line(names)
    for row in rows:
        yield _line([guarded(_cell(getattr(row, name))) for name in names])


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return _moment(value)
        case tuple():
            return ", ".join(value)
        case _:
            return str(value)


def _json(kind: type[Row], rows: Iterable[Row]) -> Iterator[str]:
    names, before = _names(kind), "[\n"
    for row in rows:
        values = {name: _literal(getattr(row, name)) for name in names}
        yield before + json.dumps(values, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _literal(value: Value) -> object:
    return _moment(value) if isinstance(value, datetime) else value


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _names(kind: type[Row]) -> list[str]:
    return [field.name for field in fields(kind)]
