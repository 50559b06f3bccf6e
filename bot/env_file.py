"""`.env`: the settings that stand in a file, and names there or around it that no setting has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.first_settings import FirstSettings
from bot.setting_values import SECRETS, Problem, SettingsError, variables
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
    """What stands in the file; nothing where there is none. Raises SettingsError."""
    values, problems = read_each(path)
    if problems:
        raise SettingsError(problems)
    return values


def read_each(path: Path) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """What stands in the file as far as it can be read, and what is wrong with the rest."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}, ()
    except UnicodeDecodeError:
        return {}, (_not_utf_8(path),)
    except OSError as error:
        takes = "Let the user who runs the bot read it."
        return {}, (Problem(str(path.absolute()), f"not readable ({error.strerror})", takes),)
    if "\0" in text:  # UTF-16 without a mark
        return {}, (_not_utf_8(path),)
    lines = list(parse_stream(StringIO(text)))
    takes = "It takes NAME=value, and quotes around a value with spaces or #."
    problems = tuple(
        Problem(f"{path.absolute()}, line {each.original.line}", "no setting", takes)
        for each in lines
        if each.error
    )
    good = "".join(each.original.string for each in lines if not each.error)
    found = dotenv_values(stream=StringIO(good))
    return {key: value for key, value in found.items() if value is not None}, problems


def _not_utf_8(path: Path) -> Problem:
    return Problem(str(path.absolute()), "not UTF-8 text", "Save it anew with the encoding UTF-8.")


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
