"""Invented people: what they care for, what bothers them, and how they answer.

Every number here is made up. Chance is passed in: the same seed makes the same people, and a
person meets the same post with the same luck however they came to see it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from bot.domain.draws import seed_of
from bot.domain.ids import UserId
from bot.domain.model import Outcome, Pace, SkipReason
from bot.domain.post import Network

TOPICS: Final = (
    "product",
    "engineering",
    "research",
    "hiring",
    "events",
    "culture",
    "planet",
    "law",
)
NETWORKS: Final = (Network.LINKEDIN, Network.X, Network.BLUESKY)
ZONES: Final = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
# Most keep the pace that is offered first.
PACES: Final = {
    Pace.MONTHLY: 5,
    Pace.FORTNIGHTLY: 15,
    Pace.WEEKLY: 65,
    Pace.TWICE_A_WEEK: 10,
    Pace.THRICE_A_WEEK: 5,
}
# Annoyance halves in so many days: a bad week is not forgotten by the next one.
HALVES_IN: Final = timedelta(days=21)
# What even a perfect ask costs, of the 1 that an ask without any interest costs.
LEAST_ANNOYANCE: Final = 0.1
# From which annoyance on (in units of a person's patience) somebody may pause, or leave.
PAUSES_FROM: Final = 1.5
LEAVES_FROM: Final = 2.0
# Out of a hundred: pauses for a holiday in a week, and leaves in a week for reasons of their own.
HOLIDAYS: Final = 0.01
MOVES_ON: Final = 0.002


class Kind(StrEnum):
    """What somebody is like."""

    KEEN = "keen"
    SELECTIVE = "selective"
    BUSY = "busy"
    RELUCTANT = "reluctant"
    EASILY_BOTHERED = "easily bothered"


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody of a kind answers.

    `weight` is how many of a hundred people there are. `answers` is the chance that they answer
    at all, unbothered. They share every other post of the interest `wants`, from 0 to 1. `patience`
    is how much annoyance they bear; `resumes` the chance, in a week, that they resume by themselves
    after the bot stopped.
    """

    weight: int
    answers: float
    wants: float
    patience: float
    resumes: float


HABITS: Final = {
    Kind.KEEN: Habit(15, answers=0.85, wants=0.25, patience=3.0, resumes=0.20),
    Kind.SELECTIVE: Habit(35, answers=0.65, wants=0.50, patience=2.0, resumes=0.08),
    Kind.BUSY: Habit(25, answers=0.30, wants=0.40, patience=2.0, resumes=0.02),
    Kind.RELUCTANT: Habit(15, answers=0.60, wants=0.85, patience=1.5, resumes=0.0),
    Kind.EASILY_BOTHERED: Habit(10, answers=0.60, wants=0.50, patience=0.6, resumes=0.0),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who joins on a day of the first four weeks.

    They chose `topics`; `interests`, from 0 to 1, is what their audience really cares for.
    """

    id: int
    kind: Kind
    joins_on: int
    zone: str
    pace: Pace
    topics: frozenset[str]
    networks: frozenset[Network]
    interests: Mapping[str, float]
    patience: float
    answers: float

    @property
    def user_id(self) -> UserId:
        """Who they are in Slack."""
        return UserId(f"U{self.id:03}")

    @property
    def seed(self) -> int:
        """What they draw with."""
        return seed_of(self.user_id)

    @property
    def habit(self) -> Habit:
        """How they answer."""
        return HABITS[self.kind]


class MemberDecision(StrEnum):
    """What somebody decides about being asked at all, besides answering."""

    PAUSE = "pause"
    LEAVE = "leave"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What comes of an ask, `after` some time; no outcome is no answer."""

    outcome: Outcome | None
    after: timedelta = timedelta(0)
    reason: SkipReason | None = None
    decision: MemberDecision | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people there are, and how they differ from the habits above.

    `patience` and `answers` multiply everybody's; `pace`, if any, is what all of them chose.
    """

    members: int = 500
    patience: float = 1.0
    answers: float = 1.0
    pace: Pace | None = None


def people(crowd: Crowd, seed: int) -> list[Person]:
    """The people of a crowd, the same for the same seed."""
    return [
        _person(number, crowd, Random(f"{seed}:person:{number}"))
        for number in range(1, crowd.members + 1)
    ]


def interest(
    person: Person, topics: tuple[str, ...], networks: frozenset[Network], quality: float
) -> float:
    """What a post is to somebody, from 0 to 1; nothing where they could not share it."""
    if person.networks.isdisjoint(networks):
        return 0.0
    return quality * max(person.interests[topic] for topic in topics)


def faded(annoyance: float, since: datetime, now: datetime) -> float:
    """What is left of an annoyance."""
    return annoyance * math.exp(-math.log(2) * ((now - since) / HALVES_IN))


def added_annoyance(liked: float) -> float:
    """What an ask of this interest adds to somebody's annoyance."""
    return max(LEAST_ANNOYANCE, 1.0 - liked)


def react(person: Person, liked: float, quality: float, annoyance: float, luck: Random) -> Reaction:
    """What somebody does with an ask of this interest; `annoyance` counts it already."""
    # All chance is drawn first, so that a calmer person differs by the calm and not by the luck.
    left, paused, answered, shared, why, put_off = (luck.random() for _ in range(6))
    after = min(timedelta(days=6), timedelta(hours=luck.expovariate(1 / 10)))
    strain = annoyance / person.patience
    if left < (strain - LEAVES_FROM) * 0.25:
        return Reaction(Outcome.OTHER, after, decision=MemberDecision.LEAVE)
    if paused < (strain - PAUSES_FROM) * 0.15:
        return Reaction(Outcome.OTHER, after, decision=MemberDecision.PAUSE)
    if answered >= person.answers / (1 + strain / 2):
        return Reaction(None)
    if shared < 1 / (1 + math.exp((person.habit.wants - liked) / 0.08)):
        return Reaction(Outcome.SHARED, after)
    if put_off < 0.08:
        return Reaction(Outcome.LATER, after)
    if strain > 1 and why < 0.4:
        return Reaction(Outcome.SKIPPED, after, SkipReason.TOO_OFTEN)
    if liked < quality / 2 and why < 0.5:  # the post is not to blame
        return Reaction(Outcome.SKIPPED, after, SkipReason.NOT_MY_AUDIENCE)
    return Reaction(Outcome.SKIPPED, after)


def _person(number: int, crowd: Crowd, chance: Random) -> Person:
    kind = chance.choices(list(HABITS), [habit.weight for habit in HABITS.values()])[0]
    pace = chance.choices(list(PACES), list(PACES.values()))[0]
    topics = frozenset(chance.sample(TOPICS, chance.randint(2, 4)))
    networks = {Network.LINKEDIN} if chance.random() < 0.85 else set[Network]()
    networks |= set(chance.sample(NETWORKS[1:], chance.choice((0, 0, 1)) if networks else 1))
    return Person(
        id=number,
        kind=kind,
        joins_on=chance.randrange(28),
        zone=chance.choice(ZONES),
        pace=crowd.pace or pace,
        topics=topics,
        networks=frozenset(networks),
        interests={topic: _interest(topic in topics, chance) for topic in TOPICS},
        patience=HABITS[kind].patience * chance.uniform(0.7, 1.3) * crowd.patience,
        answers=HABITS[kind].answers * crowd.answers,
    )


def _interest(followed: bool, chance: Random) -> float:
    if not followed:
        return chance.uniform(0.0, 0.3)
    # One followed topic of five is not for their audience after all.
    return chance.uniform(0.6, 1.0) if chance.random() < 0.8 else chance.uniform(0.1, 0.4)
