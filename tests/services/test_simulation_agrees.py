"""The simulation and the services, step by step: the same people, the same posts, the same asks.

The simulation keeps in memory what the services keep in a database. Here its people live once, and
each click and decision of theirs reaches the services as well; whenever its planner has had its
turn, the services have theirs at the same moment. Both must then have asked the same people about
the same posts, and know the same about them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import settings
from sqlalchemy import update

from advocacy_simulation import posts
from advocacy_simulation.asking import GATE_THRESHOLD, Planner
from advocacy_simulation.people import Crowd, MemberDecision, Person, Reaction, people
from advocacy_simulation.posts import CHANNEL, START, Post
from advocacy_simulation.run import Run, Setting, simulate
from advocacy_simulation.world import Ask, Member, World
from bot.domain.delivery import Delivery
from bot.domain.ids import PostId, UserId
from bot.domain.model import Outcome, Pace, Preferences, Stage
from bot.domain.post import Wording
from bot.domain.responses import Answer
from bot.domain.retention import KEPT_FOR
from bot.services import (
    ask_answers,
    heartbeat,
    membership,
    planning,
    retention,
    snapshots,
)
from bot.services import asks as asks_service
from bot.services import preferences as preferences_service
from bot.services.ask_answers import AskClick
from bot.services.responses import Stored
from bot.storage import ask_messages, workspaces
from bot.storage import snapshots as snapshot_rows
from bot.storage.database import create_engine_for
from bot.storage.tables import AskRow, MemberRow, PostRow, WorkspaceRow
from tests.services.asks import messages_follow
from tests.services.helpers import DAY, ServiceWorld

Asked = tuple[int, int, bool]  # a member, a post, and whether it is the once more after "later"

PLAIN = Setting(Crowd(55, patience=0.55), days=56, seed=22)
# Soon bothered, at the quickest pace, with a budget for fewer than half of them.
TENSE = Setting(
    Crowd(40, patience=0.3, answers=0.8, pace=Pace.THRICE_A_WEEK),
    days=32,
    seed=195,
    asks_per_week=1.2,
)


class Services:
    """The workspace on a database; people and posts have the numbers that the simulation gives."""

    def __init__(self, url: str, setting: Setting) -> None:
        self.world = world = ServiceWorld(create_engine_for(url))
        with world.engine.connect() as connection:
            # What is tested here is the order of things, not the loss of power.
            connection.commit()
            connection.connection.execute("PRAGMA synchronous=OFF")
        world.save_workspace(
            asks_per_week=setting.asks_per_week,
            min_gap=CHANNEL.min_gap,
            weekly_cap=CHANNEL.weekly_cap,
            hours=CHANNEL.hours,
            workdays=CHANNEL.workdays,
            zone=CHANNEL.zone,
        )
        with world.engine.begin() as connection:
            connection.execute(update(WorkspaceRow).values(gate_threshold=GATE_THRESHOLD))
        # All were there once in the order of their numbers, and left long before they join.
        world.now = START - 60 * DAY
        for person in people(setting.crowd, setting.seed):
            assert world.join(user(person)).id == person.id
            world.run(membership.leave, UserId(user(person)))
        self.drafts = posts.drafts(setting.days, setting.seed)
        for draft in self.drafts:
            assert self.write(draft) == draft.id

    def write(self, post: Post) -> int:
        wordings = tuple(Wording(network, "Some words.") for network in post.networks)
        return self.world.in_review(
            topics=post.topics, wordings=wordings, expires_at=post.expires_at
        )

    def heartbeat(self, now: datetime) -> list[Asked]:
        """What the bot does by itself; returns whom it asked about what."""
        world, world.now = self.world, now
        while self.drafts and self.drafts[0].live_at <= now:
            world.approve(self.drafts.pop(0).id)
        if world.within(now=now).run(snapshots.is_due):
            world.within(now=now).run(
                planning.count_lapsed, world.within(now=now).run(planning.find_members_with_open)
            )
            world.within(now=now).run(snapshots.take, frozenset())
        self.erase(now)
        claimed = world.within(now=now).run(heartbeat.run_heartbeat)
        if claimed is not None:
            world.record_sent(claimed, ts=f"{claimed.post.id}.1")
        work = world.within(now=now).run(asks_service.find_work, 100)
        sent: list[int] = []
        if work.due:
            world.plan()
            sent = world.send_planned()
        asked = [
            (row.member_id, row.post_id, row.repeat > 0)
            for row in (world.rows(AskRow) if sent else ())
            if row.id in sent
        ]
        self.messages_follow(now)
        return asked

    def erase(self, now: datetime) -> None:
        """What is to be forgotten by now is; nobody is before everybody has joined."""
        while now > START + KEPT_FOR and self.world.within(now=now).run(retention.erase_due):
            pass

    def messages_follow(self, now: datetime) -> None:
        """Messages about posts that have ended say so."""
        while self.world.within(now=now).run(ask_messages.is_any_outdated):
            messages_follow(self.world, now)


class Doubled(World):
    """The simulation's people; whatever they do, the services hear of it."""

    def __init__(self, seed: int, services: Services) -> None:
        super().__init__(seed)
        self.services = services
        self.asked: list[Asked] = []

    def join(self, person: Person, now: datetime) -> None:
        super().join(person, now)
        chosen = Preferences(
            delivery=frozenset({Delivery.DIRECT}),
            pace=person.pace,
            topics=tuple(person.topics),
            networks=tuple(person.networks),
        )
        world = self.services.world
        world.within(now=now).run(membership.join, UserId(user(person)), person.zone)
        world.within(now=now).run(preferences_service.choose, UserId(user(person)), chosen)

    def ask(self, member: Member, post: Post, now: datetime, *, again: bool = False) -> Ask:
        self.asked.append((member.person.id, post.id, again))
        return super().ask(member, post, now, again=again)

    def answer(self, member: Member, ask: Ask, reaction: Reaction, at: datetime) -> None:
        super().answer(member, ask, reaction, at)
        self.services.erase(at)
        world, world.now = self.services.world, at
        stages = {Outcome.SHARED: Stage.SHARED, Outcome.SKIPPED: Stage.SKIPPED}
        outcome = reaction.outcome
        assert outcome is not None
        if outcome in stages:
            answer = Answer(stages[outcome], reason=reaction.reason)
            assert isinstance(world.respond(user(member.person), ask.post.id, answer), Stored)
        else:
            click = AskClick(UserId(user(member.person)), PostId(ask.post.id))
            world.within(now=at).run(ask_answers.record_answer, click, outcome)

    def apply_decision(self, member: Member, decision: MemberDecision, at: datetime) -> None:
        super().apply_decision(member, decision, at)
        self.services.erase(at)
        world, who = self.services.world, user(member.person)
        if decision is MemberDecision.LEAVE:
            world.within(now=at).run(membership.leave, UserId(who))
        elif decision is MemberDecision.RESUME:
            world.within(now=at).run(membership.resume, UserId(who))
        elif member.paused_until is not None:
            world.within(now=at).run(membership.pause, UserId(who), member.paused_until)


class Compared(Planner):
    """The simulation's planner; after each of its turns the services have theirs."""

    def __init__(self, world: Doubled, asks_per_week: float) -> None:
        super().__init__(world, asks_per_week)
        self.doubled = world

    def tick(self, posts: list[Post], now: datetime) -> None:
        if both_rest(now):
            return
        self.doubled.asked.clear()
        super().tick(posts, now)
        services = self.doubled.services
        assert (now, services.heartbeat(now)) == (now, self.doubled.asked)
        found = services.world.run(workspaces.find)
        assert found is not None
        assert (now, found.colour) == (now, self.colour)
        stored = services.world.run(snapshot_rows.load)
        for shares in ("budget_share", "group_share", "group_shares"):
            assert (now, getattr(stored, shares)) == (now, getattr(self.snapshot, shares))
        if now.hour == 4:
            self.compare_all(now)

    def compare_all(self, now: datetime) -> None:
        """What both know about everybody, and about every post that went out."""
        world = self.doubled.services.world
        rows = {row.id: row for row in world.rows(MemberRow)}
        for member in self.world.members:
            if gone(member, now):
                assert member.person.id not in rows
                continue
            row = rows[member.person.id]
            known = (row.consecutive_declines, row.stopped_at is None, row.left_at, row.pace)
            expected = (
                member.consecutive_declines,
                member.stopped_at is None,
                member.left_at,
                member.pace,
            )
            assert (now, row.id, known) == (now, member.person.id, expected)
            assert (now, row.id, row.next_ask_at) == (now, row.id, member.next_ask_at)
        live = {row.id: row for row in world.rows(PostRow) if row.live_at is not None}
        assert live.keys() == self.reach.keys()
        for post, reach in self.reach.items():
            assert (now, post, live[post].reach) == (now, post, reach)


def gone(member: Member, now: datetime) -> bool:
    """Whether the member left so long ago that nothing is stored of them."""
    return member.left_at is not None and now - member.left_at > KEPT_FOR


def user(person: Person) -> str:
    return person.user_id


def both_rest(now: datetime) -> bool:
    """At night and on weekends nobody may be asked; but it is at eight that posts end."""
    return not 4 <= now.hour < 22 or (now.weekday() > 4 and now.hour != 8)


def compared(url: str, setting: Setting) -> Run:
    """The simulation's run, which was the services' at every step."""
    world = Doubled(setting.seed, Services(url, setting))
    planner = Compared(world, setting.asks_per_week)
    run = simulate(setting, world, planner)
    planner.compare_all(START + setting.days * DAY)
    rows = world.services.world.rows(PostRow)
    went_live = {row.id: row.live_at for row in rows if row.live_at is not None}
    assert went_live == {post.id: post.live_at for post in run.posts}
    compare_outcomes(run, world.services.world)
    world.services.world.engine.dispose()
    return run


def compare_outcomes(run: Run, world: ServiceWorld) -> None:
    """What became of each ask, and when; but for those that the services have forgotten."""
    kept = {(row.member_id, row.post_id, row.repeat > 0): row for row in world.rows(AskRow)}
    made = [(member.person.id, ask) for member in run.world.members for ask in member.asks]
    here = {member.person.id for member in run.world.members if not gone(member, world.now)}
    remembered = [(who, ask) for who, ask in made if who in here and not ask.forgotten(world.now)]
    assert len(kept) == len(remembered)
    for who, ask in remembered:
        row = kept[who, ask.post.id, ask.repeat]
        became = (ask.at, ask.outcome, ask.settled_at)
        assert (who, row.asked_at, row.outcome, row.settled_at) == (who, *became)


def seen(run: Run) -> set[str]:
    """What happened at all, in a word each."""
    members = run.world.members
    made = [ask for member in members for ask in member.asks]
    end = START + run.setting.days * DAY
    happened = {
        "left": any(member.left_at for member in members),
        "paused": any(member.paused_at for member in members),
        "stopped asking": any(member.stopped_at for member in members),
        "slower": any(member.pace is not member.person.pace for member in members),
        "asked again": any(ask.repeat for ask in made),
        "open when it ended": any(
            ask.settled_at is not None and ask.settled_at >= ask.post.expires_at for ask in made
        ),
        # Beside the one that they may have answered with it.
        "open when leaving": any(
            sum(ask.outcome is Outcome.ENDED for ask in member.asks) > 1
            for member in members
            if member.left_at is not None
        ),
        "forgotten": any(ask.forgotten(end) for ask in made),
        "turns": run.planner.snapshot.budget_share < 1,
    }
    return {
        *(word for word, true in happened.items() if true),
        *run.planner.reach.values(),
        *(day.colour for day in run.world.days),
        *(ask.outcome or "open" for ask in made),
    }


ALWAYS = {"shared", "skipped", "lapsed", "later", "other", "open"}
ALWAYS |= {"first_group", "everybody", "open when it ended"}
ALWAYS |= {"green", "amber", "left", "paused", "stopped asking", "slower"}


COMPARED = {
    "tense": (TENSE, {"red", "asked again", "open when leaving", "turns"}),
    "usual": (PLAIN, {"stopped", "forgotten"}),  # twice as long, so only in the longer run
}
IS_SHORT = settings().max_examples <= settings.get_profile("short").max_examples


@pytest.mark.parametrize(
    ("setting", "more"), [COMPARED[name] for name in (["tense"] if IS_SHORT else COMPARED)]
)
def test_the_simulation_asks_whom_the_services_ask(
    new_sqlite: Callable[[], str], setting: Setting, more: set[str]
) -> None:
    run = compared(new_sqlite(), setting)
    assert seen(run) >= ALWAYS | more, "enough happens to see a difference"
