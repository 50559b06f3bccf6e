"""A post's page is looked at once for each link, by one process, and again if that one dies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.preview import Preview, Problem
from bot.services import chores, previewing
from bot.services.previewing import ABANDONED_AFTER, AT_ONCE
from bot.storage.previews import Wanted
from tests.services.helpers import MOMENT, OTHER_TEAM, TEAM, Desk, kept

SEEN = Preview("A title", "Its words", "https://flink.example.org/a.png")
LINK = "https://flink.example.org/a-release/"
OTHER = "https://flink.example.org/another/"


def claim(desk: Desk, team: str = TEAM) -> list[Wanted]:
    waits = desk.do(previewing.waits, team, desk.now)
    claimed = desk.do(previewing.claim, team, desk.now)
    assert waits == bool(claimed)
    return claimed


def record(desk: Desk, page: Wanted, found: Preview = SEEN) -> bool:
    return desk.do(previewing.record, page, found, desk.now)


def shown(desk: Desk, post: int) -> Preview | None:
    """What the card of a post would show now."""
    desk.do(chores.card_shown, post, "card", -1)
    [facts] = [one for one in desk.do(chores.find, TEAM, desk.now).cards if one.post.id == post]
    return facts.preview


def looked_at(desk: Desk, found: Preview = SEEN, **changed: str) -> int:
    post = desk.in_review(**changed)
    [page] = claim(desk)
    assert record(desk, page, found)
    return post


def test_a_submitted_post_has_its_page_looked_at_once(desk: Desk) -> None:
    post = desk.in_review()
    assert claim(desk) == [Wanted(post, 1, LINK)]
    assert claim(desk) == []


def test_a_draft_does_not(desk: Desk) -> None:
    draft = kept(desk.save(desk.form())).id
    assert claim(desk) == []
    desk.edit(draft)
    assert claim(desk) == [Wanted(draft, 2, LINK)]


def test_nothing_is_shown_until_the_page_was_looked_at(desk: Desk) -> None:
    post = desk.in_review()
    assert shown(desk, post) is None
    [page] = claim(desk)
    assert shown(desk, post) is None
    record(desk, page)
    assert shown(desk, post) == SEEN


@pytest.mark.parametrize("found", [SEEN, Preview("Only a title"), Preview(problem=Problem.SLOW)])
def test_what_was_found_makes_the_card_stale(desk: Desk, found: Preview) -> None:
    post = desk.in_review()
    [page] = claim(desk)
    [facts] = desk.do(chores.find, TEAM, desk.now).cards
    desk.do(chores.card_shown, post, "card", facts.card.version)
    assert not desk.do(chores.find, TEAM, desk.now)
    record(desk, page, found)
    [facts] = desk.do(chores.find, TEAM, desk.now).cards
    assert (facts.card.post, facts.preview) == (post, found)


def test_a_post_whose_link_did_not_change_keeps_its_preview(desk: Desk) -> None:
    post = looked_at(desk)
    desk.edit(post, title="Changed")
    assert claim(desk) == []
    assert shown(desk, post) == SEEN


def test_another_link_is_looked_at_anew(desk: Desk) -> None:
    post = looked_at(desk)
    desk.edit(post, link=OTHER)
    assert shown(desk, post) is None
    assert claim(desk) == [Wanted(post, 2, OTHER)]


def test_a_draft_with_another_link_does_not_show_the_preview_of_the_old_one(desk: Desk) -> None:
    post = looked_at(desk)
    desk.edit(post, draft=True, link=OTHER)
    assert shown(desk, post) is None
    assert claim(desk) == []
    desk.edit(post, link=LINK)
    assert shown(desk, post) == SEEN


def test_a_look_that_went_wrong_is_tried_again_with_the_next_submission(desk: Desk) -> None:
    failed = Preview(problem=Problem.UNREACHABLE)
    post = looked_at(desk, failed)
    assert shown(desk, post) == failed
    assert claim(desk) == []
    desk.edit(post, title="Changed")
    assert claim(desk) == [Wanted(post, 2, LINK)]


def test_a_form_delivered_twice_has_its_page_looked_at_once(desk: Desk) -> None:
    form = desk.form()
    desk.submit(form)
    [page] = claim(desk)
    record(desk, page)
    desk.submit(form)
    assert claim(desk) == []


def test_what_comes_after_the_link_has_changed_is_dropped(desk: Desk) -> None:
    post = desk.in_review()
    [page] = claim(desk)
    desk.edit(post, link=OTHER)
    assert not record(desk, page)
    assert shown(desk, post) is None
    [newer] = claim(desk)
    assert newer.link == OTHER
    assert not record(desk, page)
    assert record(desk, newer)
    assert not record(desk, newer)
    assert shown(desk, post) == SEEN


def test_a_look_that_died_with_its_process_is_done_again(desk: Desk) -> None:
    desk.in_review()
    [page] = claim(desk)
    desk.now += ABANDONED_AFTER
    assert claim(desk) == []
    desk.now += MOMENT
    assert claim(desk) == [page]
    desk.now += timedelta(seconds=1)
    assert claim(desk) == []
    assert record(desk, page)


def test_a_few_pages_are_looked_at_at_a_time(desk: Desk) -> None:
    made = [desk.in_review(link=f"{LINK}{number}") for number in range(AT_ONCE + 2)]
    assert [page.post for page in claim(desk)] == made[:AT_ONCE]
    assert [page.post for page in claim(desk)] == made[AT_ONCE:]


def test_the_page_of_an_ended_post_is_left_alone(desk: Desk) -> None:
    desk.withdraw(desk.in_review())
    assert claim(desk) == []


def test_the_pages_of_another_workspace_are_none_of_ours(desk: Desk) -> None:
    desk.in_review()
    assert claim(desk, OTHER_TEAM) == []
    assert len(claim(desk)) == 1
