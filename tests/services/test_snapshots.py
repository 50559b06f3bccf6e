"""The daily snapshot: taken once a day, late where it was missed, by one process."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.audience import Audience
from bot.domain.desk import Viewer
from bot.domain.ids import PostId, UserId
from bot.domain.model import Preferences
from bot.domain.post import Network
from bot.services import membership, preferences, reconcile, reviews, snapshots
from bot.storage import snapshots as snapshot_rows
from bot.storage import workspaces
from bot.storage.tables import SnapshotRow
from tests.services.helpers import CARL, DAY, OTHER_TEAM, START, WEEK, ServiceWorld

NOBODY: frozenset[UserId] = frozenset()


def people(count: int) -> list[UserId]:
    return [UserId(f"U{number}") for number in range(count)]


def gates(world: ServiceWorld) -> tuple[bool, bool]:
    found = world.run(snapshot_rows.load)
    return found.gate, found.note_gate


def test_it_is_taken_once_a_day_from_six_on(world: ServiceWorld) -> None:
    assert world.run(snapshots.is_due)
    assert world.run(snapshots.take, NOBODY)
    assert not world.run(snapshots.is_due)
    assert not world.run(snapshots.take, NOBODY)
    world.now = START + timedelta(hours=19, minutes=59)  # 05:59 in Berlin
    assert not world.run(snapshots.is_due)
    world.now += timedelta(minutes=1)
    assert world.run(snapshots.is_due)


def test_a_missed_one_is_taken_late_and_only_the_newest_is_kept(world: ServiceWorld) -> None:
    for days in (0, 1, 4):
        world.now = START + days * DAY
        assert world.run(snapshots.take, NOBODY)
    [row] = world.rows(SnapshotRow)
    assert row.day == world.now.date()


def test_each_workspace_has_its_own(world: ServiceWorld) -> None:
    assert world.run(snapshots.take, NOBODY)
    assert world.within(team=OTHER_TEAM).run(snapshots.is_due)
    assert world.within(team=OTHER_TEAM).run(snapshots.take, NOBODY)
    assert len(world.rows(SnapshotRow)) == 2


def test_figures_act_by_the_number_of_members_read_on_mondays(world: ServiceWorld) -> None:
    world.run(snapshots.take, NOBODY)
    assert gates(world) == (False, False)
    for user in people(24):
        world.join(user)
    for _ in range(5):  # until Sunday
        world.now += DAY
        world.run(snapshots.take, NOBODY)
        assert gates(world) == (False, False)
    world.now += DAY
    world.run(snapshots.take, NOBODY)
    assert gates(world) == (True, True)
    for user in people(24)[6:]:
        world.run(membership.leave, user)
    world.now += DAY
    world.run(snapshots.take, NOBODY)
    assert gates(world) == (True, True), "on a Tuesday nobody's act shows"
    world.now += 6 * DAY
    world.run(snapshots.take, NOBODY)
    assert gates(world) == (False, False)


def test_people_in_comms_count_for_no_gate(world: ServiceWorld) -> None:
    for user in people(30):
        world.join(user)
    world.run(snapshots.take, frozenset(people(21)))
    assert gates(world) == (False, False)
    world.now += 7 * DAY
    world.run(snapshots.take, frozenset(people(2)))
    assert gates(world) == (True, True)


def test_the_number_from_which_on_figures_act_is_drawn_once(world: ServiceWorld) -> None:
    drawn = world.run(workspaces.load_gate_threshold)
    assert 20 <= drawn <= 24
    world.save_workspace(asks_per_week=3.0)
    assert world.run(workspaces.load_gate_threshold) == drawn


def test_a_network_is_named_where_six_members_outside_comms_chose_it(world: ServiceWorld) -> None:
    for number, user in enumerate(people(30)):
        world.join(user)
        networks = (Network.LINKEDIN, Network.X) if number < 6 else (Network.LINKEDIN,)
        world.run(preferences.choose, user, Preferences(networks=networks))
    world.run(snapshots.take, NOBODY)
    assert world.run(snapshot_rows.load).networks == {Network.LINKEDIN, Network.X}
    world.now += DAY
    world.run(snapshots.take, frozenset(people(1)))
    assert world.run(snapshot_rows.load).networks == {Network.LINKEDIN}


def test_with_few_members_no_network_is_named(world: ServiceWorld) -> None:
    for user in people(19):
        world.join(user)
        world.run(preferences.choose, user, Preferences(networks=(Network.LINKEDIN,)))
    world.run(snapshots.take, NOBODY)
    assert world.run(snapshot_rows.load).networks == frozenset()


def card_line(world: ServiceWorld, post: int) -> tuple[Audience | None, Audience | None]:
    """What the card and the review say of who would be asked."""
    [card] = [one for one in world.run(reconcile.find_pending).cards if one.post.id == post]
    review = world.run(reviews.load_review, Viewer(CARL), PostId(post))
    assert review is not None
    return card.audience, review.audience


def test_who_would_be_asked_is_counted_on_mondays_and_holds_for_the_week(
    world: ServiceWorld,
) -> None:
    for number, user in enumerate(people(30)):
        world.member(user, topics=("hiring", "releases") if number % 3 else ("hiring",))
    for user in people(37)[30:]:
        world.member(user, topics=("culture",))
    world.run(snapshots.take, frozenset(people(1)))  # one of them is in comms
    line = Audience("Releases", 20, is_only=False)
    post = world.in_review(topics=("Releases", "culture", "other"))
    assert card_line(world, post) == (line, line)
    assert card_line(world, world.in_review(topics=("hiring",)))[0] == Audience(
        "hiring", 30, is_only=True
    )
    for user in people(30)[:12]:
        world.run(membership.leave, user)
    world.choose(people(30)[20], topics=("culture",))
    for _ in range(5):  # until Sunday
        world.now += DAY
        world.run(snapshots.take, frozenset(people(1)))
        assert card_line(world, post) == (line, line)
    shown = [facts.card.version for facts in world.run(reconcile.find_pending).cards]
    world.now += DAY
    world.run(snapshots.take, frozenset(people(1)))
    fewer = Audience("Releases", 10, is_only=False)
    assert card_line(world, post) == (fewer, fewer)
    after = [facts.card.version for facts in world.run(reconcile.find_pending).cards]
    assert after == [version + 1 for version in shown], "cards that wait say the new line"
    world.approve(post)
    assert card_line(world, post) == (None, None)


def test_who_would_be_asked_is_not_told_while_there_are_few_members(world: ServiceWorld) -> None:
    for number, user in enumerate(people(14)):
        world.member(user, topics=("hiring",) if number % 2 else ("culture",))
    world.run(snapshots.take, NOBODY)
    assert card_line(world, world.in_review(topics=("hiring",))) == (None, None)


def test_a_topic_that_was_not_told_of_for_a_while_keeps_its_number(world: ServiceWorld) -> None:
    for user in people(30):
        world.member(user)
    told = []
    for following in (15, 5, 10, 7):
        for number, user in enumerate(people(30)):
            world.choose(user, topics=("releases",) if number < following else ("hiring",))
        world.run(snapshots.take, NOBODY)
        told.append(world.run(snapshot_rows.load).audiences.get("releases"))
        world.now += WEEK
    assert told == [15, None, 15, 5], "ten could be five fewer than were told of"
