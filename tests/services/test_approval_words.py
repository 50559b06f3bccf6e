"""What comms hear about approvals: a post that came back, and one that waits once more."""

from __future__ import annotations

import pytest

from bot.domain.ids import PostId
from bot.domain.model import NoticeKind
from bot.domain.post import Post
from bot.services import posts, reconcile
from bot.services.reconcile import NoticeUpdate
from tests.services.helpers import CARL, CLEO, DAY, ServiceWorld, post_of

SENT_BACK, WAITS_AGAIN = NoticeKind.SENT_BACK, NoticeKind.WAITS_AGAIN


def show_cards(world: ServiceWorld) -> None:
    for facts in world.run(reconcile.find_pending).cards:
        world.run(
            reconcile.record_card_shown,
            facts.card.post_id,
            f"{facts.card.post_id}.1",
            facts.card.version,
        )


def pending(world: ServiceWorld) -> list[NoticeUpdate]:
    return world.run(reconcile.find_pending).notices


def kinds(world: ServiceWorld) -> list[tuple[NoticeKind, int | None]]:
    return [(one.notice.kind, one.notice.post_id) for one in pending(world)]


def hear(world: ServiceWorld) -> None:
    for one in pending(world):
        world.run(reconcile.record_notice_sent, one.notice.id)


@pytest.fixture
def post(world: ServiceWorld) -> int:
    """A post whose card waits in the comms channel."""
    made = world.in_review(title="Our release")
    show_cards(world)
    assert pending(world) == []
    return made


def test_who_wrote_it_hears_that_it_came_back_from_whom_and_why(
    world: ServiceWorld, post: int
) -> None:
    post_of(world.send_back(post, "Too long."))
    [one] = pending(world)
    assert (one.notice.kind, one.notice.post_id, one.title, one.writer) == (
        SENT_BACK,
        post,
        "Our release",
        CLEO,
    )
    assert (one.notice.actor_id, one.notice.detail) == (CARL, "Too long.")
    hear(world)
    assert pending(world) == []


def test_who_wrote_the_newest_words_is_meant(world: ServiceWorld, post: int) -> None:
    world.edit(post, who=CARL, title="Shorter")
    post_of(world.run(posts.send_back, CLEO, PostId(post), 2, "Too short."))
    [one] = pending(world)
    assert (one.notice.actor_id, one.writer) == (CLEO, CARL)


def test_nobody_is_told_what_they_did_themselves(world: ServiceWorld, post: int) -> None:
    post_of(world.run(posts.send_back, CLEO, PostId(post), 1, "A typo."))
    assert pending(world) == []


def test_a_refused_return_is_no_news(world: ServiceWorld, post: int) -> None:
    post_of(world.send_back(post))
    hear(world)
    world.send_back(post)
    world.send_back(post, revision=7)
    assert pending(world) == []


def test_a_post_that_came_back_waits_again_once_it_is_submitted(
    world: ServiceWorld, post: int
) -> None:
    post_of(world.send_back(post))
    hear(world)
    world.edit(post, title="Shorter")
    assert kinds(world) == [(WAITS_AGAIN, post)]
    hear(world)
    assert pending(world) == []


def approved(world: ServiceWorld, post: int) -> Post:
    return post_of(world.approve(post))


def live(world: ServiceWorld, post: int) -> Post:
    approved(world, post)
    world.record_sent(world.claimed())
    return world.post(post)


@pytest.mark.parametrize("lifecycle", [approved, live])
def test_a_correction_waits_again_when_it_is_submitted_and_not_while_it_is_a_draft(
    world: ServiceWorld, post: int, lifecycle: type
) -> None:
    lifecycle(world, post)
    world.edit(post, draft=True, title="Better")
    assert pending(world) == []
    world.edit(post, title="Better")
    assert kinds(world) == [(WAITS_AGAIN, post)]


def test_a_correction_that_came_back_is_told_as_well(world: ServiceWorld, post: int) -> None:
    live(world, post)
    world.edit(post, title="Worse")
    hear(world)
    post_of(world.send_back(post, "The old one was better."))
    assert kinds(world) == [(SENT_BACK, post)]


def test_the_first_submission_has_a_new_card_and_needs_no_word(world: ServiceWorld) -> None:
    draft = post_of(world.save(world.form())).id
    show_cards(world)
    world.edit(draft)
    show_cards(world)
    assert pending(world) == []


def test_other_words_for_what_waits_already_are_no_news(world: ServiceWorld, post: int) -> None:
    world.edit(post, title="Another title")
    assert pending(world) == []
    world.edit(post, draft=True, title="Half a ti")
    world.edit(post, title="Half a title")
    world.edit(post, title="A whole title")
    assert kinds(world) == [(WAITS_AGAIN, post)], "still unsaid, and still true"


def test_a_form_delivered_twice_is_told_once(world: ServiceWorld, post: int) -> None:
    post_of(world.send_back(post))
    hear(world)
    form = world.form(post, 1)
    world.submit(form, title="Shorter")
    hear(world)
    world.submit(form, title="Shorter")
    assert pending(world) == []


def test_a_word_that_is_true_no_longer_is_not_said(world: ServiceWorld, post: int) -> None:
    post_of(world.send_back(post, "One."))
    world.edit(post, title="Two")
    assert kinds(world) == [(WAITS_AGAIN, post)]
    post_of(world.send_back(post, "Three."))
    assert [one.notice.detail for one in pending(world)] == ["Three."]
    world.edit(post, draft=True, title="Four")
    assert pending(world) == []
    world.edit(post, title="Five")
    post_of(world.approve(post))
    assert pending(world) == []


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_of_a_post_that_has_ended_nothing_more_is_said(world: ServiceWorld, end: str) -> None:
    post = world.live(expires_at=world.now + 2 * DAY)
    other = world.in_review()
    show_cards(world)
    world.edit(post, title="Better", expires_at=world.now + 2 * DAY)
    post_of(world.send_back(other))
    if end == "withdrawn":
        world.withdraw(post)
    else:
        world.now += 2 * DAY
        world.run(posts.expire)
    assert kinds(world) == [(SENT_BACK, other)]
