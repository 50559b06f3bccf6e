"""Each wording is opened by a few people in a week; then others come first, and comms are asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.domain import echo
from bot.domain.model import Network, NoticeKind, Stage, Wording
from bot.services import announcing, membership, responding
from bot.services.responding import Answer, Sight
from bot.storage.tables import NoticeRow, ResponseEventRow, WordingRow
from tests.services.helpers import AMARA, DAY, MOMENT, TEAM, Desk, kept

FIRST = Wording(Network.LINKEDIN, "Backups now take half the time.")
SECOND = Wording(Network.LINKEDIN, "Half the time for every backup.")
ON_X = Wording(Network.X, "Backups in half the time.")
COLLEAGUES = [f"U_COLLEAGUE{number}" for number in range(echo.FEWEST)]


@pytest.fixture
def post(desk: Desk) -> int:
    """A live post with two wordings for LinkedIn and one for X; five colleagues have joined."""
    post = desk.live(wordings=(FIRST, SECOND, ON_X))
    for user in (AMARA, *COLLEAGUES):
        desk.join(user)
    return post


def number(desk: Desk, wording: Wording, post: int = 1) -> int:
    """The number of the newest wording of that text."""
    found = [
        int(row.id)
        for row in desk.rows(WordingRow)
        if (row.post_id, row.network, row.text) == (post, wording.network, wording.text)
    ]
    return found[-1]


def opens(desk: Desk, post: int, wording: Wording, *users: str) -> None:
    opened = Answer(Stage.OPENED, network=wording.network, wording=number(desk, wording, post))
    for user in users:
        assert isinstance(desk.respond(user, post, opened), responding.Stored)


def offered(desk: Desk, post: int, user: str = AMARA) -> tuple[Wording, ...]:
    sight = desk.do(responding.look, TEAM, user, post, desk.now)
    assert isinstance(sight, Sight)
    return sight.wordings


def notices(desk: Desk) -> list[tuple[int | None, str | None]]:
    """What comms were told about words, after a heartbeat."""
    desk.do(announcing.prepare, TEAM, desk.now)
    kind = NoticeKind.WORDS_USED_UP
    return [(row.post_id, row.detail) for row in desk.rows(NoticeRow) if row.kind is kind]


def test_the_least_used_wording_is_offered_first(desk: Desk, post: int) -> None:
    assert offered(desk, post) == (FIRST, SECOND, ON_X)
    opens(desk, post, FIRST, *COLLEAGUES[:2])
    opens(desk, post, ON_X, COLLEAGUES[3])
    assert offered(desk, post) == (SECOND, ON_X, FIRST)


def test_after_five_people_a_wording_is_not_offered_for_seven_days(desk: Desk, post: int) -> None:
    opens(desk, post, FIRST, *COLLEAGUES[:-1])
    assert FIRST in offered(desk, post)
    opens(desk, post, FIRST, COLLEAGUES[-1])
    assert offered(desk, post) == (SECOND, ON_X)
    desk.now += echo.WINDOW - MOMENT
    assert FIRST not in offered(desk, post)
    desk.now += MOMENT
    assert offered(desk, post) == (FIRST, SECOND, ON_X)


def test_nothing_is_blocked(desk: Desk, post: int) -> None:
    opens(desk, post, FIRST, *COLLEAGUES)
    opens(desk, post, FIRST, AMARA)
    assert len(desk.rows(ResponseEventRow)) == len(COLLEAGUES) + 1


def test_more_members_let_a_wording_go_further(desk: Desk, post: int) -> None:
    opens(desk, post, FIRST, *COLLEAGUES)
    for place in range(120 - len(COLLEAGUES) - 1):
        desk.join(f"U_MORE{place}")
    assert FIRST in offered(desk, post), "5 % of 120 members are six"
    desk.do(membership.leave, TEAM, "U_MORE0", desk.now)
    assert FIRST not in offered(desk, post), "who left does not count"


def test_a_person_counts_once_however_often_they_open_it(desk: Desk, post: int) -> None:
    for _ in range(echo.FEWEST):
        opens(desk, post, FIRST, AMARA)
        opens(desk, post, ON_X, AMARA)
        desk.now += timedelta(hours=1)
    assert offered(desk, post) == (SECOND, FIRST, ON_X)
    assert len(desk.rows(ResponseEventRow)) <= 2 * echo.FEWEST


def test_opening_again_counts_again_only_when_a_week_has_passed(desk: Desk, post: int) -> None:
    opens(desk, post, FIRST, AMARA)
    desk.now += DAY
    opens(desk, post, FIRST, AMARA)
    assert len(desk.rows(ResponseEventRow)) == 1
    desk.now += echo.WINDOW
    opens(desk, post, FIRST, AMARA)
    assert [row.at for row in desk.rows(ResponseEventRow)][-1] == desk.now
    assert offered(desk, post) == (SECOND, ON_X, FIRST)


def test_another_wording_of_the_same_network_counts_too(desk: Desk, post: int) -> None:
    opens(desk, post, FIRST, AMARA)
    opens(desk, post, SECOND, AMARA)
    assert offered(desk, post) == (ON_X, FIRST, SECOND)


def test_a_wording_opened_after_sharing_counts_without_a_step_back(desk: Desk, post: int) -> None:
    desk.respond(AMARA, post, Answer(Stage.SHARED, network=Network.X))
    opens(desk, post, FIRST, AMARA)
    assert offered(desk, post)[-1] == FIRST
    sight = desk.do(responding.look, TEAM, AMARA, post, desk.now)
    assert isinstance(sight, Sight)
    assert sight.stage is Stage.SHARED


def test_own_words_count_for_no_wording(desk: Desk, post: int) -> None:
    for user in COLLEAGUES:
        desk.respond(user, post, Answer(Stage.OPENED, network=Network.LINKEDIN))
    assert offered(desk, post) == (FIRST, SECOND, ON_X)


@pytest.mark.parametrize("wording", [0, 999, 2**31 - 1])
def test_a_number_that_is_no_wording_of_the_post_counts_for_none(
    desk: Desk, post: int, wording: int
) -> None:
    answer = Answer(Stage.OPENED, network=Network.X, wording=wording)
    for _ in range(2):
        assert isinstance(desk.respond(AMARA, post, answer), responding.Stored)
    assert [row.wording_id for row in desk.rows(ResponseEventRow)] == [None]


def test_another_posts_wording_counts_for_none(desk: Desk, post: int) -> None:
    other = desk.live(wordings=(FIRST,))
    answer = Answer(Stage.OPENED, network=FIRST.network, wording=number(desk, FIRST, other))
    assert isinstance(desk.respond(AMARA, post, answer), responding.Stored)
    assert [row.wording_id for row in desk.rows(ResponseEventRow)] == [None]


def test_a_correction_that_keeps_a_text_keeps_its_count(desk: Desk, post: int) -> None:
    opens(desk, post, FIRST, *COLLEAGUES)
    old = number(desk, FIRST)
    desk.edit(post, title="A better title", wordings=(FIRST, ON_X))
    kept(desk.approve(post))
    assert offered(desk, post) == (ON_X,)
    late = Answer(Stage.OPENED, network=FIRST.network, wording=old)
    desk.respond(AMARA, post, late)
    assert desk.rows(ResponseEventRow)[-1].wording_id == old, "an older dialog still counts"


def test_comms_are_asked_for_words_once_for_each_network_and_revision(
    desk: Desk, post: int
) -> None:
    opens(desk, post, FIRST, *COLLEAGUES)
    assert notices(desk) == []
    opens(desk, post, SECOND, *COLLEAGUES)
    for _ in range(2):
        assert notices(desk) == [(post, "linkedin:1")]
    opens(desk, post, ON_X, *COLLEAGUES)
    assert notices(desk) == [(post, "linkedin:1"), (post, "x:1")]
    desk.edit(post, wordings=(FIRST, SECOND, ON_X), title="The same words")
    kept(desk.approve(post))
    assert notices(desk)[2:] == [(post, "linkedin:2"), (post, "x:2")]


def test_nobody_is_asked_for_words_of_a_post_that_has_ended(desk: Desk, post: int) -> None:
    opens(desk, post, ON_X, *COLLEAGUES)
    kept(desk.withdraw(post))
    assert notices(desk) == []


def statements(desk: Desk, answer: Answer, user: str) -> int:
    """How many statements a click takes."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(desk.engine, "before_cursor_execute", note)
    try:
        desk.respond(user, 1, answer)
    finally:
        event.remove(desk.engine, "before_cursor_execute", note)
    return len([one for one in seen if one.split()[0] in ("SELECT", "INSERT", "UPDATE")])


def test_a_skip_takes_no_more_statements_and_an_opening_at_most_one(desk: Desk, post: int) -> None:
    first = number(desk, FIRST)
    plain = Answer(Stage.OPENED, network=Network.LINKEDIN)
    opened = Answer(Stage.OPENED, network=Network.LINKEDIN, wording=first)
    assert statements(desk, Answer(Stage.SKIPPED), AMARA) == 3, "the scene, the row, its history"
    assert statements(desk, opened, COLLEAGUES[0]) == statements(desk, plain, COLLEAGUES[1])
    again = statements(desk, plain, COLLEAGUES[1])
    assert statements(desk, opened, COLLEAGUES[0]) == again + 1
