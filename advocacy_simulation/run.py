"""The loop: half a year, half an hour at a time, once with the bot's rules and once without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from advocacy_simulation import posts
from advocacy_simulation.asking import Planner
from advocacy_simulation.people import Crowd, Person, people
from advocacy_simulation.posts import START, Post
from advocacy_simulation.world import World
from bot.domain import pace_check
from bot.domain.pacing_constants import DEFAULT_PACING_CONSTANTS, PacingConstants

# Hours are kept open for an hour at least, so no opening is missed.
STEP: Final = timedelta(minutes=30)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is invented: the people, for how long, the budget of asks a member, and the rules."""

    crowd: Crowd
    days: int = 180
    seed: int = 1
    asks_per_week: float = 1.0
    constants: PacingConstants = DEFAULT_PACING_CONSTANTS


@dataclass(frozen=True, slots=True)
class Run:
    """What happened with the bot's pacing: `world`, and `planner`, which knows about the posts."""

    setting: Setting
    posts: list[Post]
    world: World
    planner: Planner


def paced(setting: Setting) -> Run:
    """The people asked as the bot asks; the same setting gives the same run."""
    world = World(setting.seed, constants=setting.constants)
    return simulate(setting, world, Planner(world, setting.asks_per_week))


def simulate(setting: Setting, world: World, planner: Planner) -> Run:
    """What becomes of a new `world` whose people are asked by `planner`."""
    crowd, calendar = (
        people(setting.crowd, setting.seed),
        posts.calendar(setting.days, setting.seed),
    )
    for day in range(setting.days):
        _start_day(world, crowd, day)
        for step in range(DAY // STEP):
            now = START + day * DAY + step * STEP
            world.answers(now)
            planner.tick([post for post in calendar if post.live_at <= now < post.expires_at], now)
    return Run(setting, calendar, world, planner)


def everything(setting: Setting) -> World:
    """The same people and posts, every post sent to everybody the day it goes live.

    Whoever pauses or leaves is let alone; nothing else is held back.
    """
    crowd, calendar = (
        people(setting.crowd, setting.seed),
        posts.calendar(setting.days, setting.seed),
    )
    world = World(setting.seed, stops=False, constants=setting.constants)
    for day in range(setting.days):
        _start_day(world, crowd, day)
        end_of_day = START + (day + 1) * DAY
        for post in calendar:
            if not end_of_day - DAY <= post.live_at < end_of_day:
                continue
            world.answers(post.live_at)
            for member in world.members:
                if member.consents(post.live_at) and not member.paused(post.live_at):
                    world.ask(member, post, post.live_at)
        world.answers(end_of_day)
        world.lapse(end_of_day)
        world.end(end_of_day)
    return world


def _start_day(world: World, crowd: list[Person], day: int) -> None:
    """What happens once a day: people join, rest, go."""
    now = START + day * DAY
    for person in crowd:
        if person.joins_on == day:
            world.join(person, now)
    world.answers(now)
    world.weekly_events(day, now)
    world.record_day(pace_check.decide_colour(world.count(now), world.constants), now)
