"""The chores are exactly what Slack shows and should show otherwise, done by one at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.model import NoticeKind, PostState, Reason, Stage, Verdict
from bot.services import announcing, chores, curation
from bot.services.chores import AT_ONCE, Chores
from bot.services.responding import Answer
from bot.storage.tables import PostRow
from tests.services.helpers import AMARA, CARL, CLEO, DAY, GAP, MOMENT, OTHER_TEAM, TEAM, Desk, kept

MINUTE = timedelta(seconds=60)


def find(desk: Desk, team: str = TEAM) -> Chores:
    return desk.do(chores.find, team, desk.now)


def cards(desk: Desk) -> list[int]:
    """The posts whose cards are stale."""
    return [facts.card.post for facts in find(desk).cards]


def do_all(desk: Desk) -> None:
    """Everything is shown as it should be, and that is recorded."""
    while found := find(desk):
        for announcement, post in found.messages:
            ended = post.state.ended
            desk.do(chores.message_shown, announcement.id, post.approved_revision, ended=ended)
        for facts in found.cards:
            ts = facts.card.ts or f"card.{facts.card.post}"
            desk.do(chores.card_shown, facts.card.post, ts, facts.card.version)
        for response, _, _ in found.dialogs:
            desk.do(chores.dialog_closed, response)
        for owed in found.notices:
            desk.do(chores.notice_sent, owed.notice.id, desk.now)


def test_there_is_nothing_to_do_in_an_empty_workspace(desk: Desk) -> None:
    assert not find(desk)
    assert not find(desk, "T_NOBODY")


def test_a_new_post_needs_a_card_until_it_is_shown(desk: Desk) -> None:
    post = desk.in_review()
    [facts] = find(desk).cards
    assert (facts.card.post, facts.card.ts) == (post, None)
    assert (facts.post, facts.decisions, facts.forecast) == (desk.post(post), [], None)
    assert not facts.uncertain
    desk.do(chores.card_shown, post, "card.1", facts.card.version)
    assert not find(desk)


def test_a_change_while_the_card_was_being_shown_makes_it_stale_again(desk: Desk) -> None:
    post = desk.in_review()
    [facts] = find(desk).cards
    kept(desk.approve(post))
    desk.do(chores.card_shown, post, "card.1", facts.card.version)
    [again] = find(desk).cards
    assert again.card.ts == "card.1"
    assert again.card.version > facts.card.version
    assert [decision.what for decision in again.decisions] == [Verdict.APPROVED]


def test_a_draft_has_no_card_until_it_was_more_than_that(desk: Desk) -> None:
    post = kept(desk.save(desk.form())).id
    kept(desk.save(desk.form(post, 1), title="Changed"))
    assert not find(desk)
    desk.withdraw(post)
    assert not find(desk)
    once = desk.in_review()
    do_all(desk)
    desk.edit(once, draft=True, title="Changed")
    assert cards(desk) == [once]


def test_every_decision_is_shown_on_the_card(desk: Desk) -> None:
    post = desk.in_review(expires_at=desk.now + DAY)
    do_all(desk)
    desk.send_back(post)
    assert cards(desk) == [post]
    do_all(desk)
    desk.edit(post, title="Shorter", expires_at=desk.now + DAY)
    assert cards(desk) == [post]
    do_all(desk)
    desk.approve(post)
    assert cards(desk) == [post]
    do_all(desk)
    desk.record_sent(desk.claimed())
    assert cards(desk) == [post]
    do_all(desk)
    desk.now += DAY
    desk.do(curation.expire, TEAM, desk.now)
    assert cards(desk) == [post]
    do_all(desk)
    assert not find(desk)


def test_what_is_refused_or_repeated_leaves_nothing_to_do(desk: Desk) -> None:
    post = desk.in_review()
    form = desk.form(post, 1)
    kept(desk.submit(form, title="Changed"))
    do_all(desk)
    desk.submit(form, title="Changed")
    desk.approve(post, who=CLEO)
    desk.approve(post, revision=1)
    kept(desk.approve(post))
    do_all(desk)
    desk.approve(post)
    desk.do(announcing.unfreeze, TEAM, CLEO, desk.now)
    desk.claimed()
    assert not find(desk)


def test_cards_of_waiting_posts_follow_when_the_queue_moves(desk: Desk) -> None:
    first, second = desk.approved(), desk.approved()
    do_all(desk)
    desk.record_sent(desk.claimed())
    assert cards(desk) == [first, second]
    facts = find(desk).cards[1]
    assert facts.forecast is not None
    assert (facts.forecast.at, facts.forecast.reason) == (desk.now + GAP, Reason.GAP)
    do_all(desk)
    third = desk.approved()
    assert cards(desk) == [second, third]
    do_all(desk)
    desk.withdraw(second)
    assert cards(desk) == [second, third]
    do_all(desk)
    desk.edit(third, title="Changed")
    assert cards(desk) == [third]


def test_a_freeze_is_told_and_shown_on_the_waiting_cards(desk: Desk) -> None:
    post = desk.approved()
    do_all(desk)
    desk.do(announcing.freeze, TEAM, CARL, desk.now)
    found = find(desk)
    assert [facts.card.post for facts in found.cards] == [post]
    [owed] = found.notices
    assert (owed.notice.kind, owed.notice.who, owed.title) == (NoticeKind.FROZEN, CARL, "")
    do_all(desk)
    assert not find(desk)


def test_doubt_is_told_with_the_posts_title_and_shown_on_its_card(desk: Desk) -> None:
    post = desk.approved(title="A title")
    claimed = desk.claimed()
    do_all(desk)
    desk.record_uncertain(claimed)
    found = find(desk)
    [owed], [facts] = found.notices, found.cards
    assert (owed.notice.kind, owed.title) == (NoticeKind.UNCERTAIN, "A title")
    assert facts.uncertain
    do_all(desk)
    desk.do(announcing.send_again, TEAM, post)
    [facts] = find(desk).cards
    assert not facts.uncertain


def test_words_are_owed_in_the_order_in_which_they_came_until_they_are_sent(desk: Desk) -> None:
    desk.do(announcing.freeze, TEAM, CARL, desk.now)
    desk.do(announcing.unfreeze, TEAM, CLEO, desk.now)
    first, second = find(desk).notices
    assert [first.notice.kind, second.notice.kind] == [NoticeKind.FROZEN, NoticeKind.UNFROZEN]
    desk.do(chores.notice_sent, first.notice.id, desk.now)
    assert find(desk).notices == [second]


@pytest.mark.parametrize("end", [PostState.WITHDRAWN, PostState.EXPIRED])
def test_the_message_and_the_open_dialogs_of_an_ended_post_are_closed(
    desk: Desk, end: PostState
) -> None:
    desk.join()
    post, other = desk.live(expires_at=desk.now + 30 * DAY), desk.live()
    for number in (post, other):
        desk.respond(AMARA, number, Answer(Stage.INTERESTED, dialog=f"share-{number}"))
    do_all(desk)
    assert not find(desk)
    if end is PostState.WITHDRAWN:
        desk.withdraw(post)
    else:
        desk.now += 30 * DAY
        desk.do(curation.expire, TEAM, desk.now)
    found = find(desk)
    assert [(sent.post, seen.state) for sent, seen in found.messages] == [(post, end)]
    assert [(dialog, state) for _, dialog, state in found.dialogs] == [(f"share-{post}", end)]
    assert [facts.card.post for facts in found.cards] == [post]
    do_all(desk)
    assert not find(desk)


def test_a_response_without_a_dialog_leaves_none_to_close(desk: Desk) -> None:
    desk.join()
    post = desk.live()
    desk.respond(AMARA, post, Stage.SKIPPED)
    desk.withdraw(post)
    assert find(desk).dialogs == []


def test_a_dialog_of_a_post_that_ended_long_ago_is_left_alone(desk: Desk) -> None:
    desk.join()
    post = desk.live()
    desk.respond(AMARA, post, Answer(Stage.INTERESTED, dialog="share-1"))
    desk.withdraw(post)
    desk.now += DAY
    assert len(find(desk).dialogs) == 1
    desk.now += MOMENT
    assert find(desk).dialogs == []


def test_a_burst_is_bounded_and_the_rest_follows(desk: Desk) -> None:
    made = [desk.in_review() for _ in range(AT_ONCE + 3)]
    found = find(desk).cards
    assert [facts.card.post for facts in found] == made[:AT_ONCE]
    for facts in found:
        desk.do(chores.card_shown, facts.card.post, "card", facts.card.version)
    assert cards(desk) == made[AT_ONCE:]


def test_another_workspaces_chores_are_none_of_ours(desk: Desk) -> None:
    desk.join()
    post = desk.live()
    desk.respond(AMARA, post, Answer(Stage.INTERESTED, dialog="share-1"))
    desk.do(announcing.freeze, TEAM, CARL, desk.now)
    desk.withdraw(post)
    assert not find(desk, OTHER_TEAM)
    assert desk.rows(PostRow)


def take(desk: Desk, holder: str, team: str = TEAM) -> bool:
    return desk.do(chores.take, team, holder, desk.now)


def test_one_does_the_chores_until_they_are_left(desk: Desk) -> None:
    assert take(desk, "one")
    assert not take(desk, "two")
    desk.do(chores.leave, TEAM, "two")
    assert not take(desk, "two")
    desk.do(chores.leave, TEAM, "one")
    assert take(desk, "two")
    assert not take(desk, "one")


def test_the_chores_of_one_workspace_leave_those_of_another_free(desk: Desk) -> None:
    assert take(desk, "one")
    assert take(desk, "two", OTHER_TEAM)
    assert not take(desk, "one", "T_NOBODY")


def test_who_died_over_the_chores_leaves_them_after_a_minute(desk: Desk) -> None:
    assert take(desk, "one")
    desk.now += MINUTE - MOMENT
    assert not take(desk, "two")
    desk.now += MOMENT
    assert take(desk, "two")
    assert not take(desk, "one")


def test_who_goes_on_with_the_chores_keeps_them(desk: Desk) -> None:
    assert take(desk, "one")
    desk.now += MINUTE / 2
    assert take(desk, "one")
    desk.now += MINUTE - MOMENT
    assert not take(desk, "two")
