"""What goes out to the opt-in channel when, and what keeps it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import DispatchState, NoticeKind
from bot.domain.post import PostState
from bot.services import announcements, heartbeat, posts
from bot.services import workspaces as workspaces_service
from bot.services.announcements import ClaimedAnnouncement
from bot.storage import notices, workspaces
from bot.storage.tables import AnnouncementRow
from tests.services.helpers import (
    CAP,
    CARL,
    CLEO,
    DAY,
    GAP,
    MOMENT,
    NEWS,
    OTHER_TEAM,
    START,
    WEEK,
    ZONE,
    ServiceWorld,
    content,
    post_of,
    workspace,
)

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def pending(world: ServiceWorld) -> list[tuple[NoticeKind, int | None, str | None]]:
    found = world.run(notices.pending)
    return [(notice.kind, notice.post_id, notice.detail or notice.actor_id) for notice in found]


def tell(world: ServiceWorld) -> None:
    """Everything owed has reached comms."""
    for notice in world.run(notices.pending):
        world.run(notices.mark_sent, notice.id)


def send_next(world: ServiceWorld) -> int:
    claimed = world.claimed()
    world.record_sent(claimed)
    return claimed.post.id


def not_sent(
    world: ServiceWorld, claimed: ClaimedAnnouncement, trouble: str, wait: timedelta = 5 * MINUTE
) -> None:
    world.run(announcements.record_not_sent, claimed, trouble, world.now + wait)


def elsewhere(world: ServiceWorld) -> int:
    """An approved post of the other workspace."""
    form = world.form()
    post = post_of(world.within(team=OTHER_TEAM).run(posts.submit, CLEO, form, content())).id
    post_of(world.within(team=OTHER_TEAM).run(posts.approve, CARL, post, None))
    return post


def test_a_claim_is_written_down_before_anything_is_sent(world: ServiceWorld) -> None:
    post = world.approved(title="The approved title")
    claimed = world.claimed()
    assert (claimed.post.id, claimed.post.content.title) == (post, "The approved title")
    assert claimed.channel == NEWS
    [row] = world.rows(AnnouncementRow)
    assert (row.post_id, row.state, row.claimed_at) == (post, DispatchState.SENDING, START)
    assert world.post(post).state is PostState.APPROVED


def test_what_was_sent_is_live_and_knows_its_message(world: ServiceWorld) -> None:
    post = world.approved()
    world.record_sent(world.claimed(), ts="17.5")
    sent = world.announcement(post)
    assert (sent.state, sent.channel, sent.message_ts) == (DispatchState.SENT, NEWS, "17.5")
    assert world.post(post).state is PostState.LIVE


def test_a_post_goes_out_once(world: ServiceWorld) -> None:
    world.live()
    world.now += 4 * WEEK
    assert world.claim() is None
    assert len(world.rows(AnnouncementRow)) == 1


def test_nothing_goes_out_where_nothing_is_approved(world: ServiceWorld) -> None:
    world.in_review()
    world.save(world.form())
    assert world.claim() is None
    assert world.within(team="T_NOBODY").run(announcements.claim_next) is None


def test_one_is_under_way_at_a_time(world: ServiceWorld) -> None:
    world.save_workspace(min_gap=timedelta(0))
    first, second = world.approved(), world.approved()
    claimed = world.claimed()
    assert claimed.post.id == first
    assert world.claim() is None
    world.record_sent(claimed)
    assert world.claimed().post.id == second


def test_the_gap_counts_from_when_the_last_one_was_in_the_channel(world: ServiceWorld) -> None:
    _, second = world.approved(), world.approved()
    claimed = world.claimed()
    world.now += 9 * SECOND
    world.record_sent(claimed)
    world.now += GAP - MOMENT
    assert world.claim() is None
    world.now += MOMENT
    assert world.claimed().post.id == second


def test_no_more_than_the_cap_goes_out_in_any_seven_days(world: ServiceWorld) -> None:
    waiting = [world.approved() for _ in range(CAP + 1)]
    for _ in range(CAP):
        send_next(world)
        world.now += DAY  # Tuesday, Wednesday, Thursday
    assert world.claim() is None  # Friday: the hours are open and the gap is over
    world.now = START + WEEK - MOMENT
    assert world.claim() is None
    world.now = START + WEEK
    assert world.claimed().post.id == waiting[CAP]


@pytest.mark.parametrize(
    ("local", "goes"),
    [
        ("2026-09-01 06:59:59", False),  # Tuesday, two hours behind Berlin
        ("2026-09-01 07:00:00", True),
        ("2026-09-01 14:59:59", True),
        ("2026-09-01 15:00:00", False),
        ("2026-09-05 10:00:00", False),  # Saturday
        ("2026-09-06 10:00:00", False),  # Sunday
        ("2026-09-07 07:00:00", True),
        ("2026-11-03 07:59:59", False),  # one hour behind Berlin in winter
        ("2026-11-03 08:00:00", True),
    ],
)
def test_the_hours_and_days_are_the_workspaces_own(
    world: ServiceWorld, local: str, goes: bool
) -> None:
    world.approved()
    world.now = datetime.fromisoformat(local).replace(tzinfo=UTC)
    assert (world.claim() is not None) is goes


def test_nothing_goes_out_while_frozen_and_it_goes_on_afterwards(world: ServiceWorld) -> None:
    post = world.approved()
    assert world.run(workspaces_service.freeze, CLEO)
    assert not world.run(workspaces_service.freeze, CARL)
    assert world.claim() is None
    assert world.run(workspaces_service.unfreeze, CARL)
    assert not world.run(workspaces_service.unfreeze, CLEO)
    assert world.claimed().post.id == post
    assert pending(world) == [(NoticeKind.FROZEN, None, CLEO), (NoticeKind.UNFROZEN, None, CARL)]


def test_storing_the_policy_again_does_not_unfreeze(world: ServiceWorld) -> None:
    world.approved()
    world.run(workspaces_service.freeze, CLEO)
    world.save_workspace(weekly_cap=5)
    assert world.claim() is None


def test_an_embargo_is_kept_and_another_post_goes_first(world: ServiceWorld) -> None:
    held = world.approved(not_before=START + DAY)
    other = world.approved()
    assert send_next(world) == other
    world.now = START + DAY - MOMENT
    assert world.claim() is None
    world.now += MOMENT
    assert world.claimed().post.id == held


def test_what_has_expired_does_not_go_out_even_before_the_heartbeat_ends_it(
    world: ServiceWorld,
) -> None:
    world.approved(expires_at=START + DAY)
    world.now += DAY
    assert world.claim() is None


def test_the_one_that_waits_longest_goes_first(world: ServiceWorld) -> None:
    late, early = world.in_review(), world.in_review()
    post_of(world.approve(early))
    world.now += MINUTE
    post_of(world.approve(late))
    assert send_next(world) == early


def test_topics_take_turns(world: ServiceWorld) -> None:
    releases = [world.approved(topics=("releases",)) for _ in range(2)]
    culture = world.approved(topics=("culture",))
    order = []
    for _ in range(3):
        order.append(send_next(world))
        world.now += DAY
    assert order == [releases[0], culture, releases[1]]


def test_another_workspaces_posts_and_claims_are_none_of_ours(world: ServiceWorld) -> None:
    theirs = elsewhere(world)
    assert world.claim() is None
    there = world.within(team=OTHER_TEAM).run(announcements.claim_next)
    assert there is not None
    assert there.post.id == theirs
    world.approved()
    world.within(team=OTHER_TEAM).run(workspaces_service.freeze, CLEO)
    assert world.claim() is not None


def test_what_slack_refused_stays_queued_until_slacks_own_moment(world: ServiceWorld) -> None:
    post = world.approved()
    not_sent(world, world.claimed(), "ratelimited", wait=30 * SECOND)
    assert world.announcement(post).state is DispatchState.PLANNED
    assert world.post(post).state is PostState.APPROVED
    world.now += 30 * SECOND - MOMENT
    assert world.claim() is None
    world.now += MOMENT
    assert send_next(world) == post
    assert len(world.rows(AnnouncementRow)) == 1


def test_what_was_not_sent_uses_up_neither_the_gap_nor_the_cap(world: ServiceWorld) -> None:
    world.save_workspace(weekly_cap=1)
    refused = world.approved()
    other = world.approved()
    claimed = world.claimed()
    assert claimed.post.id == refused
    not_sent(world, claimed, "ratelimited")
    assert world.claimed().post.id == other


def test_comms_hear_of_trouble_once_until_it_ends_and_comes_back(world: ServiceWorld) -> None:
    def refused() -> int:
        claimed = world.claimed()
        not_sent(world, claimed, "not_in_channel")
        world.now += 5 * MINUTE
        return claimed.post.id

    post = world.approved()
    refused()
    assert pending(world) == [(NoticeKind.TROUBLE, post, "not_in_channel")]
    tell(world)
    refused()
    refused()
    assert pending(world) == []
    world.record_sent(world.claimed())
    assert pending(world) == []
    world.now += DAY
    again = world.approved()
    refused()
    refused()
    assert pending(world) == [(NoticeKind.TROUBLE, again, "not_in_channel")]


def test_trouble_that_is_over_before_it_was_told_is_not_told(world: ServiceWorld) -> None:
    world.approved()
    not_sent(world, world.claimed(), "not_in_channel")
    world.now += 5 * MINUTE
    world.record_sent(world.claimed())
    assert pending(world) == []


def test_another_trouble_is_another_word(world: ServiceWorld) -> None:
    world.approved()
    for trouble in ("not_in_channel", "is_archived"):
        not_sent(world, world.claimed(), trouble)
        world.now += 5 * MINUTE
    assert [detail for _, _, detail in pending(world)] == ["not_in_channel", "is_archived"]


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_what_ended_while_it_waited_for_slack_never_goes_out(world: ServiceWorld, end: str) -> None:
    post = world.approved(expires_at=START + DAY)
    not_sent(world, world.claimed(), "ratelimited")
    if end == "withdrawn":
        post_of(world.withdraw(post))
    world.now += DAY
    world.run(posts.expire)
    assert world.claim() is None
    assert world.announcement(post).state is DispatchState.WITHDRAWN


def test_what_was_edited_while_it_waited_for_slack_goes_out_changed_and_once(
    world: ServiceWorld,
) -> None:
    post = world.approved()
    not_sent(world, world.claimed(), "ratelimited")
    world.edit(post, title="Changed")
    world.now += DAY
    assert world.claim() is None
    post_of(world.approve(post))
    claimed = world.claimed()
    assert claimed.post.content.title == "Changed"
    assert len(world.rows(AnnouncementRow)) == 1


def test_a_heartbeat_ends_gives_up_and_claims_in_one_go(world: ServiceWorld) -> None:
    lost = world.approved()
    world.claimed()
    over = world.approved(expires_at=START + DAY)
    world.now += DAY
    following = world.approved()
    claimed = world.run(heartbeat.run_heartbeat)
    assert claimed is not None
    assert claimed.post.id == following
    assert world.post(over).state is PostState.EXPIRED
    assert world.announcement(lost).state is DispatchState.UNCERTAIN


def test_the_policy_is_read_anew_for_each_claim(world: ServiceWorld) -> None:
    world.live()
    world.approved()
    assert world.claim() is None
    world.save_workspace(min_gap=timedelta(0), zone=ZONE)
    found = world.run(workspaces.find)
    assert found == workspace(min_gap=timedelta(0))
    assert world.claim() is not None
