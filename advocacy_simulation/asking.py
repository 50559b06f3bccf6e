"""The bot's way of asking: its own rules on what is in memory, step by step as its planner does.

What reads a database in `bot/services` is written down here once more; what decides is the same
code in `bot/domain`. A test lets both ask the same people and finds no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from advocacy_simulation.posts import WORKDAYS, ZONE, Post
from advocacy_simulation.world import Ask, Member, World, fits, interests_of, schedule_of
from bot.domain import budget, first_group, matching, pace_check, pacing, snapshot
from bot.domain.budget import Budget
from bot.domain.first_group import FirstGroup, Trial
from bot.domain.hours import end_of_day
from bot.domain.ids import PostId
from bot.domain.matching import Candidate, History, SeenPost
from bot.domain.model import Colour, Outcome, Reach, SkipReason
from bot.domain.pacing import AskPolicy, PacingFacts
from bot.domain.pacing_constants import PacingConstants
from bot.domain.planning import PERSONAL, MemberFacts, decide_member
from bot.domain.snapshot import NO_SNAPSHOT, Snapshot

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
    about: dict[int, list[tuple[Member, Ask]]] = field(default_factory=dict)

    def tick(self, posts: list[Post], now: datetime) -> None:
        """One heartbeat: the daily snapshot, whom to ask, and what has ended.

        `posts` are those that are live.
        """
        self._reschedule()
        day = snapshot.day_of(now, ZONE)
        if self.snapshot.day is None or day > self.snapshot.day:
            self._take_snapshot(posts, day, now)
        for post in posts:
            self.reach.setdefault(post.id, Reach.FIRST_GROUP)
        if self.colour is not Colour.RED:
            self._plan(posts, now)
        self.world.end(now)

    def _reschedule(self) -> None:
        """When to look next at those who did something, or of whom something has lapsed."""
        for member, at in self.world.changed:
            member.next_ask_at = pacing.next_decision_at(
                facts_of(member, at, self.world.constants), PERSONAL, at
            )
        self.world.changed.clear()

    def _take_snapshot(self, posts: list[Post], day: date, now: datetime) -> None:
        """What the bot computes once a day."""
        self.world.lapse(now)
        self._reschedule()
        gate, monday = self.snapshot.gate, snapshot.reads_gate(self.snapshot, day)
        if monday:
            here = sum(member.consents(now) for member in self.world.members)
            gate = snapshot.decide_gate(self.snapshot, here, GATE_THRESHOLD)
        before, self.snapshot = self.snapshot, Snapshot(day, gate=gate)
        self.colour = Colour.GREEN
        if gate:
            share = self._budget_share() if monday else before.budget_share
            self._read_shares(posts, share)
            self._judge(posts)
            self.colour = pace_check.decide_colour(self.world.count(now), self.world.constants)

    def _askable(self) -> list[Member]:
        """Those who may be asked now or later."""
        return [member for member in self.world.members if member.next_ask_at is not None]

    def _budget_share(self) -> float:
        paces = Counter(member.pace for member in self._askable())
        return budget.decide_share(self.asks_per_week, paces)

    def _read_shares(self, posts: list[Post], budget_share: float) -> None:
        """The shares of today's snapshot."""
        askable, constants = self._askable(), self.world.constants
        self.snapshot = replace(
            self.snapshot,
            budget_share=budget_share,
            group_share=first_group.base_share(0, len(askable), constants),
            group_shares={
                PostId(post.id): first_group.base_share(
                    sum(fits(member.person, post) for member in askable), len(askable), constants
                )
                for post in self._without_verdict(posts)
            },
        )

    def _judge(self, posts: list[Post]) -> None:
        """The day's verdicts."""
        for post in self._without_verdict(posts):
            trial = _trial(self.about.get(post.id, []))
            self.reach[post.id] = first_group.judge(trial, self.world.constants)

    def _without_verdict(self, posts: list[Post]) -> list[Post]:
        return [post for post in posts if self.reach.get(post.id) is Reach.FIRST_GROUP]

    def _plan(self, posts: list[Post], now: datetime) -> None:
        """Decide for those whose moment has come."""
        due = [
            (member.next_ask_at, member.person.id, member)
            for member in self.world.members
            if member.next_ask_at is not None and member.next_ask_at <= now
        ]
        share = self.snapshot.budget_share
        policy = AskPolicy(None, self.colour, Budget(share, ZONE) if share < 1 else None)
        candidates = [
            self._candidate(post, now) for post in posts if self.reach[post.id] is not Reach.STOPPED
        ]
        for _, _, member in sorted(due):
            self._decide(member, posts, candidates, policy, now)

    def _candidate(self, post: Post, now: datetime) -> Candidate:
        """A post as the planner sees it."""
        post_id, group = PostId(post.id), None
        if self.snapshot.gate and self.reach[post.id] is Reach.FIRST_GROUP:
            base = self.snapshot.group_shares.get(post_id, self.snapshot.group_share)
            constants = self.world.constants
            share = first_group.grown_share(base, post.live_at, WORKDAYS, ZONE, now, constants)
            group = FirstGroup(post_id, 1, share) if share < 1 else None
        return Candidate(post_id, post.topics, post.networks, post.live_at, post.expires_at, group)

    def _decide(
        self,
        member: Member,
        posts: list[Post],
        candidates: list[Candidate],
        policy: AskPolicy,
        now: datetime,
    ) -> None:
        """One member, by the bot's own rule."""
        person = member.person
        facts = MemberFacts(
            facts_of(member, now, self.world.constants),
            interests_of(person),
            _history(member, now),
            member.stopped_at,
        )
        plan = decide_member(facts, candidates, policy, now)
        for ask in member.lapsed(now):
            member.settle(ask, Outcome.LAPSED, now)
        member.stopped_at, member.next_ask_at = plan.stopped_at, plan.next_ask_at
        if plan.choice is None:
            return
        post = next(post for post in posts if post.id == plan.choice.post_id)
        ask = self.world.ask(member, post, now, again=plan.choice.repeat)
        self.about.setdefault(post.id, []).append((member, ask))


def facts_of(member: Member, now: datetime, constants: PacingConstants) -> PacingFacts:
    """What pacing knows of a member: of what is forgotten, the day of the last ask."""
    recent = member.asks[-RECENT:]
    asked_at = [ask.at for ask in recent if not ask.forgotten(now)]
    forgotten = [ask.at for ask in recent if ask.forgotten(now)]
    if forgotten:
        asked_at.append(end_of_day(max(forgotten), member.person.zone))
    return PacingFacts(
        consent_ends_at=None if member.left_at else member.consent_ends_at,
        direct=True,
        topics=True,
        networks=True,
        paused_until=member.paused_until,
        stopped=member.stopped_at is not None,
        pace=member.pace,
        schedule=schedule_of(member.person),
        seed=member.person.seed,
        asked_at=tuple(asked_at),
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


def _trial(asks: list[tuple[Member, Ask]]) -> Trial:
    """How many different people were asked about a post, answered, and skipped it."""
    became = [(member.person.id, ask.outcome) for member, ask in asks]
    none = (None, Outcome.LAPSED, Outcome.ENDED)
    return Trial(
        asked=len({who for who, _ in became}),
        answers=len({who for who, outcome in became if outcome not in none}),
        skips=len({who for who, outcome in became if outcome is Outcome.SKIPPED}),
    )
