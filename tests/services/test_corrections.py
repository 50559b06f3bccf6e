"""Corrections of live posts: until one is approved, people go on seeing the approved text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.model import Post, PostState
from bot.services import chores, curation, responding
from bot.services.curation import Kept, Refusal
from bot.services.responding import Sight
from bot.storage.tables import PostRow
from tests.services.helpers import AMARA, CARL, CLEO, DAY, TEAM, Desk, kept, why

OLD, NEW = "The approved title", "The corrected title"


def seen_title(desk: Desk, post: int) -> str:
    """What people see, in the share dialog and in the list of live posts alike."""
    sight = desk.do(responding.look, TEAM, AMARA, post, desk.now)
    assert isinstance(sight, Sight)
    [listed] = desk.do(responding.live, TEAM, desk.now)
    assert listed == sight.post
    return sight.post.content.title


def messages(desk: Desk) -> list[tuple[int, int | None, str]]:
    """The stale messages in the channel, and what they should show."""
    found = desk.do(chores.find, TEAM, desk.now).messages
    return [(sent.post, post.approved_revision, post.content.title) for sent, post in found]


def drafted(desk: Desk, post: int) -> Post:
    return desk.edit(post, draft=True, title=NEW)


def submitted(desk: Desk, post: int) -> Post:
    return desk.edit(post, title=NEW)


def sent_back(desk: Desk, post: int) -> Post:
    desk.edit(post, title=NEW)
    return kept(desk.send_back(post))


STEPS = [
    (drafted, PostState.DRAFT),
    (submitted, PostState.IN_REVIEW),
    (sent_back, PostState.RETURNED),
]


@pytest.mark.parametrize(("step", "correction"), STEPS)
def test_a_correction_on_its_way_leaves_people_seeing_the_approved_text(
    desk: Desk, step: Callable[[Desk, int], Post], correction: PostState
) -> None:
    post = desk.live(title=OLD)
    stands = step(desk, post)
    assert (stands.state, stands.correction) == (PostState.LIVE, correction)
    assert (stands.revision, stands.approved_revision) == (2, 1)
    assert stands.content.title == NEW
    assert seen_title(desk, post) == OLD
    assert messages(desk) == []


def test_an_approved_correction_is_what_people_see_and_the_message_has_to_follow(
    desk: Desk,
) -> None:
    post = desk.live(title=OLD)
    approved_at = desk.rows(PostRow)[0].approved_at
    desk.now += DAY
    submitted(desk, post)
    corrected = kept(desk.approve(post))
    assert (corrected.state, corrected.correction) == (PostState.LIVE, None)
    assert corrected.approved_revision == 2
    assert seen_title(desk, post) == NEW
    assert messages(desk) == [(post, 2, NEW)]
    desk.do(chores.message_shown, desk.announcement(post).id, 2, ended=False)
    assert messages(desk) == []
    assert desk.rows(PostRow)[0].approved_at == approved_at


def test_a_correction_goes_out_by_editing_and_never_as_a_second_announcement(desk: Desk) -> None:
    post = desk.live(title=OLD)
    submitted(desk, post)
    kept(desk.approve(post))
    desk.now += 7 * DAY
    assert desk.claim() is None


def test_who_wrote_a_correction_cannot_approve_it(desk: Desk) -> None:
    post = desk.live(title=OLD)
    desk.edit(post, who=CARL, title=NEW)
    assert why(desk.approve(post, who=CARL)) is Refusal.OWN_POST
    assert kept(desk.approve(post, who=CLEO)).approved_revision == 2


def test_a_correction_being_drafted_or_sent_back_cannot_be_approved(desk: Desk) -> None:
    post = desk.live(title=OLD)
    drafted(desk, post)
    assert why(desk.approve(post)) is Refusal.NOT_IN_REVIEW
    desk.edit(post, title=NEW)
    desk.send_back(post)
    assert why(desk.approve(post)) is Refusal.NOT_IN_REVIEW
    assert seen_title(desk, post) == OLD


def test_approving_a_live_post_without_a_correction_changes_nothing(desk: Desk) -> None:
    post = desk.live(title=OLD)
    assert desk.approve(post) == Kept(desk.post(post), changed=False)


def test_a_correction_that_was_sent_back_can_be_submitted_again(desk: Desk) -> None:
    post = desk.live(title=OLD)
    sent_back(desk, post)
    again = desk.edit(post, title="Third time lucky")
    assert (again.correction, again.revision) == (PostState.IN_REVIEW, 3)
    kept(desk.approve(post))
    assert seen_title(desk, post) == "Third time lucky"


def test_a_correction_does_not_keep_a_post_from_being_withdrawn(desk: Desk) -> None:
    post = desk.live(title=OLD)
    submitted(desk, post)
    kept(desk.withdraw(post))
    assert messages(desk) == [(post, 1, OLD)]
    assert why(desk.approve(post)) is Refusal.ENDED


def test_only_an_approved_correction_moves_the_expiry(desk: Desk) -> None:
    tomorrow = desk.now + DAY
    post = desk.live(title=OLD, expires_at=tomorrow)
    desk.edit(post, title=NEW, expires_at=tomorrow + DAY)
    assert desk.do(curation.expire, TEAM, tomorrow - DAY) == 0
    kept(desk.approve(post))
    assert desk.do(curation.expire, TEAM, tomorrow) == 0
    assert desk.do(curation.expire, TEAM, tomorrow + DAY) == 1


def test_a_post_expires_under_its_approved_text_while_a_correction_waits(desk: Desk) -> None:
    tomorrow = desk.now + DAY
    post = desk.live(title=OLD, expires_at=tomorrow)
    desk.edit(post, title=NEW, expires_at=tomorrow + DAY)
    assert desk.do(curation.expire, TEAM, tomorrow) == 1
    stands = desk.post(post)
    assert (stands.state, stands.correction) == (PostState.EXPIRED, None)
