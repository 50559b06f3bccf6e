"""What comms read in a report: figures that were published, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.domain.ids import PostId
from bot.domain.reports import Figure
from bot.domain.spans import Span

MOST_OUT: Final = 10  # posts that went out last, shown where there are no figures


class Standing(StrEnum):
    """Whether figures are published in a workspace now."""

    OFF = "off"  # no admin has turned them on
    TOO_FEW = "too_few"  # members
    ON = "on"


@dataclass(frozen=True, slots=True)
class ReportedPost:
    """A post in a report: when it went out, when it ended, and what is published of it.

    `figures` is None where nothing was computed of it, and empty where it was too small for any.
    """

    id: PostId
    title: str
    card_link: str | None
    live_at: datetime | None
    ended_at: datetime | None = None
    figures: Sequence[Figure] | None = None


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """What reports depend on besides figures.

    `since` is when figures began, None where they have not. `least` is how many people have to be
    behind each. `analytics` is the address of the company's own analytics, with `{campaign}`.
    """

    standing: Standing
    since: datetime | None
    least: int
    zone: str
    analytics: str


class NoSpan(StrEnum):
    """Why a month has no figures."""

    OPEN = "open"  # it closes later
    WAITS = "waits"  # its figures could give a few people away: it joins the next
    TOLD_NEVER = "told_never"  # it waited for as long as exact numbers are kept
    NO_POST = "no_post"  # none ended in it
    BEFORE = "before"  # figures were off, or had not begun


@dataclass(frozen=True, slots=True)
class SpanReport:
    """The report of months: a span with its posts, or what went out lately where there is none.

    `month` is the one that was asked for; None for the newest. `earlier` is the span before.
    """

    settings: ReportSettings
    span: Span | None
    posts: Sequence[ReportedPost]
    month: date | None = None
    why: NoSpan | None = None
    closes_at: datetime | None = None
    earlier: Span | None = None


@dataclass(frozen=True, slots=True)
class PostReport:
    """The report of one post; `closes_at` is when its figures are computed, if they will be."""

    settings: ReportSettings
    post: ReportedPost
    live: bool
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that is published, for a table outside Slack."""

    settings: ReportSettings
    spans: Sequence[Span] = field(default_factory=tuple)
    posts: Sequence[ReportedPost] = field(default_factory=tuple)


def without_figures(post: ReportedPost) -> ReportedPost:
    """The post as it is shown while figures are off."""
    return replace(post, figures=None)


@dataclass(frozen=True, slots=True)
class Transparency:
    """What a quarterly note for all staff is drafted from: the spans that ended in its months.

    `without` are its months that are in no span, in order, and why.
    """

    settings: ReportSettings
    first: date
    last: date
    spans: Sequence[Span]
    without: Sequence[tuple[date, NoSpan]] = ()
