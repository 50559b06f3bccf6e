"""Each member meets wordings in an order of their own; those used enough come last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain import wording_order
from bot.domain.ids import PostId, UserId, WordingId
from bot.domain.model import NoticeKind, Stage
from bot.domain.post import Network, Wording
from bot.domain.responses import Answer
from bot.services import membership, responses, share_dialog, snapshots
from bot.services.share_dialog import ShareDialogData
from bot.storage.tables import NoticeRow, ResponseEventRow, WordingRow
from tests.services.helpers import AMARA, DAY, ServiceWorld, post_of

FIRST = Wording(Network.LINKEDIN, "Backups now take half the time.")
SECOND = Wording(Network.LINKEDIN, "Half the time for every backup.")
ON_X = Wording(Network.X, "Backups in half the time.")
COLLEAGUES = [UserId(f"U_COLLEAGUE{number}") for number in range(30)]
ENOUGH = COLLEAGUES[: wording_order.max_uses(30)]
NOBODY: frozenset[UserId] = frozenset()


@pytest.fixture
def post(world: ServiceWorld) -> int:
    """A live post with two wordings for LinkedIn, one for X, and members enough for figures."""
    post = world.live(wordings=(FIRST, SECOND, ON_X))
    world.join_all([AMARA, *COLLEAGUES])
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


def load(world: ServiceWorld, post: int, user: str = AMARA) -> ShareDialogData:
    data = world.run(share_dialog.load_share_dialog, UserId(user), PostId(post))
    assert isinstance(data, ShareDialogData)
    return data


def next_day(world: ServiceWorld, comms: frozenset[UserId] = NOBODY) -> None:
    """It is the next day, and the snapshot has been taken."""
    world.now += DAY
    assert world.run(snapshots.take, comms)


def used(world: ServiceWorld, post: int = 1) -> set[Wording]:
    """What everybody is offered last."""
    found = {frozenset(load(world, post, user).used) for user in (AMARA, *COLLEAGUES[:3])}
    assert len(found) == 1
    return set(found.pop())


def notices(world: ServiceWorld) -> list[tuple[int | None, str | None]]:
    """What comms were told about words."""
    kind = NoticeKind.WORDINGS_USED_UP
    return [(row.post_id, row.detail) for row in world.rows(NoticeRow) if row.kind is kind]


def test_nobodys_opening_changes_what_another_is_offered(world: ServiceWorld, post: int) -> None:
    before = load(world, post)
    opens(world, post, before.wordings[0], *COLLEAGUES[:5])
    assert load(world, post) == before
    next_day(world)
    assert load(world, post) == before, "five are too few to speak of"


def test_colleagues_begin_with_different_words(world: ServiceWorld, post: int) -> None:
    first = {load(world, post, user).wordings[0] for user in COLLEAGUES}
    assert first == {FIRST, SECOND, ON_X}
    stranger = load(world, post, "U_STRANGER")
    assert stranger.wordings == (FIRST, SECOND, ON_X)


def test_a_wording_used_enough_comes_last_from_the_next_day_on_for_seven_days(
    world: ServiceWorld, post: int
) -> None:
    opens(world, post, FIRST, *ENOUGH)
    assert used(world) == set()
    next_day(world)
    assert used(world) == {FIRST}
    assert set(load(world, post).wordings) == {SECOND, ON_X}
    for _ in range(5):
        next_day(world)
    assert used(world) == {FIRST}
    next_day(world)
    assert used(world) == set()


def test_nothing_is_blocked(world: ServiceWorld, post: int) -> None:
    opens(world, post, FIRST, *ENOUGH)
    next_day(world)
    opens(world, post, FIRST, AMARA)
    assert len(world.rows(ResponseEventRow)) == len(ENOUGH) + 1


def test_comms_people_count_in_no_figure(world: ServiceWorld, post: int) -> None:
    opens(world, post, FIRST, *ENOUGH)
    next_day(world, frozenset({ENOUGH[0]}))
    assert used(world) == set()


def test_with_few_members_nothing_is_counted(world: ServiceWorld, post: int) -> None:
    opens(world, post, FIRST, *ENOUGH)
    for user in COLLEAGUES[13:]:
        world.run(membership.leave, user)
    next_day(world)
    assert used(world) == set()


def test_more_members_let_a_wording_go_further(world: ServiceWorld, post: int) -> None:
    opens(world, post, FIRST, *ENOUGH)
    world.join_all([f"U_MORE{place}" for place in range(140 - len(COLLEAGUES) - 1)])
    next_day(world)
    assert used(world) == set(), "5 % of 140 members are seven"


def test_a_person_counts_once_however_often_they_open_it(world: ServiceWorld, post: int) -> None:
    for _ in range(len(ENOUGH)):
        opens(world, post, FIRST, AMARA)
        opens(world, post, ON_X, AMARA)
        world.now += timedelta(hours=1)
    next_day(world)
    assert used(world) == set()
    assert len(world.rows(ResponseEventRow)) <= 2 * len(ENOUGH)


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


def test_a_wording_opened_after_sharing_counts_without_a_step_back(
    world: ServiceWorld, post: int
) -> None:
    for user in ENOUGH:
        world.respond(user, post, Answer(Stage.SHARED, network=Network.X))
    opens(world, post, FIRST, *ENOUGH)
    next_day(world)
    assert used(world) == {FIRST}
    assert load(world, post, ENOUGH[0]).stage is Stage.SHARED


def test_own_words_count_for_no_wording(world: ServiceWorld, post: int) -> None:
    for user in ENOUGH:
        world.respond(user, post, Answer(Stage.OPENED, network=Network.LINKEDIN))
    next_day(world)
    assert used(world) == set()


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
    opens(world, post, FIRST, *ENOUGH)
    old = number(world, FIRST)
    world.edit(post, title="A better title", wordings=(FIRST, ON_X))
    post_of(world.approve(post))
    next_day(world)
    assert used(world) == {FIRST}
    late = Answer(Stage.OPENED, network=FIRST.network, wording_id=WordingId(old))
    world.respond(AMARA, post, late)
    assert world.rows(ResponseEventRow)[-1].wording_id == old, "an older dialog still counts"


def test_comms_are_asked_for_words_once_for_each_network_and_revision(
    world: ServiceWorld, post: int
) -> None:
    opens(world, post, FIRST, *ENOUGH)
    next_day(world)
    assert notices(world) == []
    opens(world, post, SECOND, *ENOUGH)
    assert notices(world) == [], "not before the next morning"
    for _ in range(2):
        next_day(world)
        assert notices(world) == [(post, "linkedin:1")]
    opens(world, post, ON_X, *ENOUGH)
    world.edit(post, wordings=(FIRST, SECOND, ON_X), title="The same words")
    post_of(world.approve(post))
    next_day(world)
    assert notices(world)[1:] == [(post, "linkedin:2"), (post, "x:2")]


def test_nobody_is_asked_for_words_of_a_post_that_has_ended(world: ServiceWorld, post: int) -> None:
    opens(world, post, ON_X, *ENOUGH)
    post_of(world.withdraw(post))
    next_day(world)
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
