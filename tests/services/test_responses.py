"""Clicks: the last word counts, its history is kept, and nothing is stored without consent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ids import PostId
from bot.domain.model import SkipReason, Stage
from bot.domain.post import Network
from bot.domain.responses import Answer, Unanswerable
from bot.services import membership, posts, responses, share_dialog
from bot.services.membership import NewMember
from bot.services.responses import Stored
from bot.services.share_dialog import ShareDialogData
from bot.storage.tables import MemberRow, ResponseEventRow, ResponseRow
from tests.services.helpers import (
    AMARA,
    BO,
    DAY,
    MOMENT,
    NO_CONSENT,
    OTHER_TEAM,
    TEAM,
    ZONE,
    ServiceWorld,
    post_of,
    today,
)

MINUTE = timedelta(minutes=1)
ON_X = Answer(Stage.OPENED, network=Network.X)
ON_LINKEDIN = Answer(Stage.OPENED, network=Network.LINKEDIN)
SHARED_ON_X = Answer(Stage.SHARED, network=Network.X)
UNDO = Answer(Stage.OPENED, network=Network.X, undo=True)
TOO_OFTEN = Answer(Stage.SKIPPED, reason=SkipReason.TOO_OFTEN)
NOT_NOW = Answer(Stage.SKIPPED, reason=SkipReason.NOT_NOW)


def clicks(world: ServiceWorld, post: int, *answers: Answer | Stage, user: str = AMARA) -> Stored:
    """Several clicks, a minute apart; returns what the last one did."""
    result: Stored | None = None
    for answer in answers:
        world.now += MINUTE
        stored = world.respond(user, post, answer)
        assert isinstance(stored, Stored)
        result = stored
    assert result is not None
    return result


def stored(world: ServiceWorld) -> tuple[Stage, Network | None, SkipReason | None]:
    """The one response that is stored."""
    [row] = world.rows(ResponseRow)
    return (row.stage, row.network, row.reason)


def history(world: ServiceWorld) -> list[tuple[Stage, Network | None, SkipReason | None]]:
    return [(row.stage, row.network, row.reason) for row in world.rows(ResponseEventRow)]


def assert_nothing_stored(world: ServiceWorld) -> None:
    assert world.rows(ResponseRow) == []
    assert world.rows(ResponseEventRow) == []


@pytest.mark.parametrize("stage", list(Stage))
def test_a_first_click_is_stored_with_its_moment(world: ServiceWorld, stage: Stage) -> None:
    post, member = world.live(), world.join()
    world.now += MINUTE
    assert world.respond(AMARA, post, stage) == Stored(stage, changed=True)
    [row], [event] = world.rows(ResponseRow), world.rows(ResponseEventRow)
    assert (row.post_id, row.member_id, row.stage, row.at) == (post, member.id, stage, world.now)
    assert (event.response_id, event.stage, event.at) == (row.id, stage, world.now)


@pytest.mark.parametrize("answer", [Answer(Stage.INTERESTED), ON_X, SHARED_ON_X, TOO_OFTEN])
def test_repeating_a_click_changes_nothing_and_adds_no_history(
    world: ServiceWorld, answer: Answer
) -> None:
    post = world.live()
    world.join()
    clicks(world, post, answer)
    before = world.rows(ResponseRow), world.rows(ResponseEventRow)
    assert clicks(world, post, answer, answer) == Stored(answer.stage, changed=False)
    assert (world.rows(ResponseRow), world.rows(ResponseEventRow)) == before


def test_the_last_word_counts_and_the_history_is_kept(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    clicks(world, post, Stage.INTERESTED, ON_LINKEDIN, ON_X, SHARED_ON_X, NOT_NOW, Stage.INTERESTED)
    assert stored(world) == (Stage.INTERESTED, None, None)
    assert history(world) == [
        (Stage.INTERESTED, None, None),
        (Stage.OPENED, Network.LINKEDIN, None),
        (Stage.OPENED, Network.X, None),
        (Stage.SHARED, Network.X, None),
        (Stage.SKIPPED, None, SkipReason.NOT_NOW),
        (Stage.INTERESTED, None, None),
    ]


def test_looking_again_is_no_step_back(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    clicks(world, post, SHARED_ON_X)
    assert clicks(world, post, Stage.INTERESTED) == Stored(Stage.SHARED, changed=False)
    assert clicks(world, post, ON_X) == Stored(Stage.SHARED, changed=False)
    assert history(world) == [(Stage.SHARED, Network.X, None)]


def test_a_skip_always_counts_and_so_does_a_change_of_mind(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    assert clicks(world, post, SHARED_ON_X, Stage.SKIPPED) == Stored(
        Stage.SKIPPED, changed=True, was_shared=True
    )
    assert stored(world) == (Stage.SKIPPED, None, None)
    assert clicks(world, post, ON_LINKEDIN) == Stored(Stage.OPENED, changed=True)
    assert stored(world) == (Stage.OPENED, Network.LINKEDIN, None)


def test_a_reason_is_kept_changed_and_dropped_with_the_skip(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    clicks(world, post, Stage.SKIPPED)
    assert clicks(world, post, TOO_OFTEN) == Stored(Stage.SKIPPED, changed=True)
    assert clicks(world, post, Stage.SKIPPED) == Stored(Stage.SKIPPED, changed=False)
    assert stored(world) == (Stage.SKIPPED, None, SkipReason.TOO_OFTEN)
    assert clicks(world, post, NOT_NOW) == Stored(Stage.SKIPPED, changed=True)
    assert stored(world) == (Stage.SKIPPED, None, SkipReason.NOT_NOW)
    clicks(world, post, Stage.INTERESTED)
    assert stored(world) == (Stage.INTERESTED, None, None)
    assert [reason for _, _, reason in history(world)] == [
        None,
        SkipReason.TOO_OFTEN,
        SkipReason.NOT_NOW,
        None,
    ]


def test_a_mark_can_be_taken_back_on_purpose(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    clicks(world, post, ON_X, SHARED_ON_X)
    assert clicks(world, post, UNDO) == Stored(Stage.OPENED, changed=True)
    assert stored(world) == (Stage.OPENED, Network.X, None)
    assert clicks(world, post, UNDO) == Stored(Stage.OPENED, changed=False)
    assert [stage for stage, _, _ in history(world)] == [Stage.OPENED, Stage.SHARED, Stage.OPENED]


def test_a_new_dialog_is_remembered_without_adding_history(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    clicks(world, post, Answer(Stage.INTERESTED, dialog_id="share-1"))
    again = clicks(world, post, Answer(Stage.INTERESTED, dialog_id="share-2"))
    assert again == Stored(Stage.INTERESTED, changed=False)
    clicks(world, post, ON_X)
    assert [row.dialog for row in world.rows(ResponseRow)] == ["share-2"]
    assert len(history(world)) == 2


def test_two_people_and_two_posts_are_four_responses(world: ServiceWorld) -> None:
    first, second = world.live(), world.live()
    for user in (AMARA, BO):
        world.join(user)
        clicks(world, first, Stage.SKIPPED, user=user)
        clicks(world, second, Stage.OPENED, user=user)
    found = {(row.post_id, row.member_id): row.stage for row in world.rows(ResponseRow)}
    assert len(found) == 4
    assert {stage for (post, _), stage in found.items() if post == first} == {Stage.SKIPPED}


def test_the_network_opened_last_is_offered_first_next_time(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    clicks(world, post, ON_LINKEDIN, ON_X, Stage.SKIPPED)
    member = world.run(membership.find_member, AMARA)
    assert member is not None
    assert member.network is Network.X


@pytest.mark.parametrize("how", NO_CONSENT)
def test_without_valid_consent_nothing_is_stored(world: ServiceWorld, how: str) -> None:
    world.without_consent(how)
    post = world.live()
    for stage in Stage:
        assert world.respond(AMARA, post, stage) is Unanswerable.NO_CONSENT
    assert_nothing_stored(world)
    assert len(world.rows(MemberRow)) == (0 if how == "never joined" else 1)


def test_consent_counts_to_its_last_moment(world: ServiceWorld) -> None:
    member = world.join()
    world.now = member.consent_ends_at - timedelta(hours=9)
    post = world.live()
    world.now = member.consent_ends_at - MOMENT
    assert world.respond(AMARA, post, Stage.SKIPPED) == Stored(Stage.SKIPPED, changed=True)


def test_after_leaving_a_response_stays_as_it_was(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    clicks(world, post, ON_X)
    world.run(membership.leave, AMARA)
    assert world.respond(AMARA, post, SHARED_ON_X) is Unanswerable.NO_CONSENT
    assert history(world) == [(Stage.OPENED, Network.X, None)]
    world.join()
    assert clicks(world, post, SHARED_ON_X) == Stored(Stage.SHARED, changed=True)
    assert len(world.rows(ResponseRow)) == 1


def test_a_pause_does_not_keep_a_person_from_answering(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    world.run(membership.pause, AMARA, world.now + DAY)
    assert clicks(world, post, Stage.OPENED).changed


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_a_click_on_a_post_that_has_ended_stores_nothing(world: ServiceWorld, end: str) -> None:
    world.join()
    post = world.live(expires_at=world.now + DAY)
    if end == "withdrawn":
        post_of(world.withdraw(post))
    else:
        world.now += DAY
        world.run(posts.expire)
    assert world.respond(AMARA, post, Stage.SKIPPED) is Unanswerable.ENDED
    assert world.run(share_dialog.load_share_dialog, AMARA, PostId(post)) is Unanswerable.ENDED
    assert_nothing_stored(world)


def test_a_post_that_is_not_live_yet_cannot_be_answered(world: ServiceWorld) -> None:
    world.join()
    draft, waiting = post_of(world.save(world.form())).id, world.approved()
    for post in (draft, world.in_review(), waiting):
        assert world.respond(AMARA, post, Stage.SHARED) is Unanswerable.NOT_LIVE
        assert (
            world.run(share_dialog.load_share_dialog, AMARA, PostId(post)) is Unanswerable.NOT_LIVE
        )
    assert_nothing_stored(world)


def test_a_click_that_is_quicker_than_the_record_of_sending_counts(world: ServiceWorld) -> None:
    world.join()
    post = world.approved()
    claimed = world.claimed()
    assert world.respond(AMARA, post, Stage.SKIPPED) == Stored(Stage.SKIPPED, changed=True)
    world.record_sent(claimed)
    assert stored(world) == (Stage.SKIPPED, None, None)


def test_unknown_posts_and_those_of_another_workspace_are_no_such_post(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    world.within(team=OTHER_TEAM).run(membership.join, AMARA, ZONE)
    answer = Answer(Stage.SHARED)
    for team, number in ((OTHER_TEAM, post), (TEAM, post + 1)):
        gone = world.within(team=team).run(responses.record_response, AMARA, PostId(number), answer)
        assert gone is Unanswerable.NO_SUCH_POST
        hidden = world.within(team=team).run(share_dialog.load_share_dialog, AMARA, PostId(number))
        assert hidden is Unanswerable.NO_SUCH_POST
    assert world.within(team=OTHER_TEAM).run(share_dialog.load_shareable_posts) == []
    assert_nothing_stored(world)


def test_joining_and_answering_are_one_step(world: ServiceWorld) -> None:
    post = world.live()
    answer = Answer(Stage.INTERESTED, dialog_id="share-1")
    join = responses.join_and_record
    stored = world.run(join, NewMember(AMARA, ZONE), PostId(post), answer)
    assert stored == Stored(Stage.INTERESTED, changed=True)
    member = world.run(membership.find_member, AMARA)
    assert member is not None
    assert (member.consented_at, member.time_zone) == (today(world.now), ZONE)
    world.now += DAY
    again = world.run(join, NewMember(AMARA, ZONE), PostId(post), answer)
    assert again == Stored(Stage.INTERESTED, changed=False)
    assert world.run(membership.find_member, AMARA) == member
    assert history(world) == [(Stage.INTERESTED, None, None)]


def test_what_a_person_sees_is_the_post_their_consent_and_their_own_response(
    world: ServiceWorld,
) -> None:
    post = world.live()
    stranger = world.run(share_dialog.load_share_dialog, AMARA, PostId(post))
    assert isinstance(stranger, ShareDialogData)
    assert (stranger.member, stranger.stage, stranger.post.id) == (None, None, post)
    member = world.join()
    world.join(BO)
    clicks(world, post, Stage.SKIPPED, user=BO)
    clicks(world, post, Stage.OPENED)
    seen = world.run(share_dialog.load_share_dialog, AMARA, PostId(post))
    assert isinstance(seen, ShareDialogData)
    assert (seen.member, seen.stage) == (member, Stage.OPENED)
    world.now = member.consent_ends_at + timedelta(hours=12)
    newer = world.live()
    lapsed = world.run(share_dialog.load_share_dialog, AMARA, PostId(newer))
    assert isinstance(lapsed, ShareDialogData)
    assert lapsed.member is None


def test_live_posts_are_listed_newest_first_until_just_before_their_expiry(
    world: ServiceWorld,
) -> None:
    first = world.live()
    second = world.live(expires_at=world.now + 30 * DAY)
    world.approved()
    listed = world.run(share_dialog.load_shareable_posts)
    assert [post.id for post in listed] == [second, first]
    expiry = listed[0].content.expires_at
    assert expiry is not None
    assert len(world.within(now=expiry - MOMENT).run(share_dialog.load_shareable_posts)) == 2
    assert [
        post.id for post in world.within(now=expiry).run(share_dialog.load_shareable_posts)
    ] == [first]


def test_a_changed_mind_leaves_no_line_that_says_opened(world: ServiceWorld) -> None:
    post = world.live()
    world.join()
    taken_back = Answer(Stage.INTERESTED, undo=True)
    clicks(world, post, Stage.INTERESTED, ON_X, SHARED_ON_X, UNDO)
    assert clicks(world, post, taken_back) == Stored(Stage.INTERESTED, changed=True)
    assert stored(world) == (Stage.INTERESTED, None, None)
    assert {stage for stage, _, _ in history(world)} == {Stage.INTERESTED}
    member = world.run(membership.find_member, AMARA)
    assert member is not None
    assert member.network is None
    assert clicks(world, post, taken_back) == Stored(Stage.INTERESTED, changed=False)
