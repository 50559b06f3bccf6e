"""Writing posts and deciding about them: who may, what is refused, and what is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.model import Network, PostState, Verdict, Wording
from bot.services import curation
from bot.services.curation import Kept, Refusal, Refused
from bot.storage import posts
from bot.storage.tables import DecisionRow, PostRow, RevisionRow, WordingRow
from tests.services.helpers import (
    CARL,
    CLEO,
    DAY,
    MOMENT,
    OTHER_TEAM,
    START,
    TEAM,
    Desk,
    content,
    kept,
    why,
)

TOMORROW = START + DAY


def verdicts(desk: Desk, post: int) -> list[tuple[int, str, Verdict, str | None]]:
    found = desk.do(posts.decisions, post)
    return [(one.revision, one.who, one.what, one.reason) for one in found]


def test_a_content_comes_back_as_it_was_written(desk: Desk) -> None:
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
    result = desk.do(curation.submit, TEAM, CLEO, desk.form(), written, desk.now)
    stored = desk.post(kept(result).id)
    assert stored.content == written
    assert (stored.state, stored.revision, stored.writer) == (PostState.IN_REVIEW, 1, CLEO)
    assert stored.approved_revision is None


def test_a_form_delivered_twice_makes_one_post(desk: Desk) -> None:
    form = desk.form()
    first = desk.submit(form)
    second = desk.submit(form)
    assert first == Kept(kept(first), changed=True)
    assert second == Kept(kept(first), changed=False)
    assert len(desk.rows(PostRow)) == len(desk.rows(RevisionRow)) == 1
    assert len(desk.rows(WordingRow)) == 2


@pytest.mark.parametrize("fate", ["approved", "live", "sent back"])
def test_a_form_delivered_again_later_does_not_undo_what_was_decided_since(
    desk: Desk, fate: str
) -> None:
    form = desk.form()
    post = kept(desk.submit(form)).id
    if fate == "sent back":
        kept(desk.send_back(post))
    else:
        kept(desk.approve(post))
    if fate == "live":
        desk.record_sent(desk.claimed())
    before = desk.post(post)
    assert desk.submit(form) == Kept(before, changed=False)


def test_a_form_submitted_again_with_other_words_keeps_the_other_words(desk: Desk) -> None:
    # Its first submission was stored but the answer was lost, so the form stayed open.
    form = desk.form()
    post = kept(desk.submit(form, title="A tpyo")).id
    again = desk.submit(form, title="A typo")
    assert again == Kept(desk.post(post), changed=True)
    assert desk.post(post).content.title == "A typo"
    assert len(desk.rows(PostRow)) == 1


def test_a_draft_saved_before_submitting_and_delivered_after_it_comes_too_late(
    desk: Desk,
) -> None:
    form = desk.form()
    submitted = kept(desk.submit(form, title="Done"))
    assert desk.save(form, title="Half do") == Kept(submitted, changed=False)


def test_two_forms_with_the_same_words_are_two_posts(desk: Desk) -> None:
    assert desk.in_review() != desk.in_review()


def test_the_first_saving_of_a_draft_says_that_it_stored_something(desk: Desk) -> None:
    saved = desk.save(desk.form())
    assert kept(saved).state is PostState.DRAFT
    assert saved == Kept(kept(saved), changed=True)


def test_a_draft_saved_again_and_again_stays_one_post(desk: Desk) -> None:
    form = desk.form()
    post = kept(desk.save(form, title="Our")).id
    again = desk.save(form, title="Our")
    assert again == Kept(desk.post(post), changed=False)
    more = kept(desk.save(desk.form(post, 1), title="Our new"))
    assert (more.id, more.revision, more.state) == (post, 2, PostState.DRAFT)
    done = kept(desk.submit(desk.form(post, 2), title="Our new release"))
    assert (done.id, done.revision, done.state) == (post, 3, PostState.IN_REVIEW)
    assert len(desk.rows(PostRow)) == 1


def test_the_same_form_can_be_saved_changed_saved_and_submitted(desk: Desk) -> None:
    form = desk.form()
    first = kept(desk.save(form, title="Our"))
    second = kept(desk.save(form, title="Our new release"))
    assert (second.id, second.revision) == (first.id, 2)
    submitted = desk.submit(form, title="Our new release")
    assert submitted == Kept(kept(submitted), changed=True)
    assert (kept(submitted).revision, kept(submitted).state) == (2, PostState.IN_REVIEW)


def test_editing_what_somebody_else_changed_meanwhile_is_refused(desk: Desk) -> None:
    post = desk.in_review()
    cleos, carls = desk.form(post, 1), desk.form(post, 1)
    kept(desk.submit(carls, who=CARL, title="Carl's title"))
    assert why(desk.submit(cleos, title="Cleo's title")) is Refusal.CHANGED_MEANWHILE
    assert why(desk.save(cleos, title="Cleo's title")) is Refusal.CHANGED_MEANWHILE
    assert desk.post(post).content.title == "Carl's title"
    assert desk.post(post).writer == CARL
    assert len(desk.rows(RevisionRow)) == 2


def test_older_contents_stay_as_they_were(desk: Desk) -> None:
    post = desk.in_review(title="One")
    desk.edit(post, title="Two")
    assert [row.title for row in desk.rows(RevisionRow)] == ["One", "Two"]


def test_with_two_approvals_the_writer_cannot_approve_and_somebody_else_can(desk: Desk) -> None:
    post = desk.in_review()
    assert why(desk.approve(post, who=CLEO)) is Refusal.OWN_POST
    assert desk.post(post).state is PostState.IN_REVIEW
    approved = kept(desk.approve(post, who=CARL))
    assert (approved.state, approved.approved_revision) == (PostState.APPROVED, 1)
    assert verdicts(desk, post) == [(1, CARL, Verdict.APPROVED, None)]


def test_who_wrote_the_newest_words_cannot_approve_them_and_the_first_writer_can(
    desk: Desk,
) -> None:
    post = desk.in_review()
    desk.edit(post, who=CARL, title="Carl's title")
    assert why(desk.approve(post, who=CARL)) is Refusal.OWN_POST
    assert kept(desk.approve(post, who=CLEO)).approved_revision == 2


def test_with_one_approval_the_writer_can_approve(desk: Desk) -> None:
    desk.save_workspace(approvals=1)
    post = desk.in_review()
    assert kept(desk.approve(post, who=CLEO)).state is PostState.APPROVED


def test_approving_an_outdated_revision_is_refused(desk: Desk) -> None:
    post = desk.in_review()
    desk.edit(post, title="Changed")
    assert why(desk.approve(post, revision=1)) is Refusal.CHANGED_MEANWHILE
    assert kept(desk.approve(post, revision=2)).approved_revision == 2


def test_approving_twice_changes_nothing(desk: Desk) -> None:
    post = desk.approved()
    before = desk.post(post)
    assert desk.approve(post, revision=1) == Kept(before, changed=False)
    assert desk.approve(post) == Kept(before, changed=False)
    assert len(verdicts(desk, post)) == 1


def test_a_draft_cannot_be_approved_or_sent_back(desk: Desk) -> None:
    post = kept(desk.save(desk.form())).id
    assert why(desk.approve(post)) is Refusal.NOT_IN_REVIEW
    assert why(desk.send_back(post)) is Refusal.NOT_IN_REVIEW
    assert verdicts(desk, post) == []


def test_approving_is_refused_from_the_moment_of_expiry_on(desk: Desk) -> None:
    post = desk.in_review(expires_at=TOMORROW)
    desk.now = TOMORROW
    assert why(desk.approve(post)) is Refusal.EXPIRY_PASSED
    desk.now = TOMORROW - MOMENT
    assert kept(desk.approve(post)).state is PostState.APPROVED


def test_a_post_is_sent_back_with_a_reason_and_submitted_again(desk: Desk) -> None:
    post = desk.in_review()
    returned = kept(desk.send_back(post, "Too long.", revision=1))
    assert returned.state is PostState.RETURNED
    assert why(desk.approve(post)) is Refusal.NOT_IN_REVIEW
    again = desk.edit(post, title="Shorter")
    assert (again.state, again.revision) == (PostState.IN_REVIEW, 2)
    kept(desk.approve(post))
    assert verdicts(desk, post) == [
        (1, CARL, Verdict.SENT_BACK, "Too long."),
        (2, CARL, Verdict.APPROVED, None),
    ]


def test_sending_back_an_outdated_revision_is_refused(desk: Desk) -> None:
    post = desk.in_review()
    desk.edit(post, title="Changed")
    assert why(desk.send_back(post, revision=1)) is Refusal.CHANGED_MEANWHILE
    assert desk.post(post).state is PostState.IN_REVIEW


@pytest.mark.parametrize(
    "state", ["draft", "in review", "returned", "approved", "live", "live with a correction"]
)
def test_a_post_can_be_withdrawn_wherever_it_stands(desk: Desk, state: str) -> None:
    if state == "draft":
        post = kept(desk.save(desk.form())).id
    elif state.startswith("live"):
        post = desk.live()
    else:
        post = desk.in_review()
    if state == "returned":
        desk.send_back(post)
    if state == "approved":
        desk.approve(post)
    if state == "live with a correction":
        desk.edit(post, title="Corrected")
    desk.now += DAY
    withdrawn = kept(desk.withdraw(post))
    assert (withdrawn.state, withdrawn.correction) == (PostState.WITHDRAWN, None)
    [row] = desk.rows(PostRow)
    assert row.ended_at == desk.now
    assert verdicts(desk, post)[-1] == (withdrawn.revision, CARL, Verdict.WITHDRAWN, None)


def test_a_withdrawal_says_whether_the_post_was_live(desk: Desk) -> None:
    for post, was_live in ((desk.live(), True), (desk.approved(), False)):
        assert desk.withdraw(post) == Kept(desk.post(post), changed=True, was_live=was_live)


def test_withdrawing_twice_changes_nothing(desk: Desk) -> None:
    post = desk.in_review()
    desk.withdraw(post)
    before = desk.rows(PostRow), desk.rows(DecisionRow)
    desk.now += DAY
    assert desk.withdraw(post) == Kept(desk.post(post), changed=False)
    assert (desk.rows(PostRow), desk.rows(DecisionRow)) == before


def test_nothing_brings_a_withdrawn_post_back(desk: Desk) -> None:
    post = desk.approved()
    form = desk.form(post, 1)
    desk.withdraw(post)
    before = desk.rows(PostRow)
    for refused in (
        desk.submit(form, title="Back"),
        desk.save(form, title="Back"),
        desk.approve(post),
        desk.send_back(post),
    ):
        assert refused == Refused(Refusal.ENDED, desk.post(post))
    assert desk.claim() is None
    assert desk.rows(PostRow) == before


def test_a_withdrawn_post_has_ended_even_for_an_outdated_button(desk: Desk) -> None:
    post = desk.in_review()
    desk.edit(post, title="Changed")
    desk.withdraw(post)
    assert why(desk.approve(post, revision=1)) is Refusal.ENDED


@pytest.mark.parametrize("draft", [True, False])
def test_editing_an_approved_post_takes_it_out_of_the_queue(desk: Desk, draft: bool) -> None:
    post = desk.approved()
    edited = desk.edit(post, draft=draft, title="Changed")
    assert edited.state is (PostState.DRAFT if draft else PostState.IN_REVIEW)
    assert desk.claim() is None
    if not draft:
        kept(desk.approve(post))
        claimed = desk.claimed()
        assert claimed.post.content.title == "Changed"


def test_approved_and_live_posts_end_at_their_expiry_and_others_do_not(desk: Desk) -> None:
    live = desk.live(expires_at=TOMORROW)
    waiting = desk.approved(expires_at=TOMORROW)
    in_review = desk.in_review(expires_at=TOMORROW)
    later = desk.approved(expires_at=TOMORROW + MOMENT)
    desk.now = TOMORROW - MOMENT
    assert desk.do(curation.expire, TEAM, desk.now) == 0
    desk.now = TOMORROW
    assert desk.do(curation.expire, TEAM, desk.now) == 2
    assert desk.do(curation.expire, TEAM, desk.now) == 0
    states = {row.id: (row.state, row.ended_at) for row in desk.rows(PostRow)}
    assert states == {
        live: (PostState.EXPIRED, TOMORROW),
        waiting: (PostState.EXPIRED, TOMORROW),
        in_review: (PostState.IN_REVIEW, None),
        later: (PostState.APPROVED, None),
    }
    assert why(desk.withdraw(live)) is Refusal.ENDED


def test_a_post_of_another_workspace_is_no_such_post(desk: Desk) -> None:
    post = desk.in_review(expires_at=TOMORROW)
    before = desk.rows(PostRow), desk.rows(DecisionRow), desk.rows(RevisionRow)
    form = desk.form(post, 1)
    for refused in (
        desk.do(curation.submit, OTHER_TEAM, CARL, form, content(), desk.now),
        desk.do(curation.save_draft, OTHER_TEAM, CARL, form, content(), desk.now),
        desk.do(curation.approve, OTHER_TEAM, CARL, post, None, desk.now),
        desk.do(curation.send_back, OTHER_TEAM, CARL, post, None, "No.", desk.now),
        desk.do(curation.withdraw, OTHER_TEAM, CARL, post, desk.now),
        desk.do(curation.withdraw, TEAM, CARL, post + 1, desk.now),
    ):
        assert refused == Refused(Refusal.NO_SUCH_POST, None)
    assert desk.do(curation.read, OTHER_TEAM, post) is None
    assert desk.do(curation.overview, OTHER_TEAM, desk.now).posts == []
    assert desk.do(curation.expire, OTHER_TEAM, TOMORROW) == 0
    assert (desk.rows(PostRow), desk.rows(DecisionRow), desk.rows(RevisionRow)) == before


def test_the_overview_lists_every_post_newest_first_and_when_the_waiting_ones_go_out(
    desk: Desk,
) -> None:
    live, waiting, draft = desk.live(), desk.approved(), kept(desk.save(desk.form())).id
    found = desk.do(curation.overview, TEAM, desk.now)
    assert [post.id for post in found.posts] == [draft, waiting, live]
    assert list(found.outlook) == [waiting]
    assert found.outlook[waiting].at == START + found.workspace.policy.min_gap
    with pytest.raises(LookupError):
        desk.do(curation.overview, "T_NOBODY", desk.now)
