"""Notes to comms: signed at once, without a name together with others and only among many."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.ids import PostId, UserId
from bot.domain.model import NoticeKind
from bot.domain.responses import Unanswerable
from bot.services import notes, reconcile, snapshots
from bot.storage import notices
from bot.storage.tables import NoticeRow
from tests.services.helpers import AMARA, BO, MOMENT, ServiceWorld

NOBODY: frozenset[UserId] = frozenset()
# START is a Tuesday: ten o'clock in Berlin on the day after.
NEXT_MORNING = datetime(2026, 9, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def post(world: ServiceWorld) -> PostId:
    """A live post in a workspace with members enough for notes without a name."""
    post = world.live()
    world.join_all([f"U{number}" for number in range(10)])
    world.join()
    world.run(snapshots.take, NOBODY)
    return PostId(post)


def send(world: ServiceWorld, post: PostId, text: str, *, signed: bool, user: str = AMARA) -> None:
    assert world.run(notes.send_note, UserId(user), post, text, signed=signed) is None


def waiting(world: ServiceWorld) -> list[tuple[str | None, str | None]]:
    """What reaches comms now: who signed it, and the words."""
    found = world.run(reconcile.find_pending).notices
    return [
        (one.notice.actor_id, one.notice.detail)
        for one in found
        if one.notice.kind is NoticeKind.NOTE
    ]


def test_a_signed_note_goes_at_once(world: ServiceWorld, post: PostId) -> None:
    send(world, post, "Wrong date.", signed=True)
    assert waiting(world) == [(AMARA, "Wrong date.")]


def test_without_a_name_it_waits_for_ten_of_the_next_working_day(
    world: ServiceWorld, post: PostId
) -> None:
    send(world, post, "Wrong date.", signed=False)
    assert waiting(world) == []
    world.now = NEXT_MORNING - MOMENT
    assert waiting(world) == []
    world.now = NEXT_MORNING
    assert waiting(world) == [(None, "Wrong date.")]


def test_nothing_stored_tells_who_wrote_it_or_when(world: ServiceWorld, post: PostId) -> None:
    world.now += 1234 * MOMENT
    send(world, post, "Wrong date.", signed=False)
    [row] = [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.NOTE]
    assert (row.who, row.created_at, row.not_before) == (None, NEXT_MORNING, NEXT_MORNING)


def test_they_come_in_no_order(world: ServiceWorld, post: PostId) -> None:
    texts = [f"Note {number}" for number in range(12)]
    for text in texts:
        send(world, post, text, signed=False)
    world.now = NEXT_MORNING
    orders = {tuple(text for _, text in waiting(world)) for _ in range(8)}
    assert len(orders) > 1
    assert {tuple(sorted(str(text) for text in one)) for one in orders} == {tuple(sorted(texts))}


def test_among_few_members_it_needs_a_name(world: ServiceWorld) -> None:
    post = PostId(world.live())
    world.join()
    assert not world.run(notes.may_be_unsigned)
    refused = world.run(notes.send_note, AMARA, post, "Wrong date.", signed=False)
    assert refused == notes.NeedsName()
    assert [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.NOTE] == []
    send(world, post, "Wrong date.", signed=True)
    assert waiting(world) == [(AMARA, "Wrong date.")]


def test_a_note_is_kept_only_until_it_has_arrived(world: ServiceWorld, post: PostId) -> None:
    for signed in (False, False, True, True):
        send(world, post, "Wrong date.", signed=signed)
    found = [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.NOTE]
    assert [(row.who, row.detail) for row in found] == [
        (None, "Wrong date."),
        (AMARA, "Wrong date."),
    ]
    for row in found:
        world.run(notices.mark_sent, row.id)
    assert [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.NOTE] == []


@pytest.mark.parametrize("user", [AMARA, BO])
def test_a_note_needs_consent_and_a_post(world: ServiceWorld, user: str) -> None:
    post = world.live()
    world.join(BO)
    asked = post if user is AMARA else post + 1
    expected = Unanswerable.NO_CONSENT if user is AMARA else Unanswerable.NO_SUCH_POST
    refused = world.run(notes.send_note, UserId(user), PostId(asked), "Hi", signed=True)
    assert refused is expected
    assert not [row for row in world.rows(NoticeRow) if row.kind is NoticeKind.NOTE]
