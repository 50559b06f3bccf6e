"""The bot's way of asking: its own rules on what is in memory, step by step as its planner does.

What reads a database in `bot/services` is written down here once more; what decides is the same
code in `bot/domain`.
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
from bot.domain.model import Allowed, Colour, Hours, Outcome, Reach, SkipReason
from bot.domain.pacing import AskPolicy, Days, Facts
from bot.simulate.posts import WORKDAYS, ZONE, Post
from bot.simulate.world import Ask, Member, World, fits

HOURS: Final = Hours(9 * 60 + 30, 16 * 60 + 30)
WEEK: Final = timedelta(days=7)
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
    asked: Counter[int] = field(default_factory=Counter)
    made: list[datetime] = field(default_factory=list)

    def tick(self, posts: list[Post], now: datetime) -> None:
        """Ask whom may be asked now, about `posts`: those that are live."""
        for member in self.world.changed:
            member.next_ask_at = pacing.wake_at(facts_of(member), PERSONAL, now)
        self.world.changed.clear()
        policy, left = self._policy(now)
        if policy.colour is Colour.RED or left <= 0:
            return
        self._size(posts)
        due = [
            (member.next_ask_at, member.person.id, member)
            for member in self.world.members
            if member.next_ask_at is not None and member.next_ask_at <= now
        ]
        rooms = self._rooms(posts, now) if due else {}
        for _, _, member in sorted(due):
            if left == 0:
                break
            left -= self._decide(member, posts, rooms, policy, now)

    def _policy(self, now: datetime) -> tuple[AskPolicy, int]:
        askable = sum(member.next_ask_at is not None for member in self.world.members)
        budget = max(1, floor(self.asks_per_week * askable))
        self.made = [at for at in self.made if at > now - WEEK]
        left = budget - len(self.made)
        free_at = self.made[-budget] + WEEK if left <= 0 else None
        return AskPolicy(False, fatigue.effective(self.colour, None, now), free_at), left

    def _size(self, posts: list[Post]) -> None:
        """How large the first groups of new posts are."""
        for post in posts:
            if post.id not in self.groups:
                askable = (one for one in self.world.members if one.next_ask_at is not None)
                fitting = sum(fits(member.person, post) for member in askable)
                self.groups[post.id] = first_group.size(fitting)
                self.reach[post.id] = Reach.FIRST_GROUP

    def _rooms(self, posts: list[Post], now: datetime) -> dict[int, int]:
        """How many more may be asked about each post; those without a limit are left out."""
        first = {post.id for post in posts if self.reach[post.id] is Reach.FIRST_GROUP}
        answers: dict[int, list[Ask]] = {post: [] for post in first}
        for member in self.world.members if first else ():
            for ask in member.asks[-RECENT:]:
                if ask.post.id in first:
                    answers[ask.post.id].append(ask)
        rooms = {post.id: 0 for post in posts if self.reach[post.id] is Reach.STOPPED}
        for post in sorted(first):
            judged = first_group.judge(
                _trial(self.groups[post], answers[post]), WORKDAYS, ZONE, now
            )
            self.reach[post] = judged.reach
            if judged.room is not None:
                rooms[post] = judged.room
        return rooms

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
        over = set(pacing.lapsed(facts, now))
        for ask in member.asks[-RECENT:]:
            if ask.outcome is None and ask.at in over:
                ask.outcome, ask.settled_at = Outcome.LAPSED, now
                member.run += 1
        if member.run >= pacing.STOPS_AFTER:
            member.stopped_at = member.stopped_at or now
            member.next_ask_at = None
            return False
        member.next_ask_at = pacing.wake_at(facts, policy, now)
        if not isinstance(pacing.decide(facts, policy, now), Allowed):
            return False
        choice = self._choose(member, posts, rooms, now)
        if choice is None:
            member.next_ask_at = _tomorrow(facts, now)
            return False
        post = next(post for post in posts if post.id == choice.post)
        self.world.ask(member, post, now, again=choice.again)
        self.asked[post.id] += 1
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
                self.asked[post.id],
            )
            for post in posts
            if rooms.get(post.id, 1) > 0
        ]
        person = member.person
        taste = Taste(person.id, person.topics, person.networks)
        return matching.choose(taste, candidates, _history(member, now), now)


def facts_of(member: Member) -> Facts:
    """What pacing knows of a member."""
    recent = member.asks[-RECENT:]
    return Facts(
        consent_ends_at=None if member.left_at else member.consent_ends_at,
        direct=True,
        topics=True,
        networks=True,
        paused_until=member.paused_until,
        stopped=member.stopped_at is not None,
        pace=member.pace,
        days=Days(HOURS, WORKDAYS, member.person.zone, frozenset()),
        seed=member.person.id,
        asked=tuple(ask.at for ask in recent),
        pending=tuple(ask.at for ask in recent if ask.outcome is None),
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
        since = now - matching.MISSES_COUNT_FOR
        if ask.reason is SkipReason.NOT_MY_AUDIENCE and (ask.settled_at or ask.at) > since:
            misses.update(ask.post.topics)
    return History(seen, misses)


def _trial(size: int, asks: list[Ask]) -> Trial:
    became = [ask.outcome for ask in asks]
    return Trial(
        size=size,
        asked=len(asks),
        answers=sum(one not in (None, Outcome.LAPSED) for one in became),
        skips=became.count(Outcome.SKIPPED),
        since=min((ask.at for ask in asks), default=None),
    )


def _tomorrow(facts: Facts, now: datetime) -> datetime | None:
    zone = ZoneInfo(facts.days.zone)
    midnight = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time.min, zone)
    return pacing.wake_at(facts, PERSONAL, midnight.astimezone(UTC))
