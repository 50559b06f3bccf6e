"""A post's page is looked at once for each link, by one process, and again if that one dies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ids import PostId
from bot.domain.lifecycle import ABANDONED_AFTER
from bot.domain.previews import Preview, Problem
from bot.services import previews, reconcile
from bot.services.previews import AT_ONCE
from bot.storage.previews import PendingPage
from tests.services.helpers import MOMENT, OTHER_TEAM, TEAM, ServiceWorld, post_of

SEEN = Preview("A title", "Its words", "https://flink.example.org/a.png")
LINK = "https://flink.example.org/a-release/"
OTHER = "https://flink.example.org/another/"


def claim(world: ServiceWorld, team: str = TEAM) -> list[PendingPage]:
    waits = world.within(team=team).run(previews.is_any_pending)
    claimed = world.within(team=team).run(previews.claim)
    assert waits == bool(claimed)
    return claimed


def record(world: ServiceWorld, page: PendingPage, found: Preview = SEEN) -> bool:
    return world.run(previews.record, page, found)


def shown(world: ServiceWorld, post: int) -> Preview | None:
    """What the card of a post would show now."""
    world.run(reconcile.record_card_shown, PostId(post), "card", -1)
    [facts] = [one for one in world.run(reconcile.find_pending).cards if one.post.id == post]
    return facts.preview


def looked_at(world: ServiceWorld, found: Preview = SEEN, **changed: str) -> int:
    post = world.in_review(**changed)
    [page] = claim(world)
    assert record(world, page, found)
    return post


def test_a_submitted_post_has_its_page_looked_at_once(world: ServiceWorld) -> None:
    post = world.in_review()
    assert claim(world) == [PendingPage(PostId(post), 1, LINK)]
    assert claim(world) == []


def test_a_draft_does_not(world: ServiceWorld) -> None:
    draft = post_of(world.save(world.form())).id
    assert claim(world) == []
    world.edit(draft)
    assert claim(world) == [PendingPage(draft, 2, LINK)]


def test_nothing_is_shown_until_the_page_was_looked_at(world: ServiceWorld) -> None:
    post = world.in_review()
    assert shown(world, post) is None
    [page] = claim(world)
    assert shown(world, post) is None
    record(world, page)
    assert shown(world, post) == SEEN


@pytest.mark.parametrize("found", [SEEN, Preview("Only a title"), Preview(problem=Problem.SLOW)])
def test_what_was_found_makes_the_card_stale(world: ServiceWorld, found: Preview) -> None:
    post = world.in_review()
    [page] = claim(world)
    [facts] = world.run(reconcile.find_pending).cards
    world.run(reconcile.record_card_shown, PostId(post), "card", facts.card.version)
    assert not world.run(reconcile.find_pending)
    record(world, page, found)
    [facts] = world.run(reconcile.find_pending).cards
    assert (facts.card.post_id, facts.preview) == (post, found)


def test_a_post_whose_link_did_not_change_keeps_its_preview(world: ServiceWorld) -> None:
    post = looked_at(world)
    world.edit(post, title="Changed")
    assert claim(world) == []
    assert shown(world, post) == SEEN


def test_another_link_is_looked_at_anew(world: ServiceWorld) -> None:
    post = looked_at(world)
    world.edit(post, link=OTHER)
    assert shown(world, post) is None
    assert claim(world) == [PendingPage(PostId(post), 2, OTHER)]


def test_a_draft_with_another_link_does_not_show_the_preview_of_the_old_one(
    world: ServiceWorld,
) -> None:
    post = looked_at(world)
    world.edit(post, draft=True, link=OTHER)
    assert shown(world, post) is None
    assert claim(world) == []
    world.edit(post, link=LINK)
    assert shown(world, post) == SEEN


def test_a_look_that_went_wrong_is_tried_again_with_the_next_submission(
    world: ServiceWorld,
) -> None:
    failed = Preview(problem=Problem.UNREACHABLE)
    post = looked_at(world, failed)
    assert shown(world, post) == failed
    assert claim(world) == []
    world.edit(post, title="Changed")
    assert claim(world) == [PendingPage(PostId(post), 2, LINK)]


def test_a_form_delivered_twice_has_its_page_looked_at_once(world: ServiceWorld) -> None:
    form = world.form()
    world.submit(form)
    [page] = claim(world)
    record(world, page)
    world.submit(form)
    assert claim(world) == []


def test_what_comes_after_the_link_has_changed_is_dropped(world: ServiceWorld) -> None:
    post = world.in_review()
    [page] = claim(world)
    world.edit(post, link=OTHER)
    assert not record(world, page)
    assert shown(world, post) is None
    [newer] = claim(world)
    assert newer.link == OTHER
    assert not record(world, page)
    assert record(world, newer)
    assert not record(world, newer)
    assert shown(world, post) == SEEN


def test_a_look_that_died_with_its_process_is_done_again(world: ServiceWorld) -> None:
    world.in_review()
    [page] = claim(world)
    world.now += ABANDONED_AFTER
    assert claim(world) == []
    world.now += MOMENT
    assert claim(world) == [page]
    world.now += timedelta(seconds=1)
    assert claim(world) == []
    assert record(world, page)


def test_a_few_pages_are_looked_at_at_a_time(world: ServiceWorld) -> None:
    made = [world.in_review(link=f"{LINK}{number}") for number in range(AT_ONCE + 2)]
    assert [page.post_id for page in claim(world)] == made[:AT_ONCE]
    assert [page.post_id for page in claim(world)] == made[AT_ONCE:]


def test_the_page_of_an_ended_post_is_left_alone(world: ServiceWorld) -> None:
    world.withdraw(world.in_review())
    assert claim(world) == []


def test_the_pages_of_another_workspace_are_none_of_ours(world: ServiceWorld) -> None:
    world.in_review()
    assert claim(world, OTHER_TEAM) == []
    assert len(claim(world)) == 1
