"""Announcements whose fate is unknown, and posts that change while their message is on its way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.model import DispatchState, NoticeKind, PostState, Stage
from bot.services import announcing, chores, curation, responding
from bot.services.responding import Answer, Sight, Stored, Unanswerable
from bot.storage import workspaces
from bot.storage.tables import AnnouncementRow
from tests.services.helpers import (
    AMARA,
    DAY,
    GAP,
    MOMENT,
    NEWS,
    OTHER_TEAM,
    START,
    TEAM,
    Desk,
    kept,
)

MINUTE = timedelta(seconds=60)
CLICK = Answer(Stage.SKIPPED, message=(NEWS, "42.1"))


def notices(desk: Desk) -> list[tuple[NoticeKind, int | None]]:
    return [(notice.kind, notice.post) for notice in desk.do(workspaces.owed, TEAM)]


def give_up(desk: Desk) -> int:
    return desk.do(announcing.give_up_abandoned, TEAM, desk.now)


def settle(desk: Desk, post: int, team: str = TEAM) -> bool:
    return desk.do(announcing.settle_uncertain, team, post)


def send_again(desk: Desk, post: int, team: str = TEAM) -> bool:
    return desk.do(announcing.send_again, team, post)


def stale(desk: Desk) -> list[tuple[int, PostState, str | None]]:
    """The messages that have to be brought up to date."""
    found = desk.do(chores.find, TEAM, desk.now).messages
    return [(post.id, post.state, sent.ts) for sent, post in found]


def test_a_claim_whose_sender_died_is_uncertain_after_a_minute(desk: Desk) -> None:
    post = desk.approved()
    desk.claimed()
    desk.now += MINUTE
    assert give_up(desk) == 0
    assert desk.announcement(post).state is DispatchState.SENDING
    desk.now += MOMENT
    assert give_up(desk) == 1
    assert desk.announcement(post).state is DispatchState.UNCERTAIN
    assert notices(desk) == [(NoticeKind.UNCERTAIN, post)]


def test_comms_are_asked_once(desk: Desk) -> None:
    post = desk.approved()
    claimed = desk.claimed()
    desk.now += 2 * MINUTE
    give_up(desk)
    desk.record_uncertain(claimed)
    assert give_up(desk) == 0
    assert notices(desk) == [(NoticeKind.UNCERTAIN, post)]


def test_what_is_uncertain_is_not_sent_again_by_itself_and_counts_as_sent(desk: Desk) -> None:
    desk.uncertain()
    following = desk.approved()
    desk.now += GAP - MOMENT
    assert desk.claim() is None
    desk.now += MOMENT
    assert desk.claimed().post.id == following


def test_a_late_word_that_it_was_sent_settles_it(desk: Desk) -> None:
    post = desk.approved()
    claimed = desk.claimed()
    desk.now += 2 * MINUTE
    give_up(desk)
    desk.record_sent(claimed, ts="42.1")
    sent = desk.announcement(post)
    assert (sent.state, sent.ts) == (DispatchState.SENT, "42.1")
    assert desk.post(post).state is PostState.LIVE
    assert not settle(desk, post)


def test_a_late_doubt_does_not_touch_what_was_sent(desk: Desk) -> None:
    post = desk.approved()
    claimed = desk.claimed()
    desk.record_sent(claimed)
    desk.record_uncertain(claimed)
    assert desk.announcement(post).state is DispatchState.SENT
    assert notices(desk) == []


def test_comms_can_say_that_it_is_there(desk: Desk) -> None:
    post = desk.uncertain()
    assert settle(desk, post)
    sent = desk.announcement(post)
    assert (sent.state, sent.ts) == (DispatchState.SENT, None)
    assert desk.post(post).state is PostState.LIVE
    assert not settle(desk, post)
    assert not send_again(desk, post)


def test_a_click_proves_that_it_is_there_and_tells_which_message_it_is(desk: Desk) -> None:
    desk.join()
    post = desk.uncertain()
    assert desk.respond(AMARA, post, CLICK) == Stored(Stage.SKIPPED, changed=True)
    sent = desk.announcement(post)
    assert (sent.state, sent.channel, sent.ts) == (DispatchState.SENT, NEWS, "42.1")
    assert desk.post(post).state is PostState.LIVE
    assert not settle(desk, post)


def test_what_comms_confirmed_learns_its_message_from_the_first_click(desk: Desk) -> None:
    desk.join()
    post = desk.uncertain()
    settle(desk, post)
    desk.respond(AMARA, post, Answer(Stage.OPENED))
    assert desk.announcement(post).ts is None
    desk.respond(AMARA, post, CLICK)
    assert desk.announcement(post).ts == "42.1"
    desk.respond(AMARA, post, Answer(Stage.OPENED, message=(NEWS, "66.6")))
    assert desk.announcement(post).ts == "42.1"
    kept(desk.withdraw(post))
    assert stale(desk) == [(post, PostState.WITHDRAWN, "42.1")]


def test_a_click_that_comes_from_no_message_settles_nothing(desk: Desk) -> None:
    desk.join()
    post = desk.uncertain()
    assert desk.respond(AMARA, post, Stage.OPENED) == Stored(Stage.OPENED, changed=True)
    assert desk.announcement(post).state is DispatchState.UNCERTAIN


def test_sending_again_puts_it_back_into_the_queue(desk: Desk) -> None:
    post = desk.uncertain()
    assert send_again(desk, post)
    assert not send_again(desk, post)
    assert not settle(desk, post)
    claimed = desk.claimed()
    assert claimed.post.id == post
    assert not send_again(desk, post)
    desk.record_sent(claimed)
    assert not send_again(desk, post)
    assert len(desk.rows(AnnouncementRow)) == 1
    assert desk.post(post).state is PostState.LIVE


def test_nothing_is_settled_from_another_workspace_or_for_a_post_never_tried(desk: Desk) -> None:
    post, untried = desk.uncertain(), desk.approved()
    for request in (settle, send_again):
        assert not request(desk, post, OTHER_TEAM)
        assert not request(desk, untried)
        assert not request(desk, untried + 1)
    assert desk.announcement(post).state is DispatchState.UNCERTAIN
    assert desk.do(announcing.give_up_abandoned, OTHER_TEAM, desk.now + DAY) == 0


def test_a_post_withdrawn_while_being_sent_ends_and_its_message_is_closed(desk: Desk) -> None:
    post = desk.approved()
    claimed = desk.claimed()
    kept(desk.withdraw(post))
    assert stale(desk) == []
    desk.record_sent(claimed, ts="42.1")
    assert desk.post(post).state is PostState.WITHDRAWN
    assert stale(desk) == [(post, PostState.WITHDRAWN, "42.1")]
    desk.do(chores.message_shown, claimed.id, 1, ended=True)
    assert stale(desk) == []


def test_a_post_that_expires_while_being_sent_ends_and_its_message_is_closed(desk: Desk) -> None:
    post = desk.approved(expires_at=START + MINUTE)
    claimed = desk.claimed()
    desk.now += MINUTE
    desk.do(curation.expire, TEAM, desk.now)
    desk.record_sent(claimed, ts="42.1")
    assert stale(desk) == [(post, PostState.EXPIRED, "42.1")]


def test_a_post_withdrawn_while_being_sent_and_not_sent_stays_ended(desk: Desk) -> None:
    post = desk.approved()
    claimed = desk.claimed()
    kept(desk.withdraw(post))
    desk.do(announcing.record_not_sent, TEAM, claimed, "ratelimited", desk.now, desk.now)
    desk.now += DAY
    assert desk.claim() is None
    assert desk.post(post).state is PostState.WITHDRAWN
    assert stale(desk) == []


@pytest.mark.parametrize(
    ("draft", "correction"), [(True, PostState.DRAFT), (False, PostState.IN_REVIEW)]
)
def test_a_post_edited_while_being_sent_is_live_as_announced_with_a_correction(
    desk: Desk, draft: bool, correction: PostState
) -> None:
    post = desk.approved(title="As announced")
    claimed = desk.claimed()
    desk.edit(post, draft=draft, title="As edited")
    desk.record_sent(claimed)
    stands = desk.post(post)
    assert (stands.state, stands.correction) == (PostState.LIVE, correction)
    sight = desk.do(responding.look, TEAM, AMARA, post, desk.now)
    assert isinstance(sight, Sight)
    assert sight.post.content.title == "As announced"
    assert stale(desk) == []


def clicked(desk: Desk, post: int) -> None:
    desk.join()
    assert desk.respond(AMARA, post, CLICK) == Stored(Stage.SKIPPED, changed=True)


def confirmed_then_clicked(desk: Desk, post: int) -> None:
    settle(desk, post)
    clicked(desk, post)


def test_a_message_sent_before_the_correction_was_approved_has_to_follow(desk: Desk) -> None:
    post = desk.approved(title="As announced")
    claimed = desk.claimed()
    desk.edit(post, title="As corrected")
    kept(desk.approve(post))
    desk.record_sent(claimed, ts="42.1")
    assert desk.post(post).state is PostState.LIVE
    assert stale(desk) == [(post, PostState.LIVE, "42.1")]


@pytest.mark.parametrize("how", [clicked, confirmed_then_clicked])
def test_a_message_nobody_knew_of_shows_the_old_text_and_has_to_follow_the_approved_one(
    desk: Desk, how: Callable[[Desk, int], None]
) -> None:
    post = desk.uncertain(title="As announced")
    desk.edit(post, title="As corrected")
    kept(desk.approve(post))
    how(desk, post)
    assert stale(desk) == [(post, PostState.LIVE, "42.1")]


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_late_click_on_a_withdrawn_post_tells_which_message_is_to_be_closed(
    desk: Desk, confirmed: bool
) -> None:
    desk.join()
    post = desk.uncertain()
    if confirmed:
        settle(desk, post)
    kept(desk.withdraw(post))
    assert desk.respond(AMARA, post, CLICK) is Unanswerable.ENDED
    assert desk.post(post).state is PostState.WITHDRAWN
    assert stale(desk) == [(post, PostState.WITHDRAWN, "42.1")]
