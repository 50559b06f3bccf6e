"""The settings of a workspace as text: how each is read, and written so that it is read back.

The names are those in `.env`, which is read once; afterwards an admin changes them in Slack. What
cannot be read raises ValueError with one sentence for whoever typed it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.domain import analytics, avoided_terms, link_tags, local_disclosures, networks
from bot.domain.disclosure import check_disclosure
from bot.domain.durations import parse_duration, show_duration
from bot.domain.hours import parse_hours, parse_workdays, show_hours, show_workdays
from bot.domain.local_disclosures import LocalDisclosure
from bot.domain.model import Workspace
from bot.domain.post_fields import MAX_OFFERED, MAX_TOPIC, split_topics
from bot.domain.retention import MOST_POST_DAYS
from bot.domain.snapshot import LEAST_PEOPLE

# Long enough for anybody, and short enough for any calendar.
LONGEST_GAP: Final = timedelta(days=366)
MOST_IN_A_WEEK: Final = 50
MOST_APPROVALS: Final = 2
MOST_MONTHS: Final = 24
MOST_YEARS: Final = 10
FEWEST_POST_DAYS: Final = 7
MOST_PEOPLE: Final = 1_000


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers between two limits."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"It takes a whole number from {low} to {high}.")
        return int(text)

    return parse


def parse_switch(text: str) -> bool:
    """`on` or `off`, in any case."""
    if text.lower() not in ("on", "off"):
        raise ValueError("It takes on or off.")
    return text.lower() == "on"


def parse_gap(text: str) -> timedelta:
    """The least time between two posts."""
    gap = parse_duration(text)
    if gap > LONGEST_GAP:
        raise ValueError(f"It takes {LONGEST_GAP.days}d at most.")
    return gap


def parse_time_zone(text: str) -> str:
    """The IANA name of a time zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError("It takes a time zone's IANA name, such as Europe/Berlin.") from None
    return text


def parse_topics(text: str) -> tuple[str, ...]:
    """Topics separated by commas."""
    topics = split_topics(text)
    if len(topics) > MAX_OFFERED or max(map(len, topics), default=0) > MAX_TOPIC:
        raise ValueError(
            f"It takes up to {MAX_OFFERED} topics of {MAX_TOPIC} characters at "
            "most, separated by commas, such as releases, open source."
        )
    return topics


def parse_rate(text: str) -> float:
    """How many direct asks there may be in a week for each member, on average."""
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", text) or not 0 < float(text) <= 3:
        raise ValueError("It takes a number above 0 and up to 3, such as 1 or 0.5.")
    return float(text)


def parse_people(text: str) -> int:
    """How many people have to be behind each figure: never fewer than the bot's own least."""
    return whole_number(LEAST_PEOPLE, MOST_PEOPLE)(text)


def _parse_local(text: str) -> tuple[LocalDisclosure, ...]:
    return local_disclosures.parse(text, commas=True)


PARSERS: Final[Mapping[str, Callable[[str], Any]]] = MappingProxyType(
    {
        "CHANNEL_MIN_GAP": parse_gap,
        "CHANNEL_WEEKLY_CAP": whole_number(1, MOST_IN_A_WEEK),
        "CHANNEL_HOURS": parse_hours,
        "WORKDAYS": parse_workdays,
        "TIME_ZONE": parse_time_zone,
        "DISCLOSURE": check_disclosure,
        "DISCLOSURE_PHRASES": _parse_local,
        "NETWORKS": networks.parse,
        "AVOID_TERMS": avoided_terms.parse,
        "LINK_TAGS": link_tags.parse,
        "APPROVALS": whole_number(1, MOST_APPROVALS),
        "TOPICS": parse_topics,
        "CONSENT_MONTHS": whole_number(1, MOST_MONTHS),
        "POST_DAYS": whole_number(FEWEST_POST_DAYS, MOST_POST_DAYS),
        "EVIDENCE_YEARS": whole_number(1, MOST_YEARS),
        "ASKS_PER_WEEK": parse_rate,
        "PREVIEWS": parse_switch,
        "FIGURES": parse_switch,
        "LEAST_PEOPLE": parse_people,
        "ANALYTICS_URL": analytics.parse,
    }
)


def with_settings(workspace: Workspace, read: Mapping[str, Any]) -> Workspace:
    """The workspace with other settings, by their names, as their readers give them."""
    policy, sharing, own = {}, {}, {}
    for name, value in read.items():
        if name in _OF_POLICY:
            policy[_OF_POLICY[name]] = value
        elif name in _OF_SHARING:
            sharing[_OF_SHARING[name]] = value
        else:
            own[name.lower()] = value
    return replace(
        workspace,
        policy=replace(workspace.policy, **policy),
        sharing_policy=replace(workspace.sharing_policy, **sharing),
        **own,
    )


_OF_POLICY: Final = {
    "CHANNEL_MIN_GAP": "min_gap",
    "CHANNEL_WEEKLY_CAP": "weekly_cap",
    "CHANNEL_HOURS": "hours",
    "WORKDAYS": "workdays",
    "TIME_ZONE": "zone",
}
_OF_SHARING: Final = {
    "DISCLOSURE_PHRASES": "phrases",
    "NETWORKS": "networks",
    "AVOID_TERMS": "avoid",
    "LINK_TAGS": "tags",
}


def lowered(before: Workspace, read: Mapping[str, Any]) -> str | None:
    """Why the least number of people can't become what was read; None where it can."""
    least = before.least_people
    if read.get("LEAST_PEOPLE", least) >= least:
        return None
    return f"It's {least} now. It can be raised, and never lowered."


@dataclass(frozen=True, slots=True)
class Change:
    """A setting, by its name, and what it was (None: there was none) and is now, as text."""

    name: str
    before: str | None
    after: str


def changes(before: Workspace | None, after: Workspace) -> list[Change]:
    """The settings in which two states of a workspace differ, in their order."""
    known = {} if before is None else show_settings(before)
    return [
        Change(name, known.get(name), text)
        for name, text in show_settings(after).items()
        if known.get(name) != text
    ]


def show_settings(workspace: Workspace) -> Mapping[str, str]:
    """Each setting of the workspace by its name in `.env`, as text that is read back as it is."""
    policy, sharing, tags = (
        workspace.policy,
        workspace.sharing_policy,
        workspace.sharing_policy.tags,
    )
    return {
        "ADVOCACY_CHANNEL": workspace.advocacy_channel,
        "COMMS_CHANNEL": workspace.comms_channel,
        "CHANNEL_MIN_GAP": show_duration(policy.min_gap),
        "CHANNEL_WEEKLY_CAP": str(policy.weekly_cap),
        "CHANNEL_HOURS": show_hours(policy.hours),
        "WORKDAYS": show_workdays(policy.workdays),
        "TIME_ZONE": policy.zone,
        "DISCLOSURE": workspace.disclosure,
        "DISCLOSURE_PHRASES": local_disclosures.show(sharing.phrases),
        "NETWORKS": ",".join(sharing.networks),
        "AVOID_TERMS": ", ".join(sharing.avoid),
        "LINK_TAGS": "off" if tags is None else f"{tags.source},{tags.medium},{tags.campaign}",
        "APPROVALS": str(workspace.approvals),
        "TOPICS": ", ".join(workspace.topics),
        "CONSENT_MONTHS": str(workspace.consent_months),
        "POST_DAYS": str(workspace.post_days),
        "EVIDENCE_YEARS": str(workspace.evidence_years),
        "ASKS_PER_WEEK": f"{workspace.asks_per_week:g}",
        "PREVIEWS": "on" if workspace.previews else "off",
        "FIGURES": "on" if workspace.figures else "off",
        "LEAST_PEOPLE": str(workspace.least_people),
        "ANALYTICS_URL": workspace.analytics_url,
    }
