"""What `.env` says of the workspace: read once, when its row is made, and ignored afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from bot.domain import networks
from bot.domain import workspace_settings as rules
from bot.domain.ids import WorkspaceId
from bot.domain.link_tags import TagNames
from bot.domain.local_disclosures import LocalDisclosure
from bot.domain.model import ChannelPolicy, Hours, Workspace
from bot.domain.post import Network
from bot.domain.retention import DEFAULT_EVIDENCE_YEARS, DEFAULT_POST_DAYS
from bot.domain.sharing_policy import SharingPolicy
from bot.domain.snapshot import LEAST_PEOPLE
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


def _reads(name: str, default: str | None = None) -> dict[str, Any]:
    return reads(rules.PARSERS[name], default=default)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSettings:
    """The settings of a workspace that has no row yet; each field is the variable of that name.

    The channels, as names or ids, and the disclosure may be left to an admin, who then chooses them
    in Slack.
    """

    advocacy_channel: str | None = field(metadata=reads(_channel))
    comms_channel: str | None = field(metadata=reads(_channel))
    channel_min_gap: timedelta = field(metadata=_reads("CHANNEL_MIN_GAP", "2d"))
    channel_weekly_cap: int = field(metadata=_reads("CHANNEL_WEEKLY_CAP", "2"))
    channel_hours: Hours = field(metadata=_reads("CHANNEL_HOURS", "09:30-16:30"))
    workdays: frozenset[int] = field(metadata=_reads("WORKDAYS", "Mon-Fri"))
    time_zone: str | None = field(metadata=reads(_time_zone))
    disclosure: str | None = field(metadata=_reads("DISCLOSURE"))
    disclosure_phrases: tuple[LocalDisclosure, ...] | None = field(
        metadata=_reads("DISCLOSURE_PHRASES")
    )
    networks: tuple[Network, ...] = field(
        metadata=_reads("NETWORKS", ",".join(networks.DEFAULT_NETWORKS))
    )
    avoid_terms: tuple[str, ...] | None = field(metadata=_reads("AVOID_TERMS"))
    link_tags: TagNames | None = field(
        metadata=_reads("LINK_TAGS", "utm_source,utm_medium,utm_campaign")
    )
    approvals: int = field(metadata=_reads("APPROVALS", "2"))
    topics: tuple[str, ...] | None = field(metadata=_reads("TOPICS"))
    consent_months: int = field(metadata=_reads("CONSENT_MONTHS", "6"))
    post_days: int = field(metadata=_reads("POST_DAYS", str(DEFAULT_POST_DAYS)))
    evidence_years: int = field(metadata=_reads("EVIDENCE_YEARS", str(DEFAULT_EVIDENCE_YEARS)))
    asks_per_week: float = field(metadata=_reads("ASKS_PER_WEEK", "1"))
    guests_may_join: bool = field(metadata=_reads("GUESTS_MAY_JOIN", "off"))
    previews: bool = field(metadata=_reads("PREVIEWS", "on"))
    figures: bool = field(metadata=_reads("FIGURES", "off"))
    least_people: int = field(metadata=_reads("LEAST_PEOPLE", str(LEAST_PEOPLE)))
    analytics_url: str | None = field(metadata=_reads("ANALYTICS_URL"))

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
            guests_may_join=self.guests_may_join,
            previews=self.previews,
            figures=self.figures,
            least_people=self.least_people,
            analytics_url=self.analytics_url or "",
        )


def read_each(environ: Mapping[str, str]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Every field that can be read, by its name, and the problems of the others."""
    values, problems = read_fields(FirstSettings, environ)
    comms, advocacy = values.get("comms_channel"), values.get("advocacy_channel")
    if comms is not None and advocacy is not None and comms.lower() == advocacy.lower():
        takes = "It takes a channel other than ADVOCACY_CHANNEL."
        problems.append(Problem("COMMS_CHANNEL", shown("COMMS_CHANNEL", comms), takes))
    return values, tuple(problems)
