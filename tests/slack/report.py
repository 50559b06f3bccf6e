"""What came of each kind of fault, as one table at the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from typing import Any

import pytest

from tests.slack.workload import Tally

_HEAD = ("fault", "acknowledged", "stored", "lost", "posted", "twice", "uncertain", "at rest after")
_ROW, _LINE, _FEED = "fault", "line", "feed"


class Record:
    """Keeps what a test found out with its result, so that another process can print it."""

    def __init__(self, keep: Callable[[str, object], None]) -> None:
        self._keep = keep

    def row(self, fault: str, tally: Tally, seconds: float) -> None:
        """One kind of fault: what came of it, and how long it took until nothing was left to do."""
        self._keep(_ROW, [fault, *map(str, astuple(tally)), f"{seconds:.1f} s"])

    def sum(self, fault: str, ended: Iterable[tuple[Tally, float]]) -> None:
        """The same of several workspaces: the sum of all, and the longest time."""
        tallies, seconds = zip(*ended, strict=True)
        columns = zip(*map(astuple, tallies), strict=True)
        self.row(fault, Tally(*map(sum, columns)), max(seconds))

    def exit(self, what: str, seconds: float) -> None:
        """How long the program took to end."""
        self.line(f"ends after SIGTERM, {what}: {seconds:.2f} s")

    def feed(self, name: str, said: str, asked: int) -> None:
        """A wrong feed: what comms read of it, and how many people were asked anything."""
        self._keep(_FEED, [name, " / ".join(said.splitlines()), str(asked)])

    def line(self, text: str) -> None:
        """Anything else."""
        self._keep(_LINE, text)


def table(reports: Iterable[pytest.TestReport]) -> list[str]:
    """The lines of the table, and the other ones; none where nothing was recorded."""
    kept = [each for report in reports for each in report.user_properties]
    rows = [value for name, value in kept if name == _ROW]
    return [*_aligned(rows), *(str(value) for name, value in kept if name == _LINE)]


def feeds(reports: Iterable[pytest.TestReport]) -> list[str]:
    """What comms read of each wrong feed; none where nothing was recorded."""
    kept = [each for report in reports for each in report.user_properties]
    rows = [value for name, value in kept if name == _FEED and isinstance(value, list)]
    width = max((len(name) for name, *_ in rows), default=0)
    return [f"{name.ljust(width)}  asked: {asked}  {said}" for name, said, asked in rows]


def _aligned(rows: Sequence[Any]) -> list[str]:
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(_HEAD, *rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])])
        for row in (_HEAD, *rows)
    ]
