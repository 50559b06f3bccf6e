"""Pending updates are exactly what Slack shows and should not; one process at a time does them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.desk import Viewer
from bot.domain.ids import PostId, ResponseId
from bot.domain.model import NoticeKind, Reason, Stage
from bot.domain.post import PostKind, PostState, Verdict
from bot.domain.responses import Answer
from bot.services import announcements, post_mix, posts, reconcile, reviews
from bot.services import workspaces as workspaces_service
from bot.services.reconcile import AT_ONCE, PendingUpdates
from bot.storage.tables import PostRow
from tests.services.helpers import (
    AMARA,
    CARL,
    CLEO,
    DAY,
    GAP,
    MOMENT,
    OTHER_TEAM,
    TEAM,
    ServiceWorld,
    post_of,
)

MINUTE = timedelta(seconds=60)


def find(world: ServiceWorld, team: str = TEAM) -> PendingUpdates:
    return world.within(team=team).run(reconcile.find_pending)


def cards(world: ServiceWorld) -> list[int]:
    """The posts whose cards are stale."""
    return [facts.card.post_id for facts in find(world).cards]


def do_all(world: ServiceWorld) -> None:
    """Everything is shown as it should be, and that is recorded."""
    while found := find(world):
        for announcement, post in found.messages:
            ended = post.state.ended
            world.run(
                reconcile.record_announcement_shown,
                announcement.id,
                post.approved_revision,
                ended=ended,
            )
        for facts in found.cards:
            ts = facts.card.message_ts or f"card.{facts.card.post_id}"
            world.run(reconcile.record_card_shown, facts.card.post_id, ts, facts.card.version)
        for response, _, _ in found.dialogs:
            world.run(reconcile.record_dialog_closed, ResponseId(response))
        for sent in found.notices:
            world.run(reconcile.record_notice_sent, sent.notice.id)


def test_there_is_nothing_to_do_in_an_empty_workspace(world: ServiceWorld) -> None:
    assert not find(world)
    assert not find(world, "T_NOBODY")


def test_a_new_post_needs_a_card_until_it_is_shown(world: ServiceWorld) -> None:
    post = world.in_review()
    [facts] = find(world).cards
    assert (facts.card.post_id, facts.card.message_ts) == (post, None)
    assert (facts.post, facts.decisions, facts.forecast) == (world.post(post), [], None)
    assert not facts.uncertain
    world.run(reconcile.record_card_shown, PostId(post), "card.1", facts.card.version)
    assert not find(world)


def test_a_change_while_the_card_was_being_shown_makes_it_stale_again(world: ServiceWorld) -> None:
    post = world.in_review()
    [facts] = find(world).cards
    post_of(world.approve(post))
    world.run(reconcile.record_card_shown, PostId(post), "card.1", facts.card.version)
    [again] = find(world).cards
    assert again.card.message_ts == "card.1"
    assert again.card.version > facts.card.version
    assert [decision.verdict for decision in again.decisions] == [Verdict.APPROVED]


def test_a_draft_has_no_card_until_it_was_more_than_that(world: ServiceWorld) -> None:
    post = post_of(world.save(world.form())).id
    post_of(world.save(world.form(post, 1), title="Changed"))
    assert not find(world)
    world.withdraw(post)
    assert not find(world)
    once = world.in_review()
    do_all(world)
    world.edit(once, draft=True, title="Changed")
    assert cards(world) == [once]


def test_every_decision_is_shown_on_the_card(world: ServiceWorld) -> None:
    post = world.in_review(expires_at=world.now + DAY)
    do_all(world)
    world.send_back(post)
    assert cards(world) == [post]
    do_all(world)
    world.edit(post, title="Shorter", expires_at=world.now + DAY)
    assert cards(world) == [post]
    do_all(world)
    world.approve(post)
    assert cards(world) == [post]
    do_all(world)
    world.record_sent(world.claimed())
    assert cards(world) == [post]
    do_all(world)
    world.now += DAY
    world.run(posts.expire)
    assert cards(world) == [post]
    do_all(world)
    assert not find(world)


def test_what_is_refused_or_repeated_leaves_nothing_to_do(world: ServiceWorld) -> None:
    post = world.in_review()
    form = world.form(post, 1)
    post_of(world.submit(form, title="Changed"))
    do_all(world)
    world.submit(form, title="Changed")
    world.approve(post, who=CLEO)
    world.approve(post, revision=1)
    post_of(world.approve(post))
    do_all(world)
    world.approve(post)
    world.run(workspaces_service.unfreeze, CLEO)
    world.claimed()
    assert not find(world)


def test_cards_of_waiting_posts_follow_when_the_queue_moves(world: ServiceWorld) -> None:
    first, second = world.approved(), world.approved()
    do_all(world)
    world.record_sent(world.claimed())
    assert cards(world) == [first, second]
    facts = find(world).cards[1]
    assert facts.forecast is not None
    assert (facts.forecast.at, facts.forecast.reason) == (world.now + GAP, Reason.GAP)
    do_all(world)
    third = world.approved()
    assert cards(world) == [second, third]
    do_all(world)
    world.withdraw(second)
    assert cards(world) == [second, third]
    do_all(world)
    world.edit(third, title="Changed")
    assert cards(world) == [third]


def test_a_freeze_is_told_and_shown_on_the_waiting_cards(world: ServiceWorld) -> None:
    post = world.approved()
    do_all(world)
    world.run(workspaces_service.freeze, CARL)
    found = find(world)
    assert [facts.card.post_id for facts in found.cards] == [post]
    [sent] = found.notices
    assert (sent.notice.kind, sent.notice.actor_id, sent.title) == (
        NoticeKind.FROZEN,
        CARL,
        "",
    )
    do_all(world)
    assert not find(world)


def test_doubt_is_told_with_the_posts_title_and_shown_on_its_card(world: ServiceWorld) -> None:
    post = world.approved(title="A title")
    claimed = world.claimed()
    do_all(world)
    world.record_uncertain(claimed)
    found = find(world)
    [sent], [facts] = found.notices, found.cards
    assert (sent.notice.kind, sent.title) == (NoticeKind.UNCERTAIN, "A title")
    assert facts.uncertain
    do_all(world)
    world.run(announcements.queue_again, CLEO, PostId(post))
    [facts] = find(world).cards
    assert not facts.uncertain


def test_words_are_owed_in_the_order_in_which_they_came_until_they_are_sent(
    world: ServiceWorld,
) -> None:
    world.run(workspaces_service.freeze, CARL)
    world.run(workspaces_service.unfreeze, CLEO)
    first, second = find(world).notices
    assert [first.notice.kind, second.notice.kind] == [NoticeKind.FROZEN, NoticeKind.UNFROZEN]
    world.run(reconcile.record_notice_sent, first.notice.id)
    assert find(world).notices == [second]


@pytest.mark.parametrize("end", [PostState.WITHDRAWN, PostState.EXPIRED])
def test_the_message_and_the_open_dialogs_of_an_ended_post_are_closed(
    world: ServiceWorld, end: PostState
) -> None:
    world.join()
    post, other = world.live(expires_at=world.now + 30 * DAY), world.live()
    for number in (post, other):
        world.respond(AMARA, number, Answer(Stage.INTERESTED, dialog_id=f"share-{number}"))
    do_all(world)
    assert not find(world)
    if end is PostState.WITHDRAWN:
        world.withdraw(post)
    else:
        world.now += 30 * DAY
        world.run(posts.expire)
    found = find(world)
    assert [(sent.post_id, seen.state) for sent, seen in found.messages] == [(post, end)]
    assert [(dialog, state) for _, dialog, state in found.dialogs] == [(f"share-{post}", end)]
    assert [facts.card.post_id for facts in found.cards] == [post]
    do_all(world)
    assert not find(world)


def test_a_response_without_a_dialog_leaves_none_to_close(world: ServiceWorld) -> None:
    world.join()
    post = world.live()
    world.respond(AMARA, post, Stage.SKIPPED)
    world.withdraw(post)
    assert find(world).dialogs == []


def test_a_dialog_of_a_post_that_ended_long_ago_is_left_alone(world: ServiceWorld) -> None:
    world.join()
    post = world.live()
    world.respond(AMARA, post, Answer(Stage.INTERESTED, dialog_id="share-1"))
    world.withdraw(post)
    world.now += DAY
    assert len(find(world).dialogs) == 1
    world.now += MOMENT
    assert find(world).dialogs == []


def test_a_burst_is_bounded_and_the_rest_follows(world: ServiceWorld) -> None:
    made = [world.in_review() for _ in range(AT_ONCE + 3)]
    found = find(world).cards
    assert [facts.card.post_id for facts in found] == made[:AT_ONCE]
    for facts in found:
        world.run(reconcile.record_card_shown, facts.card.post_id, "card", facts.card.version)
    assert cards(world) == made[AT_ONCE:]


def test_another_workspaces_chores_are_none_of_ours(world: ServiceWorld) -> None:
    world.join()
    post = world.live()
    world.respond(AMARA, post, Answer(Stage.INTERESTED, dialog_id="share-1"))
    world.run(workspaces_service.freeze, CARL)
    world.withdraw(post)
    assert not find(world, OTHER_TEAM)
    assert world.rows(PostRow)


def take(world: ServiceWorld, holder: str, team: str = TEAM) -> bool:
    return world.within(team=team).run(reconcile.claim, holder)


def test_one_does_the_chores_until_they_are_left(world: ServiceWorld) -> None:
    assert take(world, "one")
    assert not take(world, "two")
    world.run(reconcile.release, "two")
    assert not take(world, "two")
    world.run(reconcile.release, "one")
    assert take(world, "two")
    assert not take(world, "one")


def test_the_chores_of_one_workspace_leave_those_of_another_free(world: ServiceWorld) -> None:
    assert take(world, "one")
    assert take(world, "two", OTHER_TEAM)
    assert not take(world, "one", "T_NOBODY")


def test_who_died_over_the_chores_leaves_them_after_a_minute(world: ServiceWorld) -> None:
    assert take(world, "one")
    world.now += MINUTE - MOMENT
    assert not take(world, "two")
    world.now += MOMENT
    assert take(world, "two")
    assert not take(world, "one")


def test_who_goes_on_with_the_chores_keeps_them(world: ServiceWorld) -> None:
    assert take(world, "one")
    world.now += MINUTE / 2
    assert take(world, "one")
    world.now += MINUTE - MOMENT
    assert not take(world, "two")


def test_whoever_approves_own_news_hears_how_much_there_was_of_it(world: ServiceWorld) -> None:
    world.approved(kind=PostKind.JOBS)
    for _ in range(5):
        world.approved(kind=PostKind.OWN_NEWS)
    own, other = world.in_review(kind=PostKind.OWN_NEWS), world.in_review(kind=PostKind.USEFUL)
    found = {facts.post.id: facts.own_news for facts in find(world).cards}
    assert (found[PostId(own)], found[PostId(other)]) == (5, None)
    assert set(found.values()) == {5, None}
    viewer = Viewer(CARL)
    review = world.run(reviews.load_review, viewer, PostId(own))
    assert review is not None
    assert review.own_news == 5
    world.approve(own)
    assert world.run(post_mix.count_own_news, world.post(own)) == 5, "itself does not count"
