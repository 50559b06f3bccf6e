"""Several processes that plan and claim at once on PostgreSQL: nobody is asked twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.domain.delivery import Delivery
from bot.domain.ids import PostId, UserId, WorkspaceId
from bot.domain.model import DispatchState, Hours, Preferences, Reach, Stage
from bot.domain.post import Network, PostState
from bot.domain.responses import Answer
from bot.services import asks as asks_service
from bot.services import membership, planning, responses
from bot.services import preferences as preferences_service
from bot.services.responses import Stored
from bot.storage import asks, members
from bot.storage.database import Database, create_engine_for
from bot.storage.tables import AskRow, MemberRow, PostRow
from bot.storage.tx import Transactions, Tx
from tests.storage.helpers import add_workspace
from tests.storage.processes import PROCESSES, TEAM, Ready, add_post, in_each, rows

pytestmark = pytest.mark.alone

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
MEMBERS = 3_000
POSTS = 3
CLAIMED = 120  # of the planned asks: claiming is one short transaction each
CHOSEN = Preferences(
    delivery=frozenset({Delivery.DIRECT}),
    topics=("news",),
    networks=(Network.X,),
    hours=Hours(0, 24 * 60),
    workdays=frozenset(range(7)),
)
OPEN = datetime(2026, 9, 1, 23, 30, tzinfo=UTC)  # in the hour that every member's day keeps open


def fill(url: str, count: int) -> None:
    """Members who are all due, and live posts that fit them all."""
    engine = create_engine_for(url)
    with engine.begin() as connection:
        add_workspace(connection, TEAM)
        _add_members(connection, count)
        for number in range(POSTS):
            add_post(connection, number, PostState.LIVE, NOW)
        connection.execute(update(PostRow).values(reach=Reach.EVERYBODY, live_at=NOW))
    engine.dispose()


def _add_members(connection: Connection, count: int) -> None:
    """As joining and choosing would store them, in one statement."""
    membership.join(Tx(connection, TEAM, NOW), UserId("U0"), "UTC")
    preferences_service.choose(Tx(connection, TEAM, NOW), UserId("U0"), CHOSEN)
    [first] = connection.execute(select(MemberRow.__table__)).mappings()
    alike = {key: value for key, value in first.items() if key not in ("id", "user", "next_ask_at")}
    connection.execute(update(MemberRow).values(next_ask_at=NOW))
    more = [{**alike, "user": f"U{number}", "next_ask_at": NOW} for number in range(1, count)]
    connection.execute(insert(MemberRow), more)


def _due(connection: Connection, workspace: str) -> bool:
    due = members.find_next_due(Tx(connection, WorkspaceId(workspace), OPEN))
    return due is not None and due <= OPEN


def _plan_until_nobody_is_due(ready: Ready, number: int, url: str) -> list[int]:
    """How many each round of this process planned."""

    async def rounds() -> list[int]:
        database = Database(url, deadline=30)
        await database.read(_due, TEAM)  # connected, so that all begin together
        ready()
        planned = []
        candidates = await Transactions(database, TEAM, OPEN).read(planning.load_candidates)
        while await database.read(_due, TEAM):
            found = await Transactions(database, TEAM, OPEN).write(planning.plan, candidates, 1_000)
            planned.append(found.asks)
        await database.close()
        return planned

    return asyncio.run(rounds())


def test_four_processes_that_plan_for_three_thousand_plan_for_each_once(url: str) -> None:
    fill(url, MEMBERS)
    planned = in_each(_plan_until_nobody_is_due, url)
    assert sum(map(sum, planned)) == MEMBERS
    assert sum(any(of_one) for of_one in planned) > 1, "only one process had a turn"
    times = Counter(row.member_id for row in rows(url, select(AskRow.member_id)))
    assert len(times) == MEMBERS
    assert set(times.values()) == {1}


def _plan_claim_and_send(ready: Ready, number: int, url: str) -> list[int]:
    """Plan, then claim whatever waits, as the others do; the members this process asked."""

    async def work() -> list[int]:
        database = Database(url, deadline=30)
        candidates = await Transactions(database, TEAM, OPEN).read(planning.load_candidates)
        ready()
        asked: list[int] = []
        for _ in range(CLAIMED // planning.AT_ONCE):
            await Transactions(database, TEAM, OPEN).write(planning.plan, candidates, CLAIMED)
        for waiting in await Transactions(database, TEAM, OPEN).read(asks.find_sendable, CLAIMED):
            claimed = await Transactions(database, TEAM, OPEN).write(
                asks_service.claim, waiting.id, None
            )
            if claimed is not None:
                asked.append(claimed.member.id)
                ts = f"1788336000.{claimed.ask_id:06d}"
                await Transactions(database, TEAM, NOW).write(
                    asks_service.record_sent, claimed.ask_id, f"D{waiting.user_id}", ts
                )
        await database.close()
        return asked

    return asyncio.run(work())


def test_of_four_processes_one_sends_each_ask(url: str) -> None:
    fill(url, CLAIMED)
    asked = [member for of_one in in_each(_plan_claim_and_send, url) for member in of_one]
    assert len(asked) == len(set(asked))
    sent = rows(url, select(AskRow.member_id).where(AskRow.state == DispatchState.SENT))
    assert sorted(row.member_id for row in sent) == sorted(asked)
    assert asked


def _claim_while_people_click(ready: Ready, number: int, url: str) -> list[str]:
    """Two processes claim, two press Skip in the channel on the same posts; what went wrong."""

    async def work() -> list[str]:
        database = Database(url, deadline=30)
        waiting = await Transactions(database, TEAM, OPEN).read(asks.find_sendable, CLAIMED)
        skip = Answer(Stage.SKIPPED)
        came: list[Any] = []
        ready()
        # From both ends, so that they meet; one by one, as a heartbeat claims.
        for one in waiting if number < 2 else reversed(waiting):
            if number % 2:
                came.append(
                    await Transactions(database, TEAM, OPEN).write(asks_service.claim, one.id, None)
                )
                continue
            came += [
                await Transactions(database, TEAM, OPEN).write(
                    responses.record_response, one.user_id, PostId(post), skip
                )
                for post in range(1, POSTS + 1)
            ]
        await database.close()
        return [
            repr(one)
            for one in came
            if not isinstance(one, asks_service.ClaimedAsk | Stored | None)
        ]

    return asyncio.run(work())


def test_claims_and_clicks_at_once_neither_fail_nor_ask_who_has_answered(url: str) -> None:
    fill(url, CLAIMED)
    engine = create_engine_for(url)
    with engine.begin() as connection:
        candidates = planning.load_candidates(
            Tx(connection, TEAM, OPEN),
        )
        for _ in range(CLAIMED // planning.AT_ONCE):
            planning.plan(Tx(connection, TEAM, OPEN), candidates, CLAIMED)
    engine.dispose()
    troubles = in_each(_claim_while_people_click, url)
    assert troubles == [[]] * PROCESSES
    times = Counter(row.member_id for row in rows(url, select(AskRow.member_id)))
    assert set(times.values()) <= {1}
