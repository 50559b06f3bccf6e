"""What `python -m bot simulate` does: run, tell and draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.simulate import variations
from bot.simulate.comparison import compared
from bot.simulate.figures import figures
from bot.simulate.people import Crowd
from bot.simulate.picture import picture
from bot.simulate.run import Setting, everything, paced
from bot.simulate.table import table

PICTURE = "pacing.svg"


def read_values(texts: Sequence[str]) -> dict[str, float]:
    """Values for constants of the rules, as they are typed.

    Raises:
        ValueError: with a sentence that says what is taken.
    """
    return dict(map(variations.read, texts))


def setting(members: int, days: int, seed: int) -> Setting:
    """So many people with the usual habits, for so many days."""
    return Setting(Crowd(members), days, seed)


def told(
    setting: Setting, values: Mapping[str, float], into: Path | None, *, compare: bool
) -> Iterator[str]:
    """A run in words, a part at a time, with `values` for constants of the rules.

    With `into` the picture goes into that folder; with `compare`, other defaults follow.

    Raises:
        OSError: the picture cannot be written.
    """
    if into is not None:
        into.mkdir(parents=True, exist_ok=True)  # before a run that would be for nothing
    with variations.instead(values):
        found = figures(paced(setting), everything(setting))
    yield table(setting, found)
    if into is not None:
        path = into / PICTURE
        path.write_text(picture(setting, found), encoding="utf-8")
        yield f"\nThe picture: {path}"
    if compare:
        yield ""
        with variations.instead(values):
            yield from compared(setting)
