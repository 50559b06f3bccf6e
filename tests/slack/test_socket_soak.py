"""Many clicks over Socket Mode while connections break, are renewed or fall mute: none that was
acknowledged is lost, and none is stored twice. `SOAK_CLICKS` is how many, for a longer run."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from bot.domain.ids import UserId, WorkspaceId
from bot.services import membership
from bot.slack.views import announcements, replies
from bot.storage.tables import MemberRow, ResponseEventRow, ResponseRow
from bot.storage.tx import Tx
from slack_sandbox import Message, Person
from tests.slack.program import Program, add_announced_post, database, program
from tests.slack.report import Record
from tests.slack.workload import Tally

SEED = 20261130
SOAK = int(os.environ.get("SOAK_CLICKS", "0"))
CLICKS = SOAK or 300
PEOPLE = 20
POSTS = CLICKS // PEOPLE
EVERY = 12  # clicks between two troubles, on average
TRIES = 40  # of one click: somebody who reads that it did not work presses once more

# How often what happens to a connection. That one is mute is noticed after longer than the short
# run takes, and so is that both are broken.
TROUBLES = {"reset": 8, "refresh": 8, "mute": 1} if SOAK else {"reset": 1, "refresh": 1}

Pair = tuple[str, int]


class Clicks:
    """Everybody presses Skip under every post, until it was acknowledged."""

    def __init__(self, made: Program) -> None:
        self.made = made
        self.acknowledged: set[Pair] = set()
        self.tried = self.failed = 0
        self._people = [made.sandbox.add_person(f"clicker{number}") for number in range(PEOPLE)]
        with database(made.url) as connection:
            self._posts = [add_announced_post(made, connection, n) for n in range(POSTS)]
            tx = Tx(connection, WorkspaceId(made.sandbox.team_id), datetime.now(UTC))
            for person in self._people:
                membership.join(tx, UserId(person.id), "UTC")

    def have_been(self, tried: int) -> bool:
        """Whether there were so many clicks."""
        return self.tried >= tried

    async def all(self) -> None:
        """Everybody at once, each one post after the other."""
        await asyncio.gather(*(self._all_of(person) for person in self._people))

    async def _all_of(self, person: Person) -> None:
        for number, message in enumerate(self._posts):
            for _ in range(TRIES):
                if await self._press(person, message):
                    self.acknowledged.add((person.id, number + 1))
                    break
                self.failed += 1

    async def _press(self, person: Person, message: Message) -> bool:
        """Whether it was acknowledged, and not answered with that it may be lost."""
        before, self.tried = len(person.private), self.tried + 1
        outcome = await person.press(message, announcements.SKIP)
        said = {one.text for one in person.private[before:]}
        assert replies.BROKEN not in said
        return outcome.acknowledged and not said & {replies.BUSY, replies.UNKNOWN}


async def trouble(clicks: Clicks, chance: random.Random, met: Counter[str]) -> None:
    """Break a connection, let it fall mute, or ask it to connect anew, every few clicks."""
    sandbox = clicks.made.sandbox
    while True:
        due = clicks.tried + chance.randint(1, 2 * EVERY)
        await sandbox.until(partial(clicks.have_been, due), 600, "more clicks")
        audible = [one for one in sandbox.sockets.connections if not one.mute]
        what = chance.choices(list(TROUBLES), list(TROUBLES.values()))[0]
        if len(audible) < 2 and (what == "mute" or not audible or not SOAK):
            continue
        met[what] += 1
        one = chance.choice(audible)
        if what == "refresh":
            await sandbox.sockets.refresh(chance.uniform(0, 0.2), one)
        elif what == "reset":
            one.cut()
        else:
            one.mute = True


async def test_no_acknowledged_click_is_lost_whatever_happens_to_the_sockets(
    new_sqlite: Callable[[], str], tmp_path: Path, record: Record
) -> None:
    met: Counter[str] = Counter()
    async with program(new_sqlite(), "socket", tmp_path) as made:
        made.sandbox.dispatcher.acknowledge_within = 3.0 if SOAK else 1.0
        clicks = Clicks(made)
        await made.start()
        troubling = asyncio.create_task(trouble(clicks, random.Random(SEED), met))
        await clicks.all()
        troubling.cancel()
        began = time.monotonic()
        await made.sandbox.until(
            lambda: sum(not one.mute for one in made.sandbox.sockets.connections) == 2,
            60,
            "two connections that work",
        )
        rest = time.monotonic() - began
        assert await made.end(signal.SIGTERM) == 0
        assert "Traceback" not in made.errors.read_text()
        with database(made.url) as connection:
            query = (
                select(MemberRow.user, ResponseRow.post_id, func.count())
                .join_from(ResponseEventRow, ResponseRow)
                .join(MemberRow)
                .group_by(MemberRow.user, ResponseRow.post_id)
            )
            stored = {(user, post): times for user, post, times in connection.execute(query)}
    lost = clicks.acknowledged - stored.keys()
    twice = sum(times > 1 for times in stored.values())
    told = ", ".join(f"{times} x {what}" for what, times in sorted(met.items()))
    done = len(clicks.acknowledged)
    tally = Tally(done, len(stored), len(lost), 0, twice)
    record.row(f"sockets: {told}, {clicks.failed} clicks again", tally, rest)
    assert (len(lost), twice) == (0, 0)
    assert done > 0.99 * PEOPLE * POSTS
    assert met.total() > 0
