"""Terms that a company keeps out of its posts: claims, or names that are not announced yet."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import regex

MOST_TERMS: Final = 100
MAX_TERM: Final = 60


def parse(text: str) -> tuple[str, ...]:
    """Terms separated by commas, each once; raises ValueError with a sentence."""
    terms = [" ".join(each.split()) for each in text.split(",") if each.strip()]
    if len(terms) > MOST_TERMS or max(map(len, terms), default=0) > MAX_TERM:
        raise ValueError(
            f"It takes up to {MOST_TERMS} terms of {MAX_TERM} characters at most, separated by "
            "commas, such as world's first, Project Falcon."
        )
    return tuple(dict.fromkeys(terms))


def find(text: str, terms: Iterable[str]) -> str | None:
    """The first of the terms that the text has, as whole words in any case and any spacing."""
    plain = _plain(text)
    for term in terms:
        words = _words(term)
        # Most terms are not there, which is seen at once; a pattern for each would take long.
        if words and words in plain and regex.search(rf"(?<!\w){regex.escape(words)}(?!\w)", plain):
            return term
    return None


@lru_cache(maxsize=MOST_TERMS)
def _words(term: str) -> str:
    """A term as it is looked for; each field of a form is searched for all of them."""
    return _plain(term).strip()


def _plain(text: str) -> str:
    """Casefolded, with one blank between words. Phones write quotation marks as curly ones."""
    straight = text.replace("\u2019", "'").replace("\u2018", "'")
    return regex.sub(r"[\s\-]+", " ", straight).casefold()
