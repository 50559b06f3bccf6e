"""The pace check: read with the snapshot, what comms hear of it, and letting asks go on."""

from __future__ import annotations

from bot.domain.ids import UserId
from bot.domain.model import Colour, NoticeKind
from bot.services import membership, pace_check, reconcile, snapshots
from bot.storage import workspaces
from bot.storage.tables import NoticeRow
from tests.services.helpers import CLEO, DAY, MOMENT, OTHER_TEAM, WEEK, ServiceWorld

NOBODY: frozenset[UserId] = frozenset()


def record(world: ServiceWorld, colour: Colour) -> None:
    world.run(pace_check.record_colour, colour)


def pending(world: ServiceWorld) -> list[str | None]:
    return [row.detail for row in world.rows(NoticeRow) if row.sent_at is None]


def people(count: int) -> list[UserId]:
    return [UserId(f"U{number}") for number in range(count)]


def leaves(world: ServiceWorld, how_many: int, of: int = 30) -> None:
    """So many of the members leave, and the next snapshot is taken."""
    for user in people(of):
        world.join(user)
    world.run(snapshots.take, NOBODY)
    for user in people(how_many):
        world.run(membership.leave, user)
    world.now += DAY
    world.run(snapshots.take, NOBODY)


def colour(world: ServiceWorld, team: str | None = None) -> Colour:
    found = world.within(team=team).run(workspaces.load) if team else world.run(workspaces.load)
    return found.colour


def test_it_is_read_with_the_snapshot_and_not_between(world: ServiceWorld) -> None:
    leaves(world, 0)
    before = world.run(pace_check.load_pace_check)
    assert (before.colour, before.active) == (Colour.GREEN, True)
    for user in people(8):
        world.run(membership.leave, user)
    assert world.run(pace_check.load_pace_check) == before, "what others do shows nowhere"
    world.now += DAY
    world.run(snapshots.take, NOBODY)
    assert world.run(pace_check.load_pace_check).colour is Colour.RED


def test_five_who_leave_colour_nothing(world: ServiceWorld) -> None:
    leaves(world, 5)
    assert colour(world) is Colour.GREEN
    assert pending(world) == []


def test_people_in_comms_do_not_count(world: ServiceWorld) -> None:
    leaves(world, 0)
    for user in people(6):
        world.run(membership.leave, user)
    world.now += DAY
    world.run(snapshots.take, frozenset(people(1)))
    assert colour(world) is Colour.GREEN


def test_with_few_members_there_is_none(world: ServiceWorld) -> None:
    leaves(world, 8, of=19)
    seen = world.run(pace_check.load_pace_check)
    assert (seen.colour, seen.active) == (Colour.GREEN, False)


def test_other_workspaces_leaves_count_there(world: ServiceWorld) -> None:
    leaves(world, 8)
    assert colour(world) is Colour.RED
    assert colour(world, OTHER_TEAM) is Colour.GREEN


def test_comms_hear_of_a_change_once(world: ServiceWorld) -> None:
    record(world, Colour.GREEN)
    assert pending(world) == []
    for _ in range(3):
        record(world, Colour.AMBER)
    assert pending(world) == [Colour.AMBER]
    [notice] = world.run(reconcile.find_pending).notices
    assert notice.notice.kind is NoticeKind.PACE_CHECK
    world.run(reconcile.record_notice_sent, notice.notice.id)
    record(world, Colour.AMBER)
    assert pending(world) == []
    record(world, Colour.RED)
    assert pending(world) == [Colour.RED]


def test_what_is_no_longer_true_is_not_said(world: ServiceWorld) -> None:
    record(world, Colour.AMBER)
    record(world, Colour.RED)
    assert pending(world) == [Colour.RED]


def test_red_can_be_let_go_on_once_a_week(world: ServiceWorld) -> None:
    leaves(world, 8)
    assert world.run(pace_check.load_pace_check).may_acknowledge
    until = world.now + WEEK
    assert world.run(pace_check.acknowledge, CLEO) == until
    seen = world.run(pace_check.load_pace_check)
    assert not seen.may_acknowledge
    assert seen.goes_on_until == until
    world.now = until - MOMENT
    assert world.run(pace_check.acknowledge, CLEO) is None
    world.now = until
    assert world.run(pace_check.load_pace_check).goes_on_until is None
    assert world.run(pace_check.acknowledge, CLEO) == until + WEEK


def test_what_is_not_red_cannot_be_acknowledged(world: ServiceWorld) -> None:
    leaves(world, 0)
    assert world.run(pace_check.acknowledge, CLEO) is None
    assert world.run(workspaces.load).acknowledged_at is None


def test_what_happened_leaves_the_window_after_four_weeks(world: ServiceWorld) -> None:
    leaves(world, 8)
    world.now += 4 * WEEK
    world.run(snapshots.take, NOBODY)
    assert colour(world) is Colour.GREEN
