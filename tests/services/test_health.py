"""The pace check: what is kept, what comms hear of it, and letting asks go on for a week."""

from __future__ import annotations

from bot.domain.fatigue import Cause, Reading
from bot.domain.model import Colour, NoticeKind
from bot.services import chores, health, membership
from bot.storage import workspaces
from bot.storage.tables import NoticeRow
from tests.services.helpers import DAY, MOMENT, OTHER_TEAM, TEAM, WEEK, Desk

RED = Reading(Colour.RED, frozenset({Cause.LEAVES}))
AMBER = Reading(Colour.AMBER, frozenset({Cause.SKIPS}))
GREEN = Reading(Colour.GREEN, frozenset())


def keep(desk: Desk, reading: Reading) -> None:
    desk.do(health.keep, TEAM, reading, desk.now)


def owed(desk: Desk) -> list[str | None]:
    return [row.detail for row in desk.rows(NoticeRow) if row.sent_at is None]


def leaves(desk: Desk, how_many: int, of: int = 10) -> None:
    """So many of the members leave."""
    for number in range(of):
        desk.join(f"U{number}")
    desk.now += DAY
    for number in range(how_many):
        desk.do(membership.leave, TEAM, f"U{number}", desk.now)


def test_it_is_read_every_hour(desk: Desk) -> None:
    assert desk.do(health.is_due, TEAM, desk.now)
    keep(desk, GREEN)
    assert not desk.do(health.is_due, TEAM, desk.now + health.EVERY - MOMENT)
    assert desk.do(health.is_due, TEAM, desk.now + health.EVERY)
    assert desk.do(health.is_due, OTHER_TEAM, desk.now)
    assert not desk.do(health.is_due, "T_NOWHERE", desk.now)


def test_reading_changes_nothing(desk: Desk) -> None:
    leaves(desk, 3)
    assert desk.do(health.read, TEAM, desk.now) == RED
    found = desk.do(workspaces.find, TEAM)
    assert found is not None
    assert (found.colour, found.measured_at) == (Colour.GREEN, None)


def test_other_workspaces_leaves_count_there(desk: Desk) -> None:
    leaves(desk, 3)
    assert desk.do(health.read, OTHER_TEAM, desk.now) == GREEN


def test_comms_hear_of_a_change_once(desk: Desk) -> None:
    keep(desk, GREEN)
    assert owed(desk) == []
    for _ in range(3):
        keep(desk, AMBER)
    assert owed(desk) == [str(AMBER)]
    [notice] = desk.do(chores.find, TEAM, desk.now).notices
    assert notice.notice.kind is NoticeKind.PACE_CHECK
    desk.do(chores.notice_sent, notice.notice.id, desk.now)
    keep(desk, AMBER)
    assert owed(desk) == []
    keep(desk, RED)
    assert owed(desk) == [str(RED)]


def test_what_is_no_longer_true_is_not_said(desk: Desk) -> None:
    keep(desk, AMBER)
    keep(desk, RED)
    assert owed(desk) == [str(RED)]


def test_red_can_be_let_go_on_once_a_week(desk: Desk) -> None:
    leaves(desk, 3)
    keep(desk, RED)
    assert desk.do(health.look, TEAM, desk.now).may_acknowledge
    until = desk.now + WEEK
    assert desk.do(health.acknowledge, TEAM, desk.now) == until
    seen = desk.do(health.look, TEAM, desk.now)
    assert not seen.may_acknowledge
    assert seen.goes_on_until == until
    desk.now = until - MOMENT
    assert desk.do(health.acknowledge, TEAM, desk.now) is None
    desk.now = until
    assert desk.do(health.look, TEAM, desk.now).goes_on_until is None
    assert desk.do(health.acknowledge, TEAM, desk.now) == until + WEEK


def test_what_is_not_red_cannot_be_acknowledged(desk: Desk) -> None:
    leaves(desk, 0)
    assert desk.do(health.acknowledge, TEAM, desk.now) is None
    found = desk.do(workspaces.find, TEAM)
    assert found is not None
    assert found.acknowledged_at is None


def test_what_happened_leaves_the_window_after_four_weeks(desk: Desk) -> None:
    leaves(desk, 3)
    desk.now += 4 * WEEK
    assert desk.do(health.read, TEAM, desk.now) == GREEN
