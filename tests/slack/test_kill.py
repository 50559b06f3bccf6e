"""The whole program, killed at any moment while people press and type: what was acknowledged is
stored, once. `SOAK_KILLS` is how often each kind of load is killed, for a longer run."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text, update

from bot.domain.ids import UserId, WorkspaceId
from bot.domain.model import DispatchState, Stage
from bot.services import membership
from bot.slack.views import announcements as announcements_view
from bot.slack.views import replies
from bot.slack.views.payload import read_ref
from bot.storage import members
from bot.storage.tables import AnnouncementRow, MemberRow, ResponseEventRow, ResponseRow
from bot.storage.tx import Tx
from slack_sandbox import Fault, Message, Outcome, Person, Sandbox
from tests.slack.program import Program, add_announced_post, add_post, database, program
from tests.slack.report import Record

pytestmark = pytest.mark.alone

SEED = 20260901
CLICKERS, TYPISTS = 8, 4
LIVE = 5
SOAK = int(os.environ.get("SOAK_KILLS", "0"))
KILLS = SOAK or 2
WAITING = 3 * KILLS + 10
# Each database and each transport once; the longer run takes them all together.
WAYS = [("http", "sqlite"), ("socket", "postgresql")]

Story = list[tuple[str, bool]]  # what was done, in order, and whether that was acknowledged


@dataclass
class Crowd:
    """People who press and type, and all that they have done."""

    program: Program
    chance: random.Random
    up: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: int = 0
    doing: int = 0
    stories: dict[tuple[str, int], Story] = field(default_factory=lambda: defaultdict(list))

    @property
    def sandbox(self) -> Sandbox:
        return self.program.sandbox

    @property
    def clickers(self) -> list[Person]:
        return [self.sandbox.person(f"clicker{number}") for number in range(CLICKERS)]

    @property
    def typists(self) -> list[Person]:
        return [self.sandbox.person(f"typist{number}") for number in range(TYPISTS)]

    async def start(self) -> None:
        await self.program.start()
        self.up.set()

    async def end(self, how: signal.Signals) -> int:
        self.up.clear()
        return await self.program.end(how)

    async def acknowledgements(self, more: int) -> None:
        """Wait until so many more have been acknowledged."""
        wanted = self.acknowledged + more
        await self.sandbox.until(lambda: self.acknowledged >= wanted, 20, f"{more} more")

    async def did(self, who: Person, post: int, what: str, doing: Awaitable[Outcome]) -> None:
        """Note what came of it: a good answer to a command, an empty one to a click."""
        self.doing += 1
        outcome = await doing
        told = str((outcome.response or {}).get("text", ""))
        good = outcome.acknowledged and told not in (replies.BUSY, replies.UNKNOWN)
        self.stories[who.id, post].append((what, good))
        assert told != replies.BROKEN
        self.acknowledged += good
        self.doing -= 1
        self.sandbox.state.changes.notify()

    async def settle(self) -> None:
        """Wait until nobody waits for an answer any more."""
        await self.sandbox.until(lambda: self.doing == 0, 10, "the last answers")


def add_live_posts(crowd: Crowd) -> list[Message]:
    """Posts whose message is in the channel; the clickers take part already."""
    team, now = crowd.sandbox.team_id, datetime.now(UTC)
    with database(crowd.program.url) as connection:
        tx = Tx(connection, WorkspaceId(team), now)
        for person in crowd.clickers:
            membership.join(tx, UserId(person.id), "UTC")
        return [add_announced_post(crowd.program, connection, number) for number in range(LIVE)]


async def click(crowd: Crowd, who: Person, shown: list[Message]) -> None:
    """Press Skip and Share, now on this post and now on that one."""
    while True:
        await crowd.up.wait()
        number = crowd.chance.randrange(len(shown))
        what = crowd.chance.choice((announcements_view.SKIP, announcements_view.SHARE))
        await crowd.did(who, number + 1, what, who.press(shown[number], what))
        if who.views:
            await who.close(everything=True)


async def type_commands(crowd: Crowd, who: Person) -> None:
    """Join, pause, resume, leave, in any order."""
    while True:
        await crowd.up.wait()
        what = crowd.chance.choice(("join", "leave", "join", "pause 2 weeks", "resume"))
        await crowd.did(who, 0, what, who.command(f"/advocacy {what}"))


@asynccontextmanager
async def crowd_in(program: Program, seed: int) -> AsyncIterator[Crowd]:
    """Everybody at once, while the program is up; a failure of theirs is one of the test."""
    for name in [f"clicker{n}" for n in range(CLICKERS)] + [f"typist{n}" for n in range(TYPISTS)]:
        program.news.members.append(program.sandbox.add_person(name))
    crowd = Crowd(program, random.Random(seed))
    shown = add_live_posts(crowd)
    tasks = [asyncio.create_task(click(crowd, person, shown)) for person in crowd.clickers]
    tasks += [asyncio.create_task(type_commands(crowd, person)) for person in crowd.typists]
    try:
        yield crowd
    finally:
        for task in tasks:
            task.cancel()
        for came in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(came, Exception):
                raise came


def lost(story: Story, history: list[str]) -> str | None:
    """What was acknowledged and is not in the history, each repetition counting once."""
    done = [what for what, acknowledged in story if acknowledged]
    left = iter(history)
    for index, what in enumerate(done):
        if index and what == done[index - 1]:
            continue
        if what not in left:
            return f"{what} (number {index} of {done}) is not in {history}"
    return None


def possible_states(story: Story, effect: Callable[[str, Any], Any], before: Any) -> set[Any]:
    """Where things may stand: after what was acknowledged, and after what may have been stored."""
    may = {before}
    for what, acknowledged in story:
        after = {effect(what, one) for one in may}
        may = after if acknowledged else may | after
    return may


STAGES = {announcements_view.SKIP: Stage.SKIPPED, announcements_view.SHARE: Stage.INTERESTED}


def check_clicks(crowd: Crowd, connection: Connection) -> int:
    """Compare what each person did on each post with what is stored; returns how much it was."""
    told = {
        person.id
        for person in crowd.clickers
        for message in person.private
        if message.text in (replies.BUSY, replies.UNKNOWN)
    }
    history: dict[tuple[str, int], list[str]] = defaultdict(list)
    query = (
        select(MemberRow.user, ResponseRow.post_id, ResponseEventRow.stage, ResponseRow.stage)
        .join_from(ResponseEventRow, ResponseRow)
        .join(MemberRow)
        .order_by(ResponseEventRow.id)
    )
    last: dict[tuple[str, int], Stage] = {}
    names = {stage: name for name, stage in STAGES.items()}
    for user, post, stage, now in connection.execute(query):
        history[user, post].append(names[stage])
        last[user, post] = now
    for key, stages in history.items():
        assert all(one != following for one, following in pairwise(stages)), (key, stages)
        assert STAGES[stages[-1]] is last[key]
    # Who was told honestly that a click may be lost is no witness for what must be there.
    clicks = {key: story for key, story in crowd.stories.items() if key[1] and key[0] not in told}
    for key, story in clicks.items():
        assert lost(story, history[key]) is None, key
        may = possible_states(story, lambda what, _: STAGES[what], None)
        assert last.get(key) in may, (key, story)
    pairs = (
        select(func.count())
        .select_from(ResponseRow)
        .group_by(ResponseRow.post_id, ResponseRow.member_id)
    )
    assert set(connection.execute(pairs).scalars()) == {1}
    return sum(acknowledged for story in clicks.values() for _, acknowledged in story)


def after_command(what: str, state: tuple[bool, bool]) -> tuple[bool, bool]:
    """Whether the person takes part, and whether paused, after one more command."""
    joined, paused = state
    match what:
        case "join":
            return True, paused and joined
        case "leave":
            return False, False
        case "resume":
            return joined, False
        case _:
            return joined, joined


def check_commands(crowd: Crowd, connection: Connection) -> None:
    for (user, post), story in crowd.stories.items():
        if post:
            continue
        tx = Tx(connection, WorkspaceId(crowd.sandbox.team_id), datetime.now(UTC))
        found = members.find(tx, UserId(user))
        state = (found is not None and found.left_at is None, bool(found and found.paused_until))
        assert state in possible_states(story, after_command, (False, False)), (user, story)


async def check_everything(crowd: Crowd) -> None:
    await crowd.settle()
    with database(crowd.program.url) as connection:
        assert check_clicks(crowd, connection) > 20
        check_commands(crowd, connection)
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    assert "Traceback" not in crowd.program.errors.read_text()


@pytest.mark.parametrize(
    ("mode", "database_url"),
    [*WAYS, ("socket", "sqlite"), ("http", "postgresql")] if SOAK else WAYS,
    indirect=["database_url"],
)
async def test_what_was_acknowledged_outlives_every_kill(
    database_url: str, mode: str, tmp_path: Path
) -> None:
    async with program(database_url, mode, tmp_path) as made, crowd_in(made, SEED) as crowd:
        for _ in range(KILLS):
            await crowd.start()
            await crowd.acknowledgements(8)
            # The moment itself is the chance here; nothing is waited for.
            await asyncio.sleep(crowd.chance.uniform(0, 0.3))
            assert await crowd.end(signal.SIGKILL) == -signal.SIGKILL
        await check_everything(crowd)


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_it_ends_orderly_when_asked_to_under_load(
    new_sqlite: Callable[[], str], mode: str, tmp_path: Path, record: Record
) -> None:
    async with program(new_sqlite(), mode, tmp_path) as made, crowd_in(made, SEED) as crowd:
        await crowd.start()
        await crowd.acknowledgements(100)
        began = time.monotonic()
        assert await crowd.end(signal.SIGTERM) == 0, made.errors.read_text()
        record.exit(f"under load, {mode}", time.monotonic() - began)
        await check_everything(crowd)


def posted(made: Program) -> list[int]:
    """The posts whose announcement is in the channel, as often as it is there."""
    values = [
        element["value"]
        for message in made.sandbox.state.messages
        if message.channel is made.news and not message.ephemeral_to
        for block in message.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == announcements_view.SHARE
    ]
    return [read_ref(value).post_id for value in values]


def let_time_pass(made: Program) -> int:
    """As if the program had been away for a while; how many announcements were cut short."""
    cut_short = update(AnnouncementRow).where(AnnouncementRow.state == DispatchState.SENDING)
    sent = update(AnnouncementRow).where(AnnouncementRow.sent_at.is_not(None))
    before = datetime.now(UTC) - timedelta(days=8)  # so that they do not count for the week's cap
    with database(made.url) as connection:
        connection.execute(sent.values(sent_at=before))
        return connection.execute(cut_short.values(claimed_at=before)).rowcount


async def next_announcement(made: Program) -> None:
    """Start the program, and wait until something new is in the channel."""
    before = len(posted(made))
    await made.start()
    await made.sandbox.until(lambda: len(posted(made)) > before, 20, "an announcement")


def to_news(made: Program) -> Callable[[dict[str, Any]], bool]:
    return lambda payload: payload["channel"] == made.news.id


@pytest.mark.parametrize(("mode", "database_url"), WAYS, indirect=["database_url"])
async def test_no_announcement_is_ever_posted_twice(
    database_url: str, mode: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    cut_short = 0
    async with program(database_url, mode, tmp_path) as made:
        with database(made.url) as connection:
            for number in range(WAITING):
                add_post(connection, made.sandbox.team_id, number)
        faults = made.sandbox.faults
        for number in range(KILLS):
            if number % 2 == 0:  # it is in the channel, and the program does not hear of it
                faults.add(Fault("chat.postMessage", hold=asyncio.Event(), when=to_news(made)))
            await next_announcement(made)
            await asyncio.sleep(chance.uniform(0, 0.02))  # the moment is the chance here too
            assert await made.end(signal.SIGKILL) == -signal.SIGKILL
            faults.clear()
            cut_short += let_time_pass(made)
        await next_announcement(made)
        assert await made.end(signal.SIGTERM) == 0
        times = Counter(posted(made))
        assert set(times.values()) == {1}
        with database(made.url) as connection:
            states = Counter(connection.execute(select(AnnouncementRow.state)).scalars())
        assert states[DispatchState.UNCERTAIN] == cut_short > 0
        assert states[DispatchState.SENT] == len(times) - cut_short
        assert "Traceback" not in made.errors.read_text()
