"""Responses lose their person thirty days after their post ended; the totals remain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from bot.domain.model import Network, SkipReason, Stage
from bot.services import announcing, curation, privacy
from bot.services.responding import Answer
from bot.storage.tables import MemberRow, ResponseEventRow, ResponseRow
from tests.services.helpers import AMARA, BO, DAY, MOMENT, OTHER_TEAM, START, TEAM, Desk, kept

KEPT = 30 * DAY


def release(desk: Desk, team: str = TEAM) -> set[int]:
    """Let persons go that are due; returns the posts whose responses have none now."""
    desk.do(privacy.release_persons, team, desk.now)
    return {row.post_id for row in desk.rows(ResponseRow) if row.member_id is None}


def answered(desk: Desk, post: int) -> Sequence[Row[Any]]:
    """Two people answer a post; returns what is stored of all posts."""
    for user, answer in (
        (AMARA, Answer(Stage.OPENED, network=Network.X, dialog="share-1")),
        (BO, Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN)),
    ):
        desk.join(user)
        desk.respond(user, post, answer)
    return desk.rows(ResponseRow)


def test_responses_lose_their_person_and_stay(desk: Desk) -> None:
    post = desk.live()
    before = answered(desk, post)
    history = desk.rows(ResponseEventRow)
    kept(desk.withdraw(post))
    desk.now += KEPT + MOMENT
    assert release(desk) == {post}
    assert [
        (row.id, row.post_id, row.stage, row.reason, row.network, row.at, row.member_id, row.dialog)
        for row in desk.rows(ResponseRow)
    ] == [
        (row.id, row.post_id, row.stage, row.reason, row.network, row.at, None, None)
        for row in before
    ]
    assert desk.rows(ResponseEventRow) == history
    assert len(desk.rows(MemberRow)) == 2
    after = desk.rows(ResponseRow)
    release(desk)
    assert desk.rows(ResponseRow) == after


def test_responses_keep_their_person_until_then(desk: Desk) -> None:
    post = desk.live()
    before = answered(desk, post)
    kept(desk.withdraw(post))
    desk.now += KEPT - MOMENT
    assert release(desk) == set()
    assert desk.rows(ResponseRow) == before


def test_expired_posts_count_from_their_end(desk: Desk) -> None:
    post = desk.live(expires_at=START + DAY)
    answered(desk, post)
    desk.now = START + 2 * DAY  # the heartbeat was late
    assert desk.do(curation.expire, TEAM, desk.now) == 1
    desk.now += KEPT - MOMENT
    assert release(desk) == set()
    desk.now += 2 * MOMENT
    assert release(desk) == {post}


def test_posts_that_live_or_ended_lately_keep_theirs(desk: Desk) -> None:
    over, lately, live = desk.live(), desk.live(), desk.live()
    for post in (over, lately, live):
        answered(desk, post)
    kept(desk.withdraw(over))
    desk.now += KEPT
    kept(desk.withdraw(lately))
    desk.now += MOMENT
    assert release(desk) == {over}
    desk.now += KEPT
    assert release(desk) == {over, lately}


def test_another_workspaces_heartbeat_leaves_ours_alone(desk: Desk) -> None:
    post = desk.live()
    answered(desk, post)
    kept(desk.withdraw(post))
    desk.now += KEPT + MOMENT
    assert release(desk, OTHER_TEAM) == set()


def test_the_heartbeat_does_it(desk: Desk) -> None:
    post = desk.live()
    answered(desk, post)
    kept(desk.withdraw(post))
    desk.now += KEPT + MOMENT
    desk.do(announcing.prepare, TEAM, desk.now)
    assert {row.member_id for row in desk.rows(ResponseRow)} == {None}
