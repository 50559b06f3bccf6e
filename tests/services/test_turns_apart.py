"""What one person does never moves what another is asked, when, and what they read of it.

Each script runs twice, on two databases: once with what Amara does, and once without. Everything
about everybody else must be the same at every step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.domain.model import Pace, SkipReason, Stage
from bot.domain.responses import Answer
from bot.services import heartbeat, membership, pacing, snapshots
from bot.services import preferences as preferences_service
from bot.storage import members
from bot.storage.database import create_engine_for
from bot.storage.tables import AskRow, MemberRow, NoticeRow
from tests.services.asks import staff
from tests.services.helpers import AFTERNOON, AMARA, BO, DAY, WEEK, ServiceWorld

HOUR = timedelta(hours=1)
COLLEAGUES = 40
Act = Callable[[ServiceWorld], Any]

ACTS: dict[str, Act] = {
    "joins": lambda world: world.member(AMARA, pace=Pace.THRICE_A_WEEK),
    "pauses": lambda world: world.run(membership.pause, AMARA, world.now + 3 * WEEK),
    "resumes": lambda world: world.run(membership.resume, AMARA),
    "leaves": lambda world: world.run(membership.leave, AMARA),
    "slows down": lambda world: world.run(preferences_service.ask_less, AMARA),
    "skips": lambda world: world.respond(
        AMARA, 1, Answer(Stage.SKIPPED, reason=SkipReason.NOT_MY_AUDIENCE)
    ),
    "shares": lambda world: world.respond(AMARA, 1, Stage.SHARED),
}
SCRIPTS = [
    ["joins", "pauses", "resumes"],
    ["joins", "slows down", "skips"],
    ["joins", "shares", "leaves", "joins"],
]


def observed(world: ServiceWorld) -> list[Any]:
    """All that is stored of everybody but Amara, their asks, and what Bo and comms read."""
    others = {row.id: row for row in world.rows(MemberRow) if row.user != AMARA}
    asks = [
        (row.member_id, row.post_id, row.asked_at, row.state, row.outcome)
        for row in world.rows(AskRow)
        if row.member_id in others
    ]
    bo = world.run(members.find, BO)
    assert bo is not None
    reads = world.run(pacing.outlook, bo)
    told = [(row.kind, row.post_id, row.detail) for row in world.rows(NoticeRow)]
    return [world.now, sorted(asks), list(others.values()), reads, told]


def told_in(world: ServiceWorld, acts: list[str]) -> Iterator[list[Any]]:
    """Two weeks with a post a week; Amara, who is in comms, does something on every second day.

    As nobody in comms counts in a figure, not even a snapshot may differ.
    """
    world.now = AFTERNOON
    world.save_workspace(asks_per_week=0.5)
    world.join(AMARA)
    world.member(BO)
    staff(world, COLLEAGUES)
    for day in range(14):
        world.run(snapshots.take, {AMARA})
        if day % 7 == 0:
            world.live(title=f"Post {day}")
        if day % 2 and acts:
            ACTS[acts[day // 2 % len(acts)]](world)
        for _ in range(2):
            world.run(heartbeat.run_heartbeat)
            world.plan(most=1000)
            world.send_planned()
            yield observed(world)
            world.now += HOUR
        world.now += DAY - 2 * HOUR


def fast(url: str) -> ServiceWorld:
    """A world that does without the disk: what is tested here is not the loss of power."""
    world = ServiceWorld(create_engine_for(url))
    with world.engine.connect() as connection:
        connection.commit()
        connection.connection.execute("PRAGMA synchronous=OFF")
    return world


def test_what_amara_does_never_shows(new_sqlite: Callable[[], str]) -> None:
    without = fast(new_sqlite())
    told_without_her = list(told_in(without, []))
    without.engine.dispose()
    assert len(told_without_her[-1][1]) >= 2, "enough happened"
    for acts in SCRIPTS:
        with_her = fast(new_sqlite())
        for before, after in zip(told_without_her, told_in(with_her, acts), strict=True):
            assert after == before, f"Amara {', '.join(acts)}"
        amara = with_her.stored(AMARA).id
        assert any(row.member_id == amara for row in with_her.rows(AskRow))
        with_her.engine.dispose()


@pytest.mark.parametrize("act", ["joins", "pauses", "leaves", "skips", "shares"])
def test_between_two_snapshots_nobodys_act_shows(afternoon: ServiceWorld, act: str) -> None:
    afternoon.save_workspace(asks_per_week=0.5)
    afternoon.member(AMARA)
    afternoon.member(BO)
    staff(afternoon, COLLEAGUES)
    afternoon.live()
    afternoon.run(snapshots.take, frozenset())
    afternoon.plan(most=1000)
    afternoon.send_planned()
    before = observed(afternoon)
    ACTS[act](afternoon)
    afternoon.run(heartbeat.run_heartbeat)
    afternoon.plan(most=1000)
    afternoon.send_planned()
    assert observed(afternoon) == before


@pytest.mark.parametrize("act", ["joins", "pauses", "leaves"])
def test_bos_date_does_not_move(afternoon: ServiceWorld, act: str) -> None:
    """Of two members, Bo was asked just now; what Amara does, and her ask, change nothing."""
    afternoon.join(AMARA)
    if act != "joins":
        afternoon.member(AMARA)
    afternoon.ask(BO, pace=Pace.THRICE_A_WEEK)
    bo = afternoon.run(members.find, UserId(BO))
    assert bo is not None
    before = afternoon.run(pacing.outlook, bo)
    ACTS[act](afternoon)
    afternoon.plan()
    afternoon.send_planned()
    assert afternoon.run(pacing.outlook, bo) == before
