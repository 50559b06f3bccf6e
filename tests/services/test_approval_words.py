"""What comms hear about approvals: a post that came back, and one that waits once more."""

from __future__ import annotations

import pytest

from bot.domain.model import NoticeKind, Post
from bot.services import chores, curation
from bot.services.chores import Owed
from tests.services.helpers import CARL, CLEO, DAY, TEAM, Desk, kept

SENT_BACK, WAITS_AGAIN = NoticeKind.SENT_BACK, NoticeKind.WAITS_AGAIN


def show_cards(desk: Desk) -> None:
    for facts in desk.do(chores.find, TEAM, desk.now).cards:
        desk.do(chores.card_shown, facts.card.post, f"{facts.card.post}.1", facts.card.version)


def owed(desk: Desk) -> list[Owed]:
    return desk.do(chores.find, TEAM, desk.now).notices


def kinds(desk: Desk) -> list[tuple[NoticeKind, int | None]]:
    return [(one.notice.kind, one.notice.post) for one in owed(desk)]


def hear(desk: Desk) -> None:
    for one in owed(desk):
        desk.do(chores.notice_sent, one.notice.id, desk.now)


@pytest.fixture
def post(desk: Desk) -> int:
    """A post whose card waits in the comms channel."""
    made = desk.in_review(title="Our release")
    show_cards(desk)
    assert owed(desk) == []
    return made


def test_who_wrote_it_hears_that_it_came_back_from_whom_and_why(desk: Desk, post: int) -> None:
    kept(desk.send_back(post, "Too long."))
    [one] = owed(desk)
    assert (one.notice.kind, one.notice.post, one.title, one.writer) == (
        SENT_BACK,
        post,
        "Our release",
        CLEO,
    )
    assert (one.notice.who, one.notice.detail) == (CARL, "Too long.")
    hear(desk)
    assert owed(desk) == []


def test_who_wrote_the_newest_words_is_meant(desk: Desk, post: int) -> None:
    desk.edit(post, who=CARL, title="Shorter")
    kept(desk.do(curation.send_back, TEAM, CLEO, post, 2, "Too short.", desk.now))
    [one] = owed(desk)
    assert (one.notice.who, one.writer) == (CLEO, CARL)


def test_nobody_is_told_what_they_did_themselves(desk: Desk, post: int) -> None:
    kept(desk.do(curation.send_back, TEAM, CLEO, post, 1, "A typo.", desk.now))
    assert owed(desk) == []


def test_a_refused_return_is_no_news(desk: Desk, post: int) -> None:
    kept(desk.send_back(post))
    hear(desk)
    desk.send_back(post)
    desk.send_back(post, revision=7)
    assert owed(desk) == []


def test_a_post_that_came_back_waits_again_once_it_is_submitted(desk: Desk, post: int) -> None:
    kept(desk.send_back(post))
    hear(desk)
    desk.edit(post, title="Shorter")
    assert kinds(desk) == [(WAITS_AGAIN, post)]
    hear(desk)
    assert owed(desk) == []


def approved(desk: Desk, post: int) -> Post:
    return kept(desk.approve(post))


def live(desk: Desk, post: int) -> Post:
    approved(desk, post)
    desk.record_sent(desk.claimed())
    return desk.post(post)


@pytest.mark.parametrize("stands", [approved, live])
def test_a_correction_waits_again_when_it_is_submitted_and_not_while_it_is_a_draft(
    desk: Desk, post: int, stands: type
) -> None:
    stands(desk, post)
    desk.edit(post, draft=True, title="Better")
    assert owed(desk) == []
    desk.edit(post, title="Better")
    assert kinds(desk) == [(WAITS_AGAIN, post)]


def test_a_correction_that_came_back_is_told_as_well(desk: Desk, post: int) -> None:
    live(desk, post)
    desk.edit(post, title="Worse")
    hear(desk)
    kept(desk.send_back(post, "The old one was better."))
    assert kinds(desk) == [(SENT_BACK, post)]


def test_the_first_submission_has_a_new_card_and_needs_no_word(desk: Desk) -> None:
    draft = kept(desk.save(desk.form())).id
    show_cards(desk)
    desk.edit(draft)
    show_cards(desk)
    assert owed(desk) == []


def test_other_words_for_what_waits_already_are_no_news(desk: Desk, post: int) -> None:
    desk.edit(post, title="Another title")
    assert owed(desk) == []
    desk.edit(post, draft=True, title="Half a ti")
    desk.edit(post, title="Half a title")
    desk.edit(post, title="A whole title")
    assert kinds(desk) == [(WAITS_AGAIN, post)], "still unsaid, and still true"


def test_a_form_delivered_twice_is_told_once(desk: Desk, post: int) -> None:
    kept(desk.send_back(post))
    hear(desk)
    form = desk.form(post, 1)
    desk.submit(form, title="Shorter")
    hear(desk)
    desk.submit(form, title="Shorter")
    assert owed(desk) == []


def test_a_word_that_is_true_no_longer_is_not_said(desk: Desk, post: int) -> None:
    kept(desk.send_back(post, "One."))
    desk.edit(post, title="Two")
    assert kinds(desk) == [(WAITS_AGAIN, post)]
    kept(desk.send_back(post, "Three."))
    assert [one.notice.detail for one in owed(desk)] == ["Three."]
    desk.edit(post, draft=True, title="Four")
    assert owed(desk) == []
    desk.edit(post, title="Five")
    kept(desk.approve(post))
    assert owed(desk) == []


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_of_a_post_that_has_ended_nothing_more_is_said(desk: Desk, end: str) -> None:
    post = desk.live(expires_at=desk.now + 2 * DAY)
    other = desk.in_review()
    show_cards(desk)
    desk.edit(post, title="Better", expires_at=desk.now + 2 * DAY)
    kept(desk.send_back(other))
    if end == "withdrawn":
        desk.withdraw(post)
    else:
        desk.now += 2 * DAY
        desk.do(curation.expire, TEAM, desk.now)
    assert kinds(desk) == [(SENT_BACK, other)]
