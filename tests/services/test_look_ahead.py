"""Once a week at most, on Monday, comms hear that their schedule runs dry or piles up."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.look_ahead import from_detail
from bot.domain.model import NoticeKind
from bot.services import snapshots
from bot.storage.tables import NoticeRow
from tests.services.helpers import ServiceWorld

DAY = timedelta(days=1)


def mornings(world: ServiceWorld, days: int) -> list[tuple[int | None, str | None]]:
    """The snapshots of so many days; gives what is said of the schedule now."""
    for _ in range(days):
        world.now += DAY
        world.run(snapshots.take, frozenset())
    rows = [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.SCHEDULE]
    return [(row.post_id, row.detail) for row in rows]


def test_a_schedule_that_runs_dry_is_said_once_a_week(world: ServiceWorld) -> None:
    world.live()
    assert mornings(world, 7) == [(None, None)]
    assert mornings(world, 7) == [(None, None)], "the older one was not sent, and gives way"


def test_who_sends_nothing_for_long_hears_nothing(world: ServiceWorld) -> None:
    assert mornings(world, 14) == []
    world.live()
    mornings(world, 35)
    assert mornings(world, 7) == []


def test_a_post_that_ends_before_its_turn_is_named(world: ServiceWorld) -> None:
    for _ in range(8):
        world.approved()
    end = world.now + 10 * DAY
    late = world.approved(expires_at=end)
    [(named, detail)] = mornings(world, 7)
    assert named == late
    too_late = from_detail(detail or "")
    assert too_late.end == end < too_late.turn
