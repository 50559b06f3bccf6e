"""Closing: figures of posts and months are computed once, from people outside comms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.domain.ids import PostId, UserId
from bot.domain.model import SkipReason, Stage
from bot.domain.post import Network
from bot.domain.report import NoSpan
from bot.domain.reports import ALL_OPENED, Figure, Group, Question
from bot.domain.responses import Answer
from bot.domain.spans import Span
from bot.services import closing, membership, snapshots
from bot.services import reports as report_services
from bot.storage import figures, reports
from bot.storage.tables import MemberFiguresRow, PostFiguresRow
from tests.services.helpers import DAY, WEEK, ServiceWorld, post_of

STAFF = [UserId(f"U{number:02}") for number in range(40)]
COMMS = [UserId(f"UC{number}") for number in range(3)]
OPENED = Answer(Stage.OPENED, network=Network.LINKEDIN)
SHARED = Answer(Stage.SHARED, network=Network.LINKEDIN)
SKIPPED = Answer(Stage.SKIPPED, reason=SkipReason.NOT_NOW)
ON_THE_FIRST = datetime(2026, 9, 1, 8, tzinfo=UTC)
AUGUST, SEPTEMBER, OCTOBER = (date(2026, month, 1) for month in (8, 9, 10))


def daily(world: ServiceWorld, days: int = 1, *, step: timedelta = DAY) -> None:
    """Let days pass, each with its daily work; with another step it was missed in between."""
    apart = frozenset(COMMS)
    for _ in range(days):
        world.now += step
        world.run(snapshots.take, apart)
        for post in world.run(closing.begin):
            world.run(closing.close_post, post, apart)
        month = world.run(closing.end, apart)
        while month is not None:
            waiting = world.run(closing.load_waiting, month, apart)
            published = None if waiting is None else waiting.publish()
            month = world.run(closing.close_month, month, waiting, published)
        world.erase()


def company(world: ServiceWorld, *, figures_on: bool = True) -> None:
    """Forty members and three in comms, from the end of August on."""
    world.now = ON_THE_FIRST - WEEK
    world.save_workspace(figures=figures_on, consent_months=24)
    world.join_all([*STAFF, *COMMS])
    daily(world, 7)


def ended(world: ServiceWorld, answers: Sequence[Answer], by: Sequence[UserId] = STAFF) -> PostId:
    """A post that these people answered, and that has ended now."""
    post = world.live()
    for user, answer in zip((*COMMS, *by), (OPENED, OPENED, OPENED, *answers), strict=False):
        world.respond(user, post, answer)
    post_of(world.withdraw(post))
    return PostId(post)


def shown(found: Sequence[Figure]) -> dict[tuple[Question, Group], int]:
    return {(figure.question, figure.parts): figure.people for figure in found}


def of_post(world: ServiceWorld, post: PostId) -> dict[tuple[Question, Group], int] | None:
    found = world.run(reports.find_post, post)
    assert found is not None
    figures_of_it = found[0].figures
    return None if figures_of_it is None else shown(figures_of_it)


def newest(world: ServiceWorld) -> Span | None:
    return world.run(figures.find_span)


def why(world: ServiceWorld, month: date) -> NoSpan | None:
    return world.run(report_services.load_month, month).why


def opened(people: int) -> dict[tuple[Question, Group], int]:
    return {(Question.ANSWERS, ALL_OPENED): people}


def test_a_post_is_closed_once_a_week_after_it_ended(world: ServiceWorld) -> None:
    company(world)
    post = ended(world, [OPENED] * 14)
    daily(world, 6)
    assert of_post(world, post) is None
    daily(world)
    assert of_post(world, post) == opened(15), "comms don't count"
    for user in STAFF[:20]:
        world.run(membership.leave, user)
    daily(world, 6, step=WEEK)
    assert of_post(world, post) == opened(15)


def test_a_post_tells_nothing_of_a_few(world: ServiceWorld) -> None:
    company(world)
    post = ended(world, [OPENED] * 5 + [SKIPPED] * 5)
    daily(world, 7)
    assert of_post(world, post) == {}


def test_who_joined_after_it_ended_is_not_of_those_who_did_nothing(world: ServiceWorld) -> None:
    company(world)
    post = ended(world, [OPENED] * 35)
    world.now += DAY
    world.join_all([f"UNEW{number}" for number in range(10)])
    daily(world, 6)
    assert of_post(world, post) == {}


def test_what_closed_while_figures_were_off_is_never_computed(world: ServiceWorld) -> None:
    company(world, figures_on=False)
    post = ended(world, [OPENED] * 20)
    daily(world, 8)
    world.save_workspace(figures=True)
    daily(world, 7, step=WEEK)
    assert of_post(world, post) is None
    assert newest(world) is None
    assert why(world, SEPTEMBER) is NoSpan.BEFORE


def test_turning_figures_off_deletes_what_was_counted(world: ServiceWorld) -> None:
    company(world)
    ended(world, [OPENED] * 20)
    daily(world, 8)
    assert all(row.cells for row in world.rows(PostFiguresRow))
    world.save_workspace(figures=False)
    daily(world)
    world.save_workspace(figures=True)
    daily(world, 6, step=WEEK)
    assert [row.cells for row in world.rows(PostFiguresRow)] == [None]
    assert newest(world) is None
    assert why(world, SEPTEMBER) is NoSpan.BEFORE


def test_without_the_gate_nothing_is_computed(world: ServiceWorld) -> None:
    company(world)
    for user in STAFF[12:]:
        world.run(membership.leave, user)
    daily(world, 7)  # the gate is read on Mondays
    post = ended(world, [OPENED] * 8, STAFF[:12])
    daily(world, 6, step=WEEK)
    assert of_post(world, post) is None
    assert newest(world) is None


def test_a_month_is_closed_a_week_after_it_ended(world: ServiceWorld) -> None:
    company(world)
    posts = [ended(world, [OPENED] * people) for people in (14, 12)]
    while world.now < datetime(2026, 10, 7, 8, tzinfo=UTC):
        daily(world)
    assert newest(world) is None
    daily(world)
    span = newest(world)
    assert span is not None
    assert (span.first, span.last, span.posts, span.members) == (SEPTEMBER, SEPTEMBER, 2, 40)
    assert shown(span.figures) == opened(25)
    assert [of_post(world, post) for post in posts] == [opened(15), opened(10)]
    assert [row.cells for row in world.rows(PostFiguresRow)] == [None, None]


def test_a_month_that_is_too_small_joins_the_next(world: ServiceWorld) -> None:
    company(world)
    ended(world, [OPENED] * 14)
    ended(world, [OPENED] * 4)
    daily(world, 5, step=WEEK)
    assert world.now > datetime(2026, 10, 8, tzinfo=UTC)
    assert newest(world) is None, "else the small post's would be what is left"
    assert [why(world, month) for month in (AUGUST, SEPTEMBER)] == [NoSpan.NO_POST, NoSpan.WAITS]
    assert why(world, OCTOBER) is NoSpan.OPEN
    ended(world, [OPENED] * 4, STAFF[4:])
    ended(world, [OPENED] * 4, STAFF[8:])
    daily(world, 6, step=WEEK)
    span = newest(world)
    assert span is not None
    assert (span.first, span.last, span.posts) == (SEPTEMBER, OCTOBER, 4)
    assert shown(span.figures) == opened(25)
    assert [each.last for each in world.run(figures.load_spans, SEPTEMBER)] == [OCTOBER]


def test_exact_numbers_are_kept_for_a_year_at_most(world: ServiceWorld) -> None:
    company(world)
    ended(world, [OPENED] * 4)
    daily(world, 48, step=WEEK)
    assert [bool(row.cells) for row in world.rows(PostFiguresRow)] == [True]
    daily(world, 8, step=WEEK)
    assert [row.cells for row in world.rows(PostFiguresRow)] == [None]
    assert newest(world) is None
    assert [why(world, month) for month in (SEPTEMBER, OCTOBER)] == [
        NoSpan.TOLD_NEVER,
        NoSpan.NO_POST,
    ]


def test_members_are_counted_once_a_quarter(world: ServiceWorld) -> None:
    company(world)
    for number in range(4):
        world.join(f"UNEW{number}")
    daily(world, 20)
    assert [(row.quarter.month, row.members) for row in world.rows(MemberFiguresRow)] == [(7, 40)]
    for number in range(4, 10):
        world.join(f"UNEW{number}")
    daily(world, 20)
    assert [row.members for row in world.rows(MemberFiguresRow)] == [40, 40]
    world.join("UNEW10")
    daily(world, 13, step=WEEK)
    told = [row.members for row in world.rows(MemberFiguresRow)]
    assert told == [40, 40, 50], "six more than could be told at first"


def test_asks_count_once_for_each_member(afternoon: ServiceWorld) -> None:
    company(afternoon)
    for user in STAFF[:15]:
        afternoon.choose(user)
    afternoon.now = datetime(2026, 9, 1, 13, 45, tzinfo=UTC)
    post = afternoon.live()
    afternoon.plan()
    asked = len(afternoon.send_planned())
    assert asked
    post_of(afternoon.withdraw(post))
    daily(afternoon, 7)
    cells = afternoon.rows(PostFiguresRow)[0].cells
    assert sum(people for *_, was_asked, people in cells if was_asked) == asked


def test_posts_that_went_out_last_are_the_newest(world: ServiceWorld) -> None:
    world.save_workspace()
    waits = PostId(world.in_review())
    posts = [PostId(world.live()) for _ in range(2)]
    world.now += WEEK
    world.approve(waits)
    world.record_sent(world.claimed())
    assert [post.id for post in world.run(reports.load_out, 2)] == [waits, posts[1]]
