"""What `.env` says of the workspace: read once, when its row is made, and ignored afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from bot.domain import avoided_terms, link_tags, networks
from bot.domain import workspace_settings as rules
from bot.domain.disclosure import check_disclosure
from bot.domain.hours import parse_hours, parse_workdays
from bot.domain.ids import WorkspaceId
from bot.domain.link_tags import TagNames
from bot.domain.model import ChannelPolicy, Hours, Workspace
from bot.domain.post import Network
from bot.domain.retention import DEFAULT_EVIDENCE_YEARS, DEFAULT_POST_DAYS, MOST_POST_DAYS
from bot.domain.sharing_policy import SharingPolicy
from bot.setting_values import TOKEN, Problem, SettingsError, read_fields, reads, shown


def _channel(text: str) -> str:
    name = text.removeprefix("#")
    if not re.fullmatch(r"[^\s#@/<>,.]{1,80}", name) or TOKEN.match(name):
        raise ValueError("It takes the name or the id of one channel, such as news or C0123456789.")
    return name


def _time_zone(text: str) -> str:
    try:
        return rules.parse_time_zone(text)
    except ValueError as error:
        raise ValueError(
            f"{error} Leave it empty for the one that most people in comms have."
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSettings:
    """The settings of a workspace that has no row yet; each field is the variable of that name.

    The channels, as names or ids, and the disclosure may be left to an admin, who then chooses them
    in Slack.
    """

    advocacy_channel: str | None = field(metadata=reads(_channel))
    comms_channel: str | None = field(metadata=reads(_channel))
    channel_min_gap: timedelta = field(metadata=reads(rules.parse_gap, default="2d"))
    channel_weekly_cap: int = field(
        metadata=reads(rules.whole_number(1, rules.MOST_IN_A_WEEK), default="2")
    )
    channel_hours: Hours = field(metadata=reads(parse_hours, default="09:30-16:30"))
    workdays: frozenset[int] = field(metadata=reads(parse_workdays, default="Mon-Fri"))
    time_zone: str | None = field(metadata=reads(_time_zone))
    disclosure: str | None = field(metadata=reads(check_disclosure))
    disclosure_phrases: tuple[str, ...] | None = field(metadata=reads(rules.parse_phrases))
    networks: tuple[Network, ...] = field(
        metadata=reads(networks.parse, default=",".join(networks.DEFAULT_NETWORKS))
    )
    avoid_terms: tuple[str, ...] | None = field(metadata=reads(avoided_terms.parse))
    link_tags: TagNames | None = field(
        metadata=reads(link_tags.parse, default="utm_source,utm_medium,utm_campaign")
    )
    approvals: int = field(metadata=reads(rules.whole_number(1, rules.MOST_APPROVALS), default="2"))
    topics: tuple[str, ...] | None = field(metadata=reads(rules.parse_topics))
    consent_months: int = field(
        metadata=reads(rules.whole_number(1, rules.MOST_MONTHS), default="6")
    )
    post_days: int = field(
        metadata=reads(
            rules.whole_number(rules.FEWEST_POST_DAYS, MOST_POST_DAYS),
            default=str(DEFAULT_POST_DAYS),
        )
    )
    evidence_years: int = field(
        metadata=reads(rules.whole_number(1, rules.MOST_YEARS), default=str(DEFAULT_EVIDENCE_YEARS))
    )
    asks_per_week: float = field(metadata=reads(rules.parse_rate, default="1"))
    previews: bool = field(metadata=reads(rules.parse_switch, default="on"))

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings in a mapping; an empty value counts as not set.

        Raises:
            SettingsError: holding every problem found.
        """
        values, problems = read_each(environ)
        if problems:
            raise SettingsError(problems)
        return cls(**values)

    def workspace(
        self, workspace_id: WorkspaceId, advocacy: str, comms: str, disclosure: str, zone: str
    ) -> Workspace:
        """The workspace with these settings; its channels are ids in Slack."""
        return Workspace(
            id=workspace_id,
            advocacy_channel=advocacy,
            comms_channel=comms,
            policy=ChannelPolicy(
                min_gap=self.channel_min_gap,
                weekly_cap=self.channel_weekly_cap,
                hours=self.channel_hours,
                workdays=self.workdays,
                zone=zone,
            ),
            disclosure=disclosure,
            approvals=self.approvals,
            topics=self.topics or (),
            consent_months=self.consent_months,
            post_days=self.post_days,
            evidence_years=self.evidence_years,
            asks_per_week=self.asks_per_week,
            sharing_policy=SharingPolicy(
                networks=self.networks,
                tags=self.link_tags,
                phrases=self.disclosure_phrases or (),
                avoid=self.avoid_terms or (),
            ),
            previews=self.previews,
        )


def read_each(environ: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Every field that can be read, by its name, and the problems of the others."""
    values, problems = read_fields(FirstSettings, environ)
    comms, advocacy = values.get("comms_channel"), values.get("advocacy_channel")
    if comms is not None and advocacy is not None and comms.lower() == advocacy.lower():
        takes = "It takes a channel other than ADVOCACY_CHANNEL."
        problems.append(Problem("COMMS_CHANNEL", shown("COMMS_CHANNEL", comms), takes))
    return values, tuple(problems)
