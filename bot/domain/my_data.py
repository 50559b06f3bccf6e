"""The record of one person: every value that is stored of them, as their own words and rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.domain.ids import MemberId, UserId
from bot.domain.retention import COLUMNS, DEFAULT_EVIDENCE_YEARS, Kind, Life

RECORD: Final = "act"  # the table of what comms did
OWN: Final = (Kind.PERSON, Kind.LINK)  # kinds of columns that hold something of a person
# What is shown beside a person's own columns, so that they can tell what a row is about.
_BESIDE: Final = MappingProxyType(
    {
        "workspace": ("frozen_at", "frozen_until"),
        "revision": ("post_id", "number", "title", "written_at"),
        "decision": ("post_id", "revision", "what", "at"),
        "act": ("at", "what", "post_id", "revision", "state_before", "state_after"),
        "notice": ("kind", "post_id", "created_at", "not_before", "sent_at"),
    }
)


# Numbers that count everybody's rows: a person could read from them how many others there are, and
# how much they did meanwhile.
_ROW_NUMBERS: Final = frozenset({"id", "member_id", "response_id", "notice_id", "sender"})


@dataclass(frozen=True, slots=True)
class RowNumber:
    """In the place of a number that is stored and, for the others' sake, not shown."""


@dataclass(frozen=True, slots=True)
class Named:
    """A number that stands for something with a name: a post's title, or a text."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of a table: its values by column, in the order of `columns_of`.

    `about` is the title of the post that it is about, empty where it is about none.
    """

    table: str
    values: tuple[tuple[str, object], ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class PersonalRecord:
    """All that is stored of one person, oldest first in each table.

    `member_id` is None for somebody who never joined. `time_zone` is their IANA zone, or the
    workspace's. `evidence_years` is how long it is kept who in comms did what.
    """

    user_id: UserId
    member_id: MemberId | None
    time_zone: str
    rows: tuple[StoredRow, ...] = ()
    evidence_years: int = DEFAULT_EVIDENCE_YEARS

    def in_table(self, table: str) -> Iterator[StoredRow]:
        """The rows of one table."""
        return (row for row in self.rows if row.table == table)

    @property
    def in_record(self) -> bool:
        """Whether the record of comms holds an act of theirs, which stays when they are erased."""
        return any(self.in_table(RECORD))

    @property
    def erasable(self) -> bool:
        """Whether anything is stored of them that goes when they ask for it."""
        return any(row.table != RECORD for row in self.rows)


def tables() -> tuple[str, ...]:
    """Every table that holds something of a person."""
    return tuple(
        table
        for table, columns in COLUMNS.items()
        if any(column.kind in OWN for column in columns.values())
    )


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table that a person sees of their rows."""
    beside = _BESIDE.get(table, ())
    return tuple(
        name for name, column in COLUMNS[table].items() if column.kind in OWN or name in beside
    )


def counts_others(table: str, column: str) -> bool:
    """Whether a value tells something of other people, and so is named and not shown."""
    return column in _ROW_NUMBERS and COLUMNS[table][column].kind in OWN


def life_of(table: str) -> Life:
    """How long most of what is a person's own in a table is kept."""
    lives = [column.life for column in COLUMNS[table].values() if column.kind in OWN]
    return max(lives, key=lives.count)


def lasts(life: Life, evidence_years: int) -> str:
    """Until when a value is kept, with this workspace's own number of years."""
    if life is not Life.EVIDENCE:
        return life.value
    return f"for {show_years(evidence_years)}"


def show_years(count: int) -> str:
    """So many years, in words: "1 year", "3 years"."""
    return f"{count} year{'' if count == 1 else 's'}"
