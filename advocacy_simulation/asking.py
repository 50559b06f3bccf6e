"""The bot's way of asking: its own rules on what is in memory, step by step as its planner does.

What reads a database in `bot/services` is written down here once more; what decides is the same
code in `bot/domain`. A test lets both ask the same people and finds no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import floor
from typing import Final

from advocacy_simulation.posts import WORKDAYS, ZONE, Post
from advocacy_simulation.world import Ask, Member, World, fits, interests_of, schedule_of
from bot.domain import first_group, matching, pace_check, pacing, snapshot
from bot.domain.first_group import Trial
from bot.domain.ids import PostId
from bot.domain.matching import Candidate, History, SeenPost
from bot.domain.model import Colour, Outcome, Reach, SkipReason
from bot.domain.pacing import AskPolicy, PacingFacts
from bot.domain.pacing_constants import PacingConstants
from bot.domain.planning import PERSONAL, MemberFacts, decide_member
from bot.domain.snapshot import NO_SNAPSHOT, Snapshot

WEEK: Final = timedelta(days=7)
# From how many members on figures act: what a workspace may draw.
GATE_THRESHOLD: Final = 22
# More than anybody gets in four weeks: pacing looks no further back, but for the latest ask.
RECENT: Final = 13


@dataclass(slots=True)
class Planner:
    """Decides for the members whose moment has come, within a weekly budget of asks a member."""

    world: World
    asks_per_week: float
    colour: Colour = Colour.GREEN
    snapshot: Snapshot = NO_SNAPSHOT
    reach: dict[int, Reach] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    about: dict[int, list[Ask]] = field(default_factory=dict)
    made: list[datetime] = field(default_factory=list)

    def tick(self, posts: list[Post], now: datetime) -> None:
        """One heartbeat: the pace check, the first groups, whom to ask, and what has ended.

        `posts` are those that are live.
        """
        day = snapshot.day_of(now, ZONE)
        if self.snapshot.day is None or day > self.snapshot.day:
            self._take_snapshot(day, now)
        for member, at in self.world.changed:
            member.next_ask_at = pacing.next_decision_at(
                facts_of(member, self.world.constants), PERSONAL, at
            )
        self.world.changed.clear()
        capacity = self._capacity(posts, now)
        if self.colour is not Colour.RED:
            self._plan(posts, capacity, now)
        self.world.end(now)

    def _take_snapshot(self, day: date, now: datetime) -> None:
        """What the bot computes once a day."""
        self.world.lapse(now)
        gate = self.snapshot.gate
        if snapshot.reads_gate(self.snapshot, day):
            here = sum(member.consents(now) for member in self.world.members)
            gate = snapshot.decide_gate(self.snapshot, here, GATE_THRESHOLD)
        self.snapshot = Snapshot(day, gate=gate)
        counts = self.world.count(now)
        constants = self.world.constants
        self.colour = pace_check.decide_colour(counts, constants) if gate else Colour.GREEN

    def _plan(self, posts: list[Post], capacity: dict[int, int], now: datetime) -> None:
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
            left -= self._decide(member, posts, capacity, policy, now)

    def _left(self, now: datetime) -> int:
        """How many asks the budget still allows."""
        askable = sum(member.next_ask_at is not None for member in self.world.members)
        self.made = [at for at in self.made if at > now - WEEK]
        return max(1, floor(self.asks_per_week * askable)) - len(self.made)

    def _capacity(self, posts: list[Post], now: datetime) -> dict[int, int]:
        """How many more may be asked about each post; those without a limit are left out."""
        capacity: dict[int, int] = {}
        for post in posts:
            if post.id not in self.groups:
                self._begin(post)
            if self.reach[post.id] is Reach.FIRST_GROUP:
                trial = _trial(self.groups[post.id], self.about[post.id])
                judged = first_group.judge(trial, WORKDAYS, ZONE, now, self.world.constants)
                self.reach[post.id] = judged.reach
                if judged.capacity is not None:
                    capacity[post.id] = judged.capacity
            elif self.reach[post.id] is Reach.STOPPED:
                capacity[post.id] = 0
        return capacity

    def _begin(self, post: Post) -> None:
        """A post is new: how large its first group is."""
        askable = (member for member in self.world.members if member.next_ask_at is not None)
        self.groups[post.id] = first_group.size(
            sum(fits(member.person, post) for member in askable), self.world.constants
        )
        self.reach[post.id], self.about[post.id] = Reach.FIRST_GROUP, []

    def _decide(
        self,
        member: Member,
        posts: list[Post],
        capacity: dict[int, int],
        policy: AskPolicy,
        now: datetime,
    ) -> bool:
        """One member, by the bot's own rule; whether they are asked."""
        person = member.person
        facts = MemberFacts(
            facts_of(member, self.world.constants),
            interests_of(person),
            _history(member, now),
            member.stopped_at,
        )
        plan = decide_member(facts, self._candidates(posts, capacity), policy, now)
        for ask in member.lapsed(now):
            member.settle(ask, Outcome.LAPSED, now)
        member.stopped_at, member.next_ask_at = plan.stopped_at, plan.next_ask_at
        if plan.choice is None:
            return False
        post = next(post for post in posts if post.id == plan.choice.post_id)
        self.about[post.id].append(self.world.ask(member, post, now, again=plan.choice.repeat))
        self.made.append(now)
        if post.id in capacity:
            capacity[post.id] -= 1
        return True

    def _candidates(self, posts: list[Post], capacity: dict[int, int]) -> list[Candidate]:
        return [
            Candidate(
                PostId(post.id),
                post.topics,
                post.networks,
                post.live_at,
                post.expires_at,
            )
            for post in posts
            if capacity.get(post.id, 1) > 0
        ]


def facts_of(member: Member, constants: PacingConstants) -> PacingFacts:
    """What pacing knows of a member."""
    return PacingFacts(
        consent_ends_at=None if member.left_at else member.consent_ends_at,
        direct=True,
        topics=True,
        networks=True,
        paused_until=member.paused_until,
        stopped=member.stopped_at is not None,
        pace=member.pace,
        schedule=schedule_of(member.person),
        seed=member.person.id,
        asked_at=tuple(ask.at for ask in member.asks[-RECENT:]),
        open_since=tuple(ask.at for ask in member.open),
        consecutive_declines=member.consecutive_declines,
        constants=constants,
    )


def _history(member: Member, now: datetime) -> History:
    seen: dict[PostId, SeenPost] = {}
    misses: Counter[str] = Counter()
    for ask in member.asks:
        again_from = None
        if ask.outcome is Outcome.LATER and not ask.repeat and ask.settled_at is not None:
            again_from = ask.settled_at + matching.LATER_AFTER
        seen[PostId(ask.post.id)] = SeenPost(again_from)
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
