"""`.env`: the settings that stand in a file, and names there or around it that no setting has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from bot.first_settings import FirstSettings
from bot.setting_values import SECRETS, variables
from bot.settings import Settings

ENV_FILE: Final = Path(".env")  # in the working directory
_ALIKE: Final = 0.75  # how alike a mistyped variable and a setting must be

KNOWN: Final = sorted(
    {each.name.upper() for kind in (Settings, FirstSettings) for each in variables(kind)}
    | {f"{secret}_FILE" for secret in SECRETS}
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A variable that is no setting and has no effect; `meant` is the nearest one that is."""

    variable: str
    meant: str | None

    def __str__(self) -> str:
        hint = f" Did you mean {self.meant}?" if self.meant else ""
        return f"{self.variable} is no setting of the bot and has no effect.{hint}"


def read(path: Path = ENV_FILE) -> dict[str, str]:
    """What stands in the file; nothing where there is none."""
    return {key: value for key, value in dotenv_values(path).items() if value is not None}


def find_unknown(variables: Iterable[str]) -> list[Unknown]:
    """Those that no setting has, in their order."""
    return [
        Unknown(each, next(iter(difflib.get_close_matches(each.upper(), KNOWN, 1, _ALIKE)), None))
        for each in variables
        if each not in KNOWN
    ]


def find_misspelt(environ: Iterable[str], in_file: Iterable[str]) -> list[Unknown]:
    """Variables of the process that no setting has, but nearly; those of `.env` are told apart.

    systemd and containers give settings this way. What is like no setting is of another program.
    """
    others = sorted(set(environ) - set(in_file))
    return [unknown for unknown in find_unknown(others) if unknown.meant is not None]
