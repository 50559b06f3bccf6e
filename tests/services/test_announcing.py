"""What goes out to the opt-in channel when, and what keeps it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import DispatchState, NoticeKind, PostState
from bot.services import announcing, curation
from bot.services.announcing import Claimed
from bot.storage import workspaces
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
    TEAM,
    WEEK,
    ZONE,
    Desk,
    content,
    kept,
    workspace,
)

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def owed(desk: Desk) -> list[tuple[NoticeKind, int | None, str | None]]:
    found = desk.do(workspaces.owed, TEAM)
    return [(notice.kind, notice.post, notice.detail or notice.who) for notice in found]


def tell(desk: Desk) -> None:
    """Everything owed has reached comms."""
    for notice in desk.do(workspaces.owed, TEAM):
        desk.do(workspaces.settle, notice.id, desk.now)


def send_next(desk: Desk) -> int:
    claimed = desk.claimed()
    desk.record_sent(claimed)
    return claimed.post.id


def not_sent(desk: Desk, claimed: Claimed, trouble: str, wait: timedelta = 5 * MINUTE) -> None:
    desk.do(announcing.record_not_sent, TEAM, claimed, trouble, desk.now + wait, desk.now)


def elsewhere(desk: Desk) -> int:
    """An approved post of the other workspace."""
    form = desk.form()
    post = kept(desk.do(curation.submit, OTHER_TEAM, CLEO, form, content(), desk.now)).id
    kept(desk.do(curation.approve, OTHER_TEAM, CARL, post, None, desk.now))
    return post


def test_a_claim_is_written_down_before_anything_is_sent(desk: Desk) -> None:
    post = desk.approved(title="The approved title")
    claimed = desk.claimed()
    assert (claimed.post.id, claimed.post.content.title) == (post, "The approved title")
    assert claimed.channel == NEWS
    [row] = desk.rows(AnnouncementRow)
    assert (row.id, row.state, row.claimed_at) == (claimed.id, DispatchState.SENDING, START)
    assert desk.post(post).state is PostState.APPROVED


def test_what_was_sent_is_live_and_knows_its_message(desk: Desk) -> None:
    post = desk.approved()
    desk.record_sent(desk.claimed(), ts="17.5")
    sent = desk.announcement(post)
    assert (sent.state, sent.channel, sent.ts) == (DispatchState.SENT, NEWS, "17.5")
    assert desk.post(post).state is PostState.LIVE


def test_a_post_goes_out_once(desk: Desk) -> None:
    desk.live()
    desk.now += 4 * WEEK
    assert desk.claim() is None
    assert len(desk.rows(AnnouncementRow)) == 1


def test_nothing_goes_out_where_nothing_is_approved(desk: Desk) -> None:
    desk.in_review()
    desk.save(desk.form())
    assert desk.claim() is None
    assert desk.do(announcing.claim_next, "T_NOBODY", desk.now) is None


def test_one_is_under_way_at_a_time(desk: Desk) -> None:
    desk.save_workspace(min_gap=timedelta(0))
    first, second = desk.approved(), desk.approved()
    claimed = desk.claimed()
    assert claimed.post.id == first
    assert desk.claim() is None
    desk.record_sent(claimed)
    assert desk.claimed().post.id == second


def test_the_gap_counts_from_when_the_last_one_was_in_the_channel(desk: Desk) -> None:
    _, second = desk.approved(), desk.approved()
    claimed = desk.claimed()
    desk.now += 9 * SECOND
    desk.record_sent(claimed)
    desk.now += GAP - MOMENT
    assert desk.claim() is None
    desk.now += MOMENT
    assert desk.claimed().post.id == second


def test_no_more_than_the_cap_goes_out_in_any_seven_days(desk: Desk) -> None:
    waiting = [desk.approved() for _ in range(CAP + 1)]
    for _ in range(CAP):
        send_next(desk)
        desk.now += DAY  # Tuesday, Wednesday, Thursday
    assert desk.claim() is None  # Friday: the hours are open and the gap is over
    desk.now = START + WEEK - MOMENT
    assert desk.claim() is None
    desk.now = START + WEEK
    assert desk.claimed().post.id == waiting[CAP]


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
def test_the_hours_and_days_are_the_workspaces_own(desk: Desk, local: str, goes: bool) -> None:
    desk.approved()
    desk.now = datetime.fromisoformat(local).replace(tzinfo=UTC)
    assert (desk.claim() is not None) is goes


def test_nothing_goes_out_while_frozen_and_it_goes_on_afterwards(desk: Desk) -> None:
    post = desk.approved()
    assert desk.do(announcing.freeze, TEAM, CLEO, desk.now)
    assert not desk.do(announcing.freeze, TEAM, CARL, desk.now)
    assert desk.claim() is None
    assert desk.do(announcing.unfreeze, TEAM, CARL, desk.now)
    assert not desk.do(announcing.unfreeze, TEAM, CLEO, desk.now)
    assert desk.claimed().post.id == post
    assert owed(desk) == [(NoticeKind.FROZEN, None, CLEO), (NoticeKind.UNFROZEN, None, CARL)]


def test_storing_the_policy_again_does_not_unfreeze(desk: Desk) -> None:
    desk.approved()
    desk.do(announcing.freeze, TEAM, CLEO, desk.now)
    desk.save_workspace(weekly_cap=5)
    assert desk.claim() is None


def test_an_embargo_is_kept_and_another_post_goes_first(desk: Desk) -> None:
    held = desk.approved(not_before=START + DAY)
    other = desk.approved()
    assert send_next(desk) == other
    desk.now = START + DAY - MOMENT
    assert desk.claim() is None
    desk.now += MOMENT
    assert desk.claimed().post.id == held


def test_what_has_expired_does_not_go_out_even_before_the_heartbeat_ends_it(desk: Desk) -> None:
    desk.approved(expires_at=START + DAY)
    desk.now += DAY
    assert desk.claim() is None


def test_the_one_that_waits_longest_goes_first(desk: Desk) -> None:
    late, early = desk.in_review(), desk.in_review()
    kept(desk.approve(early))
    desk.now += MINUTE
    kept(desk.approve(late))
    assert send_next(desk) == early


def test_topics_take_turns(desk: Desk) -> None:
    releases = [desk.approved(topics=("releases",)) for _ in range(2)]
    culture = desk.approved(topics=("culture",))
    order = []
    for _ in range(3):
        order.append(send_next(desk))
        desk.now += DAY
    assert order == [releases[0], culture, releases[1]]


def test_another_workspaces_posts_and_claims_are_none_of_ours(desk: Desk) -> None:
    theirs = elsewhere(desk)
    assert desk.claim() is None
    there = desk.do(announcing.claim_next, OTHER_TEAM, desk.now)
    assert there is not None
    assert there.post.id == theirs
    desk.approved()
    desk.do(announcing.freeze, OTHER_TEAM, CLEO, desk.now)
    assert desk.claim() is not None


def test_what_slack_refused_stays_queued_until_slacks_own_moment(desk: Desk) -> None:
    post = desk.approved()
    not_sent(desk, desk.claimed(), "ratelimited", wait=30 * SECOND)
    assert desk.announcement(post).state is DispatchState.PLANNED
    assert desk.post(post).state is PostState.APPROVED
    desk.now += 30 * SECOND - MOMENT
    assert desk.claim() is None
    desk.now += MOMENT
    assert send_next(desk) == post
    assert len(desk.rows(AnnouncementRow)) == 1


def test_what_was_not_sent_uses_up_neither_the_gap_nor_the_cap(desk: Desk) -> None:
    desk.save_workspace(weekly_cap=1)
    refused = desk.approved()
    other = desk.approved()
    claimed = desk.claimed()
    assert claimed.post.id == refused
    not_sent(desk, claimed, "ratelimited")
    assert desk.claimed().post.id == other


def test_comms_hear_of_trouble_once_until_it_ends_and_comes_back(desk: Desk) -> None:
    def refused() -> int:
        claimed = desk.claimed()
        not_sent(desk, claimed, "not_in_channel")
        desk.now += 5 * MINUTE
        return claimed.post.id

    post = desk.approved()
    refused()
    assert owed(desk) == [(NoticeKind.TROUBLE, post, "not_in_channel")]
    tell(desk)
    refused()
    refused()
    assert owed(desk) == []
    desk.record_sent(desk.claimed())
    assert owed(desk) == []
    desk.now += DAY
    again = desk.approved()
    refused()
    refused()
    assert owed(desk) == [(NoticeKind.TROUBLE, again, "not_in_channel")]


def test_trouble_that_is_over_before_it_was_told_is_not_told(desk: Desk) -> None:
    desk.approved()
    not_sent(desk, desk.claimed(), "not_in_channel")
    desk.now += 5 * MINUTE
    desk.record_sent(desk.claimed())
    assert owed(desk) == []


def test_another_trouble_is_another_word(desk: Desk) -> None:
    desk.approved()
    for trouble in ("not_in_channel", "is_archived"):
        not_sent(desk, desk.claimed(), trouble)
        desk.now += 5 * MINUTE
    assert [detail for _, _, detail in owed(desk)] == ["not_in_channel", "is_archived"]


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_what_ended_while_it_waited_for_slack_never_goes_out(desk: Desk, end: str) -> None:
    post = desk.approved(expires_at=START + DAY)
    not_sent(desk, desk.claimed(), "ratelimited")
    if end == "withdrawn":
        kept(desk.withdraw(post))
    desk.now += DAY
    desk.do(curation.expire, TEAM, desk.now)
    assert desk.claim() is None
    assert desk.announcement(post).state is DispatchState.WITHDRAWN


def test_what_was_edited_while_it_waited_for_slack_goes_out_changed_and_once(desk: Desk) -> None:
    post = desk.approved()
    not_sent(desk, desk.claimed(), "ratelimited")
    desk.edit(post, title="Changed")
    desk.now += DAY
    assert desk.claim() is None
    kept(desk.approve(post))
    claimed = desk.claimed()
    assert claimed.post.content.title == "Changed"
    assert len(desk.rows(AnnouncementRow)) == 1


def test_a_heartbeat_ends_gives_up_and_claims_in_one_go(desk: Desk) -> None:
    lost = desk.approved()
    desk.claimed()
    over = desk.approved(expires_at=START + DAY)
    desk.now += DAY
    following = desk.approved()
    claimed = desk.do(announcing.prepare, TEAM, desk.now)
    assert claimed is not None
    assert claimed.post.id == following
    assert desk.post(over).state is PostState.EXPIRED
    assert desk.announcement(lost).state is DispatchState.UNCERTAIN


def test_the_policy_is_read_anew_for_each_claim(desk: Desk) -> None:
    desk.live()
    desk.approved()
    assert desk.claim() is None
    desk.save_workspace(min_gap=timedelta(0), zone=ZONE)
    found = desk.do(workspaces.find, TEAM)
    assert found == workspace(min_gap=timedelta(0))
    assert desk.claim() is not None
