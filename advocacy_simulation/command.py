"""What `python -m bot simulate` does: run, tell and draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from advocacy_simulation import variations
from advocacy_simulation.comparison import compared
from advocacy_simulation.figures import figures
from advocacy_simulation.people import Crowd
from advocacy_simulation.picture import picture
from advocacy_simulation.run import Setting, everything, paced
from advocacy_simulation.table import table

PICTURE = "pacing.svg"


def read_setting(members: int, days: int, seed: int, values: Sequence[str]) -> Setting:
    """So many people with the usual habits, for so many days; `values` for numbers of the rules.

    Raises:
        ValueError: with a sentence that says what is taken of `values`.
    """
    return Setting(Crowd(members), days, seed, constants=variations.read_constants(values))


def report(setting: Setting, into: Path | None, *, compare: bool) -> Iterator[str]:
    """A run in words, a part at a time.

    With `into` the picture goes into that folder; with `compare`, other defaults follow.

    Raises:
        OSError: the picture cannot be written.
    """
    if into is not None:
        into.mkdir(parents=True, exist_ok=True)  # before a run that would be for nothing
    found = figures(paced(setting), everything(setting))
    yield table(setting, found)
    if into is not None:
        path = into / PICTURE
        path.write_text(picture(setting, found), encoding="utf-8")
        yield f"\nThe picture: {path}"
    if compare:
        yield ""
        yield from compared(setting)
