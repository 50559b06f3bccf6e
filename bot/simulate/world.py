"""What happens in the invented workspace: who is there, what they were asked, what they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Final

from bot.domain import fatigue, pacing
from bot.domain.fatigue import Counts, Reading
from bot.domain.model import Outcome, Pace, SkipReason
from bot.simulate.people import (
    HOLIDAYS,
    MOVES_ON,
    Deed,
    Person,
    Reaction,
    appeal,
    bother,
    faded,
    react,
)
from bot.simulate.posts import START, Post

CONSENT_LASTS: Final = timedelta(days=183)
RENEWABLE: Final = timedelta(days=14)
PAUSE: Final = timedelta(days=14)


def fits(person: Person, post: Post) -> bool:
    """Whether a topic and a network of the post are among those that the person chose."""
    topics, networks = person.topics, person.networks
    return not topics.isdisjoint(post.topics) and not networks.isdisjoint(post.networks)


@dataclass(slots=True)
class Ask:
    """A post proposed to somebody; `fits` says that a topic and a network of theirs meet it."""

    post: Post
    at: datetime
    again: bool
    fits: bool
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    reason: SkipReason | None = None


@dataclass(slots=True)
class Member:
    """A person as the bot knows them, and the `annoyance` it does not know."""

    person: Person
    pace: Pace
    joined_at: datetime
    consent_ends_at: datetime
    asks: list[Ask] = field(default_factory=list)
    run: int = 0
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    left_at: datetime | None = None
    stopped_at: datetime | None = None
    next_ask_at: datetime | None = None
    annoyance: float = 0.0
    annoyed_at: datetime = START

    def consents(self, now: datetime) -> bool:
        """Whether they may be asked anything at all."""
        return self.left_at is None and now < self.consent_ends_at

    def paused(self, now: datetime) -> bool:
        """Whether they asked for a rest."""
        return self.paused_until is not None and now < self.paused_until

    def bothered(self, now: datetime) -> float:
        """Their annoyance by now, in units of their patience."""
        return faded(self.annoyance, self.annoyed_at, now) / self.person.patience


@dataclass(frozen=True, slots=True)
class Day:
    """How a day began: the pace check, and what became of people so far."""

    reading: Reading
    members: int
    bothered: float
    left: int
    stopped: int
    paused: int


@dataclass(slots=True)
class World:
    """One workspace. `seed` draws all luck, so that two worlds of one seed differ by the asks.

    `stops` says that nobody is asked any more after several skips or silences in a row.
    """

    seed: int
    stops: bool = True
    members: list[Member] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    changed: list[Member] = field(default_factory=list)
    _coming: list[tuple[datetime, int, Member, Ask, Reaction]] = field(default_factory=list)
    _asks: int = 0

    def join(self, person: Person, now: datetime) -> None:
        """Somebody consents, chooses topics and wants direct messages."""
        member = Member(person, person.pace, now, now + CONSENT_LASTS, annoyed_at=now)
        self.members.append(member)
        self.changed.append(member)

    def ask(self, member: Member, post: Post, now: datetime, *, again: bool = False) -> None:
        """Propose a post to somebody; what they do about it happens later."""
        person = member.person
        liked = appeal(person, post.topics, post.networks, post.quality)
        annoyance = faded(member.annoyance, member.annoyed_at, now) + bother(liked)
        member.annoyance, member.annoyed_at = annoyance, now
        ask = Ask(post, now, again, fits(person, post))
        member.asks.append(ask)
        luck = Random(f"{self.seed}:{person.id}:{post.id}:{again}")
        reaction = react(person, liked, post.quality, annoyance, luck)
        if reaction.outcome is not None:
            self._asks += 1
            heappush(self._coming, (now + reaction.after, self._asks, member, ask, reaction))

    def answers(self, now: datetime) -> None:
        """All that people have clicked until now."""
        while self._coming and self._coming[0][0] <= now:
            at, _, member, ask, reaction = heappop(self._coming)
            if member.consents(at) and reaction.outcome is not None:
                self._answer(member, ask, reaction.outcome, reaction, at)

    def life(self, day: int, now: datetime) -> None:
        """Once a week, on a weekday of their own: holidays, farewells, and second thoughts."""
        for member in self.members:
            person = member.person
            if (day + person.id) % 7 or not member.consents(now):
                continue
            luck = Random(f"{self.seed}:{person.id}:week:{day // 7}")
            rests, goes, resumes = luck.random(), luck.random(), luck.random()
            if goes < MOVES_ON:
                self._do(member, Deed.LEAVE, now)
            elif rests < HOLIDAYS and not member.paused(now):
                self._do(member, Deed.PAUSE, now)
            if member.stopped_at is not None and resumes < person.habit.resumes:
                member.stopped_at, member.run = None, 0
                self.changed.append(member)

    def count(self, now: datetime) -> Counts:
        """What the pace check counts: asks settled within its window, and members of it."""
        since = now - fatigue.WINDOW
        became: list[Outcome] = []
        for member in self.members:
            became += [
                ask.outcome
                for ask in member.asks
                if ask.outcome is not None and ask.settled_at is not None and ask.settled_at > since
            ]
        there = [
            member
            for member in self.members
            if member.consent_ends_at > since and (member.left_at or now) > since
        ]
        return Counts(
            settled=len(became),
            skipped=became.count(Outcome.SKIPPED),
            lapsed=became.count(Outcome.LAPSED),
            members=len(there),
            paused=sum(one.paused_at is not None and one.paused_at > since for one in there),
            left=sum(one.left_at is not None for one in there),
        )

    def close(self, reading: Reading, now: datetime) -> None:
        """Keep how this day began."""
        here = [member for member in self.members if member.consents(now)]
        bothered = sum(member.bothered(now) for member in here) / max(1, len(here))
        self.days.append(
            Day(
                reading,
                members=len(here),
                bothered=bothered,
                left=sum(member.left_at is not None for member in self.members),
                stopped=sum(member.stopped_at is not None for member in here),
                paused=sum(member.paused(now) for member in here),
            )
        )

    def _answer(
        self, member: Member, ask: Ask, outcome: Outcome, reaction: Reaction, at: datetime
    ) -> None:
        member.run = pacing.run_after(member.run, ask.outcome, outcome)
        ask.outcome, ask.settled_at, ask.reason = outcome, at, reaction.reason
        if self.stops and member.run >= pacing.STOPS_AFTER and member.stopped_at is None:
            member.stopped_at = at
        # The one line of an ask in the last days of a consent; who shares is glad to go on.
        if outcome is Outcome.SHARED and member.consent_ends_at - at <= RENEWABLE:
            member.consent_ends_at = at + CONSENT_LASTS
        if reaction.deed is not None:
            self._do(member, reaction.deed, at)
        self.changed.append(member)

    def _do(self, member: Member, deed: Deed, at: datetime) -> None:
        if deed is Deed.LEAVE:
            member.left_at, member.next_ask_at = at, None
        elif deed is Deed.PAUSE:
            member.paused_at, member.paused_until = at, at + PAUSE
        else:
            member.pace = pacing.slower(member.pace)
        self.changed.append(member)
