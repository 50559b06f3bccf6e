"""Announcements whose fate is unknown, and posts that change while their message is on its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.ids import PostId
from bot.domain.model import DispatchState, NoticeKind, Stage
from bot.domain.post import PostState
from bot.domain.responses import Answer, Unanswerable
from bot.services import announcements, dispatches, posts, reconcile, share_dialog, snapshots
from bot.services.responses import Stored
from bot.services.share_dialog import ShareDialogData
from bot.storage import notices
from bot.storage.tables import AnnouncementRow
from tests.services.helpers import (
    AMARA,
    CLEO,
    DAY,
    GAP,
    MOMENT,
    NEWS,
    OTHER_TEAM,
    START,
    TEAM,
    ServiceWorld,
    post_of,
)

MINUTE = timedelta(seconds=60)
CLICK = Answer(Stage.SKIPPED, message=(NEWS, "42.1"))


def pending_notices(world: ServiceWorld) -> list[tuple[NoticeKind, int | None]]:
    return [(notice.kind, notice.post_id) for notice in world.run(notices.pending)]


def give_up(world: ServiceWorld) -> int:
    return world.run(dispatches.give_up_abandoned)


def settle(world: ServiceWorld, post: int, team: str = TEAM) -> bool:
    return world.within(team=team).run(announcements.settle_uncertain, CLEO, PostId(post))


def send_again(world: ServiceWorld, post: int, team: str = TEAM) -> bool:
    return world.within(team=team).run(announcements.queue_again, CLEO, PostId(post))


def stale(world: ServiceWorld) -> list[tuple[int, PostState, str | None]]:
    """The messages that have to be brought up to date."""
    found = world.run(reconcile.find_pending).messages
    return [(post.id, post.state, sent.message_ts) for sent, post in found]


def test_a_claim_whose_sender_died_is_uncertain_after_a_minute(world: ServiceWorld) -> None:
    post = world.approved()
    world.claimed()
    world.now += MINUTE
    assert give_up(world) == 0
    assert world.announcement(post).state is DispatchState.SENDING
    world.now += MOMENT
    assert give_up(world) == 1
    assert world.announcement(post).state is DispatchState.UNCERTAIN
    assert pending_notices(world) == [(NoticeKind.UNCERTAIN, post)]


def test_comms_are_asked_once(world: ServiceWorld) -> None:
    post = world.approved()
    claimed = world.claimed()
    world.now += 2 * MINUTE
    give_up(world)
    world.record_uncertain(claimed)
    assert give_up(world) == 0
    assert pending_notices(world) == [(NoticeKind.UNCERTAIN, post)]


def test_what_is_uncertain_is_not_sent_again_by_itself_and_counts_as_sent(
    world: ServiceWorld,
) -> None:
    world.uncertain()
    following = world.approved()
    world.now += GAP - MOMENT
    assert world.claim() is None
    world.now += MOMENT
    assert world.claimed().post.id == following


def test_a_late_word_that_it_was_sent_settles_it(world: ServiceWorld) -> None:
    post = world.approved()
    claimed = world.claimed()
    world.now += 2 * MINUTE
    give_up(world)
    world.record_sent(claimed, ts="42.1")
    sent = world.announcement(post)
    assert (sent.state, sent.message_ts) == (DispatchState.SENT, "42.1")
    assert world.post(post).state is PostState.LIVE
    assert not settle(world, post)


def test_a_late_doubt_does_not_touch_what_was_sent(world: ServiceWorld) -> None:
    post = world.approved()
    claimed = world.claimed()
    world.record_sent(claimed)
    world.record_uncertain(claimed)
    assert world.announcement(post).state is DispatchState.SENT
    assert pending_notices(world) == []


def test_comms_can_say_that_it_is_there(world: ServiceWorld) -> None:
    post = world.uncertain()
    assert settle(world, post)
    sent = world.announcement(post)
    assert (sent.state, sent.message_ts) == (DispatchState.SENT, None)
    assert world.post(post).state is PostState.LIVE
    assert not settle(world, post)
    assert not send_again(world, post)


def next_morning(world: ServiceWorld) -> None:
    """The daily job has run."""
    world.now += DAY
    assert world.run(snapshots.take, frozenset())


def test_a_members_click_tells_which_message_it_is_and_shows_the_next_morning(
    world: ServiceWorld,
) -> None:
    world.join()
    post = world.uncertain()
    before = pending_notices(world)
    assert world.respond(AMARA, post, CLICK) == Stored(Stage.SKIPPED, changed=True)
    found = world.announcement(post)
    assert (found.state, found.message_ts) == (DispatchState.UNCERTAIN, "42.1")
    assert world.post(post).state is PostState.APPROVED, "nobody can tell that somebody clicked"
    assert pending_notices(world) == before
    next_morning(world)
    sent = world.announcement(post)
    assert (sent.state, sent.channel, sent.message_ts) == (DispatchState.SENT, NEWS, "42.1")
    assert world.post(post).state is PostState.LIVE
    assert (NoticeKind.UNCERTAIN, post) not in pending_notices(world)
    assert not settle(world, post)


def test_a_click_by_somebody_who_has_not_joined_changes_nothing(world: ServiceWorld) -> None:
    post = world.uncertain()
    assert world.respond(AMARA, post, CLICK) is Unanswerable.NO_CONSENT
    assert world.announcement(post).message_ts is None


def test_what_a_click_has_shown_is_not_sent_again(world: ServiceWorld) -> None:
    world.join()
    post = world.uncertain()
    world.respond(AMARA, post, CLICK)
    assert send_again(world, post), "as without the click: it tells nobody of it"
    assert world.announcement(post).state is DispatchState.PLANNED
    assert world.claim() is None, "it is not sent, but live in its turn"
    assert world.announcement(post).state is DispatchState.SENT
    assert world.post(post).state is PostState.LIVE


def test_what_comms_confirmed_learns_its_message_from_the_first_click(world: ServiceWorld) -> None:
    world.join()
    post = world.uncertain()
    settle(world, post)
    world.respond(AMARA, post, Answer(Stage.OPENED))
    assert world.announcement(post).message_ts is None
    world.respond(AMARA, post, CLICK)
    assert world.announcement(post).message_ts == "42.1"
    world.respond(AMARA, post, Answer(Stage.OPENED, message=(NEWS, "66.6")))
    assert world.announcement(post).message_ts == "42.1"
    post_of(world.withdraw(post))
    assert stale(world) == [], "nobody sees that somebody has clicked"
    next_morning(world)
    assert stale(world) == [(post, PostState.WITHDRAWN, "42.1")]


def test_a_click_that_comes_from_no_message_settles_nothing(world: ServiceWorld) -> None:
    world.join()
    post = world.uncertain()
    assert world.respond(AMARA, post, Stage.OPENED) == Stored(Stage.OPENED, changed=True)
    assert world.announcement(post).state is DispatchState.UNCERTAIN


def test_sending_again_puts_it_back_into_the_queue(world: ServiceWorld) -> None:
    post = world.uncertain()
    assert send_again(world, post)
    assert not send_again(world, post)
    assert not settle(world, post)
    claimed = world.claimed()
    assert claimed.post.id == post
    assert not send_again(world, post)
    world.record_sent(claimed)
    assert not send_again(world, post)
    assert len(world.rows(AnnouncementRow)) == 1
    assert world.post(post).state is PostState.LIVE


def test_nothing_is_settled_from_another_workspace_or_for_a_post_never_tried(
    world: ServiceWorld,
) -> None:
    post, untried = world.uncertain(), world.approved()
    for request in (settle, send_again):
        assert not request(world, post, OTHER_TEAM)
        assert not request(world, untried)
        assert not request(world, untried + 1)
    assert world.announcement(post).state is DispatchState.UNCERTAIN
    assert world.within(team=OTHER_TEAM, now=world.now + DAY).run(dispatches.give_up_abandoned) == 0


def test_a_post_withdrawn_while_being_sent_ends_and_its_message_is_closed(
    world: ServiceWorld,
) -> None:
    post = world.approved()
    claimed = world.claimed()
    post_of(world.withdraw(post))
    assert stale(world) == []
    world.record_sent(claimed, ts="42.1")
    assert world.post(post).state is PostState.WITHDRAWN
    assert stale(world) == [(post, PostState.WITHDRAWN, "42.1")]
    message = world.announcement(post)
    world.run(reconcile.record_announcement_shown, message.id, 1, ended=True)
    assert stale(world) == []


def test_a_post_that_expires_while_being_sent_ends_and_its_message_is_closed(
    world: ServiceWorld,
) -> None:
    post = world.approved(expires_at=START + MINUTE)
    claimed = world.claimed()
    world.now += MINUTE
    world.run(posts.expire)
    world.record_sent(claimed, ts="42.1")
    assert stale(world) == [(post, PostState.EXPIRED, "42.1")]


def test_a_post_withdrawn_while_being_sent_and_not_sent_stays_ended(world: ServiceWorld) -> None:
    post = world.approved()
    claimed = world.claimed()
    post_of(world.withdraw(post))
    world.run(announcements.record_not_sent, claimed, "ratelimited", world.now)
    world.now += DAY
    assert world.claim() is None
    assert world.post(post).state is PostState.WITHDRAWN
    assert stale(world) == []


@pytest.mark.parametrize(
    ("draft", "correction"), [(True, PostState.DRAFT), (False, PostState.IN_REVIEW)]
)
def test_a_post_edited_while_being_sent_is_live_as_announced_with_a_correction(
    world: ServiceWorld, draft: bool, correction: PostState
) -> None:
    post = world.approved(title="As announced")
    claimed = world.claimed()
    world.edit(post, draft=draft, title="As edited")
    world.record_sent(claimed)
    lifecycle = world.post(post)
    assert (lifecycle.state, lifecycle.correction) == (PostState.LIVE, correction)
    data = world.run(share_dialog.load_share_dialog, AMARA, PostId(post))
    assert isinstance(data, ShareDialogData)
    assert data.post.content.title == "As announced"
    assert stale(world) == []


def clicked(world: ServiceWorld, post: int) -> None:
    world.join()
    assert world.respond(AMARA, post, CLICK) == Stored(Stage.SKIPPED, changed=True)
    next_morning(world)


def confirmed_then_clicked(world: ServiceWorld, post: int) -> None:
    settle(world, post)
    clicked(world, post)


def test_a_message_sent_before_the_correction_was_approved_has_to_follow(
    world: ServiceWorld,
) -> None:
    post = world.approved(title="As announced")
    claimed = world.claimed()
    world.edit(post, title="As corrected")
    post_of(world.approve(post))
    world.record_sent(claimed, ts="42.1")
    assert world.post(post).state is PostState.LIVE
    assert stale(world) == [(post, PostState.LIVE, "42.1")]


@pytest.mark.parametrize("how", [clicked, confirmed_then_clicked])
def test_a_message_nobody_knew_of_shows_the_old_text_and_has_to_follow_the_approved_one(
    world: ServiceWorld, how: Callable[[ServiceWorld, int], None]
) -> None:
    post = world.uncertain(title="As announced")
    world.edit(post, title="As corrected")
    post_of(world.approve(post))
    how(world, post)
    assert stale(world) == [(post, PostState.LIVE, "42.1")]


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_late_click_on_a_withdrawn_post_tells_which_message_is_to_be_closed(
    world: ServiceWorld, confirmed: bool
) -> None:
    world.join()
    post = world.uncertain()
    if confirmed:
        settle(world, post)
    post_of(world.withdraw(post))
    assert world.respond(AMARA, post, CLICK) is Unanswerable.ENDED
    assert world.post(post).state is PostState.WITHDRAWN
    assert stale(world) == []
    next_morning(world)
    assert stale(world) == [(post, PostState.WITHDRAWN, "42.1")]
