"""The whole program, killed while it sends direct messages: nobody gets one twice, and nothing
that was acknowledged is lost. `SOAK_KILLS` is how often it is killed, for a longer run."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text, update

from bot.domain.ids import UserId, WorkspaceId
from bot.domain.model import (
    DispatchState,
    Outcome,
    Stage,
)
from bot.services import membership
from bot.services import preferences as preferences_service
from bot.slack.views import asks as asks_view
from bot.slack.views import replies
from bot.slack.views.payload import read_ref
from bot.storage.tables import AskRow, MemberRow, ResponseRow
from bot.storage.tx import Tx
from slack_sandbox import Fault, Message, Person
from tests.slack.program import Program, add_live_post, database, preferences, program

pytestmark = pytest.mark.alone

SEED = 20260908
POSTS = 3
KILLS = int(os.environ.get("SOAK_KILLS", "0")) or 2
PEOPLE = max(40, 15 * KILLS)
A_SECOND = 4  # messages, at least: the throttle lets nearly five go out


@dataclass
class Readers:
    """Those who are asked, and what they press as soon as they get something."""

    made: Program
    people: list[Person]
    answers: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    up: asyncio.Event = field(default_factory=asyncio.Event)

    def received(self, person: Person) -> list[Message]:
        return [
            message
            for message in self.made.sandbox.state.messages
            if message.channel.direct_with is person and not message.ephemeral_to
        ]

    def count(self) -> int:
        return sum(len(self.received(person)) for person in self.people)

    def have(self, messages: int) -> bool:
        return self.count() >= messages

    def all_have_theirs(self, cut_short: set[str]) -> bool:
        """Everybody but those whose message was cut short: theirs may never have left."""
        return all(self.received(person) for person in self.people if person.id not in cut_short)

    async def press(self, chance: random.Random) -> None:
        """Answer what has come and was not pressed yet, whether the program runs or not."""
        while True:
            await self.up.wait()
            waiting = [
                (person, message)
                for person in self.people
                for message in self.received(person)
                if person.id not in self.answers and "[Skip]" in message.plain
            ]
            if not waiting:
                changes = self.made.sandbox.state.changes
                await changes.changed_since(changes.count)
                continue
            person, message = chance.choice(waiting)
            outcome = await person.press(message, asks_view.SKIP)
            self.answers.setdefault(person.id, []).append((message.ts, outcome.acknowledged))


@asynccontextmanager
async def readers(made: Program, chance: random.Random) -> AsyncIterator[Readers]:
    """People who take part, and posts that fit them all."""
    now = datetime.now(UTC)
    people = [made.sandbox.add_person(f"reader{number}") for number in range(PEOPLE)]
    chosen, zone = preferences(now)
    with database(made.url) as connection:
        for number in range(POSTS):
            add_live_post(connection, made.sandbox.team_id, number, now)
        for person in people:
            membership.join(
                Tx(connection, WorkspaceId(made.sandbox.team_id), now), UserId(person.id), zone
            )
            preferences_service.choose(
                Tx(connection, WorkspaceId(made.sandbox.team_id), now), UserId(person.id), chosen
            )
    everybody = Readers(made, people)
    pressing = asyncio.create_task(everybody.press(chance))
    try:
        yield everybody
    finally:
        pressing.cancel()
        [came] = await asyncio.gather(pressing, return_exceptions=True)
        if isinstance(came, Exception):
            raise came


def let_time_pass(made: Program) -> set[UserId]:
    """As if the program had been away for a while; whose asks were cut short."""
    sending = AskRow.state == DispatchState.SENDING
    with database(made.url) as connection:
        whose = set(
            connection.execute(select(MemberRow.user).join(AskRow).where(sending)).scalars()
        )
        connection.execute(
            update(AskRow).where(sending).values(claimed_at=datetime.now(UTC) - timedelta(hours=1))
        )
    return whose


def to_somebody(everybody: Readers) -> Callable[[dict[str, Any]], bool]:
    ids = {person.id for person in everybody.people}
    return lambda payload: payload["channel"] in ids


def check(everybody: Readers, connection: Connection) -> None:
    """Compare what people got and pressed with what is stored."""
    for person in everybody.people:
        assert len(everybody.received(person)) <= 1, "the pace allows one, whatever happened"
    query = select(MemberRow.user, AskRow.post_id, AskRow.state, AskRow.outcome).join(MemberRow)
    asks = {row.user: row for row in connection.execute(query)}
    assert len(asks) == len(everybody.people)
    for person in everybody.people:
        got = everybody.received(person)
        if asks[person.id].state is DispatchState.SENT:
            assert len(got) == 1
        else:
            assert asks[person.id].state is DispatchState.UNCERTAIN
    stages = {
        row.user: row.stage
        for row in connection.execute(select(MemberRow.user, ResponseRow.stage).join(MemberRow))
    }
    told = (replies.BUSY, replies.UNKNOWN)
    acknowledged = [
        user for user, pressed in everybody.answers.items() if any(good for _, good in pressed)
    ]
    assert len(acknowledged) > 20
    by_id = {person.id: person for person in everybody.people}
    for user in acknowledged:
        if any(one.text in told for one in by_id[user].private):
            continue  # told honestly that it may be lost
        assert stages[user] is Stage.SKIPPED
        assert asks[user].outcome is Outcome.SKIPPED
        assert asks[user].state is DispatchState.SENT, "a click settles where it arrived"
    assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]


@pytest.mark.parametrize("mode", ["http"])
async def test_nobody_is_asked_twice_and_no_answer_is_lost_however_often_it_is_killed(
    new_sqlite: Callable[[], str], mode: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    cut_short: set[str] = set()
    async with program(new_sqlite(), mode, tmp_path) as made, readers(made, chance) as everybody:
        faults = made.sandbox.faults
        for number in range(KILLS):
            more = everybody.count() + 10
            await made.start()
            everybody.up.set()
            await made.sandbox.until(partial(everybody.have, more), 20, "direct messages")
            if number % 4 == 0:
                everybody.up.clear()  # in these rounds no click settles what is cut short below
            if number % 2 == 0:  # it arrives, and the program does not hear of it
                hold = asyncio.Event()
                faults.add(Fault("chat.postMessage", hold=hold, when=to_somebody(everybody)))
                await made.sandbox.until(lambda: faults.held, 20, "a call that is held")
            # The moment itself is the chance here; nothing is waited for.
            await asyncio.sleep(chance.uniform(0, 0.05))
            everybody.up.clear()
            assert await made.end(signal.SIGKILL) == -signal.SIGKILL
            faults.clear()
            cut_short |= let_time_pass(made)
        await made.start()
        everybody.up.set()
        theirs = partial(everybody.all_have_theirs, cut_short)
        await made.sandbox.until(theirs, 30 + PEOPLE / A_SECOND, "everybody's message")
        assert await made.end(signal.SIGTERM) == 0
        with database(made.url) as connection:
            check(everybody, connection)
            states = Counter(connection.execute(select(AskRow.state)).scalars())
        assert cut_short
        assert set(states) <= {DispatchState.SENT, DispatchState.UNCERTAIN}
        about = Counter(
            (message.channel.id, read_ref(element["value"]).post_id)
            for message in made.sandbox.state.messages
            for block in message.blocks
            for element in block.get("elements", [])
            if element.get("action_id") == asks_view.SHARE
        )
        assert not about or max(about.values()) == 1
        assert "Traceback" not in made.errors.read_text()
