"""What came of each kind of fault, as one table at the end of the run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from tests.slack.workload import Tally

_HEAD = ("fault", "acknowledged", "stored", "lost", "posted", "twice", "uncertain", "at rest after")
_rows: list[Row] = []
_exits: list[tuple[str, float]] = []


@dataclass(frozen=True)
class Row:
    """One kind of fault: what came of it, and the longest time until nothing was left to do."""

    fault: str
    tally: Tally
    seconds: float

    @classmethod
    def sum(cls, fault: str, ended: Iterable[tuple[Tally, float]]) -> Row:
        """The sum of what came of several workspaces."""
        tallies, seconds = zip(*ended, strict=True)
        columns = zip(*map(astuple, tallies), strict=True)
        return cls(fault, Tally(*map(sum, columns)), max(seconds))


def record(row: Row) -> None:
    """Add a row to the table."""
    _rows.append(row)


def record_exit(what: str, seconds: float) -> None:
    """Remember how long the program took to end."""
    _exits.append((what, seconds))


def table() -> list[str]:
    """The lines of the table, and of the times to exit; none where nothing was recorded."""
    cells = [(row.fault, *map(str, astuple(row.tally)), f"{row.seconds:.1f} s") for row in _rows]
    lines = []
    if cells:
        widths = [max(map(len, column)) for column in zip(_HEAD, *cells, strict=True)]
        for row in (_HEAD, *cells):
            first, *others = (
                cell.ljust(width) if place == 0 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            lines.append("  ".join((first, *others)))
    lines += [f"ends after SIGTERM, {what}: {seconds:.2f} s" for what, seconds in _exits]
    return lines
