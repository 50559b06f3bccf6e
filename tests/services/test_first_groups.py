"""First groups: whom a new post goes to first, when it goes on, and when it stops."""

from __future__ import annotations

import pytest

from bot.domain.delivery import Delivery
from bot.domain.draws import seed_of
from bot.domain.first_group import FirstGroup
from bot.domain.ids import PostId, UserId
from bot.domain.model import NoticeKind, Outcome, Reach, Stage
from bot.domain.responses import Answer
from bot.services import heartbeat, membership, snapshots
from bot.storage import snapshots as snapshot_rows
from bot.storage.tables import AskRow, MemberRow, NoticeRow
from tests.services.asks import (
    all_look_again,
    ask_everybody_due,
    next_day,
    staff,
    take_snapshot,
    the_post,
)
from tests.services.helpers import DAY, WEEK, ServiceWorld, post_of

PEOPLE = 60  # of whom 14 are a quarter, in steps
BASE = 0.25


@pytest.fixture
def crowd(afternoon: ServiceWorld) -> ServiceWorld:
    """So many members that figures act, and a live post that fits them all."""
    staff(afternoon, PEOPLE)
    take_snapshot(afternoon)
    afternoon.live()
    return afternoon


def in_group(world: ServiceWorld, share: float, revision: int = 1) -> set[str]:
    """Who is among the first for a text of the post, by their own number alone."""
    group = FirstGroup(PostId(1), revision, share)
    return {row.user for row in world.rows(MemberRow) if group.includes(seed_of(row.user))}


def pending(world: ServiceWorld) -> list[NoticeKind]:
    return [row.kind for row in world.rows(NoticeRow) if row.sent_at is None]


def respond_all(world: ServiceWorld, users: list[str], stage: Stage) -> None:
    for user in users:
        world.respond(user, 1, Answer(stage, in_ask=True))


def first_group(world: ServiceWorld) -> list[str]:
    """The first group has been asked; their names in order."""
    asked = sorted(ask_everybody_due(world))
    assert len(asked) >= 14
    return asked


# Whom it goes to


def test_with_few_members_a_post_goes_to_everybody_at_once_and_is_never_stopped(
    afternoon: ServiceWorld,
) -> None:
    staff(afternoon, 14)
    take_snapshot(afternoon)
    afternoon.live()
    asked = ask_everybody_due(afternoon)
    assert len(asked) == 14
    respond_all(afternoon, sorted(asked), Stage.SKIPPED)
    for _ in range(8):
        next_day(afternoon)
        assert the_post(afternoon).reach is Reach.FIRST_GROUP
    assert NoticeKind.FIRST_GROUP_STOPPED not in pending(afternoon)


def test_before_the_first_snapshot_it_goes_to_everybody(afternoon: ServiceWorld) -> None:
    staff(afternoon, PEOPLE)
    afternoon.live()
    assert len(ask_everybody_due(afternoon)) == PEOPLE


def test_a_post_goes_to_those_whose_own_number_is_below_the_share(crowd: ServiceWorld) -> None:
    assert ask_everybody_due(crowd) == in_group(crowd, BASE)
    all_look_again(crowd)
    assert ask_everybody_due(crowd) == set(), "nobody takes the place of another"


def test_nobody_comes_in_for_who_left(crowd: ServiceWorld) -> None:
    for user in sorted(in_group(crowd, BASE))[:5]:
        crowd.run(membership.leave, UserId(user))
    assert ask_everybody_due(crowd) == in_group(crowd, BASE) - set(
        sorted(in_group(crowd, BASE))[:5]
    )


def test_the_share_of_a_post_is_counted_from_those_it_fits(crowd: ServiceWorld) -> None:
    crowd.members([f"E{number}" for number in range(40)], topics=("hiring",))
    crowd.member("B1", delivery=frozenset({Delivery.CHANNEL}))
    next_day(crowd)
    stored = crowd.run(snapshot_rows.load)
    assert stored.group_share == 0.15  # 14 of 100
    assert stored.group_shares == {PostId(1): BASE}
    next_day(crowd, frozenset(UserId(f"U{number:03}") for number in range(20)))
    assert crowd.run(snapshot_rows.load).group_shares == {PostId(1): 0.35}, "14 of 40"


def test_it_doubles_after_each_two_working_days(crowd: ServiceWorld) -> None:
    asked = ask_everybody_due(crowd)
    for days, share in ((1, BASE), (2, 2 * BASE), (3, 2 * BASE), (6, 4 * BASE)):
        morning = crowd.now
        crowd.now += days * DAY
        all_look_again(crowd)
        asked |= ask_everybody_due(crowd)
        assert asked == in_group(crowd, share)
        crowd.now = morning


# The verdict


def test_answers_change_nothing_before_the_next_snapshot(crowd: ServiceWorld) -> None:
    respond_all(crowd, first_group(crowd)[:7], Stage.SKIPPED)
    crowd.run(heartbeat.run_heartbeat)
    all_look_again(crowd)
    assert ask_everybody_due(crowd) == set()
    assert the_post(crowd).reach is Reach.FIRST_GROUP
    assert pending(crowd) == []


def test_too_many_skips_stop_it_and_comms_hear_of_it_once(crowd: ServiceWorld) -> None:
    respond_all(crowd, first_group(crowd)[:7], Stage.SKIPPED)
    for _ in range(5):
        next_day(crowd)
        all_look_again(crowd)
        assert ask_everybody_due(crowd) == set()
    assert the_post(crowd).reach is Reach.STOPPED
    assert pending(crowd) == [NoticeKind.FIRST_GROUP_STOPPED]


@pytest.mark.parametrize("skips", [0, 6])
def test_six_skips_are_too_few_for_a_verdict(crowd: ServiceWorld, skips: int) -> None:
    respond_all(crowd, first_group(crowd)[:skips], Stage.SKIPPED)
    next_day(crowd)
    assert the_post(crowd).reach is Reach.FIRST_GROUP


def test_so_is_a_group_in_which_hardly_anybody_else_was_asked(crowd: ServiceWorld) -> None:
    first = first_group(crowd)
    respond_all(crowd, first[: len(first) - 6], Stage.SKIPPED)
    next_day(crowd)
    assert the_post(crowd).reach is Reach.FIRST_GROUP


def test_people_in_comms_count_in_no_verdict(crowd: ServiceWorld) -> None:
    first = first_group(crowd)
    respond_all(crowd, first[:7], Stage.SKIPPED)
    next_day(crowd, {UserId(first[0])})
    assert the_post(crowd).reach is Reach.FIRST_GROUP
    next_day(crowd)
    assert the_post(crowd).reach is Reach.STOPPED


def test_a_welcome_opens_it_to_everybody(crowd: ServiceWorld) -> None:
    first = first_group(crowd)
    respond_all(crowd, first[:7], Stage.INTERESTED)
    next_day(crowd)
    assert the_post(crowd).reach is Reach.EVERYBODY
    all_look_again(crowd)
    assert len(ask_everybody_due(crowd)) == PEOPLE - len(first)
    assert pending(crowd) == []


def test_lapsed_asks_alone_never_stop_a_post(crowd: ServiceWorld) -> None:
    first_group(crowd)
    for _ in range(3):
        crowd.now += WEEK
        crowd.plan()
        take_snapshot(crowd)
    assert {row.outcome for row in crowd.rows(AskRow)} <= {Outcome.LAPSED, None}
    assert the_post(crowd).reach is Reach.FIRST_GROUP


def test_a_stopped_post_stays_so_when_figures_no_longer_act(crowd: ServiceWorld) -> None:
    respond_all(crowd, first_group(crowd)[:7], Stage.SKIPPED)
    next_day(crowd)
    for number in range(10, PEOPLE):
        crowd.run(membership.leave, UserId(f"U{number:03}"))
    crowd.now += WEEK
    take_snapshot(crowd)
    assert not crowd.run(snapshot_rows.load).gate
    all_look_again(crowd)
    assert ask_everybody_due(crowd) == set(), "comms were told that nobody else is asked"


# Corrections


def test_a_correction_begins_again_with_a_group_of_its_own(crowd: ServiceWorld) -> None:
    first = first_group(crowd)
    respond_all(crowd, first[:7], Stage.SKIPPED)
    next_day(crowd)
    assert the_post(crowd).reach is Reach.STOPPED
    crowd.edit(1, title="Corrected")
    post_of(crowd.approve(1))
    assert the_post(crowd).reach is Reach.FIRST_GROUP
    all_look_again(crowd)
    second = ask_everybody_due(crowd)
    assert second == in_group(crowd, BASE, revision=2) - set(first)
    next_day(crowd)
    assert the_post(crowd).reach is Reach.FIRST_GROUP, "answers to the old text do not count"
    crowd.now += DAY
    all_look_again(crowd)
    second |= ask_everybody_due(crowd)
    assert second == in_group(crowd, 2 * BASE, revision=2) - set(first), "it has its own time"


def test_a_correction_of_a_post_for_everybody_goes_on(crowd: ServiceWorld) -> None:
    first = first_group(crowd)
    respond_all(crowd, first[:7], Stage.INTERESTED)
    next_day(crowd)
    crowd.edit(1, title="Corrected")
    post_of(crowd.approve(1))
    assert the_post(crowd).reach is Reach.EVERYBODY
    all_look_again(crowd)
    assert len(ask_everybody_due(crowd)) == PEOPLE - len(first)


def test_the_snapshot_is_taken_by_one_process_and_so_is_the_verdict(crowd: ServiceWorld) -> None:
    respond_all(crowd, first_group(crowd)[:7], Stage.SKIPPED)
    next_day(crowd)
    assert not crowd.run(snapshots.take, frozenset())
    assert pending(crowd) == [NoticeKind.FIRST_GROUP_STOPPED]
