"""What happens in the invented workspace: who is there, what they were asked, what they did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Final

from advocacy_simulation.people import (
    HOLIDAYS,
    MOVES_ON,
    MemberDecision,
    Person,
    Reaction,
    added_annoyance,
    faded,
    interest,
    react,
)
from advocacy_simulation.posts import START, WORKDAYS, Post
from bot.domain import matching, pace_check, paces, pacing
from bot.domain.hours import start_of_day
from bot.domain.matching import Interests
from bot.domain.model import Colour, Hours, Outcome, Pace, SkipReason, consents
from bot.domain.pace_check import Counts
from bot.domain.pacing import Schedule
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS, PacingConstants
from bot.domain.post import expired

HOURS: Final = Hours(9 * 60 + 30, 16 * 60 + 30)
CONSENT_LASTS: Final = timedelta(days=183)
RENEWABLE: Final = timedelta(days=14)
PAUSE: Final = timedelta(days=14)
FORGOTTEN_AFTER: Final = timedelta(days=30)


def fits(person: Person, post: Post) -> bool:
    """Whether a topic and a network of the post are among those that the person chose."""
    return matching.meets(interests_of(person), post.topics, post.networks)


def interests_of(person: Person) -> Interests:
    """What the bot knows of what they like."""
    return Interests(person.seed, person.topics, person.networks)


def schedule_of(person: Person) -> Schedule:
    """When somebody can be asked: all keep the same hours, in their own zones."""
    return Schedule(HOURS, WORKDAYS, person.zone, frozenset())


@dataclass(slots=True)
class Ask:
    """A post proposed to somebody; `fits` says that a topic and a network of theirs meet it.

    Unless somebody answers it, it lapses at `lapses_at`.
    """

    post: Post
    at: datetime
    repeat: bool
    fits: bool
    lapses_at: datetime | None
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    reason: SkipReason | None = None

    def forgotten(self, now: datetime) -> bool:
        """Whether its post ended so long ago that the bot no longer knows who was asked."""
        return now > self.post.expires_at + FORGOTTEN_AFTER


@dataclass(slots=True)
class Member:
    """A person as the bot knows them, and the `annoyance` it does not know.

    Those of their `asks` of which nothing has become yet are `open`.
    """

    person: Person
    pace: Pace
    joined_at: datetime
    consent_ends_at: datetime
    asks: list[Ask] = field(default_factory=list)
    open: list[Ask] = field(default_factory=list)
    consecutive_declines: int = 0
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    left_at: datetime | None = None
    stopped_at: datetime | None = None
    next_ask_at: datetime | None = None
    annoyance: float = 0.0
    annoyed_at: datetime = START

    def consents(self, now: datetime) -> bool:
        """Whether they may be asked anything at all."""
        return consents(self.left_at, self.consent_ends_at, now)

    def paused(self, now: datetime) -> bool:
        """Whether they asked for a rest."""
        return self.paused_until is not None and now < self.paused_until

    def lapsed(self, now: datetime) -> list[Ask]:
        """The open asks that nobody has answered in time."""
        return [ask for ask in self.open if ask.lapses_at is not None and ask.lapses_at <= now]

    def settle(self, ask: Ask, outcome: Outcome, at: datetime) -> None:
        """What became of an ask, and how many came to nothing in a row."""
        self.consecutive_declines = pacing.declines_after(
            self.consecutive_declines, ask.outcome, outcome
        )
        ask.outcome, ask.settled_at = outcome, at
        # A new list: whoever settles what is open goes on through the old one.
        self.open = [one for one in self.open if one.outcome is None]

    def strain(self, now: datetime) -> float:
        """Their annoyance by now, in units of their patience."""
        return faded(self.annoyance, self.annoyed_at, now) / self.person.patience


@dataclass(frozen=True, slots=True)
class Day:
    """How a day began: the pace check, and what became of people so far."""

    colour: Colour
    members: int
    strain: float
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
    constants: PacingConstants = DEFAULT_PACING_CONSTANTS
    members: list[Member] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    changed: list[tuple[Member, datetime]] = field(default_factory=list)
    _coming: list[tuple[datetime, int, Member, Ask, Reaction]] = field(default_factory=list)
    _asks: int = 0

    def join(self, person: Person, now: datetime) -> None:
        """Somebody consents, chooses topics and wants direct messages."""
        ends = start_of_day(now + CONSENT_LASTS, person.zone)
        member = Member(person, person.pace, now, ends, annoyed_at=now)
        self.members.append(member)
        self.changed.append((member, now))

    def ask(self, member: Member, post: Post, now: datetime, *, again: bool = False) -> Ask:
        """Propose a post to somebody; what they do about it happens later."""
        person = member.person
        liked = interest(person, post.topics, post.networks, post.quality)
        annoyance = faded(member.annoyance, member.annoyed_at, now) + added_annoyance(liked)
        member.annoyance, member.annoyed_at = annoyance, now
        lapses_at = pacing.lapses_at(now, schedule_of(person), self.constants)
        ask = Ask(post, now, again, fits(person, post), lapses_at)
        member.asks.append(ask)
        member.open.append(ask)
        luck = Random(f"{self.seed}:{person.id}:{post.id}:{again}")
        reaction = react(person, liked, post.quality, annoyance, luck)
        if reaction.outcome is not None:
            self._asks += 1
            heappush(self._coming, (now + reaction.after, self._asks, member, ask, reaction))
        return ask

    def answers(self, now: datetime) -> None:
        """All that people have clicked until now.

        The message of a post that has ended has no buttons any more; who wants to pause or leave
        does so without it.
        """
        while self._coming and self._coming[0][0] <= now:
            at, _, member, ask, reaction = heappop(self._coming)
            if not member.consents(at):
                continue
            if at < ask.post.expires_at:
                self.answer(member, ask, reaction, at)
            if reaction.decision is not None:
                self.apply_decision(member, reaction.decision, at)

    def lapse(self, now: datetime) -> None:
        """Before a pace check: what nobody has answered in time counts, on its own day."""
        for member in self.members:
            if member.open:
                self._lapse(member, now)

    def end(self, now: datetime) -> None:
        """The messages about posts that have ended say so: nobody can answer them any more."""
        for member in self.members:
            for ask in member.open:
                if expired(ask.post.expires_at, now):
                    member.settle(ask, Outcome.ENDED, now)
                    self.changed.append((member, now))

    def weekly_events(self, day: int, now: datetime) -> None:
        """Once a week, on a weekday of their own: holidays, farewells, and second thoughts."""
        for member in self.members:
            person = member.person
            if (day + person.id) % 7 or not member.consents(now):
                continue
            luck = Random(f"{self.seed}:{person.id}:week:{day // 7}")
            rests, goes, resumes = luck.random(), luck.random(), luck.random()
            if goes < MOVES_ON:
                self.apply_decision(member, MemberDecision.LEAVE, now)
            elif rests < HOLIDAYS and not member.paused(now):
                self.apply_decision(member, MemberDecision.PAUSE, now)
            elif member.stopped_at is not None and resumes < person.habit.resumes:
                self.apply_decision(member, MemberDecision.RESUME, now)

    def count(self, now: datetime) -> Counts:
        """What the pace check counts: asks settled within its window, and members of it."""
        since = now - pace_check.WINDOW
        settled = [
            (member.person.id, ask.outcome in (Outcome.SKIPPED, Outcome.LAPSED))
            for member in self.members
            for ask in member.asks
            if ask.outcome not in (None, Outcome.ENDED)
            and ask.settled_at is not None
            and ask.settled_at > since
        ]
        there = [
            member
            for member in self.members
            if member.consent_ends_at > since and (member.left_at or now) > since
        ]
        return Counts(
            settled=len(settled),
            declined=sum(declined for _, declined in settled),
            decliners=len({who for who, declined in settled if declined}),
            takers=len({who for who, declined in settled if not declined}),
            members=len(there),
            paused=sum(one.paused_at is not None and one.paused_at > since for one in there),
            left=sum(one.left_at is not None for one in there),
        )

    def record_day(self, colour: Colour, now: datetime) -> None:
        """Keep how this day began."""
        here = [member for member in self.members if member.consents(now)]
        bothered = sum(member.strain(now) for member in here) / max(1, len(here))
        self.days.append(
            Day(
                colour,
                members=len(here),
                strain=bothered,
                left=sum(member.left_at is not None for member in self.members),
                stopped=sum(member.stopped_at is not None for member in here),
                paused=sum(member.paused(now) for member in here),
            )
        )

    def answer(self, member: Member, ask: Ask, reaction: Reaction, at: datetime) -> None:
        """Somebody clicks on an ask."""
        outcome = reaction.outcome
        assert outcome is not None
        member.settle(ask, outcome, at)
        ask.reason = reaction.reason
        self._stop(member, at)
        # The one line of an ask in the last days of a consent; who shares is glad to go on.
        if outcome is Outcome.SHARED and member.consent_ends_at - at <= RENEWABLE:
            member.consent_ends_at = start_of_day(at + CONSENT_LASTS, member.person.zone)
        if reaction.reason is SkipReason.TOO_OFTEN:
            member.pace = paces.slower(member.pace)
        self.changed.append((member, at))

    def apply_decision(self, member: Member, decision: MemberDecision, at: datetime) -> None:
        """Somebody decides about being asked at all. The bot keeps only the day of it."""
        today = start_of_day(at, member.person.zone)
        if decision is MemberDecision.LEAVE:
            member.left_at, member.next_ask_at = today, None
            for ask in member.open:
                member.settle(ask, Outcome.ENDED, at)
        elif decision is MemberDecision.PAUSE:
            member.paused_at = today
            member.paused_until = start_of_day(at + PAUSE, member.person.zone)
        else:
            self._lapse(member, at)
            member.paused_until, member.stopped_at, member.consecutive_declines = None, None, 0
        self.changed.append((member, at))

    def _lapse(self, member: Member, now: datetime) -> None:
        for ask in member.lapsed(now):
            member.settle(ask, Outcome.LAPSED, ask.lapses_at or now)
            self._stop(member, now)
            self.changed.append((member, now))

    def _stop(self, member: Member, at: datetime) -> None:
        """Ask nobody any more who has passed by several in a row."""
        if self.stops:
            member.stopped_at = pacing.stopped_since(
                member.consecutive_declines, member.stopped_at, at, self.constants
            )
