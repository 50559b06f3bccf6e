"""How values in `.env` are read, and what is said of those that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SECRETS: Final = frozenset(
    {
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_CONFIG_TOKEN",
        "DATABASE_URL",
    }
)
TOKEN: Final = re.compile(r"(?:xox[a-z]|xoxe\.xox[a-z]|xapp)-")
_SCHEME: Final = re.compile(r"[a-z0-9+_]+://")


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting that cannot be used: what it got (None: nothing) and what it takes.

    `got` never holds a secret; `takes` is a whole sentence.
    """

    variable: str
    got: str | None
    takes: str

    def __str__(self) -> str:
        state = "is not set" if self.got is None else f"is {self.got}"
        return f"{self.variable} {state}. {self.takes}"


class SettingsError(Exception):
    """The settings cannot be used; holds every problem found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def shown(variable: str, text: str) -> str:
    """A value as people may read it, on one line: of a secret only its kind and its length."""
    if variable == "DATABASE_URL":
        kind = _SCHEME.match(text)
        secret = not text.startswith("sqlite")
    else:
        # Searched for everywhere: a token may have got into the wrong variable.
        kind = TOKEN.search(text)
        secret = kind is not None or variable in SECRETS
    if secret:
        return f"{kind[0] if kind else ''}… ({len(text)} characters)"
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= 60 else f'"{line[:59]}…"'


def reads(
    parse: Callable[[str], object], *, default: str | None = None, takes: str | None = None
) -> dict[str, Any]:
    """How a field is read: by `parse`, from `default` when empty; required if `takes` is given."""
    return {"parse": parse, "default": default, "takes": takes}


def variables(kind: type[DataclassInstance]) -> list[Field[Any]]:
    """The fields that are variables in `.env`."""
    return [each for each in fields(kind) if "parse" in each.metadata]


def read_fields(
    kind: type[DataclassInstance], environ: Mapping[str, str]
) -> tuple[dict[str, Any], list[Problem]]:
    """Every field of `kind` that can be read, by its name, and the problems of the others.

    An empty value counts as not set.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for each in variables(kind):
        variable = each.name.upper()
        text = environ.get(variable, "").strip()
        try:
            values[each.name] = _value(text, **each.metadata)
        except ValueError as error:
            problems.append(Problem(variable, shown(variable, text) if text else None, str(error)))
    return values, problems


def _value(
    text: str, *, parse: Callable[[str], object], default: str | None, takes: str | None
) -> object:
    if text:
        return parse(text)
    if takes is not None:
        raise ValueError(takes)
    return None if default is None else parse(default)
