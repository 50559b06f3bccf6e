"""The rules that concern members, and how members learn that one has changed.

They follow from settings and from this version of the bot alone, never from what anybody does. So
the time zone is none of them: where nobody chose one, it is guessed from people in comms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.hours import show_hours, show_workdays
from bot.domain.model import Workspace
from bot.domain.retention import KEPT_FOR

TOLD_FOR: Final = timedelta(days=30)  # long enough for who was on holiday when it changed
MOST_TOLD: Final = 10  # a setting that goes back and forth must not fill the tab


class Rule(StrEnum):
    """One rule; its value is stored as a short text, which only the view turns into words."""

    CHANNEL = "channel"  # the id of the channel in Slack
    COMMS_CHANNEL = "comms_channel"  # the same; members are told that it changed, never which it is
    MIN_GAP = "min_gap"  # seconds
    WEEKLY_CAP = "weekly_cap"
    HOURS = "hours"  # such as 09:30-16:30
    WORKDAYS = "workdays"  # such as Mon-Fri
    ASKS_PER_WEEK = "asks_per_week"
    APPROVALS = "approvals"
    DISCLOSURE = "disclosure"
    NETWORKS = "networks"
    LINK_TAGS = "link_tags"
    CONSENT_MONTHS = "consent_months"
    POST_DAYS = "post_days"
    KEPT_DAYS = "kept_days"
    EVIDENCE_YEARS = "evidence_years"
    LEAST_PEOPLE = "least_people"
    FIGURES = "figures"  # on or off


@dataclass(frozen=True, slots=True)
class RuleValue:
    """What a rule says, and since when (aware)."""

    rule: Rule
    value: str
    since: datetime


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that became another: what it says since then (aware), and what it said before."""

    rule: Rule
    value: str
    before: str
    since: datetime


def rules_in_force(workspace: Workspace) -> Mapping[Rule, str]:
    """Each rule with its value, as these settings and this version of the bot have it."""
    policy, sharing_policy = workspace.policy, workspace.sharing_policy
    tags = sharing_policy.tags
    names = () if tags is None else (tags.source, tags.medium, tags.campaign)
    return {
        Rule.CHANNEL: workspace.advocacy_channel,
        Rule.COMMS_CHANNEL: workspace.comms_channel,
        Rule.MIN_GAP: str(int(policy.min_gap.total_seconds())),
        Rule.WEEKLY_CAP: str(policy.weekly_cap),
        Rule.HOURS: show_hours(policy.hours),
        Rule.WORKDAYS: show_workdays(policy.workdays),
        Rule.ASKS_PER_WEEK: f"{workspace.asks_per_week:g}",
        Rule.APPROVALS: str(workspace.approvals),
        Rule.DISCLOSURE: workspace.disclosure,
        Rule.NETWORKS: ",".join(sharing_policy.networks),
        Rule.LINK_TAGS: ",".join(names),
        Rule.CONSENT_MONTHS: str(workspace.consent_months),
        Rule.POST_DAYS: str(workspace.post_days),
        Rule.KEPT_DAYS: str(KEPT_FOR.days),
        Rule.EVIDENCE_YEARS: str(workspace.evidence_years),
        Rule.LEAST_PEOPLE: str(workspace.least_people),
        Rule.FIGURES: "on" if workspace.figures else "off",
    }


def changes_to_tell(values: Iterable[RuleValue], now: datetime) -> tuple[RuleChange, ...]:
    """What members are told at `now`, the newest change first; `values` come oldest first.

    The first value of a rule is no change: before it, nobody was told another one.
    """
    last: dict[Rule, str] = {}
    found = []
    for one in values:
        before = last.get(one.rule)
        last[one.rule] = one.value
        if before is not None and now - one.since < TOLD_FOR:
            found.append(RuleChange(one.rule, one.value, before, one.since))
    return tuple(reversed(found))[:MOST_TOLD]
