"""Other numbers for the rules, to try for one run: `PacingConstants` by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, Final

from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS, PacingConstants

NAMES: Final = tuple(field.name.upper() for field in fields(PacingConstants))


def read(text: str) -> tuple[str, float]:
    """A name and a value, written like `STOPS_AFTER=6`.

    Raises:
        ValueError: with a sentence that says what is taken.
    """
    name, equals, number = text.partition("=")
    if not equals or name not in NAMES:
        raise ValueError(f"write NAME=VALUE with one of {', '.join(NAMES)}")
    whole = isinstance(getattr(DEFAULT_PACING_CONSTANTS, name.lower()), int)
    try:
        wanted = int(number) if whole else float(number)
    except ValueError:
        raise ValueError(f"{name} takes a {'whole ' if whole else ''}number") from None
    if not 0 < wanted <= 1000:
        raise ValueError(f"{name} takes a number above 0")
    return name, wanted


def read_constants(texts: Iterable[str]) -> PacingConstants:
    """The defaults with these values in their place.

    Raises:
        ValueError: with a sentence that says what is taken.
    """
    changed: dict[str, Any] = {name.lower(): value for name, value in map(read, texts)}
    return replace(DEFAULT_PACING_CONSTANTS, **changed)
