"""Disclosures beside the workspace's own: for a language, for a market, or accepted as well.

Each is a line: `de: Anzeige | Ich arbeite bei Acme` is for texts in German, `UK: Ad | I work at
Acme` is for a market, and a line without either is accepted in any text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from bot.domain import languages
from bot.domain.disclosure import check_disclosure

MOST_LINES: Final = 20
_KEYED: Final = regex.compile(r"\s*(\p{L}[\p{L} ]{1,19}):\s+(.*)")


@dataclass(frozen=True, slots=True)
class LocalDisclosure:
    """A phrase and what it is for: a language's code in small letters, a market, or nothing."""

    phrase: str
    key: str = ""

    @property
    def language(self) -> str | None:
        """The language whose texts get the phrase; None where it is only accepted."""
        return self.key if self.key in languages.NAMES else None

    def __str__(self) -> str:
        return f"{self.key}: {self.phrase}" if self.key else self.phrase


@lru_cache(maxsize=64)  # the row of a workspace is read often
def parse(text: str, *, commas: bool = False) -> tuple[LocalDisclosure, ...]:
    """The disclosures in lines, or between semicolons; with `commas` also between those.

    Raises:
        ValueError: With a sentence that names the line, for one that names no employer, for a
            language that nobody knows, and for two of one language.
    """
    split = r"[;\n]" if not commas or regex.search(r"[;\n]", text) else ","
    lines = [line.strip() for line in regex.split(split, text) if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValueError(f"It takes up to {MOST_LINES} lines.")
    found = tuple(dict.fromkeys(map(_parse_line, lines)))
    spoken = [each.key for each in found if each.language]
    twice = next((code for code in spoken if spoken.count(code) > 1), None)
    if twice is not None:
        raise ValueError(f"Please give one phrase for each language. {twice} has two.")
    return found


def show(disclosures: tuple[LocalDisclosure, ...]) -> str:
    """The same on one line, as `parse` with `commas` reads it."""
    shown = "; ".join(map(str, disclosures))
    return f"{shown};" if "," in shown and len(disclosures) == 1 else shown


def _parse_line(line: str) -> LocalDisclosure:
    keyed = _KEYED.fullmatch(line)
    key, phrase = ("", line) if keyed is None else (keyed[1].strip(), keyed[2])
    if key.islower() and key not in languages.NAMES:
        raise ValueError(
            f"“{key}” is no language that I know. Begin the line with two small letters, such as "
            "de, or with a market's capital letter, such as UK."
        )
    try:
        return LocalDisclosure(check_disclosure(phrase), key)
    except ValueError as error:
        raise ValueError(f"“{line[:40]}”: {error}") from None
