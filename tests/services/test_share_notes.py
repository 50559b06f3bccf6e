"""Telling comms that one shared: together in the morning, thanked for once, and never counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import PostId, UserId
from bot.domain.model import NoticeKind, Stage
from bot.domain.post import Network
from bot.domain.record import Act
from bot.domain.responses import Answer, Unanswerable
from bot.domain.share_notes import Batch, ShareNote, Unthankable
from bot.domain.troubles import Trouble
from bot.services import (
    membership,
    monitoring,
    notes,
    reconcile,
    record,
    responses,
    retention,
    share_notes,
    snapshots,
)
from bot.storage.share_notes import OwedThanks
from bot.storage.tables import DirectMessageRow, MemberRow, NoticeRow, RemovalRow, ShareNoteRow
from tests.services.helpers import AMARA, BO, CARL, CLEO, DAY, MOMENT, ServiceWorld
from tests.services.test_notes import NEXT_MORNING, NOBODY

TITLE = "The post"


@pytest.fixture
def post(world: ServiceWorld) -> PostId:
    """A live post that Amara and ten colleagues have marked as shared. Bo has only joined."""
    post = PostId(world.live(title=TITLE))
    for user in (*(f"U{number}" for number in range(10)), AMARA):
        world.join(user)
        mark(world, post, user)
    world.join(BO)
    world.run(snapshots.take, NOBODY)
    return post


def mark(world: ServiceWorld, post: PostId, user: str = AMARA, **how: Any) -> None:
    answer = Answer(how.pop("stage", Stage.SHARED), Network.LINKEDIN, **how)
    world.run(responses.record_response, UserId(user), post, answer)


def tell(
    world: ServiceWorld, post: PostId, words: str = "", user: str = AMARA, **chosen: bool
) -> object:
    chosen = {"signed": False, "may_answer": False} | chosen
    return world.run(share_notes.tell, UserId(user), post, words, **chosen)


def told(world: ServiceWorld) -> list[tuple[Batch, list[tuple[str, UserId | None]]]]:
    """What comms get now, each message once."""
    found = []
    while updates := [one for one in world.run(reconcile.find_pending).notices if one.share_notes]:
        for one in updates:
            said: tuple[ShareNote, ...] = one.share_notes
            world.run(reconcile.record_notice_sent, one.notice.id, [note.id for note in said])
            assert one.notice.post_id
            assert one.notice.not_before
            batch = Batch(one.notice.post_id, one.notice.not_before)
            found.append((batch, [(note.words, note.signed_by) for note in said]))
    return found


def owed(world: ServiceWorld) -> list[OwedThanks]:
    return [one for one, title in world.run(share_notes.find_owed, 50) if title == TITLE]


def the_batch(world: ServiceWorld) -> Batch:
    world.now = max(world.now, NEXT_MORNING)
    [(batch, _)] = told(world)
    return batch


def test_those_of_a_post_come_together_at_ten_signed_or_not(
    world: ServiceWorld, post: PostId
) -> None:
    start = world.now
    other = PostId(world.live(title="Another"))
    mark(world, other)
    world.now = start
    tell(world, post, "It went well.", signed=True)
    world.now += 77 * MOMENT
    tell(world, post, "Three comments.", "U1", may_answer=True)
    tell(world, other)
    assert {row.created_at for row in batches(world)} == {NEXT_MORNING}
    world.now = NEXT_MORNING - MOMENT
    assert told(world) == []
    world.now = NEXT_MORNING
    found = {batch.post_id: sorted(said) for batch, said in told(world)}
    assert found == {
        post: [("It went well.", AMARA), ("Three comments.", None)],
        other: [("", None)],
    }
    [left] = world.rows(ShareNoteRow)
    assert (left.words, left.signed, left.told) == ("", False, True)


def batches(world: ServiceWorld) -> list[Any]:
    return [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.SHARE_NOTES]


def test_they_come_in_no_order_and_many_in_more_than_one_message(
    world: ServiceWorld, post: PostId
) -> None:
    for number in range(10):
        tell(world, post, f"Note {number}", f"U{number}")
    world.now = NEXT_MORNING
    [update] = world.run(reconcile.find_pending).notices
    orders = {
        tuple(note.words for note in world.run(reconcile.find_pending).notices[0].share_notes)
        for _ in range(8)
    }
    assert len(orders) > 1
    few = [note.id for note in update.share_notes[:4]]
    world.run(reconcile.record_notice_sent, update.notice.id, few)
    [(again, rest)] = told(world)
    assert again == Batch(post, NEXT_MORNING)
    assert len(rest) == 6


def test_it_is_for_who_has_marked_it_as_shared(world: ServiceWorld, post: PostId) -> None:
    assert tell(world, post, user=BO) == share_notes.NotShared()
    assert tell(world, post, user=CARL) is Unanswerable.NO_CONSENT
    assert tell(world, PostId(post + 1)) is Unanswerable.NO_SUCH_POST
    world.withdraw(post)
    assert tell(world, post) is None  # one that has just ended was shared all the same
    assert len(world.rows(ShareNoteRow)) == 1


def test_among_few_members_it_needs_a_name(world: ServiceWorld) -> None:
    post = PostId(world.live())
    world.join()
    mark(world, post)
    assert tell(world, post) == notes.NeedsName()
    assert tell(world, post, signed=True) is None


def test_the_last_one_counts_while_it_waits(world: ServiceWorld, post: PostId) -> None:
    tell(world, post, "First.", signed=True)
    tell(world, post, "Second.")
    world.now = NEXT_MORNING
    [(_, said)] = told(world)
    assert said == [("Second.", None)]


@pytest.mark.parametrize("how", ["undo", "skip", "take back", "leave", "forget"])
def test_what_is_taken_back_is_not_told(world: ServiceWorld, post: PostId, how: str) -> None:
    tell(world, post, "Mine.", may_answer=True)
    take_back(world, post, how)
    world.now = NEXT_MORNING
    assert told(world) == []
    figures = world.run(monitoring.load_figures)
    assert figures is not None
    assert figures.notices_wait == timedelta()
    assert world.rows(ShareNoteRow) == []


@pytest.mark.parametrize("how", ["undo", "skip", "take back", "leave", "forget", "lapse"])
def test_nobody_is_thanked_who_took_it_back_or_left(
    world: ServiceWorld, post: PostId, how: str
) -> None:
    tell(world, post, may_answer=True)
    batch = the_batch(world)
    assert world.run(share_notes.thank, CLEO, batch, "") is None
    [one] = owed(world)
    take_back(world, post, how)
    assert not world.run(share_notes.claim, one)
    assert owed(world) == []
    world.run(share_notes.record_sent, one, "D1", "1.1")  # it was on its way
    assert [row.message_ts for row in world.rows(RemovalRow)] == ["1.1"]


def take_back(world: ServiceWorld, post: PostId, how: str) -> None:
    match how:
        case "undo":
            mark(world, post, stage=Stage.OPENED, undo=True)
        case "skip":
            mark(world, post, stage=Stage.SKIPPED)
        case "take back":
            world.run(responses.take_back, AMARA, post)
        case "leave":
            world.run(membership.leave, AMARA)
        case "forget":
            world.run(retention.forget, AMARA)
        case _:
            world.now += timedelta(days=200)


def test_comms_say_thanks_once_to_those_they_may_answer(world: ServiceWorld, post: PostId) -> None:
    tell(world, post, "Signed.", signed=True)
    tell(world, post, "Asks.", "U1", may_answer=True)
    tell(world, post, "", "U2", may_answer=True)
    before = {row.id: row for row in world.rows(MemberRow)}
    batch = the_batch(world)
    assert owed(world) == []
    assert world.run(share_notes.why_unthankable, batch) is None
    assert world.run(share_notes.thank, CLEO, batch, "Well done") is None
    assert world.run(share_notes.thank, CARL, batch, "Me too") is Unthankable.THANKED
    assert world.run(share_notes.why_unthankable, batch) is Unthankable.THANKED
    found = owed(world)
    assert [(one.user_id, one.words) for one in found] == [("U1", "Well done"), ("U2", "Well done")]
    first, second = found
    assert world.run(share_notes.claim, first)
    assert not world.run(share_notes.claim, first)
    world.run(share_notes.record_not_sent, first, Trouble.UNREACHABLE, world.now)
    assert world.run(share_notes.claim, first)
    world.run(share_notes.record_sent, first, "D1", "1.1")
    world.run(share_notes.claim, second)
    world.run(share_notes.record_uncertain, second)
    assert world.rows(ShareNoteRow) == []
    assert {row.id: row for row in world.rows(MemberRow)} == before  # no ask, and none counted
    [entry] = world.run(record.load_page, None).entries[:1]
    assert (entry.user_id, entry.act, entry.post_id, entry.detail) == (CLEO, Act.THANK, None, None)


def test_thanks_wait_for_the_hours_of_who_gets_them(world: ServiceWorld, post: PostId) -> None:
    tell(world, post, may_answer=True)
    tell(world, post, user="U1", may_answer=True)
    world.run(share_notes.thank, CLEO, the_batch(world), "")
    world.run(membership.pause, UserId("U1"), world.now + 2 * DAY)
    noon, world.now = world.now, world.now + timedelta(hours=14)
    assert owed(world) == []
    world.now = noon
    assert [one.user_id for one in owed(world)] == [AMARA]
    world.now += 2 * DAY
    assert len(owed(world)) == 2


def test_thanks_of_which_nobody_knows_are_not_said_again(world: ServiceWorld, post: PostId) -> None:
    tell(world, post, may_answer=True)
    world.run(share_notes.thank, CLEO, the_batch(world), "")
    [one] = owed(world)
    assert world.run(share_notes.claim, one)  # and its process died
    assert owed(world) == []
    world.now += DAY + MOMENT
    world.erase()
    assert world.rows(ShareNoteRow) == []


def test_everything_goes_with_the_answers_to_the_post(world: ServiceWorld, post: PostId) -> None:
    tell(world, post, user="U1", may_answer=True)
    batch = the_batch(world)
    world.run(share_notes.thank, CLEO, batch, "Well done")
    [one] = owed(world)
    world.run(share_notes.claim, one)
    world.run(share_notes.record_sent, one, "D1", "1.1")
    tell(world, post, may_answer=True)
    [row] = world.rows(DirectMessageRow)
    assert row.post_id == post
    world.withdraw(post)
    world.now += timedelta(days=31)
    later = the_batch(world)
    world.erase()
    for rows in (ShareNoteRow, DirectMessageRow):
        assert world.rows(rows) == []
    assert batches(world) == []
    assert [row.message_ts for row in world.rows(RemovalRow)] == ["1.1"]
    assert world.run(share_notes.thank, CLEO, later, "") is Unthankable.GONE
