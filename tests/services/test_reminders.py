"""Comms are reminded once of what waits for approval, and never of what doesn't."""

from __future__ import annotations

import pytest

from bot.domain.model import NoticeKind
from bot.services import heartbeat, reconcile
from bot.storage.tables import NoticeRow
from tests.services.helpers import DAY, ServiceWorld, post_of


def reminders(world: ServiceWorld) -> list[tuple[int | None, str | None]]:
    """What the heartbeat has put in the outbox by now: the post and its revision."""
    world.run(heartbeat.run_heartbeat)
    rows = [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.STILL_WAITS]
    return [(row.post_id, row.detail) for row in rows]


def test_it_comes_after_two_working_days_and_once(world: ServiceWorld) -> None:
    post = world.in_review()
    world.now += 2 * DAY - DAY / 100
    assert reminders(world) == []
    world.now += DAY / 100
    assert reminders(world) == [(post, "1")]
    [notice] = [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.STILL_WAITS]
    world.run(reconcile.record_notice_sent, notice.id)
    world.now += 7 * DAY
    assert reminders(world) == [(post, "1")]


@pytest.mark.parametrize("what", ["approved", "sent back", "withdrawn", "a draft"])
def test_what_no_longer_waits_is_not_named(world: ServiceWorld, what: str) -> None:
    post = world.in_review()
    world.now += 2 * DAY
    assert reminders(world) == [(post, "1")], "it isn't sent yet"
    if what == "approved":
        post_of(world.approve(post))
    elif what == "sent back":
        post_of(world.send_back(post))
    elif what == "withdrawn":
        post_of(world.withdraw(post))
    else:
        world.edit(post, draft=True, title="Not yet")
    world.now += 7 * DAY
    assert reminders(world) == []


def test_a_new_revision_waits_anew_from_when_it_was_sent(world: ServiceWorld) -> None:
    post = post_of(world.save(world.form())).id
    world.now += 7 * DAY
    assert reminders(world) == [], "a draft waits for nobody"
    world.edit(post, title="Complete")
    world.now += DAY
    assert reminders(world) == []
    world.now += DAY
    assert reminders(world) == [(post, "2")]
    world.edit(post, title="Better")
    world.now += 7 * DAY
    assert reminders(world) == [(post, "3")], "the older one was not sent, and gives way"


def test_a_correction_of_a_live_post_waits_too(world: ServiceWorld) -> None:
    post = world.live()
    world.edit(post, title="Corrected")
    world.now += 2 * DAY
    assert reminders(world) == [(post, "2")]
