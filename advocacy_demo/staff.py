"""The simulation's people as the demo's staff: what they do becomes calls of the bot's services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from random import Random
from typing import Any, Final

from advocacy_simulation.people import MemberDecision, Person, Reaction, interest, react
from advocacy_simulation.posts import Post
from advocacy_simulation.world import Ask, Member, World
from bot.domain.delivery import Delivery
from bot.domain.ids import PostId, UserId
from bot.domain.model import Outcome, Preferences, Stage
from bot.domain.post import Network
from bot.domain.responses import Answer
from bot.services import ask_answers, membership, preferences, responses
from bot.services.ask_answers import AskClick
from bot.storage.tx import Tx

# Of those who open a network, so many mark the post as shared.
MARKS: Final = 0.6
# Of those who would share a post, or skip it, so many do so where it stands in the channel.
_THERE: Final = {Outcome.SHARED: 0.8, Outcome.SKIPPED: 0.2}


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does at an aware moment, as a call of a service."""

    at: datetime
    service: Callable[[Tx], Any]


class Staff(World):
    """The people; `deeds` are what they did, in order, until the bot has heard of it."""

    def __init__(self, seed: int, users: Mapping[int, UserId]) -> None:
        """`users` are their Slack ids, by their numbers."""
        super().__init__(seed)
        self.deeds: list[Deed] = []
        self._users = users
        self._answered: set[tuple[int, int]] = set()
        self._glances: list[tuple[datetime, int, int, Member, Post, Reaction]] = []

    def join(self, person: Person, now: datetime) -> None:
        """Somebody joins, for posts in the channel and directly."""
        super().join(person, now)
        chosen = Preferences(
            delivery=frozenset(Delivery),
            pace=person.pace,
            topics=tuple(sorted(person.topics)),
            networks=_ordered(person.networks),
        )
        who = self._users[person.id]
        self._do(now, membership.join, who, person.zone)
        self._do(now, preferences.choose, who, chosen)

    def ask_user(self, user: UserId, post: Post, now: datetime, *, again: bool) -> None:
        """The bot has asked somebody about a post directly."""
        member = next(one for one in self.members if self._users[one.person.id] == user)
        self.ask(member, post, now, again=again)

    def see(self, post: Post, now: datetime) -> None:
        """A post has come into the channel; some of those who read it there answer it later."""
        for member in self.members:
            person = member.person
            luck = Random(f"{self.seed}:{person.id}:{post.id}:channel")
            cares = luck.random()
            liked = interest(person, post.topics, post.networks, post.quality)
            reaction = react(person, liked, post.quality, 0.0, luck)
            if reaction.outcome is not None and cares < _THERE.get(reaction.outcome, 0):
                at = now + reaction.after
                heappush(self._glances, (at, person.id, post.id, member, post, reaction))

    def answers(self, now: datetime) -> None:
        """All that people have clicked until now, in direct messages and in the channel."""
        super().answers(now)
        while self._glances and self._glances[0][0] <= now:
            at, _, _, member, post, reaction = heappop(self._glances)
            if member.consents(at) and at < post.expires_at:
                self._respond(member.person, post, reaction, at)
        self.deeds.sort(key=lambda deed: deed.at)

    def answer(self, member: Member, ask: Ask, reaction: Reaction, at: datetime) -> None:
        """Somebody clicks on an ask."""
        before = member.consent_ends_at
        super().answer(member, ask, reaction, at)
        who = self._users[member.person.id]
        if reaction.outcome in (Outcome.SHARED, Outcome.SKIPPED):
            self._respond(member.person, ask.post, reaction, at)
        elif reaction.outcome is Outcome.LATER:
            self._do(at, ask_answers.answer_later, AskClick(who, PostId(ask.post.id)))
        if member.consent_ends_at != before:
            self._do(at, membership.renew, who)

    def apply_decision(self, member: Member, decision: MemberDecision, at: datetime) -> None:
        """Somebody pauses, leaves or resumes."""
        super().apply_decision(member, decision, at)
        who = self._users[member.person.id]
        if decision is MemberDecision.LEAVE:
            self._do(at, membership.leave, who)
        elif decision is MemberDecision.RESUME:
            self._do(at, membership.resume, who)
        elif member.paused_until is not None:
            self._do(at, membership.pause, who, member.paused_until)

    def _respond(self, person: Person, post: Post, reaction: Reaction, at: datetime) -> None:
        """Share or skip a post, once."""
        if (person.id, post.id) in self._answered:
            return
        self._answered.add((person.id, post.id))
        luck = Random(f"{self.seed}:{person.id}:{post.id}:network")
        if reaction.outcome is Outcome.SKIPPED:
            given = [Answer(Stage.SKIPPED, reason=reaction.reason)]
        else:
            network = luck.choice(_ordered(person.networks & post.networks or post.networks))
            given = [Answer(Stage.OPENED, network=network)]
            if luck.random() < MARKS:
                given.append(Answer(Stage.SHARED, network=network))
        for answer in given:
            who = self._users[person.id]
            self._do(at, responses.record_response, who, PostId(post.id), answer)

    def _do(self, at: datetime, service: Callable[..., Any], *arguments: Any) -> None:
        def call(tx: Tx) -> Any:
            return service(tx, *arguments)

        self.deeds.append(Deed(at, call))


def _ordered(networks: frozenset[Network]) -> tuple[Network, ...]:
    return tuple(network for network in Network if network in networks)
