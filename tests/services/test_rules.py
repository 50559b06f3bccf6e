"""Every member learns for a while that a rule changed; it follows from settings alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.desk import Viewer
from bot.domain.ids import UserId
from bot.domain.lessons import EMPTY_CATALOG
from bot.domain.link_tags import TagNames
from bot.domain.rules import MOST_TOLD, Rule
from bot.domain.sharing_policy import SharingPolicy
from bot.services import home_tab, workspaces
from bot.storage.tables import RuleValueRow
from tests.golden_values import RULE_CHANGES
from tests.services.helpers import (
    AMARA,
    BO,
    CAP,
    CARL,
    CLEO,
    DAY,
    OTHER_TEAM,
    TEAM,
    ServiceWorld,
    workspace,
)

USUAL = SharingPolicy()


def start(
    world: ServiceWorld, policy: SharingPolicy = USUAL, *, team: str = TEAM, **changed: Any
) -> None:
    """The bot starts, and an admin chooses these settings."""
    transactions = world.within(team=team)
    wanted = workspace(team, sharing_policy=policy, **changed)
    transactions.run(workspaces.start, wanted)
    transactions.run(workspaces.change_settings, CARL, lambda _stored: wanted)


def told(
    world: ServiceWorld, user: str = AMARA, *, in_comms: bool = False
) -> list[tuple[Rule, str, str]]:
    viewer = Viewer(UserId(user), is_guest=False, time_zone=None) if in_comms else None
    data = world.run(home_tab.load_home_tab, UserId(user), EMPTY_CATALOG, viewer)
    return [(change.rule, change.value, change.before) for change in data.changes]


def test_the_first_start_changes_nothing(world: ServiceWorld) -> None:
    start(world)
    world.join()
    assert told(world) == []
    assert {row.rule for row in world.rows(RuleValueRow)} == set(Rule)


def test_a_changed_rule_is_told_to_every_member_and_to_nobody_else(world: ServiceWorld) -> None:
    start(world)
    world.join(AMARA)
    start(world, weekly_cap=1, approvals=1)
    world.join(BO)
    expected = [(Rule.APPROVALS, "1", "2"), (Rule.WEEKLY_CAP, "1", str(CAP))]
    assert sorted(told(world, AMARA)) == sorted(told(world, BO)) == sorted(expected)
    assert told(world, CLEO, in_comms=True) == []


def test_it_is_told_for_thirty_days(world: ServiceWorld) -> None:
    start(world)
    world.join()
    start(world, consent_months=12)
    world.now += 30 * DAY - timedelta(seconds=1)
    assert told(world) == [(Rule.CONSENT_MONTHS, "12", "6")]
    world.now += timedelta(seconds=1)
    assert told(world) == []


def test_another_start_with_the_same_settings_records_nothing(world: ServiceWorld) -> None:
    start(world)
    before = world.rows(RuleValueRow)
    world.now += DAY
    start(world)
    assert world.rows(RuleValueRow) == before


def test_what_a_setting_for_sharing_says_is_a_rule(world: ServiceWorld) -> None:
    start(world)
    world.join()
    start(world, SharingPolicy(tags=TagNames()))
    assert told(world) == [(Rule.LINK_TAGS, "utm_source,utm_medium,utm_campaign", "")]


def test_the_time_zone_is_no_rule_since_it_may_be_guessed_from_people(world: ServiceWorld) -> None:
    start(world, zone="Europe/Berlin")
    world.join()
    start(world, zone="America/New_York")
    assert told(world) == []


def test_a_setting_that_goes_back_and_forth_fills_no_tab(world: ServiceWorld) -> None:
    start(world)
    world.join()
    for number in range(2 * MOST_TOLD):
        world.now += timedelta(hours=1)
        start(world, weekly_cap=1 + number % 2)
    newest = told(world)
    assert len(newest) == MOST_TOLD
    assert newest[0] == (Rule.WEEKLY_CAP, "2", "1")


def test_another_workspace_has_rules_of_its_own(world: ServiceWorld) -> None:
    start(world)
    start(world, team=OTHER_TEAM)
    world.join()
    start(world, team=OTHER_TEAM, weekly_cap=1)
    assert told(world) == []


def test_nothing_that_people_do_changes_a_rule(world: ServiceWorld) -> None:
    start(world)
    before = world.rows(RuleValueRow)
    world.member(AMARA)
    world.run(workspaces.freeze, CLEO)
    start(world)
    assert world.rows(RuleValueRow) == before


def test_every_rule_has_a_golden_sentence() -> None:
    assert {change.rule for change in RULE_CHANGES} == set(Rule)
