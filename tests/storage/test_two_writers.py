"""Two processes' writers on one PostgreSQL database, meeting in the worst moment on purpose."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.domain.ids import PostId, UserId, WorkspaceId
from bot.domain.model import DispatchState, SkipReason, Stage
from bot.domain.post import Content, Network, PostState
from bot.domain.responses import Answer
from bot.services import announcements, dispatches, membership, responses
from bot.services import posts as posts_service
from bot.services import workspaces as workspaces_service
from bot.services.posts import FormOrigin, PostResult
from bot.services.responses import Stored
from bot.storage import posts
from bot.storage.columns import Base
from bot.storage.database import Busy, Database
from bot.storage.tables import AnnouncementRow, MemberRow, PostRow, ResponseEventRow
from bot.storage.tx import Transactions, Tx
from tests.storage.helpers import (
    LONG,
    Gate,
    add_workspace,
    begin,
    gathered,
    note,
    noted,
    until_blocked,
)

TEAM = WorkspaceId("T_ACME")
CLEO, CARL, AMARA = UserId("U_CLEO"), UserId("U_CARL"), UserId("U_AMARA")
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[Database, Database]]:
    """The writers of two processes."""
    one, other = Database(url, deadline=LONG), Database(url, deadline=LONG)
    await one.write(seed)
    yield one, other
    await one.close()
    await other.close()


def seed(connection: Connection) -> None:
    add_workspace(connection, TEAM)
    membership.join(Tx(connection, TEAM, NOW), AMARA, "UTC")


def submit(connection: Connection, form: str, title: str) -> int:
    """A post that waits for approval, from a form on nothing."""
    content = Content(title, "https://flink.example.org/", "Why.", (), (), None, LATER)
    edition = FormOrigin(form, None, 0)
    result = posts_service.submit(Tx(connection, TEAM, NOW), CLEO, edition, content)
    assert isinstance(result, PostResult)
    return result.post.id


def approve(connection: Connection, form: str) -> int:
    post = submit(connection, form, f"A post from {form}")
    assert isinstance(
        posts_service.approve(Tx(connection, TEAM, NOW), CARL, PostId(post), None),
        PostResult,
    )
    return post


def go_live(connection: Connection) -> int:
    post = approve(connection, "V1")
    claimed = announcements.claim_next(
        Tx(connection, TEAM, NOW),
    )
    assert claimed is not None
    announcements.record_sent(Tx(connection, TEAM, NOW), claimed, "C_NEWS", "1.1")
    return post


def rows(connection: Connection, table: type[Base]) -> list[Any]:
    return list(connection.execute(table.__table__.select()))


async def collide(
    url: str,
    two: tuple[Database, Database],
    first: Callable[[Connection], Any],
    second: Callable[[Connection], Any],
) -> tuple[Any, Any]:
    """Run `second` while what `first` did is not committed yet; it has to wait for a lock."""
    gate = Gate()

    def first_and_hold(connection: Connection) -> Any:
        result = first(connection)
        gate.hold(connection)
        return result

    [begun] = await begin(two[0].write(first_and_hold))
    await gate.entered()
    [blocked] = await begin(two[1].write(second))
    await asyncio.to_thread(until_blocked, url)
    gate.open()
    return await begun, await blocked


def click(post: int, answer: Answer) -> Callable[[Connection], Any]:
    return lambda connection: responses.record_response(
        Tx(connection, TEAM, NOW), AMARA, PostId(post), answer
    )


@pytest.mark.parametrize(
    ("before", "answer"),
    [
        (None, Answer(Stage.INTERESTED)),
        (None, Answer(Stage.OPENED, network=Network.X)),
        (Answer(Stage.INTERESTED), Answer(Stage.SKIPPED)),
        (Answer(Stage.SKIPPED), Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN)),
        (
            Answer(Stage.OPENED, network=Network.LINKEDIN),
            Answer(Stage.OPENED, network=Network.X),
        ),
    ],
)
async def test_the_same_click_in_two_processes_is_one_response_and_one_line_of_history(
    url: str, two: tuple[Database, Database], before: Answer | None, answer: Answer
) -> None:
    post = await two[0].write(go_live)
    if before is not None:
        await two[0].write(click(post, before))
    first, second = await collide(url, two, click(post, answer), click(post, answer))
    assert first == Stored(answer.stage, changed=True)
    assert second == Stored(answer.stage, changed=False)
    told = await two[0].read(rows, ResponseEventRow)
    assert [row.stage for row in told] == [one.stage for one in (before, answer) if one is not None]
    assert len({row.response_id for row in told}) == 1


async def test_two_different_clicks_in_two_processes_are_both_told_and_the_last_counts(
    url: str, two: tuple[Database, Database]
) -> None:
    post = await two[0].write(go_live)
    skip, share = Answer(Stage.SKIPPED), Answer(Stage.SHARED, network=Network.X)
    await collide(url, two, click(post, share), click(post, skip))
    told = await two[0].read(rows, ResponseEventRow)
    assert [(row.stage, row.network) for row in told] == [
        (Stage.SHARED, Network.X),
        (Stage.SKIPPED, None),
    ]


async def test_joining_in_two_processes_makes_one_member(
    url: str, two: tuple[Database, Database]
) -> None:
    def join(connection: Connection) -> membership.Membership:
        return membership.join(Tx(connection, TEAM, NOW), UserId("U_BO"), "UTC")

    first, second = await collide(url, two, join, join)
    assert (first.changed, second.changed) == (True, False)
    assert first.member == second.member
    assert len(await two[0].read(rows, MemberRow)) == 2  # Bo and Amara


async def test_a_form_delivered_to_two_processes_makes_one_post(
    url: str, two: tuple[Database, Database]
) -> None:
    def deliver(connection: Connection) -> int:
        return submit(connection, "V1", "The same words")

    first, second = await collide(url, two, deliver, deliver)
    assert first == second
    assert len(await two[0].read(rows, PostRow)) == 1


async def test_two_processes_claim_one_announcement_only(
    url: str, two: tuple[Database, Database]
) -> None:
    for form in ("V1", "V2"):
        await two[0].write(approve, form)

    def claim(connection: Connection) -> announcements.ClaimedAnnouncement | None:
        return announcements.claim_next(
            Tx(connection, TEAM, NOW),
        )

    first, second = await collide(url, two, claim, claim)
    assert first is not None
    assert second is None
    [row] = await two[0].read(rows, AnnouncementRow)
    assert (row.post_id, row.state) == (first.post.id, DispatchState.SENDING)


@pytest.mark.parametrize("late", [False, True])
async def test_slacks_word_counts_although_another_process_gives_the_sender_up(
    url: str, two: tuple[Database, Database], late: bool
) -> None:
    await two[0].write(approve, "V1")
    claimed = await two[0].write(lambda each: announcements.claim_next(Tx(each, TEAM, NOW)))
    assert claimed is not None

    def record_sent(connection: Connection) -> None:
        announcements.record_sent(Tx(connection, TEAM, LATER), claimed, "C_NEWS", "1.1")

    def give_up(connection: Connection) -> int:
        return dispatches.give_up_abandoned(Tx(connection, TEAM, LATER))

    both = (give_up, record_sent) if late else (record_sent, give_up)
    given_up = (await collide(url, two, *both))[0 if late else 1]
    assert given_up == (1 if late else 0)
    [row] = await two[0].read(rows, AnnouncementRow)
    assert (row.state, row.message_ts) == (DispatchState.SENT, "1.1")


async def test_a_freeze_in_one_process_is_not_overlooked_by_the_other(
    url: str, two: tuple[Database, Database]
) -> None:
    await two[0].write(approve, "V1")
    _, claimed = await collide(
        url,
        two,
        lambda connection: workspaces_service.freeze(Tx(connection, TEAM, NOW), CLEO),
        lambda connection: announcements.claim_next(
            Tx(connection, TEAM, NOW),
        ),
    )
    assert claimed is None


async def test_a_post_withdrawn_in_one_process_does_not_expire_in_the_other(
    url: str, two: tuple[Database, Database]
) -> None:
    post = await two[0].write(go_live)
    await collide(
        url,
        two,
        lambda connection: posts_service.withdraw(Tx(connection, TEAM, LATER), CARL, PostId(post)),
        lambda connection: posts_service.expire(
            Tx(connection, TEAM, LATER),
        ),
    )
    ended = await Transactions(two[0], TEAM, NOW).read(posts.find, PostId(post))
    assert ended is not None
    assert ended.state is PostState.WITHDRAWN


def lock(connection: Connection, name: str) -> None:
    connection.execute(text("SELECT id FROM workspace WHERE id = :name FOR UPDATE"), {"name": name})


class Crossing:
    """Two services that lock the same rows in opposite order, and meet in between."""

    def __init__(self) -> None:
        self._met = threading.Barrier(2)
        self.runs = 0

    def service(self, connection: Connection, first: str, second: str, name: str) -> str:
        self.runs += 1
        lock(connection, first)
        if self.runs <= 2:  # the first time each
            self._met.wait(LONG)
        lock(connection, second)
        return note(connection, name)

    def first_half(self, connection: Connection, row: str, name: str) -> str:
        self.runs += 1
        lock(connection, row)
        if self.runs <= 2:
            self._met.wait(LONG)
        return note(connection, name)


def second_half(connection: Connection, row: str, name: str) -> str:
    lock(connection, row)
    return note(connection, name)


async def test_who_loses_a_deadlock_is_run_again(two: tuple[Database, Database]) -> None:
    for row in ("x", "y"):
        await two[0].write(note, row)
    crossing = Crossing()
    a, b = await asyncio.gather(
        two[0].write(crossing.service, "x", "y", "a"), two[1].write(crossing.service, "y", "x", "b")
    )
    assert (a, b) == ("a", "b")
    assert crossing.runs >= 3
    assert await two[0].read(noted) == {TEAM, "x", "y", "a", "b"}


async def test_batches_that_deadlock_with_each_other_are_both_stored(
    two: tuple[Database, Database],
) -> None:
    for row in ("x", "y"):
        await two[0].write(note, row)
    crossing = Crossing()
    one, other = await asyncio.gather(
        gathered(
            two[0],
            two[0].write(crossing.first_half, "x", "a1"),
            two[0].write(second_half, "y", "a2"),
        ),
        gathered(
            two[1],
            two[1].write(crossing.first_half, "y", "b1"),
            two[1].write(second_half, "x", "b2"),
        ),
    )
    assert await asyncio.gather(*one, *other) == ["a1", "a2", "b1", "b2"]
    assert await two[0].read(noted) == {TEAM, "x", "y", "a1", "a2", "b1", "b2"}


async def test_who_waits_too_long_for_a_lock_is_told_that_nothing_was_stored(
    url: str, two: tuple[Database, Database]
) -> None:
    await two[0].write(note, "x")
    gate = Gate()

    def lock_and_hold(connection: Connection) -> None:
        lock(connection, "x")
        gate.hold(connection)

    [holding] = await begin(two[0].write(lock_and_hold))
    await gate.entered()
    with pytest.raises(Busy):  # after what a statement or a lock may take
        await two[1].write(second_half, "x", "too late")
    gate.open()
    await holding
    assert await two[0].read(noted) == {TEAM, "x"}
