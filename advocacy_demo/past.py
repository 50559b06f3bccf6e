"""A company with a past: the simulation's people live through it with the real bot.

The clock is moved from one moment of a day to the next. At each, people's clicks reach the bot's
services, its heart beats, and people see what it has posted and sent. Everything that can be read
afterwards was made by the bot itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from advocacy_demo.colleagues import add_colleagues
from advocacy_demo.company import Company
from advocacy_demo.desk import Desk, find_new, load_live
from advocacy_demo.news import NewsFeed
from advocacy_demo.staff import Deed, Staff
from advocacy_simulation.people import Crowd, Person, people
from advocacy_simulation.posts import WORKDAYS, Post
from bot.domain.feeds import FeedRequest, ReadFeed
from bot.domain.ids import PostId, UserId
from bot.domain.model import DispatchState
from bot.runtime import Runtime
from bot.slack.recording import record
from bot.storage.tables import AskRow, MemberRow
from bot.storage.tx import Tx

DAY: Final = timedelta(days=1)
# Moments of a workday, as UTC: the snapshot, then what are office hours in India, Berlin, New York.
LOOKS: Final = (time(4, 30), time(8), time(14))
DESK_AT: Final = time(8)


@dataclass(frozen=True, slots=True)
class Past:
    """How many people joined, and for how many weeks it has gone on; the seed draws all luck."""

    members: int = 54
    weeks: int = 26
    seed: int = 7

    def begins(self, end: datetime) -> datetime:
        """The midnight (UTC) of the Monday on which it began, for a past that lasts until `end`."""
        monday = end.date() - timedelta(days=end.weekday(), weeks=self.weeks)
        return datetime.combine(monday, time(), UTC)

    def crowd(self) -> list[Person]:
        """The people who join."""
        return people(Crowd(self.members, patience=1.3, answers=1.3), self.seed)


async def live_through(
    past: Past,
    company: Company,
    runtime: Runtime,
    feed: NewsFeed,
    end: datetime,
    on_month: Callable[[date], None],
) -> None:
    """Let the company live from the beginning of its past until `end` (aware).

    The clock must stand still. `on_month` hears of the first day of each month.
    """
    crowd = past.crowd()
    users = add_colleagues(company, crowd)
    staff = Staff(past.seed, {number: UserId(user.id) for number, user in users.items()})
    team = (UserId(company.cleo.id), UserId(company.dev.id))
    life = _Life(company, runtime, staff, Desk(feed, team, past.seed))
    begin, month = past.begins(end), None
    for day in range((end - begin) // DAY + 1):
        midnight = begin + day * DAY
        if midnight.month != month:
            month = midnight.month
            on_month(midnight.date())
        for person in crowd:
            if person.joins_on == day:
                staff.join(person, midnight)
        if day == 0:
            await life.add_feed(midnight)
        staff.answers(midnight)
        staff.weekly_events(day, midnight)
        staff.lapse(midnight)
        for look in LOOKS if midnight.weekday() in WORKDAYS else ():
            now = datetime.combine(midnight.date(), look, UTC)
            if now < end:
                await life.go_on(now)
    await life.go_on(end)


@dataclass(slots=True)
class _Life:
    """The company between two moments."""

    company: Company
    runtime: Runtime
    staff: Staff
    desk: Desk
    posts: dict[PostId, Post] = field(default_factory=dict)

    async def add_feed(self, now: datetime) -> None:
        """Comms add their feed."""
        read = await self.desk.feed.fetch(FeedRequest(self.desk.feed.address), now)
        assert isinstance(read, ReadFeed)
        await self._do(now, self.desk.add_feed, read)

    async def go_on(self, now: datetime) -> None:
        """All that happens until `now`, and what the bot does then."""
        clock = self.company.sandbox.clock
        before = clock()
        clock.move_to(now)
        self.staff.answers(now)
        await self._do(now, _tell, tuple(self.staff.deeds))
        self.staff.deeds.clear()
        if now.time() == DESK_AT:
            await self._do(now, self.desk.work)
        await self.runtime.tick()
        await self._see(before, now)
        self.staff.end(now)
        self.staff.changed.clear()

    async def _see(self, before: datetime, now: datetime) -> None:
        """People see what the bot has posted and sent since `before`."""
        database = self.runtime.context.at(now)
        for post in find_new(await database.read(load_live), set(self.posts)):
            self.posts[post.id] = self.desk.as_simulated(post, now)
            self.staff.see(self.posts[post.id], now)
        for user, post_id, repeat in await database.read(_load_sent, before):
            self.staff.ask_user(user, self.posts[post_id], now, again=repeat)

    async def _do(self, at: datetime, service: Callable[..., object], *arguments: object) -> None:
        await record(self.runtime.context.at(at), service, *arguments)


def _tell(tx: Tx, deeds: Sequence[Deed]) -> None:
    """Let the services know of each deed at its own moment."""
    for deed in deeds:
        deed.service(replace(tx, now=deed.at))


def _load_sent(tx: Tx, since: datetime) -> list[tuple[UserId, PostId, bool]]:
    """Whom the bot has asked about what after `since`, and whether once more."""
    query = (
        select(MemberRow.user, AskRow.post_id, AskRow.repeat)
        .join(MemberRow, MemberRow.id == AskRow.member_id)
        .where(
            AskRow.workspace_id == tx.workspace_id,
            AskRow.asked_at > since,
            AskRow.state == DispatchState.SENT,
        )
        .order_by(AskRow.id)
    )
    return [(UserId(user), post_id, repeat > 0) for user, post_id, repeat in tx.connection.execute(query)]
