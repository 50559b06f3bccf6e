"""Responses lose their person thirty days after their post ended; the totals remain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from bot.domain.model import SkipReason, Stage
from bot.domain.post import Network
from bot.domain.responses import Answer
from bot.services import heartbeat, posts, retention
from bot.storage.tables import MemberRow, ResponseEventRow, ResponseRow
from tests.services.helpers import (
    AMARA,
    BO,
    DAY,
    MOMENT,
    OTHER_TEAM,
    START,
    TEAM,
    ServiceWorld,
    post_of,
)

KEPT = 30 * DAY


def release(world: ServiceWorld, team: str = TEAM) -> set[int]:
    """Let persons go that are due; returns the posts whose responses have none now."""
    world.within(team=team).run(retention.release_persons)
    return {row.post_id for row in world.rows(ResponseRow) if row.member_id is None}


def answered(world: ServiceWorld, post: int) -> Sequence[Row[Any]]:
    """Two people answer a post; returns what is stored of all posts."""
    for user, answer in (
        (AMARA, Answer(Stage.OPENED, network=Network.X, dialog_id="share-1")),
        (BO, Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN)),
    ):
        world.join(user)
        world.respond(user, post, answer)
    return world.rows(ResponseRow)


def test_responses_lose_their_person_and_stay(world: ServiceWorld) -> None:
    post = world.live()
    before = answered(world, post)
    history = world.rows(ResponseEventRow)
    post_of(world.withdraw(post))
    world.now += KEPT + MOMENT
    assert release(world) == {post}
    assert [
        (row.id, row.post_id, row.stage, row.reason, row.network, row.at, row.member_id, row.dialog)
        for row in world.rows(ResponseRow)
    ] == [
        (row.id, row.post_id, row.stage, row.reason, row.network, row.at, None, None)
        for row in before
    ]
    assert world.rows(ResponseEventRow) == history
    assert len(world.rows(MemberRow)) == 2
    after = world.rows(ResponseRow)
    release(world)
    assert world.rows(ResponseRow) == after


def test_responses_keep_their_person_until_then(world: ServiceWorld) -> None:
    post = world.live()
    before = answered(world, post)
    post_of(world.withdraw(post))
    world.now += KEPT - MOMENT
    assert release(world) == set()
    assert world.rows(ResponseRow) == before


def test_expired_posts_count_from_their_end(world: ServiceWorld) -> None:
    post = world.live(expires_at=START + DAY)
    answered(world, post)
    world.now = START + 2 * DAY  # the heartbeat was late
    assert world.run(posts.expire) == 1
    world.now += KEPT - MOMENT
    assert release(world) == set()
    world.now += 2 * MOMENT
    assert release(world) == {post}


def test_posts_that_live_or_ended_lately_keep_theirs(world: ServiceWorld) -> None:
    over, lately, live = world.live(), world.live(), world.live()
    for post in (over, lately, live):
        answered(world, post)
    post_of(world.withdraw(over))
    world.now += KEPT
    post_of(world.withdraw(lately))
    world.now += MOMENT
    assert release(world) == {over}
    world.now += KEPT
    assert release(world) == {over, lately}


def test_another_workspaces_heartbeat_leaves_ours_alone(world: ServiceWorld) -> None:
    post = world.live()
    answered(world, post)
    post_of(world.withdraw(post))
    world.now += KEPT + MOMENT
    assert release(world, OTHER_TEAM) == set()


def test_the_heartbeat_does_it(world: ServiceWorld) -> None:
    post = world.live()
    answered(world, post)
    post_of(world.withdraw(post))
    world.now += KEPT + MOMENT
    world.run(heartbeat.run_heartbeat)
    assert {row.member_id for row in world.rows(ResponseRow)} == {None}
