"""A company with a past: the simulation's people live through it with the real bot.

The clock is moved from one moment of a day to the next. At each, people's clicks reach the bot's
services, its heart beats, and people see what it has posted and sent. Everything that can be read
afterwards was made by the bot itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from advocacy_demo.company import Company
from advocacy_demo.desk import TAKEN_UP, UNDECIDED, Desk, find_new, load_live
from advocacy_demo.news import NewsFeed, news_between
from advocacy_demo.staff import Deed, Staff
from advocacy_simulation.people import Crowd, Person, people
from advocacy_simulation.posts import WORKDAYS, Post
from bot.domain.feeds import FeedRequest, ReadFeed
from bot.domain.ids import PostId, UserId
from bot.domain.model import DispatchState
from bot.runtime import Runtime
from bot.services import suggestions
from bot.services.suggestions import Offer
from bot.slack.recording import record
from bot.slack.views import suggestions as suggestion_views
from bot.storage.tables import AskRow, MemberRow
from bot.storage.tx import Tx
from slack_sandbox import Person as Colleague

ENDS: Final = datetime(2026, 9, 9, 6, tzinfo=UTC)  # the day before, a month was closed
DAY: Final = timedelta(days=1)
# Moments of a workday, as UTC: office hours in India and Berlin, then in Berlin and New York.
LOOKS: Final = (time(8), time(14))
DESK_AT: Final = LOOKS[0]


@dataclass(frozen=True, slots=True)
class Past:
    """How many people joined, and for how many weeks it has gone on until an aware moment.

    The seed draws all luck: the same past is always the same.
    """

    members: int = 54
    weeks: int = 26
    ends: datetime = ENDS
    seed: int = 2

    @property
    def begins(self) -> datetime:
        """The midnight (UTC) of the Monday on which it began."""
        monday = self.ends.date() - timedelta(days=self.ends.weekday(), weeks=self.weeks)
        return datetime.combine(monday, time(), UTC)

    def crowd(self) -> list[Person]:
        """The people who join: more patient than most, and readier to answer."""
        return people(Crowd(self.members, patience=1.3, answers=1.3), self.seed)

    def feed(self) -> NewsFeed:
        """The company's news in this time."""
        return news_between(self.begins, self.ends)


async def live_through(
    past: Past,
    company: Company,
    colleagues: Mapping[int, Colleague],
    runtime: Runtime,
    on_month: Callable[[date], None],
) -> None:
    """Let the company live through its past, with the `colleagues` of its crowd by their numbers.

    The clock must stand still at the beginning. `on_month` hears of the first day in each month.
    """
    crowd = past.crowd()
    users = {number: UserId(colleague.id) for number, colleague in colleagues.items()}
    staff = Staff(past.seed, users)
    team = (UserId(company.cleo.id), UserId(company.dev.id))
    life = _Life(company, runtime, staff, Desk(past.feed(), team, past.seed))
    month = 0
    days = (past.ends - past.begins) // DAY
    for day in range(days + 1):
        midnight = past.begins + day * DAY
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
            if now < past.ends:
                await life.go_on(now)
        if day == days - 6:
            await life.offer(users[crowd[0].id], TAKEN_UP)
            await life.take_up()
        if day == days - 1:
            await life.offer(users[crowd[1].id], UNDECIDED)
    await life.go_on(past.ends)


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

    async def offer(self, user_id: UserId, offer: Offer) -> None:
        """A colleague suggests news, and comms get a card."""
        now = self.company.sandbox.clock()
        await self._do(now, suggestions.suggest, user_id, offer)
        await self.runtime.tick()

    async def take_up(self) -> None:
        """Comms make a draft of what was suggested."""
        dev, comms = self.company.dev, self.company.comms
        await dev.press(dev.messages(comms)[-1], suggestion_views.USE)
        await self.runtime.tick()

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
    found = tx.connection.execute(query)
    return [(UserId(user), post_id, repeat > 0) for user, post_id, repeat in found]
