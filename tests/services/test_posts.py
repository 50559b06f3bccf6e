"""Writing posts and deciding about them: who may, what is refused, and what is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.ids import PostId
from bot.domain.post import Network, PostState, Verdict, Wording
from bot.services import post_lists
from bot.services import posts as posts_service
from bot.services.posts import PostResult, Refusal, Refused
from bot.storage import posts
from bot.storage.tables import DecisionRow, PostRow, RevisionRow, WordingRow
from tests.services.helpers import (
    CARL,
    CLEO,
    DAY,
    MOMENT,
    OTHER_TEAM,
    START,
    ServiceWorld,
    content,
    post_of,
    refusal_of,
)

TOMORROW = START + DAY


def verdicts(world: ServiceWorld, post: int) -> list[tuple[int, str | None, Verdict, str | None]]:
    found = world.run(posts.load_decisions, PostId(post))
    return [(one.revision, one.user_id, one.verdict, one.reason) for one in found]


def test_a_content_comes_back_as_it_was_written(world: ServiceWorld) -> None:
    written = content(
        title="Grüße aus dem Maschinenraum 🚂",
        topics=("zebras", "ants"),
        wordings=(
            Wording(Network.X, "Second network first."),
            Wording(Network.LINKEDIN, "One way to say it."),
            Wording(Network.X, "Another."),
        ),
        not_before=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        expires_at=datetime(2026, 11, 1, 9, 0, 0, 1, tzinfo=UTC),
    )
    result = world.run(posts_service.submit, CLEO, world.form(), written)
    stored = world.post(post_of(result).id)
    assert stored.content == written
    assert (stored.state, stored.revision, stored.writer) == (PostState.IN_REVIEW, 1, CLEO)
    assert stored.approved_revision is None


def test_a_form_delivered_twice_makes_one_post(world: ServiceWorld) -> None:
    form = world.form()
    first = world.submit(form)
    second = world.submit(form)
    assert first == PostResult(post_of(first), changed=True)
    assert second == PostResult(post_of(first), changed=False)
    assert len(world.rows(PostRow)) == len(world.rows(RevisionRow)) == 1
    assert len(world.rows(WordingRow)) == 2


@pytest.mark.parametrize("fate", ["approved", "live", "sent back"])
def test_a_form_delivered_again_later_does_not_undo_what_was_decided_since(
    world: ServiceWorld, fate: str
) -> None:
    form = world.form()
    post = post_of(world.submit(form)).id
    if fate == "sent back":
        post_of(world.send_back(post))
    else:
        post_of(world.approve(post))
    if fate == "live":
        world.record_sent(world.claimed())
    before = world.post(post)
    assert world.submit(form) == PostResult(before, changed=False)


def test_a_form_submitted_again_with_other_words_keeps_the_other_words(world: ServiceWorld) -> None:
    # Its first submission was stored but the answer was lost, so the form stayed open.
    form = world.form()
    post = post_of(world.submit(form, title="A tpyo")).id
    again = world.submit(form, title="A typo")
    assert again == PostResult(world.post(post), changed=True)
    assert world.post(post).content.title == "A typo"
    assert len(world.rows(PostRow)) == 1


def test_a_draft_saved_before_submitting_and_delivered_after_it_comes_too_late(
    world: ServiceWorld,
) -> None:
    form = world.form()
    submitted = post_of(world.submit(form, title="Done"))
    assert world.save(form, title="Half do") == PostResult(submitted, changed=False)


def test_two_forms_with_the_same_words_are_two_posts(world: ServiceWorld) -> None:
    assert world.in_review() != world.in_review()


def test_the_first_saving_of_a_draft_says_that_it_stored_something(world: ServiceWorld) -> None:
    saved = world.save(world.form())
    assert post_of(saved).state is PostState.DRAFT
    assert saved == PostResult(post_of(saved), changed=True)


def test_a_draft_saved_again_and_again_stays_one_post(world: ServiceWorld) -> None:
    form = world.form()
    post = post_of(world.save(form, title="Our")).id
    again = world.save(form, title="Our")
    assert again == PostResult(world.post(post), changed=False)
    more = post_of(world.save(world.form(post, 1), title="Our new"))
    assert (more.id, more.revision, more.state) == (post, 2, PostState.DRAFT)
    done = post_of(world.submit(world.form(post, 2), title="Our new release"))
    assert (done.id, done.revision, done.state) == (post, 3, PostState.IN_REVIEW)
    assert len(world.rows(PostRow)) == 1


def test_the_same_form_can_be_saved_changed_saved_and_submitted(world: ServiceWorld) -> None:
    form = world.form()
    first = post_of(world.save(form, title="Our"))
    second = post_of(world.save(form, title="Our new release"))
    assert (second.id, second.revision) == (first.id, 2)
    submitted = world.submit(form, title="Our new release")
    assert submitted == PostResult(post_of(submitted), changed=True)
    assert (post_of(submitted).revision, post_of(submitted).state) == (2, PostState.IN_REVIEW)


def test_editing_what_somebody_else_changed_meanwhile_is_refused(world: ServiceWorld) -> None:
    post = world.in_review()
    cleos, carls = world.form(post, 1), world.form(post, 1)
    post_of(world.submit(carls, who=CARL, title="Carl's title"))
    assert refusal_of(world.submit(cleos, title="Cleo's title")) is Refusal.CHANGED_MEANWHILE
    assert refusal_of(world.save(cleos, title="Cleo's title")) is Refusal.CHANGED_MEANWHILE
    assert world.post(post).content.title == "Carl's title"
    assert world.post(post).writer == CARL
    assert len(world.rows(RevisionRow)) == 2


def test_older_contents_stay_as_they_were(world: ServiceWorld) -> None:
    post = world.in_review(title="One")
    world.edit(post, title="Two")
    assert [row.title for row in world.rows(RevisionRow)] == ["One", "Two"]


def test_with_two_approvals_the_writer_cannot_approve_and_somebody_else_can(
    world: ServiceWorld,
) -> None:
    post = world.in_review()
    assert refusal_of(world.approve(post, who=CLEO)) is Refusal.OWN_POST
    assert world.post(post).state is PostState.IN_REVIEW
    approved = post_of(world.approve(post, who=CARL))
    assert (approved.state, approved.approved_revision) == (PostState.APPROVED, 1)
    assert verdicts(world, post) == [(1, CARL, Verdict.APPROVED, None)]


def test_who_wrote_the_newest_words_cannot_approve_them_and_the_first_writer_can(
    world: ServiceWorld,
) -> None:
    post = world.in_review()
    world.edit(post, who=CARL, title="Carl's title")
    assert refusal_of(world.approve(post, who=CARL)) is Refusal.OWN_POST
    assert post_of(world.approve(post, who=CLEO)).approved_revision == 2


def test_with_one_approval_the_writer_can_approve(world: ServiceWorld) -> None:
    world.save_workspace(approvals=1)
    post = world.in_review()
    assert post_of(world.approve(post, who=CLEO)).state is PostState.APPROVED


def test_approving_an_outdated_revision_is_refused(world: ServiceWorld) -> None:
    post = world.in_review()
    world.edit(post, title="Changed")
    assert refusal_of(world.approve(post, revision=1)) is Refusal.CHANGED_MEANWHILE
    assert post_of(world.approve(post, revision=2)).approved_revision == 2


def test_approving_twice_changes_nothing(world: ServiceWorld) -> None:
    post = world.approved()
    before = world.post(post)
    assert world.approve(post, revision=1) == PostResult(before, changed=False)
    assert world.approve(post) == PostResult(before, changed=False)
    assert len(verdicts(world, post)) == 1


def test_a_draft_cannot_be_approved_or_sent_back(world: ServiceWorld) -> None:
    post: int = post_of(world.save(world.form())).id
    assert refusal_of(world.approve(post)) is Refusal.NOT_IN_REVIEW
    assert refusal_of(world.send_back(post)) is Refusal.NOT_IN_REVIEW
    assert verdicts(world, post) == []


def test_approving_is_refused_from_the_moment_of_expiry_on(world: ServiceWorld) -> None:
    post = world.in_review(expires_at=TOMORROW)
    world.now = TOMORROW
    assert refusal_of(world.approve(post)) is Refusal.EXPIRY_PASSED
    world.now = TOMORROW - MOMENT
    assert post_of(world.approve(post)).state is PostState.APPROVED


def test_a_post_is_sent_back_with_a_reason_and_submitted_again(world: ServiceWorld) -> None:
    post = world.in_review()
    returned = post_of(world.send_back(post, "Too long.", revision=1))
    assert returned.state is PostState.RETURNED
    assert refusal_of(world.approve(post)) is Refusal.NOT_IN_REVIEW
    again = world.edit(post, title="Shorter")
    assert (again.state, again.revision) == (PostState.IN_REVIEW, 2)
    post_of(world.approve(post))
    assert verdicts(world, post) == [
        (1, CARL, Verdict.SENT_BACK, "Too long."),
        (2, CARL, Verdict.APPROVED, None),
    ]


def test_sending_back_an_outdated_revision_is_refused(world: ServiceWorld) -> None:
    post = world.in_review()
    world.edit(post, title="Changed")
    assert refusal_of(world.send_back(post, revision=1)) is Refusal.CHANGED_MEANWHILE
    assert world.post(post).state is PostState.IN_REVIEW


@pytest.mark.parametrize(
    "state", ["draft", "in review", "returned", "approved", "live", "live with a correction"]
)
def test_a_post_can_be_withdrawn_wherever_it_stands(world: ServiceWorld, state: str) -> None:
    if state == "draft":
        post: int = post_of(world.save(world.form())).id
    elif state.startswith("live"):
        post = world.live()
    else:
        post = world.in_review()
    if state == "returned":
        world.send_back(post)
    if state == "approved":
        world.approve(post)
    if state == "live with a correction":
        world.edit(post, title="Corrected")
    world.now += DAY
    withdrawn = post_of(world.withdraw(post))
    assert (withdrawn.state, withdrawn.correction) == (PostState.WITHDRAWN, None)
    [row] = world.rows(PostRow)
    assert row.ended_at == world.now
    assert verdicts(world, post)[-1] == (withdrawn.revision, CARL, Verdict.WITHDRAWN, None)


def test_a_withdrawal_says_whether_the_post_was_live(world: ServiceWorld) -> None:
    for post, was_live in ((world.live(), True), (world.approved(), False)):
        assert world.withdraw(post) == PostResult(world.post(post), changed=True, was_live=was_live)


def test_withdrawing_twice_changes_nothing(world: ServiceWorld) -> None:
    post = world.in_review()
    world.withdraw(post)
    before = world.rows(PostRow), world.rows(DecisionRow)
    world.now += DAY
    assert world.withdraw(post) == PostResult(world.post(post), changed=False)
    assert (world.rows(PostRow), world.rows(DecisionRow)) == before


def test_nothing_brings_a_withdrawn_post_back(world: ServiceWorld) -> None:
    post = world.approved()
    form = world.form(post, 1)
    world.withdraw(post)
    before = world.rows(PostRow)
    for refused in (
        world.submit(form, title="Back"),
        world.save(form, title="Back"),
        world.approve(post),
        world.send_back(post),
    ):
        assert refused == Refused(Refusal.ENDED, world.post(post))
    assert world.claim() is None
    assert world.rows(PostRow) == before


def test_a_withdrawn_post_has_ended_even_for_an_outdated_button(world: ServiceWorld) -> None:
    post = world.in_review()
    world.edit(post, title="Changed")
    world.withdraw(post)
    assert refusal_of(world.approve(post, revision=1)) is Refusal.ENDED


@pytest.mark.parametrize("draft", [True, False])
def test_editing_an_approved_post_takes_it_out_of_the_queue(
    world: ServiceWorld, draft: bool
) -> None:
    post = world.approved()
    edited = world.edit(post, draft=draft, title="Changed")
    assert edited.state is (PostState.DRAFT if draft else PostState.IN_REVIEW)
    assert world.claim() is None
    if not draft:
        post_of(world.approve(post))
        claimed = world.claimed()
        assert claimed.post.content.title == "Changed"


def test_approved_and_live_posts_end_at_their_expiry_and_others_do_not(world: ServiceWorld) -> None:
    live = world.live(expires_at=TOMORROW)
    waiting = world.approved(expires_at=TOMORROW)
    in_review = world.in_review(expires_at=TOMORROW)
    later = world.approved(expires_at=TOMORROW + MOMENT)
    world.now = TOMORROW - MOMENT
    assert world.run(posts_service.expire) == 0
    world.now = TOMORROW
    assert world.run(posts_service.expire) == 2
    assert world.run(posts_service.expire) == 0
    states = {row.id: (row.state, row.ended_at) for row in world.rows(PostRow)}
    assert states == {
        live: (PostState.EXPIRED, TOMORROW),
        waiting: (PostState.EXPIRED, TOMORROW),
        in_review: (PostState.IN_REVIEW, None),
        later: (PostState.APPROVED, None),
    }
    assert refusal_of(world.withdraw(live)) is Refusal.ENDED


def test_a_post_of_another_workspace_is_no_such_post(world: ServiceWorld) -> None:
    post = world.in_review(expires_at=TOMORROW)
    before = world.rows(PostRow), world.rows(DecisionRow), world.rows(RevisionRow)
    form = world.form(post, 1)
    for refused in (
        world.within(team=OTHER_TEAM).run(posts_service.submit, CARL, form, content()),
        world.within(team=OTHER_TEAM).run(posts_service.save_draft, CARL, form, content()),
        world.within(team=OTHER_TEAM).run(posts_service.approve, CARL, PostId(post), None),
        world.within(team=OTHER_TEAM).run(posts_service.send_back, CARL, PostId(post), None, "No."),
        world.within(team=OTHER_TEAM).run(posts_service.withdraw, CARL, PostId(post)),
        world.run(posts_service.withdraw, CARL, PostId(post + 1)),
    ):
        assert refused == Refused(Refusal.NO_SUCH_POST, None)
    assert world.within(team=OTHER_TEAM).run(posts_service.find_post, PostId(post)) is None
    assert world.within(team=OTHER_TEAM).run(post_lists.load_overview).posts == []
    assert world.within(team=OTHER_TEAM, now=TOMORROW).run(posts_service.expire) == 0
    assert (world.rows(PostRow), world.rows(DecisionRow), world.rows(RevisionRow)) == before


def test_the_overview_lists_every_post_newest_first_and_when_the_waiting_ones_go_out(
    world: ServiceWorld,
) -> None:
    live, waiting, draft = world.live(), world.approved(), post_of(world.save(world.form())).id
    found = world.run(post_lists.load_overview)
    assert [post.id for post in found.posts] == [draft, waiting, live]
    assert list(found.forecasts) == [waiting]
    assert found.forecasts[PostId(waiting)].at == START + found.workspace.policy.min_gap
    with pytest.raises(LookupError):
        world.within(team="T_NOBODY").run(post_lists.load_overview)
