"""Each wording is opened by a few people in a week; then others come first, and comms are asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain import wording_order
from bot.domain.ids import PostId, UserId, WordingId
from bot.domain.model import NoticeKind, Stage
from bot.domain.post import Network, Wording
from bot.domain.responses import Answer
from bot.services import heartbeat, membership, responses, share_dialog
from bot.services.share_dialog import ShareDialogData
from bot.storage.tables import NoticeRow, ResponseEventRow, WordingRow
from tests.services.helpers import AMARA, DAY, MOMENT, ServiceWorld, post_of

FIRST = Wording(Network.LINKEDIN, "Backups now take half the time.")
SECOND = Wording(Network.LINKEDIN, "Half the time for every backup.")
ON_X = Wording(Network.X, "Backups in half the time.")
COLLEAGUES = [f"U_COLLEAGUE{number}" for number in range(wording_order.MIN_LIMIT)]


@pytest.fixture
def post(world: ServiceWorld) -> int:
    """A live post with two wordings for LinkedIn and one for X; five colleagues have joined."""
    post = world.live(wordings=(FIRST, SECOND, ON_X))
    for user in (AMARA, *COLLEAGUES):
        world.join(user)
    return post


def number(world: ServiceWorld, wording: Wording, post: int = 1) -> int:
    """The number of the newest wording of that text."""
    found = [
        int(row.id)
        for row in world.rows(WordingRow)
        if (row.post_id, row.network, row.text) == (post, wording.network, wording.text)
    ]
    return found[-1]


def opens(world: ServiceWorld, post: int, wording: Wording, *users: str) -> None:
    opened = Answer(
        Stage.OPENED, network=wording.network, wording_id=WordingId(number(world, wording, post))
    )
    for user in users:
        assert isinstance(world.respond(user, post, opened), responses.Stored)


def offered(world: ServiceWorld, post: int, user: str = AMARA) -> tuple[Wording, ...]:
    data = world.run(share_dialog.load_share_dialog, UserId(user), PostId(post))
    assert isinstance(data, ShareDialogData)
    return data.wordings


def notices(world: ServiceWorld) -> list[tuple[int | None, str | None]]:
    """What comms were told about words, after a heartbeat."""
    world.run(heartbeat.run_heartbeat)
    kind = NoticeKind.WORDINGS_USED_UP
    return [(row.post_id, row.detail) for row in world.rows(NoticeRow) if row.kind is kind]


def test_the_least_used_wording_is_offered_first(world: ServiceWorld, post: int) -> None:
    assert offered(world, post) == (FIRST, SECOND, ON_X)
    opens(world, post, FIRST, *COLLEAGUES[:2])
    opens(world, post, ON_X, COLLEAGUES[3])
    assert offered(world, post) == (SECOND, ON_X, FIRST)


def test_after_five_people_a_wording_is_not_offered_for_seven_days(
    world: ServiceWorld, post: int
) -> None:
    opens(world, post, FIRST, *COLLEAGUES[:-1])
    assert FIRST in offered(world, post)
    opens(world, post, FIRST, COLLEAGUES[-1])
    assert offered(world, post) == (SECOND, ON_X)
    world.now += wording_order.WINDOW - MOMENT
    assert FIRST not in offered(world, post)
    world.now += MOMENT
    assert offered(world, post) == (FIRST, SECOND, ON_X)


def test_nothing_is_blocked(world: ServiceWorld, post: int) -> None:
    opens(world, post, FIRST, *COLLEAGUES)
    opens(world, post, FIRST, AMARA)
    assert len(world.rows(ResponseEventRow)) == len(COLLEAGUES) + 1


def test_more_members_let_a_wording_go_further(world: ServiceWorld, post: int) -> None:
    opens(world, post, FIRST, *COLLEAGUES)
    for place in range(120 - len(COLLEAGUES) - 1):
        world.join(f"U_MORE{place}")
    assert FIRST in offered(world, post), "5 % of 120 members are six"
    world.run(membership.leave, UserId("U_MORE0"))
    assert FIRST not in offered(world, post), "who left does not count"


def test_a_person_counts_once_however_often_they_open_it(world: ServiceWorld, post: int) -> None:
    for _ in range(wording_order.MIN_LIMIT):
        opens(world, post, FIRST, AMARA)
        opens(world, post, ON_X, AMARA)
        world.now += timedelta(hours=1)
    assert offered(world, post) == (SECOND, FIRST, ON_X)
    assert len(world.rows(ResponseEventRow)) <= 2 * wording_order.MIN_LIMIT


def test_opening_again_counts_again_only_when_a_week_has_passed(
    world: ServiceWorld, post: int
) -> None:
    opens(world, post, FIRST, AMARA)
    world.now += DAY
    opens(world, post, FIRST, AMARA)
    assert len(world.rows(ResponseEventRow)) == 1
    world.now += wording_order.WINDOW
    opens(world, post, FIRST, AMARA)
    assert [row.at for row in world.rows(ResponseEventRow)][-1] == world.now
    assert offered(world, post) == (SECOND, ON_X, FIRST)


def test_another_wording_of_the_same_network_counts_too(world: ServiceWorld, post: int) -> None:
    opens(world, post, FIRST, AMARA)
    opens(world, post, SECOND, AMARA)
    assert offered(world, post) == (ON_X, FIRST, SECOND)


def test_a_wording_opened_after_sharing_counts_without_a_step_back(
    world: ServiceWorld, post: int
) -> None:
    world.respond(AMARA, post, Answer(Stage.SHARED, network=Network.X))
    opens(world, post, FIRST, AMARA)
    assert offered(world, post)[-1] == FIRST
    data = world.run(share_dialog.load_share_dialog, AMARA, PostId(post))
    assert isinstance(data, ShareDialogData)
    assert data.stage is Stage.SHARED


def test_own_words_count_for_no_wording(world: ServiceWorld, post: int) -> None:
    for user in COLLEAGUES:
        world.respond(user, post, Answer(Stage.OPENED, network=Network.LINKEDIN))
    assert offered(world, post) == (FIRST, SECOND, ON_X)


@pytest.mark.parametrize("wording", [0, 999, 2**31 - 1])
def test_a_number_that_is_no_wording_of_the_post_counts_for_none(
    world: ServiceWorld, post: int, wording: int
) -> None:
    answer = Answer(Stage.OPENED, network=Network.X, wording_id=WordingId(wording))
    for _ in range(2):
        assert isinstance(world.respond(AMARA, post, answer), responses.Stored)
    assert [row.wording_id for row in world.rows(ResponseEventRow)] == [None]


def test_another_posts_wording_counts_for_none(world: ServiceWorld, post: int) -> None:
    other = world.live(wordings=(FIRST,))
    answer = Answer(
        Stage.OPENED, network=FIRST.network, wording_id=WordingId(number(world, FIRST, other))
    )
    assert isinstance(world.respond(AMARA, post, answer), responses.Stored)
    assert [row.wording_id for row in world.rows(ResponseEventRow)] == [None]


def test_a_correction_that_keeps_a_text_keeps_its_count(world: ServiceWorld, post: int) -> None:
    opens(world, post, FIRST, *COLLEAGUES)
    old = number(world, FIRST)
    world.edit(post, title="A better title", wordings=(FIRST, ON_X))
    post_of(world.approve(post))
    assert offered(world, post) == (ON_X,)
    late = Answer(Stage.OPENED, network=FIRST.network, wording_id=WordingId(old))
    world.respond(AMARA, post, late)
    assert world.rows(ResponseEventRow)[-1].wording_id == old, "an older dialog still counts"


def test_comms_are_asked_for_words_once_for_each_network_and_revision(
    world: ServiceWorld, post: int
) -> None:
    opens(world, post, FIRST, *COLLEAGUES)
    assert notices(world) == []
    opens(world, post, SECOND, *COLLEAGUES)
    for _ in range(2):
        assert notices(world) == [(post, "linkedin:1")]
    opens(world, post, ON_X, *COLLEAGUES)
    assert notices(world) == [(post, "linkedin:1"), (post, "x:1")]
    world.edit(post, wordings=(FIRST, SECOND, ON_X), title="The same words")
    post_of(world.approve(post))
    assert notices(world)[2:] == [(post, "linkedin:2"), (post, "x:2")]


def test_nobody_is_asked_for_words_of_a_post_that_has_ended(world: ServiceWorld, post: int) -> None:
    opens(world, post, ON_X, *COLLEAGUES)
    post_of(world.withdraw(post))
    assert notices(world) == []


def statements(world: ServiceWorld, answer: Answer, user: str) -> int:
    """How many statements a click takes."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(world.engine, "before_cursor_execute", note)
    try:
        world.respond(user, 1, answer)
    finally:
        event.remove(world.engine, "before_cursor_execute", note)
    return len([one for one in seen if one.split()[0] in ("SELECT", "INSERT", "UPDATE")])


def test_a_skip_takes_no_more_statements_and_an_opening_at_most_one(
    world: ServiceWorld, post: int
) -> None:
    first = number(world, FIRST)
    plain = Answer(Stage.OPENED, network=Network.LINKEDIN)
    opened = Answer(Stage.OPENED, network=Network.LINKEDIN, wording_id=WordingId(first))
    assert statements(world, Answer(Stage.SKIPPED), AMARA) == 3, "the scene, the row, its history"
    assert statements(world, opened, COLLEAGUES[0]) == statements(world, plain, COLLEAGUES[1])
    again = statements(world, plain, COLLEAGUES[1])
    assert statements(world, opened, COLLEAGUES[0]) == again + 1
