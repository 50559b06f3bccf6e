"""Sixty invented colleagues: what they follow, where they share, and what they do with a post."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.domain import networks
from bot.domain.model import SkipReason, Stage
from bot.domain.post import Network
from bot.slack.views.responses import REASON_LABELS
from tests.weeks import reading

TOPICS: Final = ("releases", "engineering", "performance", "community")
NETWORKS: Final = (Network.LINKEDIN, Network.X, Network.BLUESKY)
_FIRST: Final = ("Ana", "Ben", "Chi", "Dan", "Eva", "Fay", "Gil", "Hao", "Ida", "Jon")
_LAST: Final = ("Abel", "Brun", "Cruz", "Diaz", "Ek", "Faro")
# What somebody does with a post that they look at, out of a hundred; the rest do nothing.
_DONE: Final = ((Stage.OPENED, 20), (Stage.SHARED, 22), (Stage.SKIPPED, 30), (Stage.INTERESTED, 8))
_LOOKS_AT_THE_CHANNEL: Final = 0.3  # at each post, where they have not been asked about it


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody does with one post: how far they go, where, and why they skip it."""

    stage: Stage
    network: Network | None = None
    reason: SkipReason | None = None

    def figures(self) -> Iterator[str]:
        """The names of the figures that count them."""
        if self.stage in (Stage.OPENED, Stage.SHARED):
            yield reading.OPENED
            if self.network is not None:
                yield f"{reading.OPENED}: {networks.name(self.network)}"
        if self.stage is Stage.SHARED:
            yield reading.SHARED
        if self.stage is Stage.INTERESTED:
            yield reading.INTERESTED
        if self.stage is Stage.SKIPPED:
            yield reading.SKIPPED
            why = REASON_LABELS[self.reason].lower() if self.reason else reading.NO_REASON
            yield f"{reading.SKIPPED}: {why}"


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of the staff, with what they chose."""

    name: str
    real_name: str
    topics: tuple[str, ...]
    network: Network
    direct: bool

    def reaction(self, seed: int, post: int, *, asked: bool) -> Reaction | None:
        """What they do with a post, the same whenever they meet it; None for nothing."""
        chance = random.Random(f"{seed} {self.name} {post}")
        if not asked and chance.random() > _LOOKS_AT_THE_CHANNEL:
            return None
        drawn = chance.randrange(100)
        for stage, part in _DONE:
            if drawn < part:
                opened = stage in (Stage.OPENED, Stage.SHARED)
                reason = chance.choice((None, *list(SkipReason)[:3]))
                return Reaction(
                    stage,
                    self.network if opened else None,
                    reason if stage is Stage.SKIPPED else None,
                )
            drawn -= part
        return None


def invent(count: int, seed: int) -> list[Colleague]:
    """So many of them; the same ones for the same seed."""
    chance = random.Random(seed)
    names = [(first, last) for last in _LAST for first in _FIRST]
    return [
        Colleague(
            f"{first}.{last}".lower(),
            f"{first} {last}",
            tuple(sorted(chance.sample(TOPICS, chance.choice((1, 2, 2, 3, 4))))),
            chance.choices(NETWORKS, (6, 3, 1))[0],
            chance.random() < 0.8,
        )
        for first, last in names[:count]
    ]
