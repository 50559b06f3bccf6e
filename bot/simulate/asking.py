"""The bot's way of asking: its own rules on what is in memory, step by step as its planner does.

What reads a database in `bot/services` is written down here once more; what decides is the same
code in `bot/domain`. A test lets both ask the same people and finds no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from math import floor
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain import fatigue, first_group, matching, pacing
from bot.domain.first_group import Trial
from bot.domain.matching import Candidate, Choice, History, Seen, Taste
from bot.domain.model import Allowed, Colour, Outcome, Reach, SkipReason
from bot.domain.pacing import AskPolicy, Facts
from bot.simulate.posts import START, WORKDAYS, ZONE, Post
from bot.simulate.world import Ask, Member, World, days_of, fits

WEEK: Final = timedelta(days=7)
MEASURES_EVERY: Final = timedelta(hours=1)
PERSONAL: Final = AskPolicy(frozen=False, colour=Colour.GREEN)
# More than anybody gets in four weeks: pacing looks no further back, but for the latest ask.
RECENT: Final = 13


@dataclass(slots=True)
class Planner:
    """Decides for the members whose moment has come, within a weekly budget of asks a member."""

    world: World
    asks_per_week: float
    colour: Colour = Colour.GREEN
    reach: dict[int, Reach] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    about: dict[int, list[Ask]] = field(default_factory=dict)
    made: list[datetime] = field(default_factory=list)

    def tick(self, posts: list[Post], now: datetime) -> None:
        """One heartbeat: the pace check, the first groups, whom to ask, and what has ended.

        `posts` are those that are live.
        """
        if (now - START) % MEASURES_EVERY == timedelta(0):
            self.world.lapse(now)
            self.colour = fatigue.read(self.world.count(now)).colour
        for member, at in self.world.changed:
            member.next_ask_at = pacing.wake_at(facts_of(member), PERSONAL, at)
        self.world.changed.clear()
        rooms = self._rooms(posts, now)
        if self.colour is not Colour.RED:
            self._plan(posts, rooms, now)
        self.world.end(now)

    def _plan(self, posts: list[Post], rooms: dict[int, int], now: datetime) -> None:
        """Decide for those whose moment has come, as far as the budget goes."""
        due = [
            (member.next_ask_at, member.person.id, member)
            for member in self.world.members
            if member.next_ask_at is not None and member.next_ask_at <= now
        ]
        policy, left = AskPolicy(frozen=False, colour=self.colour), self._left(now)
        for _, _, member in sorted(due):
            if left <= 0:
                break
            left -= self._decide(member, posts, rooms, policy, now)

    def _left(self, now: datetime) -> int:
        """How many asks the budget still allows."""
        askable = sum(member.next_ask_at is not None for member in self.world.members)
        self.made = [at for at in self.made if at > now - WEEK]
        return max(1, floor(self.asks_per_week * askable)) - len(self.made)

    def _rooms(self, posts: list[Post], now: datetime) -> dict[int, int]:
        """How many more may be asked about each post; those without a limit are left out."""
        rooms: dict[int, int] = {}
        for post in posts:
            if post.id not in self.groups:
                self._begin(post)
            if self.reach[post.id] is Reach.FIRST_GROUP:
                trial = _trial(self.groups[post.id], self.about[post.id])
                judged = first_group.judge(trial, WORKDAYS, ZONE, now)
                self.reach[post.id] = judged.reach
                if judged.room is not None:
                    rooms[post.id] = judged.room
            elif self.reach[post.id] is Reach.STOPPED:
                rooms[post.id] = 0
        return rooms

    def _begin(self, post: Post) -> None:
        """A post is new: how large its first group is."""
        askable = (member for member in self.world.members if member.next_ask_at is not None)
        self.groups[post.id] = first_group.size(
            sum(fits(member.person, post) for member in askable)
        )
        self.reach[post.id], self.about[post.id] = Reach.FIRST_GROUP, []

    def _decide(
        self,
        member: Member,
        posts: list[Post],
        rooms: dict[int, int],
        policy: AskPolicy,
        now: datetime,
    ) -> bool:
        """One member: what lapsed, whether they may be asked, about what, when to look again."""
        facts = facts_of(member)
        for ask in member.lapsed(now):
            member.settle(ask, Outcome.LAPSED, now)
        if member.run >= pacing.STOPS_AFTER:
            member.stopped_at = member.stopped_at or now
            member.next_ask_at = None
            return False
        moments = (pacing.wake_at(facts, policy, now), _tomorrow(facts, now))
        member.next_ask_at = min(filter(None, moments), default=None)
        if not isinstance(pacing.decide(facts, policy, now), Allowed):
            return False
        choice = self._choose(member, posts, rooms, now)
        if choice is None:
            member.next_ask_at = _tomorrow(facts, now)
            return False
        post = next(post for post in posts if post.id == choice.post)
        self.about[post.id].append(self.world.ask(member, post, now, again=choice.again))
        self.made.append(now)
        if post.id in rooms:
            rooms[post.id] -= 1
        member.next_ask_at = pacing.wake_at(facts_of(member), PERSONAL, now)
        return True

    def _choose(
        self, member: Member, posts: list[Post], rooms: dict[int, int], now: datetime
    ) -> Choice | None:
        candidates = [
            Candidate(
                post.id,
                post.topics,
                post.networks,
                post.live_at,
                post.expires_at,
                len(self.about[post.id]),
            )
            for post in posts
            if rooms.get(post.id, 1) > 0
        ]
        person = member.person
        taste = Taste(person.id, person.topics, person.networks)
        return matching.choose(taste, candidates, _history(member, now), now)


def facts_of(member: Member) -> Facts:
    """What pacing knows of a member."""
    return Facts(
        consent_ends_at=None if member.left_at else member.consent_ends_at,
        direct=True,
        topics=True,
        networks=True,
        paused_until=member.paused_until,
        stopped=member.stopped_at is not None,
        pace=member.pace,
        days=days_of(member.person),
        seed=member.person.id,
        asked=tuple(ask.at for ask in member.asks[-RECENT:]),
        pending=tuple(ask.at for ask in member.open),
        run=member.run,
    )


def _history(member: Member, now: datetime) -> History:
    seen: dict[int, Seen] = {}
    misses: Counter[str] = Counter()
    for ask in member.asks:
        again_from = None
        if ask.outcome is Outcome.LATER and not ask.again and ask.settled_at is not None:
            again_from = ask.settled_at + matching.LATER_AFTER
        seen[ask.post.id] = Seen(again_from)
        missed = ask.reason is SkipReason.NOT_MY_AUDIENCE and not ask.forgotten(now)
        if missed and (ask.settled_at or ask.at) > now - matching.MISSES_COUNT_FOR:
            misses.update(ask.post.topics)
    return History(seen, misses)


def _trial(size: int, asks: list[Ask]) -> Trial:
    became = [ask.outcome for ask in asks]
    return Trial(
        size=size,
        asked=len(asks),
        answers=sum(one not in (None, Outcome.LAPSED, Outcome.ENDED) for one in became),
        skips=became.count(Outcome.SKIPPED),
        since=min((ask.at for ask in asks), default=None),
    )


def _tomorrow(facts: Facts, now: datetime) -> datetime | None:
    zone = ZoneInfo(facts.days.zone)
    midnight = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time.min, zone)
    return pacing.wake_at(facts, PERSONAL, midnight.astimezone(UTC))
