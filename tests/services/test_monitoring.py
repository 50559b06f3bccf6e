"""What monitoring reads of the database: of the workspace, and of nobody."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.model import Colour, NoticeKind, Reason
from bot.domain.rests import DIRECT
from bot.domain.snapshot import Snapshot
from bot.services import announcements, monitoring, rests, workspaces
from bot.services.monitoring import Figures
from bot.storage import notices, snapshots
from bot.storage.workspaces import record_colour
from tests.services.helpers import CLEO, DAY, ServiceWorld

HOUR = timedelta(hours=1)


def figures(world: ServiceWorld) -> Figures:
    found = world.run(monitoring.load_figures)
    assert found is not None
    return found


def test_a_workspace_with_nothing_to_do_waits_for_nothing(world: ServiceWorld) -> None:
    found = figures(world)
    assert (found.post_is_due, found.post_withheld) == (False, None)
    assert found.direct_withheld == frozenset()
    assert found.direct_wait == found.notices_wait == timedelta()
    assert found.snapshot_age is None
    assert world.within(team="T_NEW").run(monitoring.load_figures) is None


def test_a_post_is_due_even_if_slack_does_not_take_it(world: ServiceWorld) -> None:
    world.approved()
    assert figures(world).post_is_due
    claimed = world.claimed()
    later = world.now + 3 * HOUR
    world.run(announcements.record_not_sent, claimed, "is_archived", later)
    assert world.claim() is None, "it waits for Slack"
    assert figures(world).post_is_due


def test_the_rules_of_the_channel_hold_it_back_by_name(world: ServiceWorld) -> None:
    world.live()
    world.approved()
    found = figures(world)
    assert (found.post_is_due, found.post_withheld) == (False, Reason.GAP)
    world.run(workspaces.freeze, CLEO)
    found = figures(world)
    assert found.post_withheld is Reason.FROZEN
    assert found.direct_withheld == {Reason.FROZEN}


def test_only_what_holds_up_everybody_is_told_of_direct_messages(world: ServiceWorld) -> None:
    world.live()
    world.member()
    world.plan()
    assert figures(world).direct_wait == timedelta(), "whose ask waits is nobody's to see"
    world.run(rests.record_throttled, DIRECT, 2 * HOUR)
    world.now += HOUR
    assert figures(world).direct_wait == HOUR
    world.run(record_colour, Colour.RED)
    assert Reason.PACE_CHECK in figures(world).direct_withheld


def test_the_oldest_line_to_comms_counts_from_when_it_was_due(world: ServiceWorld) -> None:
    world.run(notices.enqueue, NoticeKind.TROUBLE, detail="is_archived")
    world.run(notices.enqueue_note, None, "A note", sender=None, not_before=world.now + 2 * DAY)
    world.now += DAY
    assert figures(world).notices_wait == DAY
    world.run(notices.cancel, NoticeKind.TROUBLE)
    assert figures(world).notices_wait == timedelta(), "the note is not due"


def test_the_snapshot_has_an_age_in_days(world: ServiceWorld) -> None:
    world.run(snapshots.insert_snapshot, Snapshot(world.now.date()))
    assert figures(world).snapshot_age == timedelta()
    world.now += 2 * DAY
    assert figures(world).snapshot_age == 2 * DAY
