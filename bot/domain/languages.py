"""The languages that a wording can be in: ISO 639-1 codes and the names that people read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import regex

from bot.domain.post import Wording

_NAMED: Final = """
    ar Arabic, bg Bulgarian, bn Bengali, ca Catalan, cs Czech, cy Welsh, da Danish, de German,
    el Greek, en English, es Spanish, et Estonian, eu Basque, fa Persian, fi Finnish, fr French,
    ga Irish, gl Galician, he Hebrew, hi Hindi, hr Croatian, hu Hungarian, id Indonesian,
    is Icelandic, it Italian, ja Japanese, ko Korean, lt Lithuanian, lv Latvian, ms Malay,
    nl Dutch, no Norwegian, pl Polish, pt Portuguese, ro Romanian, ru Russian, sk Slovak,
    sl Slovenian, sq Albanian, sr Serbian, sv Swedish, sw Swahili, ta Tamil, th Thai, tr Turkish,
    uk Ukrainian, ur Urdu, vi Vietnamese, zh Chinese
"""
NAMES: Final[dict[str, str]] = {entry.split()[0]: entry.split()[1] for entry in _NAMED.split(",")}
_MARK: Final = regex.compile(r"\s*\[([A-Za-z]{2})\]\s*")


def split(typed: str) -> tuple[str | None, str]:
    """The language that a text begins with, as in "[de] Guten Tag", and the rest.

    It is written into the field because a menu for each of thirty fields would make the form longer
    than anybody reads.

    Anything else in brackets is part of the text.
    """
    found = _MARK.match(typed)
    code = found[1].lower() if found else ""
    return (code, typed[found.end() :]) if found and code in NAMES else (None, typed)


def marked(wording: Wording) -> str:
    """The inverse of `split`: a wording as it is typed into the form."""
    return f"[{wording.language}] {wording.text}" if wording.language else wording.text


def theirs_first(wordings: Iterable[Wording], language: str | None) -> tuple[Wording, ...]:
    """The wordings in a member's language, then those in none, then the others.

    Within each the order stays; without a preference nothing changes.
    """
    if language is None:
        return tuple(wordings)
    ranks = {language: 0, None: 1}
    return tuple(sorted(wordings, key=lambda wording: ranks.get(wording.language, 2)))
