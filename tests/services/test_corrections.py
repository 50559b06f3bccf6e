"""Corrections of live posts: until one is approved, people go on seeing the approved text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.ids import PostId
from bot.domain.post import Post, PostState
from bot.services import posts, reconcile, share_dialog
from bot.services.posts import PostResult, Refusal
from bot.services.share_dialog import ShareDialogData
from bot.storage.tables import PostRow
from tests.services.helpers import AMARA, CARL, CLEO, DAY, ServiceWorld, post_of, refusal_of

OLD, NEW = "The approved title", "The corrected title"


def seen_title(world: ServiceWorld, post: int) -> str:
    """What people see, in the share dialog and in the list of live posts alike."""
    data = world.run(share_dialog.load_share_dialog, AMARA, PostId(post))
    assert isinstance(data, ShareDialogData)
    [listed] = world.run(share_dialog.load_shareable_posts)
    assert listed == data.post
    return data.post.content.title


def messages(world: ServiceWorld) -> list[tuple[int, int | None, str]]:
    """The stale messages in the channel, and what they should show."""
    found = world.run(reconcile.find_pending).messages
    return [(sent.post_id, post.approved_revision, post.content.title) for sent, post in found]


def drafted(world: ServiceWorld, post: int) -> Post:
    return world.edit(post, draft=True, title=NEW)


def submitted(world: ServiceWorld, post: int) -> Post:
    return world.edit(post, title=NEW)


def sent_back(world: ServiceWorld, post: int) -> Post:
    world.edit(post, title=NEW)
    return post_of(world.send_back(post))


STEPS = [
    (drafted, PostState.DRAFT),
    (submitted, PostState.IN_REVIEW),
    (sent_back, PostState.RETURNED),
]


@pytest.mark.parametrize(("step", "correction"), STEPS)
def test_a_correction_on_its_way_leaves_people_seeing_the_approved_text(
    world: ServiceWorld, step: Callable[[ServiceWorld, int], Post], correction: PostState
) -> None:
    post = world.live(title=OLD)
    lifecycle = step(world, post)
    assert (lifecycle.state, lifecycle.correction) == (PostState.LIVE, correction)
    assert (lifecycle.revision, lifecycle.approved_revision) == (2, 1)
    assert lifecycle.content.title == NEW
    assert seen_title(world, post) == OLD
    assert messages(world) == []


def test_an_approved_correction_is_what_people_see_and_the_message_has_to_follow(
    world: ServiceWorld,
) -> None:
    post = world.live(title=OLD)
    approved_at = world.rows(PostRow)[0].approved_at
    world.now += DAY
    submitted(world, post)
    corrected = post_of(world.approve(post))
    assert (corrected.state, corrected.correction) == (PostState.LIVE, None)
    assert corrected.approved_revision == 2
    assert seen_title(world, post) == NEW
    assert messages(world) == [(post, 2, NEW)]
    world.run(reconcile.record_announcement_shown, world.announcement(post).id, 2, ended=False)
    assert messages(world) == []
    assert world.rows(PostRow)[0].approved_at == approved_at


def test_a_correction_goes_out_by_editing_and_never_as_a_second_announcement(
    world: ServiceWorld,
) -> None:
    post = world.live(title=OLD)
    submitted(world, post)
    post_of(world.approve(post))
    world.now += 7 * DAY
    assert world.claim() is None


def test_who_wrote_a_correction_cannot_approve_it(world: ServiceWorld) -> None:
    post = world.live(title=OLD)
    world.edit(post, who=CARL, title=NEW)
    assert refusal_of(world.approve(post, who=CARL)) is Refusal.OWN_POST
    assert post_of(world.approve(post, who=CLEO)).approved_revision == 2


def test_a_correction_being_drafted_or_sent_back_cannot_be_approved(world: ServiceWorld) -> None:
    post = world.live(title=OLD)
    drafted(world, post)
    assert refusal_of(world.approve(post)) is Refusal.NOT_IN_REVIEW
    world.edit(post, title=NEW)
    world.send_back(post)
    assert refusal_of(world.approve(post)) is Refusal.NOT_IN_REVIEW
    assert seen_title(world, post) == OLD


def test_approving_a_live_post_without_a_correction_changes_nothing(world: ServiceWorld) -> None:
    post = world.live(title=OLD)
    assert world.approve(post) == PostResult(world.post(post), changed=False)


def test_a_correction_that_was_sent_back_can_be_submitted_again(world: ServiceWorld) -> None:
    post = world.live(title=OLD)
    sent_back(world, post)
    again = world.edit(post, title="Third time lucky")
    assert (again.correction, again.revision) == (PostState.IN_REVIEW, 3)
    post_of(world.approve(post))
    assert seen_title(world, post) == "Third time lucky"


def test_a_correction_does_not_keep_a_post_from_being_withdrawn(world: ServiceWorld) -> None:
    post = world.live(title=OLD)
    submitted(world, post)
    post_of(world.withdraw(post))
    assert messages(world) == [(post, 1, OLD)]
    assert refusal_of(world.approve(post)) is Refusal.ENDED


def test_only_an_approved_correction_moves_the_expiry(world: ServiceWorld) -> None:
    tomorrow = world.now + DAY
    post = world.live(title=OLD, expires_at=tomorrow)
    world.edit(post, title=NEW, expires_at=tomorrow + DAY)
    assert world.within(now=tomorrow - DAY).run(posts.expire) == 0
    post_of(world.approve(post))
    assert world.within(now=tomorrow).run(posts.expire) == 0
    assert world.within(now=tomorrow + DAY).run(posts.expire) == 1


def test_a_post_expires_under_its_approved_text_while_a_correction_waits(
    world: ServiceWorld,
) -> None:
    tomorrow = world.now + DAY
    post = world.live(title=OLD, expires_at=tomorrow)
    world.edit(post, title=NEW, expires_at=tomorrow + DAY)
    assert world.within(now=tomorrow).run(posts.expire) == 1
    lifecycle = world.post(post)
    assert (lifecycle.state, lifecycle.correction) == (PostState.EXPIRED, None)
