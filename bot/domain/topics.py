"""Topics: shown as they were written first, and the same in capitals or composed otherwise."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache


@lru_cache(maxsize=4_096)  # queues and lists compare the same few again and again
def topic_key(topic: str) -> str:
    """What topics are compared by, and what a member's row holds: casefolded, then NFC.

    The letters are taken apart before, so that a key is the key of itself (Unicode, 3.13, D145).
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", topic).casefold())


def topic_keys(topics: Iterable[str]) -> tuple[str, ...]:
    """The keys of topics, each once."""
    return tuple(dict.fromkeys(map(topic_key, topics)))


def spellings(topics: Iterable[str]) -> Mapping[str, str]:
    """How each topic is shown, by its key: as it comes first in `topics`."""
    shown: dict[str, str] = {}
    for topic in topics:
        shown.setdefault(topic_key(topic), topic)
    return shown


def first_spellings(topics: Iterable[str]) -> tuple[str, ...]:
    """The topics, each once, as it was written first."""
    return tuple(spellings(topics).values())
