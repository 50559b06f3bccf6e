"""Other defaults, to try for one run: the constants of the rules, by name.

A constant is replaced in its module while the run lasts, in this process alone; the bot itself has
no such switch, so that its rules stay what their modules say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Final

from bot.domain import fatigue, first_group, pacing

_MODULES: Final[dict[str, ModuleType]] = {
    "SLOWS_AFTER": pacing,
    "STOPS_AFTER": pacing,
    "LAPSES_AFTER_DAYS": pacing,
    "AMBER_STRETCH": pacing,
    "AMBER_DECLINED": fatigue,
    "RED_DECLINED": fatigue,
    "AMBER_PAUSED": fatigue,
    "RED_PAUSED": fatigue,
    "AMBER_LEFT": fatigue,
    "RED_LEFT": fatigue,
    "LEAST": first_group,
    "SHARE": first_group,
    "ENOUGH_ANSWERS": first_group,
    "TOO_MANY_SKIPS": first_group,
    "GROWS_AFTER_DAYS": first_group,
}
NAMES: Final = tuple(_MODULES)


def value(name: str) -> float:
    """What the constant is now."""
    known: float = getattr(_MODULES[name], name)
    return known


def read(text: str) -> tuple[str, float]:
    """A name and a value, written like `STOPS_AFTER=6`.

    Raises:
        ValueError: with a sentence that says what is taken.
    """
    name, equals, number = text.partition("=")
    if not equals or name not in _MODULES:
        raise ValueError(f"write NAME=VALUE with one of {', '.join(NAMES)}")
    whole = isinstance(value(name), int)
    try:
        wanted = int(number) if whole else float(number)
    except ValueError:
        raise ValueError(f"{name} takes a {'whole ' if whole else ''}number") from None
    if not 0 < wanted <= 1000:
        raise ValueError(f"{name} takes a number above 0")
    return name, wanted


@contextmanager
def instead(values: Mapping[str, float]) -> Iterator[None]:
    """These values instead of the defaults, until the end of the block."""
    before = {name: value(name) for name in values}
    try:
        for name, wanted in values.items():
            setattr(_MODULES[name], name, wanted)
        yield
    finally:
        for name, was in before.items():
            setattr(_MODULES[name], name, was)
