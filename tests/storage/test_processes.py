"""Several processes on one PostgreSQL database: nothing is claimed, stored or lost twice."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.ids import PostId, UserId, WorkspaceId
from bot.domain.model import DispatchState, Stage
from bot.domain.post import PostState
from bot.domain.responses import Answer
from bot.services import announcements, heartbeat, membership, responses
from bot.services.responses import Stored
from bot.storage import posts
from bot.storage.database import Database, create_engine_for
from bot.storage.tables import AnnouncementRow, ResponseEventRow, ResponseRow
from bot.storage.tx import Transactions, Tx
from tests.storage.helpers import add_workspace
from tests.storage.processes import PROCESSES, TEAM, Ready, add_post, in_each, rows

pytestmark = pytest.mark.alone

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WAITING = 50
MEMBERS, LIVE = 20, 10  # 200 clicks


def fill(url: str, count: int, *, live: bool) -> None:
    """A workspace that may announce at any time, members, and posts: live ones or waiting."""
    state = PostState.LIVE if live else PostState.APPROVED
    engine = create_engine_for(url)
    with engine.begin() as connection:
        add_workspace(connection, TEAM)
        for number in range(MEMBERS):
            membership.join(Tx(connection, TEAM, NOW), UserId(f"U{number}"), "Europe/Berlin")
        for number in range(count):
            add_post(connection, number, state, NOW, topic=f"topic {number % 3}")
    engine.dispose()


def _tick_until_all_are_sent(ready: Ready, number: int, url: str) -> list[int]:
    """The posts that this process claimed, and said to have sent."""

    async def ticks() -> list[int]:
        database = Database(url, deadline=30)
        claimed: list[int] = []
        ready()
        while await database.read(_unsent, TEAM):
            found = await Transactions(database, TEAM, NOW).write(heartbeat.run_heartbeat)
            if found is not None:
                claimed.append(found.post.id)
                ts = f"1788336000.{found.post.id:06d}"
                await Transactions(database, TEAM, NOW).write(
                    announcements.record_sent, found, found.channel, ts
                )
        await database.close()
        return claimed

    return asyncio.run(ticks())


def _unsent(connection: Connection, workspace: str) -> bool:
    return bool(
        posts.load_approved(Tx(connection, WorkspaceId(workspace), NOW), [PostState.APPROVED])
    )


def test_four_processes_that_tick_at_once_claim_no_post_twice(url: str) -> None:
    fill(url, WAITING, live=False)
    claimed = in_each(_tick_until_all_are_sent, url)
    times = Counter(post for of_one in claimed for post in of_one)
    assert times == Counter(range(1, WAITING + 1))
    assert sum(bool(of_one) for of_one in claimed) > 1, "only one process had a turn"
    sent = rows(url, select(AnnouncementRow.post_id, AnnouncementRow.state))
    assert Counter(sent) == Counter({(post, DispatchState.SENT): 1 for post in times})


def _tick_once(ready: Ready, number: int, url: str) -> int | None:
    async def tick() -> int | None:
        database = Database(url, deadline=30)
        await database.read(_unsent, TEAM)  # connected, so that all begin together
        ready()
        found = await Transactions(database, TEAM, NOW).write(heartbeat.run_heartbeat)
        await database.close()
        return None if found is None else found.post.id

    return asyncio.run(tick())


def test_of_four_that_tick_at_once_one_gets_the_turn(url: str) -> None:
    fill(url, WAITING, live=False)
    claimed = in_each(_tick_once, url)
    assert sorted(one is None for one in claimed) == [False, True, True, True]


def _click(ready: Ready, number: int, url: str, answers: list[Answer], shuffled: bool) -> list[Any]:
    """Every member presses on every post; what came of each click."""
    clicks = [(f"U{member}", post) for member in range(MEMBERS) for post in range(1, LIVE + 1)]
    if shuffled:
        random.Random(number).shuffle(clicks)

    async def press() -> list[Any]:
        database = Database(url, deadline=30)
        await database.read(_unsent, TEAM)
        ready()
        found = await asyncio.gather(
            *(
                Transactions(database, TEAM, NOW).write(
                    responses.record_response, UserId(user), PostId(post), answer
                )
                for user, post in clicks
                for answer in answers
            ),
            return_exceptions=True,
        )
        await database.close()
        return [repr(one) if isinstance(one, BaseException) else one for one in found]

    return asyncio.run(press())


@pytest.mark.parametrize("shuffled", [False, True], ids=["in one order", "in any order"])
def test_the_same_clicks_in_four_processes_are_stored_once(url: str, shuffled: bool) -> None:
    fill(url, LIVE, live=True)
    answers = [Answer(Stage.SKIPPED)]
    came = Counter(one for of_one in in_each(_click, url, answers, shuffled) for one in of_one)
    assert came == Counter(
        {
            Stored(Stage.SKIPPED, changed=True): MEMBERS * LIVE,
            Stored(Stage.SKIPPED, changed=False): MEMBERS * LIVE * (PROCESSES - 1),
        }
    )
    assert rows(url, select(func.count()).select_from(ResponseRow)) == [(MEMBERS * LIVE,)]
    history = rows(url, select(ResponseEventRow.response_id))
    assert len(history) == len(set(history)) == MEMBERS * LIVE


def test_changes_of_mind_in_four_processes_leave_a_history_that_adds_up(url: str) -> None:
    fill(url, LIVE, live=True)
    answers = [Answer(Stage.SKIPPED), Answer(Stage.INTERESTED)]
    came = [one for of_one in in_each(_click, url, answers, False) for one in of_one]
    assert {type(one) for one in came} == {Stored}, Counter(map(str, came))
    now = dict(rows(url, select(ResponseRow.id, ResponseRow.stage)))
    assert len(now) == MEMBERS * LIVE
    kept = select(ResponseEventRow.response_id, ResponseEventRow.stage)
    history: dict[int, list[Stage]] = {}
    for response, stage in rows(url, kept.order_by(ResponseEventRow.id)):
        history.setdefault(response, []).append(stage)
    assert {response: stages[-1] for response, stages in history.items()} == now
    for stages in history.values():
        assert all(one is not next_one for one, next_one in pairwise(stages))
    changes = sum(isinstance(one, Stored) and one.changed for one in came)
    assert sum(map(len, history.values())) == changes
