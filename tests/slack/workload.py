"""Work of every kind for the program, people who press meanwhile, and what must be so at rest."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, text, update

from bot.domain.ids import PostId, UserId, WorkspaceId
from bot.domain.model import Colour, Stage
from bot.domain.responses import Answer
from bot.services import asks as asks_service
from bot.services import membership, reconcile, responses, snapshots
from bot.services import posts as posts_service
from bot.services import preferences as preferences_service
from bot.slack.views import announcements as announcements_view
from bot.slack.views import asks as asks_view
from bot.slack.views import replies, retention
from bot.storage import asks, dispatches, members
from bot.storage.asks import PlannedAsk
from bot.storage.tables import (
    AskRow,
    MemberRow,
    ResponseRow,
    SnapshotRow,
    WorkspaceRow,
)
from bot.storage.tx import Tx
from slack_sandbox import Message, Outcome, Person
from tests.slack.at_rest import HONEST, check_uncertain, left_to_do, post_of, posted, was_told
from tests.slack.program import (
    Program,
    add_announced_post,
    add_live_post,
    add_post,
    database,
    preferences,
)
from tests.support import all_rows

DAY = timedelta(days=1)
WRITER = UserId("U0WRITER0")
LOOK_EVERY = 0.5  # seconds: a database tells nobody that it has changed


@dataclass(frozen=True)
class Tally:
    """What came of one kind of fault."""

    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    posted: int = 0
    twice: int = 0
    uncertain: int = 0


@dataclass
class Workload:
    """Everything that can be due, once more in each wave, and people who press."""

    made: Program
    may_break: bool = False  # people may read that something went wrong
    waves: int = 0
    live: list[Message] = field(default_factory=list)
    joined: list[Person] = field(default_factory=list)
    skipped: list[tuple[Person, int]] = field(default_factory=list)
    forgotten: list[Person] = field(default_factory=list)
    readers: list[Person] = field(default_factory=list)
    folded: list[PostId] = field(default_factory=list)
    erased: list[Person] = field(default_factory=list)
    refused: int = 0
    _pressed: set[str] = field(default_factory=set)
    _acting: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def _team(self) -> WorkspaceId:
        return WorkspaceId(self.made.sandbox.team_id)

    def person(self, name: str) -> Person:
        """Somebody new."""
        person = self.made.sandbox.add_person(f"{name}{self.waves}", tz="Europe/Berlin")
        self.made.news.members.append(person)
        return person

    # What is due.

    def add(self, *, snapshot: bool = False, ended: bool = True) -> None:
        """One more of everything; with `snapshot` that of today is due too.

        While the program runs, nothing may have `ended`: it looks only hourly for what to erase.

        As everybody here skips everything, its colour would keep the bot from asking.
        """
        self.waves += 1
        now = datetime.now(UTC)
        with database(self.made.url) as connection:
            if not self.live:
                snapshots.take(Tx(connection, self._team, now), frozenset())
                add_live_post(connection, self._team, 10_000, now)
                self.live = [add_announced_post(self.made, connection, 20_000)]
            add_post(connection, self._team, self.waves)
            self._add_reader(Tx(connection, self._team, now))
            if ended:
                self._add_ended(connection, now)
            for name in ("clicker", "goner"):
                membership.join(Tx(connection, self._team, now), self._id(name), "UTC")
            if snapshot:
                connection.execute(delete(SnapshotRow))
            connection.execute(update(WorkspaceRow).values(colour=Colour.GREEN))

    def _id(self, name: str) -> UserId:
        return UserId(self.person(name).id)

    def _add_reader(self, tx: Tx) -> None:
        """Somebody who can be asked now."""
        reader = self.person("reader")
        chosen, zone = preferences(tx.now)
        membership.join(tx, UserId(reader.id), zone)
        preferences_service.choose(tx, UserId(reader.id), chosen)
        self.readers.append(reader)

    def _add_ended(self, connection: Connection, now: datetime) -> None:
        """A post that ended a month ago, with an answer and an ask; and somebody who left then."""
        old, left = Tx(connection, self._team, now - 40 * DAY), now - 31 * DAY
        post_id = add_live_post(connection, self._team, 30_000 + self.waves, old.now)
        stayed, gone = self.person("stayer"), self.person("leaver")
        for person in (stayed, gone):
            self._ask(old, post_id, person)
        answer = Answer(Stage.SKIPPED)
        responses.record_response(old, UserId(stayed.id), post_id, answer)
        membership.leave(Tx(connection, self._team, left), UserId(gone.id))
        posts_service.withdraw(Tx(connection, self._team, left), WRITER, post_id)
        self.folded.append(post_id)
        self.erased.append(gone)

    def _ask(self, tx: Tx, post_id: PostId, person: Person) -> None:
        membership.join(tx, UserId(person.id), "UTC")
        member = members.find(tx, UserId(person.id))
        assert member is not None
        asks.insert_planned(tx, [PlannedAsk(member.id, post_id, 0, 1)])
        [ask] = asks.load_of_members(tx, [member.id])
        dispatches.mark_sending(tx, ask, 1)
        channel = self.made.sandbox.state.direct_channel(person)
        ts = self.made.sandbox.state.post(channel, "An old one", []).ts
        asks_service.record_sent(tx, ask.id, channel.id, ts)

    # What people do.

    def act(self) -> None:
        """Let people press and type, whether the program runs or not."""
        person = self.made.sandbox.person
        for doing in (
            self._skip(person(f"clicker{self.waves}")),
            self._join(self.person("joiner")),
            self._forget(person(f"goner{self.waves}")),
            self._answer_asks(),
        ):
            self._begin(doing)

    def act_again(self) -> None:
        """Let the newest ones press once more, as they were told to."""
        for doing in (
            self._skip(self.made.sandbox.person(f"clicker{self.waves}")),
            self._join(self.made.sandbox.person(f"joiner{self.waves}")),
        ):
            self._begin(doing)

    def _begin(self, doing: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(doing)
        self._acting.add(task)
        task.add_done_callback(self._acting.discard)

    async def settle(self) -> None:
        """Wait until nobody waits for an answer any more."""
        for task in list(self._acting):
            await task

    async def _skip(self, who: Person) -> None:
        message = self.live[0]
        if await self._good(who.press(message, announcements_view.SKIP)):
            self.skipped.append((who, post_of(message) or 0))

    async def _join(self, who: Person) -> None:
        if await self._good(who.command("/advocacy join")):
            self.joined.append(who)

    async def _forget(self, who: Person) -> None:
        if await self._good(who.command("/advocacy forget-me")) and who.private:
            question = who.private[-1]
            if retention.FORGET not in str(question.blocks):
                return
            if await self._good(who.press(question, retention.FORGET)):
                self.forgotten.append(who)

    async def _answer_asks(self) -> None:
        """Skip what has come, as soon as somebody has something."""
        sandbox = self.made.sandbox

        def waiting() -> list[tuple[Person, Message]]:
            return [
                (reader, message)
                for reader in self.readers
                if reader.id not in self._pressed
                for message in reader.dm
                if post_of(message) is not None
            ]

        try:
            await sandbox.until(waiting, 3, "a direct message")
        except TimeoutError:
            return
        for reader, message in waiting():
            self._pressed.add(reader.id)
            post_id = post_of(message) or 0
            if await self._good(reader.press(message, asks_view.SKIP)):
                self.skipped.append((reader, post_id))

    async def _good(self, doing: Awaitable[Outcome]) -> bool:
        """Whether it was acknowledged, without a word that it may be lost."""
        outcome = await doing
        said = str((outcome.response or {}).get("text", ""))
        assert self.may_break or said != replies.BROKEN
        good = outcome.acknowledged and said not in HONEST
        self.refused += not good
        return good

    @property
    def met_trouble(self) -> bool:
        """Whether anybody was not acknowledged, or read that something may not be stored."""
        return self.refused > 0 or any(map(was_told, self.made.sandbox.persons))

    # What must be so.

    async def rest(self, within: float = 150.0) -> float:
        """Wait until nothing is left to be done; how many seconds that took.

        A minute is what a send is waited for that nobody heard of.
        """
        began = time.monotonic()
        while left := list(self._left()):
            assert time.monotonic() - began < within, (left, self.made.errors.read_text()[-3000:])
            await asyncio.sleep(LOOK_EVERY)
        return time.monotonic() - began

    def _left(self) -> Iterator[str]:
        with database(self.made.url) as connection:
            yield from left_to_do(connection)
            if reconcile.find_pending(Tx(connection, self._team, datetime.now(UTC))):
                yield "something that Slack does not show yet"
            members_left = set(connection.execute(select(MemberRow.user)).scalars())
        yield from (f"{one.name} is there" for one in self.erased if one.id in members_left)

    def check(self) -> Tally:
        """Compare what people did and got with what is stored."""
        with database(self.made.url) as connection:
            known = set(connection.execute(select(MemberRow.user)).scalars())
            found = [(who, self._is_stored(connection, who, post)) for who, post in self.skipped]
            found += [(who, who.id in known) for who in self.joined]
            self._check_folding(connection)
            uncertain = check_uncertain(self.readers, connection)
            if connection.dialect.name == "sqlite":
                assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        everything = str(all_rows(self.made.url))
        found += [(who, who.id not in everything) for who in self.forgotten]
        assert [one for one in self.erased if one.id in everything] == []
        assert [one.dm for one in self.erased if one.dm] == []
        stored = sum(is_there for _, is_there in found)
        lost = sum(not is_there and not was_told(who) for who, is_there in found)
        times = posted(self.made)
        twice = sum(number > 1 for number in times.values())
        written = self.made.errors.read_text()
        assert "Traceback" not in written, written[-3000:]
        return Tally(stored + lost, stored, lost, times.total(), twice, uncertain)

    def _is_stored(self, connection: Connection, who: Person, post: int) -> bool:
        query = (
            select(ResponseRow.stage)
            .join(MemberRow)
            .where(MemberRow.user == who.id, ResponseRow.post_id == post)
        )
        return connection.execute(query).scalars().all() == [Stage.SKIPPED]

    def _check_folding(self, connection: Connection) -> None:
        """Nothing of a person is left of the posts that were folded."""
        for table in (ResponseRow, AskRow):
            left = select(table.id).where(table.post_id.in_(self.folded))
            assert connection.execute(left).all() == []
