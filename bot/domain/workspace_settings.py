"""The settings of a workspace as text: how each is read, and written so that it is read back.

The names are those in `.env`, which is read once; afterwards an admin changes them in Slack. What
cannot be read raises ValueError with one sentence for whoever typed it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain import drafting
from bot.domain.disclosure import check_disclosure
from bot.domain.durations import parse_duration, show_duration
from bot.domain.hours import show_hours, show_workdays
from bot.domain.model import Workspace

# Long enough for anybody, and short enough for any calendar.
LONGEST_GAP: Final = timedelta(days=366)
MOST_IN_A_WEEK: Final = 50
MOST_APPROVALS: Final = 2
MOST_MONTHS: Final = 24
MOST_YEARS: Final = 10
FEWEST_POST_DAYS: Final = 7


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


def parse_phrases(text: str) -> tuple[str, ...]:
    """Phrases separated by semicolons or commas; each has to name the employer."""
    phrases = [check_disclosure(each) for each in re.split(r"[;,]", text) if each.strip()]
    return tuple(dict.fromkeys(phrases))


def parse_topics(text: str) -> tuple[str, ...]:
    """Topics separated by commas."""
    topics = drafting.split_topics(text)
    if len(topics) > drafting.MAX_OFFERED or max(map(len, topics), default=0) > drafting.MAX_TOPIC:
        raise ValueError(
            f"It takes up to {drafting.MAX_OFFERED} topics of {drafting.MAX_TOPIC} characters at "
            "most, separated by commas, such as releases, open source."
        )
    return topics


def parse_rate(text: str) -> float:
    """How many direct asks there may be in a week for each member, on average."""
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,2})?", text) or not 0 < float(text) <= 3:
        raise ValueError("It takes a number above 0 and up to 3, such as 1 or 0.5.")
    return float(text)


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
        "DISCLOSURE_PHRASES": "; ".join(sharing.phrases),
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
    }
