"""The pace check: what is kept, what comms hear of it, and letting asks go on for a week."""

from __future__ import annotations

from bot.domain.ids import UserId
from bot.domain.model import Colour, NoticeKind
from bot.domain.pace_check import Cause, Reading
from bot.services import membership, pace_check, reconcile
from bot.storage import workspaces
from bot.storage.tables import NoticeRow
from tests.services.helpers import DAY, MOMENT, OTHER_TEAM, WEEK, ServiceWorld

RED = Reading(Colour.RED, frozenset({Cause.LEAVES}))
AMBER = Reading(Colour.AMBER, frozenset({Cause.SKIPS}))
GREEN = Reading(Colour.GREEN, frozenset())


def keep(world: ServiceWorld, reading: Reading) -> None:
    world.run(pace_check.record_reading, reading)


def pending(world: ServiceWorld) -> list[str | None]:
    return [row.detail for row in world.rows(NoticeRow) if row.sent_at is None]


def leaves(world: ServiceWorld, how_many: int, of: int = 10) -> None:
    """So many of the members leave."""
    for number in range(of):
        world.join(f"U{number}")
    world.now += DAY
    for number in range(how_many):
        world.run(membership.leave, UserId(f"U{number}"))


def test_it_is_read_every_hour(world: ServiceWorld) -> None:
    assert world.run(pace_check.is_due)
    keep(world, GREEN)
    assert not world.within(now=world.now + pace_check.EVERY - MOMENT).run(pace_check.is_due)
    assert world.within(now=world.now + pace_check.EVERY).run(pace_check.is_due)
    assert world.within(team=OTHER_TEAM).run(pace_check.is_due)
    assert not world.within(team="T_NOWHERE").run(pace_check.is_due)


def test_reading_changes_nothing(world: ServiceWorld) -> None:
    leaves(world, 3)
    assert world.run(pace_check.measure) == RED
    found = world.run(workspaces.find)
    assert found is not None
    assert (found.colour, found.measured_at) == (Colour.GREEN, None)


def test_other_workspaces_leaves_count_there(world: ServiceWorld) -> None:
    leaves(world, 3)
    assert world.within(team=OTHER_TEAM).run(pace_check.measure) == GREEN


def test_comms_hear_of_a_change_once(world: ServiceWorld) -> None:
    keep(world, GREEN)
    assert pending(world) == []
    for _ in range(3):
        keep(world, AMBER)
    assert pending(world) == [str(AMBER)]
    [notice] = world.run(reconcile.find_pending).notices
    assert notice.notice.kind is NoticeKind.PACE_CHECK
    world.run(reconcile.record_notice_sent, notice.notice.id)
    keep(world, AMBER)
    assert pending(world) == []
    keep(world, RED)
    assert pending(world) == [str(RED)]


def test_what_is_no_longer_true_is_not_said(world: ServiceWorld) -> None:
    keep(world, AMBER)
    keep(world, RED)
    assert pending(world) == [str(RED)]


def test_red_can_be_let_go_on_once_a_week(world: ServiceWorld) -> None:
    leaves(world, 3)
    keep(world, RED)
    assert world.run(pace_check.load_pace_check).may_acknowledge
    until = world.now + WEEK
    assert world.run(pace_check.acknowledge) == until
    seen = world.run(pace_check.load_pace_check)
    assert not seen.may_acknowledge
    assert seen.goes_on_until == until
    world.now = until - MOMENT
    assert world.run(pace_check.acknowledge) is None
    world.now = until
    assert world.run(pace_check.load_pace_check).goes_on_until is None
    assert world.run(pace_check.acknowledge) == until + WEEK


def test_what_is_not_red_cannot_be_acknowledged(world: ServiceWorld) -> None:
    leaves(world, 0)
    assert world.run(pace_check.acknowledge) is None
    found = world.run(workspaces.find)
    assert found is not None
    assert found.acknowledged_at is None


def test_what_happened_leaves_the_window_after_four_weeks(world: ServiceWorld) -> None:
    leaves(world, 3)
    world.now += 4 * WEEK
    assert world.run(pace_check.measure) == GREEN
