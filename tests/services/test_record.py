"""The record of comms: what is done stands in it once, nothing else, and pages lead through it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from bot.domain.channel_queue import Move
from bot.domain.freeze import Freeze
from bot.domain.ids import PostId
from bot.domain.record import Act, Entry, Page, Turn
from bot.services import announcements, posts, record, schedule, workspaces
from bot.services.posts import Refused
from bot.services.record import ON_A_PAGE
from bot.storage import record as record_rows
from bot.storage.tables import ActRow, PostRow
from tests.services.helpers import AMARA, CARL, CLEO, OTHER_TEAM, WEEK, ServiceWorld, post_of


def page(world: ServiceWorld, post: int | None = None, turn: Turn | None = None) -> Page:
    return world.run(record.load_page, None if post is None else PostId(post), turn)


def acts(world: ServiceWorld) -> list[Act]:
    """What was done, oldest first."""
    return [entry.act for entry in reversed(page(world).entries)]


def last(world: ServiceWorld) -> Entry:
    return page(world).entries[0]


def told(entry: Entry) -> tuple[object, ...]:
    return entry.user_id, entry.act, entry.revision, entry.state_before, entry.state_after


def test_a_post_is_followed_from_its_draft_to_its_end(world: ServiceWorld) -> None:
    post = post_of(world.save(world.form())).id
    world.edit(post)
    world.send_back(post, "Please name the number.")
    world.edit(post, title="A second title")
    post_of(world.approve(post))
    world.record_sent(world.claimed())
    world.edit(post, title="Corrected", draft=True)
    post_of(world.withdraw(post))
    entries = page(world, post).entries[::-1]
    assert [told(entry) for entry in entries] == [
        (CLEO, Act.SAVE, 1, None, "draft"),
        (CLEO, Act.SUBMIT, 2, "draft", "in_review"),
        (CARL, Act.SEND_BACK, 2, "in_review", "returned"),
        (CLEO, Act.SUBMIT, 3, "returned", "in_review"),
        (CARL, Act.APPROVE, 3, "in_review", "approved"),
        (CLEO, Act.SAVE, 4, "live", "live:draft"),
        (CARL, Act.WITHDRAW, 4, "live:draft", "withdrawn"),
    ]
    assert [entry.detail for entry in entries if entry.detail] == [
        "Please name the number.",
        "#AcmeEmployee",
    ]
    assert entries[3].title == "A second title"
    assert {entry.at for entry in entries} == {world.now}


def test_who_approves_their_own_text_is_seen(world: ServiceWorld) -> None:
    world.save_workspace(approvals=1)
    post = world.in_review()
    post_of(world.approve(post, who=CLEO))
    assert told(last(world)) == (CLEO, Act.APPROVE_OWN, 1, "in_review", "approved")


def test_what_is_refused_or_repeated_is_not_in_it(world: ServiceWorld) -> None:
    form = world.form()
    post = post_of(world.submit(form)).id
    post_of(world.submit(form))
    assert isinstance(world.approve(post, who=CLEO), Refused)
    assert isinstance(world.approve(post, revision=7), Refused)
    assert isinstance(world.send_back(99), Refused)
    post_of(world.approve(post))
    post_of(world.approve(post))
    assert not world.run(announcements.settle_uncertain, CLEO, PostId(post))
    assert not world.run(announcements.queue_again, CLEO, PostId(post))
    world.run(schedule.move, CLEO, PostId(post), Move.NEXT)
    world.run(workspaces.unfreeze, CLEO)
    assert acts(world) == [Act.SUBMIT, Act.APPROVE]


def test_what_members_and_time_do_is_not_in_it(world: ServiceWorld) -> None:
    world.join(AMARA)
    post = world.approved()
    world.record_uncertain(world.claimed())
    world.run(announcements.note_message, PostId(post), "C_NEWS", "42.1")
    world.run(announcements.settle_found)
    world.now += 20 * WEEK
    world.run(posts.expire)
    assert acts(world) == [Act.SUBMIT, Act.APPROVE]


@pytest.mark.parametrize("ended", [True, False])
def test_a_members_click_does_not_show_in_what_comms_decide(
    world: ServiceWorld, ended: bool
) -> None:
    seen = []
    for clicked in (True, False):
        post = world.approved()
        world.record_uncertain(world.claimed())
        if clicked:
            world.run(announcements.note_message, PostId(post), "C_NEWS", f"{post}.1")
        if ended:
            post_of(world.withdraw(post))
        assert world.run(announcements.queue_again, CLEO, PostId(post))
        seen.append(told(last(world)))
        if not ended:
            post_of(world.withdraw(post))
        world.now += WEEK
    assert seen[0] == seen[1]


def test_a_move_names_the_places_in_the_queue(world: ServiceWorld) -> None:
    world.approved(title="First")
    second = world.approved(title="Second")
    world.run(schedule.move, CARL, PostId(second), Move.NEXT)
    entry = last(world)
    assert told(entry) == (CARL, Act.MOVE, 1, "2", "1")
    assert entry.title == "Second"


def test_a_freeze_is_recorded_with_its_end_and_its_reason(world: ServiceWorld) -> None:
    until = world.now + WEEK
    world.run(workspaces.freeze, CLEO)
    world.run(workspaces.freeze, CARL, Freeze(until, "The office is closed."))
    assert told(last(world)) == (
        CARL,
        Act.FREEZE,
        None,
        "frozen",
        f"frozen until {until.isoformat()}",
    )
    assert last(world).detail == "The office is closed."
    world.run(workspaces.unfreeze, CLEO)
    assert last(world).state_after == "open"
    world.run(workspaces.freeze, CARL, Freeze(until))
    world.now = until
    world.run(workspaces.end_freeze)
    assert acts(world) == [Act.FREEZE, Act.FREEZE, Act.UNFREEZE, Act.FREEZE]


def all_pages(world: ServiceWorld, post: int | None = None) -> list[Page]:
    found = [page(world, post)]
    while found[-1].older:
        found.append(page(world, post, Turn(found[-1].entries[-1].id, older=True)))
    return found


def numbers(entries: Sequence[Entry]) -> list[int]:
    return [entry.id for entry in entries]


def test_pages_lead_to_every_entry_and_back(world: ServiceWorld) -> None:
    for _ in range(ON_A_PAGE):
        world.run(workspaces.freeze, CLEO)
        world.run(workspaces.unfreeze, CARL)
    post = world.in_review()
    world.within(team=OTHER_TEAM).run(workspaces.freeze, CLEO)
    pages = all_pages(world)
    assert [one.newer for one in pages] == [False, True, True]
    found = [entry for one in pages for entry in one.entries]
    assert numbers(found) == sorted(numbers(found), reverse=True)
    assert len(found) == 2 * ON_A_PAGE + 1
    back = page(world, None, Turn(pages[2].entries[0].id, older=False))
    assert (back.entries, back.newer, back.older) == (pages[1].entries, True, True)
    newest = page(world, None, Turn(back.entries[0].id, older=False))
    assert newest == pages[0]
    # What a button led to may be gone meanwhile.
    assert page(world, None, Turn(1, older=True)) == pages[0]
    assert [entry.act for entry in page(world, post).entries] == [Act.SUBMIT]
    assert page(world, 99).entries == ()


def test_the_database_itself_keeps_the_record(world: ServiceWorld) -> None:
    world.in_review()
    before = world.rows(ActRow)
    for change in (update(ActRow).values(who=AMARA), delete(ActRow)):
        with pytest.raises(DBAPIError, match="record of comms"), world.engine.begin() as tx:
            tx.execute(change)
    assert world.run(record_rows.erase_before, world.now) == 0
    with pytest.raises(DBAPIError, match="record of comms"), world.engine.begin() as tx:
        tx.execute(delete(ActRow))
    assert world.rows(ActRow) == before
    world.run(workspaces.freeze, CLEO)
    later = world.now.replace(year=2027)
    assert world.within(now=later).run(record_rows.erase_before, later) == 2
    assert world.rows(ActRow) == []
    assert len(world.rows(PostRow)) == 1
