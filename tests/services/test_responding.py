"""Clicks: the last word counts, its history is kept, and nothing is stored without consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.model import Network, NoticeKind, SkipReason, Stage
from bot.services import curation, membership, responding
from bot.services.responding import Answer, Sight, Stored, Unanswerable
from bot.storage import workspaces
from bot.storage.tables import MemberRow, NoticeRow, ResponseEventRow, ResponseRow
from tests.services.helpers import (
    AMARA,
    BO,
    DAY,
    MOMENT,
    NO_CONSENT,
    OTHER_TEAM,
    TEAM,
    ZONE,
    Desk,
    kept,
)

MINUTE = timedelta(minutes=1)
ON_X = Answer(Stage.OPENED, network=Network.X)
ON_LINKEDIN = Answer(Stage.OPENED, network=Network.LINKEDIN)
SHARED_ON_X = Answer(Stage.SHARED, network=Network.X)
UNDO = Answer(Stage.OPENED, network=Network.X, undo=True)
TOO_OFTEN = Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN)
NOT_NOW = Answer(Stage.SKIPPED, reason=SkipReason.NOT_NOW)


def clicks(desk: Desk, post: int, *answers: Answer | Stage, user: str = AMARA) -> Stored:
    """Several clicks, a minute apart; returns what the last one did."""
    result: Stored | None = None
    for answer in answers:
        desk.now += MINUTE
        stored = desk.respond(user, post, answer)
        assert isinstance(stored, Stored)
        result = stored
    assert result is not None
    return result


def stands(desk: Desk) -> tuple[Stage, Network | None, SkipReason | None]:
    """The one response that is stored."""
    [row] = desk.rows(ResponseRow)
    return (row.stage, row.network, row.reason)


def history(desk: Desk) -> list[tuple[Stage, Network | None, SkipReason | None]]:
    return [(row.stage, row.network, row.reason) for row in desk.rows(ResponseEventRow)]


def assert_nothing_stored(desk: Desk) -> None:
    assert desk.rows(ResponseRow) == []
    assert desk.rows(ResponseEventRow) == []


@pytest.mark.parametrize("stage", list(Stage))
def test_a_first_click_is_stored_with_its_moment(desk: Desk, stage: Stage) -> None:
    post, member = desk.live(), desk.join()
    desk.now += MINUTE
    assert desk.respond(AMARA, post, stage) == Stored(stage, changed=True)
    [row], [event] = desk.rows(ResponseRow), desk.rows(ResponseEventRow)
    assert (row.post_id, row.member_id, row.stage, row.at) == (post, member.id, stage, desk.now)
    assert (event.response_id, event.stage, event.at) == (row.id, stage, desk.now)


@pytest.mark.parametrize("answer", [Answer(Stage.INTERESTED), ON_X, SHARED_ON_X, TOO_OFTEN])
def test_repeating_a_click_changes_nothing_and_adds_no_history(desk: Desk, answer: Answer) -> None:
    post = desk.live()
    desk.join()
    clicks(desk, post, answer)
    before = desk.rows(ResponseRow), desk.rows(ResponseEventRow)
    assert clicks(desk, post, answer, answer) == Stored(answer.stage, changed=False)
    assert (desk.rows(ResponseRow), desk.rows(ResponseEventRow)) == before


def test_the_last_word_counts_and_the_history_is_kept(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    clicks(desk, post, Stage.INTERESTED, ON_LINKEDIN, ON_X, SHARED_ON_X, NOT_NOW, Stage.INTERESTED)
    assert stands(desk) == (Stage.INTERESTED, None, None)
    assert history(desk) == [
        (Stage.INTERESTED, None, None),
        (Stage.OPENED, Network.LINKEDIN, None),
        (Stage.OPENED, Network.X, None),
        (Stage.SHARED, Network.X, None),
        (Stage.SKIPPED, None, SkipReason.NOT_NOW),
        (Stage.INTERESTED, None, None),
    ]


def test_looking_again_is_no_step_back(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    clicks(desk, post, SHARED_ON_X)
    assert clicks(desk, post, Stage.INTERESTED) == Stored(Stage.SHARED, changed=False)
    assert clicks(desk, post, ON_X) == Stored(Stage.SHARED, changed=False)
    assert history(desk) == [(Stage.SHARED, Network.X, None)]


def test_a_skip_always_counts_and_so_does_a_change_of_mind(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    assert clicks(desk, post, SHARED_ON_X, Stage.SKIPPED) == Stored(
        Stage.SKIPPED, changed=True, was_shared=True
    )
    assert stands(desk) == (Stage.SKIPPED, None, None)
    assert clicks(desk, post, ON_LINKEDIN) == Stored(Stage.OPENED, changed=True)
    assert stands(desk) == (Stage.OPENED, Network.LINKEDIN, None)


def test_a_reason_is_kept_changed_and_dropped_with_the_skip(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    clicks(desk, post, Stage.SKIPPED)
    assert clicks(desk, post, TOO_OFTEN) == Stored(Stage.SKIPPED, changed=True)
    assert clicks(desk, post, Stage.SKIPPED) == Stored(Stage.SKIPPED, changed=False)
    assert stands(desk) == (Stage.SKIPPED, None, SkipReason.TOO_OFTEN)
    assert clicks(desk, post, NOT_NOW) == Stored(Stage.SKIPPED, changed=True)
    assert stands(desk) == (Stage.SKIPPED, None, SkipReason.NOT_NOW)
    clicks(desk, post, Stage.INTERESTED)
    assert stands(desk) == (Stage.INTERESTED, None, None)
    assert [reason for _, _, reason in history(desk)] == [
        None,
        SkipReason.TOO_OFTEN,
        SkipReason.NOT_NOW,
        None,
    ]


def test_a_mark_can_be_taken_back_on_purpose(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    clicks(desk, post, ON_X, SHARED_ON_X)
    assert clicks(desk, post, UNDO) == Stored(Stage.OPENED, changed=True)
    assert stands(desk) == (Stage.OPENED, Network.X, None)
    assert clicks(desk, post, UNDO) == Stored(Stage.OPENED, changed=False)
    assert [stage for stage, _, _ in history(desk)] == [Stage.OPENED, Stage.SHARED, Stage.OPENED]


def test_a_new_dialog_is_remembered_without_adding_history(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    clicks(desk, post, Answer(Stage.INTERESTED, dialog="share-1"))
    again = clicks(desk, post, Answer(Stage.INTERESTED, dialog="share-2"))
    assert again == Stored(Stage.INTERESTED, changed=False)
    clicks(desk, post, ON_X)
    assert [row.dialog for row in desk.rows(ResponseRow)] == ["share-2"]
    assert len(history(desk)) == 2


def test_two_people_and_two_posts_are_four_responses(desk: Desk) -> None:
    first, second = desk.live(), desk.live()
    for user in (AMARA, BO):
        desk.join(user)
        clicks(desk, first, Stage.SKIPPED, user=user)
        clicks(desk, second, Stage.OPENED, user=user)
    found = {(row.post_id, row.member_id): row.stage for row in desk.rows(ResponseRow)}
    assert len(found) == 4
    assert {stage for (post, _), stage in found.items() if post == first} == {Stage.SKIPPED}


def test_the_network_opened_last_is_offered_first_next_time(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    clicks(desk, post, ON_LINKEDIN, ON_X, Stage.SKIPPED)
    member = desk.do(membership.stand, TEAM, AMARA)
    assert member is not None
    assert member.network is Network.X


@pytest.mark.parametrize("how", NO_CONSENT)
def test_without_valid_consent_nothing_is_stored(desk: Desk, how: str) -> None:
    post = desk.live()
    desk.without_consent(how)
    for stage in Stage:
        assert desk.respond(AMARA, post, stage) is Unanswerable.NO_CONSENT
    assert_nothing_stored(desk)
    assert len(desk.rows(MemberRow)) == (0 if how == "never joined" else 1)


def test_consent_counts_to_its_last_moment(desk: Desk) -> None:
    post = desk.live()
    member = desk.join()
    desk.now = member.consent_ends_at - MOMENT
    assert desk.respond(AMARA, post, Stage.SKIPPED) == Stored(Stage.SKIPPED, changed=True)


def test_after_leaving_a_response_stays_as_it_was(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    clicks(desk, post, ON_X)
    desk.do(membership.leave, TEAM, AMARA, desk.now)
    assert desk.respond(AMARA, post, SHARED_ON_X) is Unanswerable.NO_CONSENT
    assert history(desk) == [(Stage.OPENED, Network.X, None)]
    desk.join()
    assert clicks(desk, post, SHARED_ON_X) == Stored(Stage.SHARED, changed=True)
    assert len(desk.rows(ResponseRow)) == 1


def test_a_pause_does_not_keep_a_person_from_answering(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    desk.do(membership.pause, TEAM, AMARA, desk.now + DAY, desk.now)
    assert clicks(desk, post, Stage.OPENED).changed


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_a_click_on_a_post_that_has_ended_stores_nothing(desk: Desk, end: str) -> None:
    desk.join()
    post = desk.live(expires_at=desk.now + DAY)
    if end == "withdrawn":
        kept(desk.withdraw(post))
    else:
        desk.now += DAY
        desk.do(curation.expire, TEAM, desk.now)
    assert desk.respond(AMARA, post, Stage.SKIPPED) is Unanswerable.ENDED
    assert desk.do(responding.look, TEAM, AMARA, post, desk.now) is Unanswerable.ENDED
    assert_nothing_stored(desk)


def test_a_post_that_is_not_live_yet_cannot_be_answered(desk: Desk) -> None:
    desk.join()
    draft, waiting = kept(desk.save(desk.form())).id, desk.approved()
    for post in (draft, desk.in_review(), waiting):
        assert desk.respond(AMARA, post, Stage.SHARED) is Unanswerable.NOT_LIVE
        assert desk.do(responding.look, TEAM, AMARA, post, desk.now) is Unanswerable.NOT_LIVE
    assert_nothing_stored(desk)


def test_a_click_that_is_quicker_than_the_record_of_sending_counts(desk: Desk) -> None:
    desk.join()
    post = desk.approved()
    claimed = desk.claimed()
    assert desk.respond(AMARA, post, Stage.SKIPPED) == Stored(Stage.SKIPPED, changed=True)
    desk.record_sent(claimed)
    assert stands(desk) == (Stage.SKIPPED, None, None)


def test_unknown_posts_and_those_of_another_workspace_are_no_such_post(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    desk.do(membership.join, OTHER_TEAM, AMARA, ZONE, desk.now)
    answer = Answer(Stage.SHARED)
    for team, number in ((OTHER_TEAM, post), (TEAM, post + 1)):
        gone = desk.do(responding.respond, team, AMARA, number, answer, desk.now)
        assert gone is Unanswerable.NO_SUCH_POST
        hidden = desk.do(responding.look, team, AMARA, number, desk.now)
        assert hidden is Unanswerable.NO_SUCH_POST
    assert desk.do(responding.live, OTHER_TEAM, desk.now) == []
    assert_nothing_stored(desk)


def test_joining_and_answering_are_one_step(desk: Desk) -> None:
    post = desk.live()
    answer = Answer(Stage.INTERESTED, dialog="share-1")
    join = responding.join_and_respond
    stored = desk.do(join, TEAM, AMARA, ZONE, post, answer, desk.now)
    assert stored == Stored(Stage.INTERESTED, changed=True)
    member = desk.do(membership.stand, TEAM, AMARA)
    assert member is not None
    assert (member.consented_at, member.zone) == (desk.now, ZONE)
    desk.now += DAY
    again = desk.do(join, TEAM, AMARA, ZONE, post, answer, desk.now)
    assert again == Stored(Stage.INTERESTED, changed=False)
    assert desk.do(membership.stand, TEAM, AMARA) == member
    assert history(desk) == [(Stage.INTERESTED, None, None)]


def test_what_a_person_sees_is_the_post_their_consent_and_their_own_response(desk: Desk) -> None:
    post = desk.live()
    stranger = desk.do(responding.look, TEAM, AMARA, post, desk.now)
    assert isinstance(stranger, Sight)
    assert (stranger.member, stranger.stage, stranger.post.id) == (None, None, post)
    member = desk.join()
    desk.join(BO)
    clicks(desk, post, Stage.SKIPPED, user=BO)
    clicks(desk, post, Stage.OPENED)
    seen = desk.do(responding.look, TEAM, AMARA, post, desk.now)
    assert isinstance(seen, Sight)
    assert (seen.member, seen.stage) == (member, Stage.OPENED)
    desk.now = member.consent_ends_at
    lapsed = desk.do(responding.look, TEAM, AMARA, post, desk.now)
    assert isinstance(lapsed, Sight)
    assert lapsed.member is None


def test_live_posts_are_listed_newest_first_until_just_before_their_expiry(desk: Desk) -> None:
    first = desk.live()
    second = desk.live(expires_at=desk.now + 30 * DAY)
    desk.approved()
    listed = desk.do(responding.live, TEAM, desk.now)
    assert [post.id for post in listed] == [second, first]
    expiry = listed[0].content.expires_at
    assert expiry is not None
    assert len(desk.do(responding.live, TEAM, expiry - MOMENT)) == 2
    assert [post.id for post in desk.do(responding.live, TEAM, expiry)] == [first]


def test_a_changed_mind_leaves_no_line_that_says_opened(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    taken_back = Answer(Stage.INTERESTED, undo=True)
    clicks(desk, post, Stage.INTERESTED, ON_X, SHARED_ON_X, UNDO)
    assert clicks(desk, post, taken_back) == Stored(Stage.INTERESTED, changed=True)
    assert stands(desk) == (Stage.INTERESTED, None, None)
    assert {stage for stage, _, _ in history(desk)} == {Stage.INTERESTED}
    member = desk.do(membership.stand, TEAM, AMARA)
    assert member is not None
    assert member.network is None
    assert clicks(desk, post, taken_back) == Stored(Stage.INTERESTED, changed=False)


def test_a_private_word_is_kept_only_until_it_has_arrived(desk: Desk) -> None:
    post = desk.live()
    desk.join()
    for signer in (None, None, AMARA, AMARA):
        why = desk.do(responding.pass_on, TEAM, AMARA, post, "Wrong date.", signer, desk.now)
        assert why is None
    found = [row for row in desk.rows(NoticeRow) if row.kind is NoticeKind.PRIVATE_WORD]
    assert [(row.post_id, row.who, row.detail) for row in found] == [
        (post, None, "Wrong date."),
        (post, AMARA, "Wrong date."),
    ]
    for row in found:
        desk.do(workspaces.settle, row.id, desk.now)
    left = [row for row in desk.rows(NoticeRow) if row.kind is NoticeKind.PRIVATE_WORD]
    assert {(row.who, row.detail) for row in left} == {(None, None)}


@pytest.mark.parametrize("user", [AMARA, BO])
def test_a_private_word_needs_consent_and_a_post(desk: Desk, user: str) -> None:
    post = desk.live()
    desk.join(BO)
    asked = post if user is AMARA else post + 1
    expected = Unanswerable.NO_CONSENT if user is AMARA else Unanswerable.NO_SUCH_POST
    assert desk.do(responding.pass_on, TEAM, user, asked, "Hi", None, desk.now) is expected
    assert not [row for row in desk.rows(NoticeRow) if row.kind is NoticeKind.PRIVATE_WORD]
